import type { CompleteStateDocument, ListName, StateDocument } from "./state-document";
import { parseStateDocument } from "./state-document-schema";
import { loadState } from "./state-loading";
import type { LoadingPlace } from "./state-loading";
import { idFields, idOfObject, mergePatch } from "./state-patch";
import type { ListWithIds } from "./state-patch";
import { saveResource } from "./state-saving";
import type { VSwitch } from "./resources";
import { tableOf } from "./tables";

/**
 * Merges a patch into a world by the ids of its objects. Only the objects of the patch are loaded again, and those that depend on
 * what it changes: the cost does not grow with the world.
 *
 * @returns the objects of the patch as they are then
 */
export function patchState(patch: unknown, place: LoadingPlace): Partial<CompleteStateDocument> {
  const { resources, space, nowMs } = place;
  const present = (list: ListWithIds, id: string) => {
    const resource = tableOf(resources, list).get(id);
    return resource && saveResource(list, resource, nowMs);
  };
  const document = parseStateDocument(mergePatch(patch, present));
  const affected = new Affected(document, place);

  if (document.occupiedAddresses) resources.occupiedAddresses.clear();
  for (const vSwitch of affected.movedVSwitches) space.releaseBlock(vSwitch);
  // The addresses of all are free before those of one are checked: two ENIs may exchange theirs.
  const none = {
    PrivateIpSets: { PrivateIpSet: [] },
    Ipv4PrefixSets: { Ipv4PrefixSet: [] },
    Ipv6Sets: { Ipv6Set: [] },
    Ipv6PrefixSets: { Ipv6PrefixSet: [] },
  };
  const complete = affected.document();
  for (const { NetworkInterfaceId } of complete.networkInterfaces ?? [])
    if (resources.networkInterfaces.has(NetworkInterfaceId))
      resources.networkInterfaces.change(NetworkInterfaceId, none);
  loadState(complete, place);
  const lists = (Object.keys(document) as ListName[]).map((list) => [
    list,
    list === "occupiedAddresses"
      ? [...resources.occupiedAddresses.values()]
      : tableOf(resources, list)
          .named((document[list] ?? []).map((object) => idOfObject(list, object)))
          .map((resource) => saveResource(list, resource, nowMs)),
  ]);
  return Object.fromEntries(lists) as Partial<CompleteStateDocument>;
}

/** The objects of a patch, and those that have to be checked again because of it. */
class Affected {
  readonly movedVSwitches: VSwitch[] = [];
  readonly #place: LoadingPlace;
  readonly #document: StateDocument;
  readonly #ids = new Map<ListWithIds | "occupiedAddresses", Set<string>>();

  constructor(document: StateDocument, place: LoadingPlace) {
    this.#place = place;
    this.#document = document;
    const { resources } = place;
    for (const list of Object.keys(idFields) as ListWithIds[])
      for (const object of document[list] ?? []) this.#add(list, idOfObject(list, object));
    const movedVpcs = (document.vpcs ?? []).filter(({ VpcId, RegionId, Ipv6CidrBlock }) => {
      const before = resources.vpcs.get(VpcId);
      return before && (before.RegionId !== RegionId || before.Ipv6CidrBlock !== Ipv6CidrBlock);
    });
    for (const { VpcId } of movedVpcs) {
      for (const { SecurityGroupId } of resources.securityGroups.where("VpcId", VpcId))
        this.#add("securityGroups", SecurityGroupId);
      for (const vSwitch of resources.vSwitches.where("VpcId", VpcId)) this.#addVSwitch(vSwitch);
    }
    for (const { VSwitchId, VpcId, CidrBlock, Ipv6CidrBlock, RegionId } of document.vSwitches ?? []) {
      const before = resources.vSwitches.get(VSwitchId);
      if (!before) continue;
      const { VpcId: vpcId, CidrBlock: cidrBlock, Ipv6CidrBlock: ipv6CidrBlock, RegionId: regionId } = before;
      const isMoved = vpcId !== VpcId || cidrBlock !== CidrBlock;
      if (isMoved) this.movedVSwitches.push(before);
      if (isMoved || ipv6CidrBlock !== Ipv6CidrBlock || regionId !== RegionId) this.#addVSwitch(before);
    }
    for (const id of this.#ids.get("networkInterfaces") ?? [])
      for (const { AllocationId } of resources.eips.where("InstanceId", id)) this.#add("eips", AllocationId);
  }

  #add(list: ListWithIds | "occupiedAddresses", id: string): void {
    this.#ids.set(list, (this.#ids.get(list) ?? new Set()).add(id));
  }

  #addVSwitch({ VSwitchId }: { readonly VSwitchId: string }): void {
    const { instances, networkInterfaces, occupiedAddresses } = this.#place.resources;
    this.#add("vSwitches", VSwitchId);
    for (const { InstanceId } of instances.where("VSwitchId", VSwitchId)) this.#add("instances", InstanceId);
    for (const { NetworkInterfaceId } of networkInterfaces.where("VSwitchId", VSwitchId))
      this.#add("networkInterfaces", NetworkInterfaceId);
    if (!this.#document.occupiedAddresses)
      for (const { Address } of occupiedAddresses.where("VSwitchId", VSwitchId))
        this.#add("occupiedAddresses", `${VSwitchId} ${Address}`);
  }

  /** The document with what depends on it, behind what it lists itself. */
  document(): StateDocument {
    const { resources, nowMs } = this.#place;
    const rest = <List extends ListWithIds | "occupiedAddresses">(list: List) => {
      const listed = this.#document[list] ?? [];
      const known = new Set(listed.map((object) => idOfObject(list, object)));
      const others = [...(this.#ids.get(list) ?? [])].filter((id) => !known.has(id));
      const saved = tableOf(resources, list)
        .named(others)
        .map((resource) => saveResource(list, resource, nowMs));
      return [...listed, ...saved] as NonNullable<StateDocument[List]>;
    };
    return {
      vpcs: rest("vpcs"),
      vSwitches: rest("vSwitches"),
      securityGroups: rest("securityGroups"),
      instances: rest("instances"),
      networkInterfaces: rest("networkInterfaces"),
      eips: rest("eips"),
      occupiedAddresses: rest("occupiedAddresses"),
    };
  }
}

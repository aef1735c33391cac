import type { NetworkInterface } from "./resources";
import { primaryAddress } from "./resources";
import type { CompleteStateDocument, ListName } from "./state-document";
import type { Resources } from "./state-loading";
import { remaining } from "./transitions";
import type { Transition } from "./transitions";

type SavedResources = Pick<CompleteStateDocument, ListName>;

/** Writes the resources as a document that gives the same ones when it is loaded. */
export function saveState(resources: Resources, nowMs: number): SavedResources {
  /** Copies a resource, with what is left of its transition. */
  const copy = <Resource extends { StatusTransition: Transition | undefined }>(resource: Resource) => {
    const { StatusTransition, ...rest } = resource;
    return { ...rest, ...(StatusTransition && { StatusTransition: remaining(StatusTransition, nowMs) }) };
  };
  const document: SavedResources = {
    vpcs: [...resources.vpcs.values()].map((vpc) => ({ ...copy(vpc), Tags: { Tag: [...vpc.Tags.Tag] } })),
    vSwitches: [...resources.vSwitches.values()].map((vSwitch) => ({
      ...copy(vSwitch),
      Tags: { Tag: [...vSwitch.Tags.Tag] },
    })),
    securityGroups: [...resources.securityGroups.values()].map((group) => ({
      ...group,
      Tags: { Tag: [...group.Tags.Tag] },
    })),
    instances: [...resources.instances.values()].map((instance) => ({
      ...copy(instance),
      Tags: { Tag: [...instance.Tags.Tag] },
    })),
    networkInterfaces: [...resources.networkInterfaces.values()].map((eni) => ({
      ...(copy(eni) as Omit<NetworkInterface, "StatusTransition">),
      PrivateIpAddress: primaryAddress(eni),
      SecurityGroupIds: { SecurityGroupId: [...eni.SecurityGroupIds.SecurityGroupId] },
      Tags: { Tag: [...eni.Tags.Tag] },
    })),
    eips: [...resources.eips.values()].map((eip) => ({ ...eip })),
    occupiedAddresses: [...resources.occupiedAddresses.values()],
  };
  // A document is JSON: no `undefined`, and nothing shared with the living world.
  return JSON.parse(JSON.stringify(document)) as SavedResources;
}

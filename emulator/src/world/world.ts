import { conflict } from "../api-errors";
import { AddressSpace } from "./address-space";
import { blockOf } from "./addresses";
import type { Block } from "./addresses";
import type { Behaviour } from "./behaviour";
import { Changes } from "./changes";
import { ClientTokens } from "./client-tokens";
import type { UsedToken } from "./client-tokens";
import type { Clock } from "./clock";
import { DueTransitions } from "./due-transitions";
import { Enis } from "./enis";
import { FreedAddresses } from "./freed-addresses";
import { idNumber } from "./identifiers";
import type { IdPrefix } from "./identifiers";
import { Ipv6Occupancy } from "./ipv6-occupancy";
import { LaggingReplica } from "./lagging-replica";
import { Newcomers } from "./newcomers";
import { Occupancy } from "./occupancy";
import { scattered } from "./pick-order";
import type { Eip, NetworkInterface, VSwitch } from "./resources";
import { defaultSecurityGroupId } from "./resources";
import { StaleReads } from "./stale-reads";
import type { Read } from "./stale-reads";
import type { CompleteStateDocument, ListName, StateDocument } from "./state-document";
import { parseStateDocument } from "./state-document-schema";
import { defaultAccountId, loadState } from "./state-loading";
import { patchState } from "./state-patching";
import { saveResource, saveState } from "./state-saving";
import { emptyTables, tableOf } from "./tables";
import type { Resources } from "./tables";
import { begin, settleStatus } from "./transitions";
import type { FollowUp, Transition } from "./transitions";

/** All of a world that is to outlive its process. */
export interface SavedWorld {
  /** When it was saved: what its transitions are counted from. */
  readonly savedAtMs: number;
  readonly document: StateDocument;
  readonly tokens: readonly UsedToken[];
}

/** What has changed in a world, in the form of its document. */
export interface WorldChange {
  /** When it was taken: what its transitions are counted from. */
  readonly atMs: number;
  readonly idsGiven: number;
  /** The objects that were added or changed. */
  readonly changed: Partial<Record<ListName, readonly object[]>>;
  /** The ids of those that were removed. */
  readonly removed: Partial<Record<ListName, readonly string[]>>;
  readonly tokens: readonly UsedToken[];
}

/** The kinds of resources whose state can change by itself. What is due at the same time follows this order. */
const changingKinds = ["vSwitches", "vpcs", "instances", "networkInterfaces"] as const;
type ChangingKind = (typeof changingKinds)[number];

/** A resource of any of these kinds. */
interface Changing {
  readonly Status: string;
  readonly StatusTransition: Transition | undefined;
}

/** One account's resources in every region, and what is going on with them. */
export class World {
  readonly tokens = new ClientTokens((key, undo) => {
    this.#changes.note("tokens", key, undo);
  });
  readonly staleReads = new StaleReads();
  readonly replica = new LaggingReplica();
  /** The account of the key that calls are signed with. */
  readonly accountId: string;
  readonly #newcomers = new Newcomers();
  readonly #freed = new FreedAddresses();
  readonly #writing = new Set<string>();
  readonly #clock: Clock;
  readonly #behaviour: () => Behaviour;
  readonly #resources: Resources = emptyTables();
  readonly #space = new AddressSpace(this.#resources);
  readonly #enis = new Enis(this.#resources);
  readonly #due = new DueTransitions<ChangingKind>();
  readonly #changes: Changes;
  #idsGiven: number;

  /**
   * @param madeAtMs - the moment that the document speaks of: what was to follow by itself since then has happened
   */
  constructor(clock: Clock, behaviour: () => Behaviour, document: StateDocument, madeAtMs = clock.now()) {
    this.#clock = clock;
    this.#behaviour = behaviour;
    this.#idsGiven = document.idsGiven ?? 0;
    this.accountId = document.accountId ?? defaultAccountId;
    for (const kind of changingKinds)
      tableOf<Changing>(this.#resources, kind).watch((id, before, after) => {
        const transition = after?.StatusTransition;
        if (transition && transition !== before?.StatusTransition) this.#due.add(kind, id, transition);
      });
    loadState(document, this.#place(madeAtMs));
    this.#changes = new Changes(this.#resources);
    this.#resources.networkInterfaces.watch((id, before, after) => {
      if (!before) this.#newcomers.add(id, this.nowMs);
      if (!after) this.#newcomers.delete(id);
    });
  }

  #place(nowMs: number) {
    return { resources: this.#resources, space: this.#space, nowMs, accountId: this.accountId };
  }

  /** How the emulator is to behave at this moment. */
  get behaviour(): Behaviour {
    return this.#behaviour();
  }

  get nowMs(): number {
    return this.#clock.now();
  }

  /** The resources as they are now: every change that was due by the clock has happened. */
  get resources(): Resources {
    this.#settle();
    return this.#resources;
  }

  /** The whole world as a document. */
  save(): CompleteStateDocument {
    const document = { ...saveState(this.resources, this.nowMs), accountId: this.accountId };
    const given = this.#idsGiven === 0 ? {} : { idsGiven: this.#idsGiven };
    // A document is JSON: no `undefined`, and nothing shared with the living world.
    return JSON.parse(JSON.stringify({ ...document, ...given })) as CompleteStateDocument;
  }

  /** The whole world with its ClientTokens. */
  saveAll(): SavedWorld {
    const savedAtMs = this.nowMs;
    return { savedAtMs, document: this.save(), tokens: this.tokens.save() };
  }

  /** The world that was saved; time has gone on meanwhile, as it does in the cloud. */
  static restore(clock: Clock, behaviour: () => Behaviour, saved: SavedWorld): World {
    const world = new World(clock, behaviour, parseStateDocument(saved.document), saved.savedAtMs);
    world.tokens.load(saved.tokens, saved.savedAtMs);
    return world;
  }

  /** Keeps each change from now on, until it is taken. */
  keepChanges(): void {
    this.#changes.keep();
  }

  /** Takes the changes since they were taken last; undefined if there are none. */
  takeChanges(): { readonly change: WorldChange; readonly undo: () => void } | undefined {
    this.#settle();
    const taken = this.#changes.take();
    if (!taken) return undefined;
    const change: WorldChange = {
      atMs: this.nowMs,
      idsGiven: this.#idsGiven,
      changed: {},
      removed: {},
      tokens: this.tokens.save(taken.ids.get("tokens") ?? []),
    };
    for (const [kind, ids] of taken.ids) {
      if (kind === "tokens") continue;
      const table = tableOf(this.#resources, kind);
      const present = table.named(ids);
      const removed = [...ids].filter((id) => !table.has(id));
      if (present.length > 0)
        change.changed[kind] = present.map((one) => saveResource(kind, one, change.atMs));
      if (removed.length > 0) change.removed[kind] = removed;
    }
    return { change, undo: taken.undo };
  }

  /** An id that this world has never had. */
  newId(prefix: IdPrefix): string {
    for (;;) {
      const id = idNumber(++this.#idsGiven, prefix);
      const kinds = Object.values(this.#resources) as readonly ReadonlyMap<string, unknown>[];
      if (!kinds.some((kind) => kind.has(id))) return id;
    }
  }

  /** The ENIs as they are now: later changes do not reach the copy. */
  snapshot(): Enis {
    this.#settle();
    return this.#enis.copy();
  }

  /**
   * Merges objects into the world by their ids; a patch that does not fit changes nothing.
   *
   * @returns the objects of the patch as they are now
   */
  patch(patch: unknown): Partial<CompleteStateDocument> {
    this.#settle();
    try {
      const patched = this.#changes.attempt(() => patchState(patch, this.#place(this.nowMs)));
      this.replica.catchUp();
      return patched;
    } catch (error) {
      this.#space.forget();
      throw error;
    }
  }

  /** Hides ENIs from reads for a while that were not among those. */
  noteNewcomers({ networkInterfaces }: Pick<Resources, "networkInterfaces">): void {
    for (const id of this.#resources.networkInterfaces.keys())
      if (!networkInterfaces.has(id)) this.#newcomers.add(id, this.nowMs);
  }

  /** Answers a read of ENIs from the world, or from what of it is known where the read arrives. */
  answer<Answer>(read: (enis: Enis) => Read<Answer>): Answer {
    this.#settle();
    const hidden = this.#newcomers.hidden(this.nowMs, this.behaviour);
    if (hidden.size > 0) this.#newcomers.count(read(this.#enis).shown);
    const visible = (enis: Enis) => read(enis.without(hidden));
    const chosen = this.replica.choose(this.#enis, this.nowMs, this.behaviour, visible);
    return this.staleReads.answer(chosen, visible);
  }

  /** The states that follow by themselves, each in the time that such changes take. */
  transition(...states: readonly string[]): Transition | undefined {
    const afterMs = this.behaviour.transitionMs;
    const chain = states.reduceRight<FollowUp | undefined>((then, to) => ({ to, afterMs, then }), undefined);
    return chain && begin(chain, this.nowMs);
  }

  /** The ENI of that region. */
  networkInterface(id: string, region: string): NetworkInterface | undefined {
    const eni = this.resources.networkInterfaces.get(id);
    return eni?.RegionId === region ? eni : undefined;
  }

  /** The block of a vSwitch. */
  blockOf(vSwitch: VSwitch): Block {
    return blockOf(vSwitch.CidrBlock);
  }

  /** The blocks that a VPC has given to vSwitches. */
  hasOverlappingVSwitch(vpcId: string, block: Block): boolean {
    this.#settle();
    return this.#space.blocksIn(vpcId).overlaps(block);
  }

  /** Who holds what in a vSwitch, at this moment. */
  occupancy(vSwitch: VSwitch): Occupancy {
    this.#settle();
    const { pick, pickSeed, releaseMs } = this.behaviour;
    const id = vSwitch.VSwitchId;
    const freed = this.#freed.in(id);
    const isBusy = ({ atMs }: { atMs: number }) => this.nowMs - atMs < releaseMs;
    return new Occupancy(this.#space.heldIn(vSwitch), {
      ...(releaseMs > 0 && { busy: [...freed.items.values()].filter(isBusy).map(({ range }) => range) }),
      ...(pick === "scattered" && { freed, order: scattered(`${pickSeed} ${id}`) }),
    });
  }

  /** Notes each address or prefix that an ENI gives up. */
  release(eni: NetworkInterface, items: readonly string[], atMs = this.nowMs): void {
    for (const item of items) this.#freed.add(eni.VSwitchId, item, atMs);
  }

  /** Who holds which IPv6 addresses in a vSwitch; undefined where IPv6 is off. */
  ipv6Occupancy(vSwitch: VSwitch): Ipv6Occupancy | undefined {
    this.#settle();
    const held = this.#space.heldIpv6In(vSwitch);
    return held && new Ipv6Occupancy(held);
  }

  /** The EIP that is bound to an address of an ENI. */
  eipOf(eniId: string, address: string): Eip | undefined {
    this.#settle();
    return this.#enis.eipOf(eniId, address);
  }

  /** Binds no EIP to that address any more. */
  unbindEip(eniId: string, address: string): void {
    const eip = this.eipOf(eniId, address);
    if (eip) this.#unbind(eip);
  }

  #unbind({ AllocationId }: Eip): void {
    this.#resources.eips.change(AllocationId, { InstanceId: undefined, PrivateIpAddress: undefined });
  }

  /**
   * Marks an ENI as being written to until the returned function is called. A second writer gets `Operation.Conflict`,
   * as two concurrent calls for one ENI can in the cloud.
   */
  beginWrite(eniId: string): () => void {
    if (this.#writing.has(eniId)) throw conflict();
    this.#writing.add(eniId);
    return () => this.#writing.delete(eniId);
  }

  /** Carries out what is due by the clock, the earliest first. */
  #settle(): void {
    for (let due = this.#due.next(this.nowMs); due; due = this.#due.next(this.nowMs)) {
      const { kind, id, transition } = due;
      const table = tableOf<Changing>(this.#resources, kind);
      // Another change may have ended the transition meanwhile.
      if (table.get(id)?.StatusTransition !== transition) continue;
      const next = settleStatus(transition);
      if (next === "deleted") this.#remove(kind, id, transition.dueMs);
      else {
        table.change(id, next);
        if (kind === "networkInterfaces" && next.Status === "Available")
          this.#resources.networkInterfaces.change(id, { InstanceId: undefined });
      }
    }
  }

  #remove(kind: ChangingKind, id: string, atMs: number): void {
    const { vpcs, vSwitches, securityGroups, networkInterfaces, occupiedAddresses } = this.#resources;
    switch (kind) {
      case "vpcs":
        vpcs.delete(id);
        securityGroups.delete(defaultSecurityGroupId(id));
        break;
      case "vSwitches":
        vSwitches.delete(id);
        this.#freed.delete(id);
        for (const { Address } of occupiedAddresses.where("VSwitchId", id))
          occupiedAddresses.delete(`${id} ${Address}`);
        break;
      case "instances":
        this.#removeInstance(id, atMs);
        break;
      case "networkInterfaces": {
        const eni = networkInterfaces.get(id);
        if (eni) this.#removeNetworkInterface(eni, atMs);
      }
    }
  }

  /** The primary ENI goes with its instance; the others go too, or stay behind, as their DeleteOnRelease says. */
  #removeInstance(id: string, atMs: number): void {
    this.#resources.instances.delete(id);
    for (const eni of this.#resources.networkInterfaces.where("InstanceId", id)) {
      if (eni.Type === "Primary" || eni.DeleteOnRelease) this.#removeNetworkInterface(eni, atMs);
      else
        this.#resources.networkInterfaces.change(eni.NetworkInterfaceId, {
          Status: "Available",
          StatusTransition: undefined,
          InstanceId: undefined,
        });
    }
  }

  #removeNetworkInterface(eni: NetworkInterface, atMs: number): void {
    this.#resources.networkInterfaces.delete(eni.NetworkInterfaceId);
    const addresses = eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress);
    const prefixes = eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix);
    this.release(eni, [...addresses, ...prefixes], atMs);
    for (const eip of this.#resources.eips.where("InstanceId", eni.NetworkInterfaceId)) this.#unbind(eip);
  }
}

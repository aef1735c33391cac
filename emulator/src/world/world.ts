import { conflict } from "../api-errors";
import { blockOf } from "./addresses";
import type { Block } from "./addresses";
import type { Behaviour } from "./behaviour";
import { ClientTokens } from "./client-tokens";
import type { UsedToken } from "./client-tokens";
import { ManualClock } from "./clock";
import type { Clock } from "./clock";
import { idNumber } from "./identifiers";
import type { IdPrefix } from "./identifiers";
import { FreedAddresses } from "./freed-addresses";
import { LaggingReplica } from "./lagging-replica";
import { Newcomers } from "./newcomers";
import { Occupancy } from "./occupancy";
import { scattered } from "./pick-order";
import { parseIpv6Block } from "./ipv6";
import { Ipv6Occupancy } from "./ipv6-occupancy";
import type { Eip, NetworkInterface, OccupiedAddresses, VSwitch } from "./resources";
import { defaultSecurityGroupId } from "./resources";
import { StaleReads } from "./stale-reads";
import type { Read } from "./stale-reads";
import type { CompleteStateDocument, StateDocument } from "./state-document";
import { parseStateDocument } from "./state-document-schema";
import type { Resources } from "./state-loading";
import { defaultAccountId, loadState } from "./state-loading";
import { mergePatch } from "./state-patch";
import { saveState } from "./state-saving";
import { begin, settleStatus } from "./transitions";
import type { FollowUp, Transition } from "./transitions";

/** All of a world that is to outlive its process. */
export interface SavedWorld {
  /** When it was saved: what its transitions are counted from. */
  readonly savedAtMs: number;
  readonly document: StateDocument;
  readonly tokens: readonly UsedToken[];
}

/** One account's resources in every region, and what is going on with them. */
export class World {
  readonly tokens = new ClientTokens();
  readonly staleReads = new StaleReads();
  readonly replica = new LaggingReplica();
  /** The account of the key that calls are signed with. */
  readonly accountId: string;
  readonly #newcomers = new Newcomers();
  readonly #freed = new FreedAddresses();
  readonly #writing = new Set<string>();
  readonly #clock: Clock;
  readonly #behaviour: () => Behaviour;
  #resources: Resources;
  #idsGiven: number;
  #settledAtMs = Number.NaN;

  /**
   * @param madeAtMs - the moment that the document speaks of: what was to follow by itself since then has happened
   */
  constructor(clock: Clock, behaviour: () => Behaviour, document: StateDocument, madeAtMs = clock.now()) {
    this.#clock = clock;
    this.#behaviour = behaviour;
    this.#resources = loadState(document, madeAtMs);
    this.#idsGiven = document.idsGiven ?? 0;
    this.accountId = document.accountId ?? defaultAccountId;
  }

  /** How the emulator is to behave at this moment. */
  get behaviour(): Behaviour {
    return this.#behaviour();
  }

  get nowMs(): number {
    return this.#clock.now();
  }

  /** The resources as they are now: whatever was due by the clock has happened. */
  get resources(): Resources {
    this.#settle();
    return this.#resources;
  }

  /** The whole world as a document. */
  save(): CompleteStateDocument {
    const document = { ...saveState(this.resources, this.nowMs), accountId: this.accountId };
    return this.#idsGiven === 0 ? document : { ...document, idsGiven: this.#idsGiven };
  }

  /** The whole world with its ClientTokens. */
  saveAll(): SavedWorld {
    const savedAtMs = this.nowMs;
    return { savedAtMs, document: this.save(), tokens: this.tokens.save() };
  }

  /** The world that was saved; time has gone on meanwhile, as it does in the cloud. */
  static restore(clock: Clock, behaviour: () => Behaviour, saved: SavedWorld): World {
    const world = new World(clock, behaviour, parseStateDocument(saved.document), saved.savedAtMs);
    world.tokens.load(saved.tokens);
    return world;
  }

  /** An id that this world has never had. */
  newId(prefix: IdPrefix): string {
    for (;;) {
      const id = idNumber(++this.#idsGiven, prefix);
      const kinds = Object.values(this.#resources) as readonly ReadonlyMap<string, unknown>[];
      if (!kinds.some((kind) => kind.has(id))) return id;
    }
  }

  /** The world as it is now, for ever: what happens later does not reach it, and its own time stands still. */
  snapshot(): World {
    return this.#frozen(structuredClone(this.resources));
  }

  #frozen(resources: Resources): World {
    const copy = new World(new ManualClock(this.nowMs), this.#behaviour, { accountId: this.accountId });
    copy.#resources = resources;
    return copy;
  }

  /** Merges objects into the world by their ids; a patch that does not fit changes nothing. */
  patch(patch: unknown): void {
    const document = parseStateDocument(mergePatch(this.save(), patch));
    const before = this.#resources;
    this.#resources = loadState(document, this.nowMs);
    this.#settledAtMs = Number.NaN;
    this.noteNewcomers(before);
    this.replica.catchUp();
  }

  /** Hides ENIs from reads for a while that were not among those. */
  noteNewcomers({ networkInterfaces }: Pick<Resources, "networkInterfaces">): void {
    for (const id of this.#resources.networkInterfaces.keys())
      if (!networkInterfaces.has(id)) this.#newcomers.add(id, this.nowMs);
  }

  /** Adds an ENI, which reads may not show yet. */
  add(eni: NetworkInterface): void {
    this.resources.networkInterfaces.set(eni.NetworkInterfaceId, eni);
    this.#newcomers.add(eni.NetworkInterfaceId, this.nowMs);
  }

  /** Answers a read of ENIs from the world, or from what of it is known where the read arrives. */
  answer<Answer>(read: (world: World) => Read<Answer>): Answer {
    const hidden = this.#newcomers.hidden(this.nowMs, this.behaviour);
    if (hidden.size > 0) this.#newcomers.count(read(this).shown);
    const visible = (world: World) => read(hidden.size === 0 ? world : world.#without(hidden));
    return this.staleReads.answer(this.replica.choose(this, visible), visible);
  }

  #without(eniIds: ReadonlySet<string>): World {
    const { networkInterfaces, ...others } = this.resources;
    const left = [...networkInterfaces].filter(([id]) => !eniIds.has(id));
    return this.#frozen({ ...others, networkInterfaces: new Map(left) });
  }

  /** Lets a resource change its state in the time that such changes take. */
  begin(resource: { StatusTransition: Transition | undefined }, ...states: readonly string[]): void {
    const afterMs = this.behaviour.transitionMs;
    const chain = states.reduceRight<FollowUp | undefined>((then, to) => ({ to, afterMs, then }), undefined);
    resource.StatusTransition = chain && begin(chain, this.nowMs);
    this.#settledAtMs = Number.NaN;
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

  /** Who holds what in a vSwitch, at this moment. */
  occupancy(vSwitch: VSwitch): Occupancy {
    const enis = [...this.resources.networkInterfaces.values()];
    const { pick, pickSeed, releaseMs } = this.behaviour;
    const id = vSwitch.VSwitchId;
    const freed = this.#freed.in(id);
    return new Occupancy(
      this.blockOf(vSwitch),
      enis.filter((eni) => eni.VSwitchId === id),
      {
        occupied: this.occupiedIn(id),
        busy: freed.filter(({ atMs }) => this.nowMs - atMs < releaseMs),
        ...(pick === "scattered" && { freed, order: scattered(`${pickSeed} ${id}`) }),
      },
    );
  }

  /** The addresses that something else than an ENI holds in a vSwitch. */
  occupiedIn(vSwitchId: string): OccupiedAddresses[] {
    return [...this.resources.occupiedAddresses.values()].filter((one) => one.VSwitchId === vSwitchId);
  }

  /** To be told of each address or prefix that an ENI gives up. */
  release(eni: NetworkInterface, items: readonly string[], atMs = this.nowMs): void {
    for (const item of items) this.#freed.add(eni.VSwitchId, item, atMs);
  }

  /** Who holds which IPv6 addresses in a vSwitch; undefined where IPv6 is off. */
  ipv6Occupancy(vSwitch: VSwitch): Ipv6Occupancy | undefined {
    const block = parseIpv6Block(vSwitch.Ipv6CidrBlock);
    const enis = [...this.resources.networkInterfaces.values()];
    return (
      block &&
      new Ipv6Occupancy(
        block,
        enis.filter((eni) => eni.VSwitchId === vSwitch.VSwitchId),
      )
    );
  }

  /** The EIP that is bound to an address of an ENI. */
  eipOf(eniId: string, address: string): Eip | undefined {
    return [...this.resources.eips.values()].find(
      (eip) => eip.InstanceId === eniId && eip.PrivateIpAddress === address,
    );
  }

  /** Binds no EIP to that address any more. */
  unbindEip(eniId: string, address: string): void {
    const eip = this.eipOf(eniId, address);
    if (!eip) return;
    eip.InstanceId = undefined;
    eip.PrivateIpAddress = undefined;
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

  #settle(): void {
    const { vpcs, vSwitches, securityGroups, instances, networkInterfaces } = this.#resources;
    const nowMs = this.nowMs;
    if (nowMs === this.#settledAtMs) return;
    this.#settledAtMs = nowMs;
    for (const vSwitch of vSwitches.values())
      if (settleStatus(vSwitch, nowMs) === "deleted") this.#removeVSwitch(vSwitch.VSwitchId);
    for (const vpc of vpcs.values())
      if (settleStatus(vpc, nowMs) === "deleted") {
        vpcs.delete(vpc.VpcId);
        securityGroups.delete(defaultSecurityGroupId(vpc.VpcId));
      }
    for (const instance of instances.values())
      if (settleStatus(instance, nowMs) === "deleted")
        this.#removeInstance(instance.InstanceId, instance.StatusTransition?.dueMs);
    for (const eni of networkInterfaces.values())
      if (settleStatus(eni, nowMs) === "deleted")
        this.#removeNetworkInterface(eni, eni.StatusTransition?.dueMs);
      else if (eni.Status === "Available") eni.InstanceId = undefined;
  }

  #removeVSwitch(id: string): void {
    this.#resources.vSwitches.delete(id);
    for (const [key, occupied] of this.#resources.occupiedAddresses)
      if (occupied.VSwitchId === id) this.#resources.occupiedAddresses.delete(key);
  }

  /** The primary ENI goes with its instance; the others go too, or stay behind, as their DeleteOnRelease says. */
  #removeInstance(id: string, atMs: number | undefined): void {
    this.#resources.instances.delete(id);
    for (const eni of this.#resources.networkInterfaces.values()) {
      if (eni.InstanceId !== id) continue;
      if (eni.Type === "Primary" || eni.DeleteOnRelease) this.#removeNetworkInterface(eni, atMs);
      else {
        eni.Status = "Available";
        eni.StatusTransition = undefined;
      }
    }
  }

  #removeNetworkInterface(eni: NetworkInterface, atMs: number | undefined): void {
    this.#resources.networkInterfaces.delete(eni.NetworkInterfaceId);
    const addresses = eni.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress);
    const prefixes = eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix);
    this.release(eni, [...addresses, ...prefixes], atMs);
    for (const eip of this.#resources.eips.values())
      if (eip.InstanceId === eni.NetworkInterfaceId) {
        eip.InstanceId = undefined;
        eip.PrivateIpAddress = undefined;
      }
  }
}

import { addressesOnlyIn, overlap, sortedAddresses } from "../shared/addresses";
import type { Ownership } from "./model";

/** What tells a resource from all others of the program. @internal */
export interface Identified {
  readonly identity: string;
  /** The identity in the other half of the state: after a rename by alias, inputs and outputs name different ones. */
  readonly formerIdentity?: string | undefined;
}

/** An operation on one ENI, from its start to its end. @internal */
export interface OperationEntry {
  /** It announces that it unassigns these addresses. */
  announce(addresses: readonly string[]): void;
  /** Whether it only waits for another ENI to release an address. */
  setWaiting(waiting: boolean): void;
  end(): void;
}

/** What check has learnt of a resource. @internal */
export interface CheckedResource extends Identified {
  /** What the inputs in the state say. */
  readonly before:
    | {
        readonly networkInterfaceId: string;
        readonly listed: readonly string[];
        /** Whether the engine does not delete it in a replacement. */
        readonly retained?: boolean;
      }
    | undefined;
  /** What the inputs of the program say. */
  readonly now:
    | {
        readonly networkInterfaceId: string;
        readonly listed: readonly string[];
        /** What the resource may keep of what it listed before. */
        readonly keeps: readonly string[];
        readonly ownership: Ownership | undefined;
      }
    | undefined;
}

/** What the program tells beside the engine's requests. @internal */
export interface ToldClaims {
  /** Which of these addresses, in the order of their age, other resources want on the ENI. */
  wantedOn(
    networkInterfaceId: string,
    except: readonly string[],
    oldestFirst: readonly string[],
  ): readonly string[];
  /** Which of these addresses a resource lists on another ENI. */
  listedBeside(networkInterfaceId: string, addresses: readonly string[]): readonly string[];
}

const nothingTold: ToldClaims = { wantedOn: () => [], listedBeside: () => [] };

/** One resource on one ENI. */
interface ResourceEntry {
  /** Set by check: the resource is in the program and manages this ENI. */
  ownership: Ownership | undefined;
  /** What the resource lists, or holds through a count: no other resource unassigns it. */
  readonly lists: Set<string>;
  /** What check found on the ENI of a count. */
  expects: readonly string[];
  /** What the state owns of a resource that diff found unchanged. */
  keeps: readonly string[];
  /** Its check has failed, and nothing is known of what it wants. */
  wantsAny: boolean;
  /** Other identities of the resource, while it keeps something. */
  aliases: readonly string[];
  /** What the inputs in the state listed before this run; of a resource that moves to another ENI, what the state owned. */
  readonly listedBefore: Set<string>;
  /** What check found listed before and no longer listed, and what diff found on an ENI that the resource leaves. */
  readonly drops: Set<string>;
  readonly operations: Set<{ readonly announced: Set<string>; waiting: boolean }>;
}

/** One ENI. */
interface EniEntry {
  readonly resources: Map<string, ResourceEntry>;
  /** What this process has unassigned and not assigned again. */
  unassigned: readonly string[];
}

/**
 * What this process knows of the resources on each ENI: one record for each ENI, with one entry for each resource.
 *
 * The engine calls check for every resource of the program before it deletes what is no longer in the program. Create and
 * update add what check could not know. So a delete leaves what another resource lists: a rename creates the new resource
 * over the addresses of the old one, and so does `pulumi up --replace`. An update, or the delete that a replacement begins
 * with, may run before the check of a later resource. That resource then finds its addresses in {@link lostFrom}.
 *
 * What a resource only keeps is dropped when it is checked, updated or deleted: a refresh runs diff with the old inputs, in
 * the same process as the operations that follow.
 * @internal
 */
export class Ledger {
  private readonly enis = new Map<string, EniEntry>();
  /** The resources of which more is known than what the program tells, by ENI. */
  private readonly ignoredTold = new Map<string, string[]>();

  constructor(private readonly told: ToldClaims = nothingTold) {}

  /**
   * Records a check.
   *
   * @returns another resource that cannot share the ENI with this one. Resources share an ENI only when all are additive
   */
  check({ identity, formerIdentity, before, now }: CheckedResource): string | undefined {
    if (before !== undefined) {
      this.dropKept(before.networkInterfaceId, [identity, formerIdentity ?? identity]);
      const entry = this.entry(before.networkInterfaceId, identity);
      const retained = before.retained === true ? before.listed : [];
      const stays = now?.networkInterfaceId === before.networkInterfaceId ? now.keeps : retained;
      for (const one of before.listed) entry.listedBefore.add(one);
      if (now !== undefined) for (const one of addressesOnlyIn(before.listed, stays)) entry.drops.add(one);
    }
    if (now === undefined) return undefined;
    const { networkInterfaceId, listed, ownership } = now;
    this.entry(networkInterfaceId, identity).wantsAny = false;
    // On another ENI, the former name is that of another resource.
    this.dropKept(networkInterfaceId, [identity]);
    this.claim(networkInterfaceId, identity, listed);
    if (ownership === undefined) return undefined;
    this.entry(networkInterfaceId, identity).ownership = ownership;
    const [conflict] = this.entries(networkInterfaceId)
      .filter(([other, entry]) => other !== identity && entry.ownership !== undefined)
      .filter(([, entry]) => ownership === "exclusive" || entry.ownership === "exclusive");
    // Resources that keep something and were not checked are about to leave, under an old name.
    if (ownership === "exclusive" && conflict === undefined) {
      for (const [, entry] of this.entries(networkInterfaceId)) entry.keeps = [];
    }
    return conflict?.[0];
  }

  /** The resource lists these addresses, or holds them through a count. */
  claim(networkInterfaceId: string, identity: string, addresses: readonly string[]): void {
    const { lists } = this.entry(networkInterfaceId, identity);
    for (const one of addresses) lists.add(one);
  }

  /** Diff found that the resource moves to another ENI: it releases what the state owns on this one. */
  leave(networkInterfaceId: string, identity: string, owned: readonly string[]): void {
    const { listedBefore, drops } = this.entry(networkInterfaceId, identity);
    // The old inputs that check had may list more than the resource has got.
    listedBefore.clear();
    drops.clear();
    for (const one of owned) {
      listedBefore.add(one);
      drops.add(one);
    }
  }

  /**
   * Check found these on the ENI of a count, and they stay. The operation claims what the ENI then holds: until then, a
   * resource that lists one of them on another ENI comes first.
   */
  expect(networkInterfaceId: string, identity: string, addresses: readonly string[]): void {
    this.entry(networkInterfaceId, identity).expects = addresses;
  }

  /** Diff found the resource unchanged: it keeps what it owns. */
  keep(networkInterfaceId: string, { identity, formerIdentity }: Identified, owned: readonly string[]): void {
    this.dropKept(networkInterfaceId, [identity, formerIdentity ?? identity]);
    const entry = this.entry(networkInterfaceId, identity);
    entry.keeps = owned;
    entry.aliases = formerIdentity === undefined ? [] : [formerIdentity];
    // A refresh runs no check, and what follows it may change the resource.
    if (entry.ownership !== undefined) this.ignoreTold(networkInterfaceId, identity);
  }

  /** The check of the resource has failed, and it gives no list that can be read. It may want anything on the ENI. */
  claimAny(networkInterfaceId: string, identity: string): void {
    this.entry(networkInterfaceId, identity).wantsAny = true;
  }

  /** An update of the resource begins. */
  beginUpdate(networkInterfaceId: string, identity: string): void {
    this.dropKept(networkInterfaceId, [identity]);
  }

  /** A delete of the resource begins. */
  beginDelete(networkInterfaceId: string, identity: string): void {
    this.ignoreTold(networkInterfaceId, identity);
    // In a replacement both resources share one name. The new one may already have been checked: its claims stay.
    if (this.enis.get(networkInterfaceId)?.resources.get(identity)?.ownership === undefined)
      this.dropKept(networkInterfaceId, [identity]);
  }

  /**
   * From now on, what the program tells of the resource on this ENI does not count: its delete has begun, or what its state owns
   * is known. The program only tells how many a count wants. What another resource left to it beyond that would be in no state.
   */
  ignoreTold(networkInterfaceId: string, identity: string): void {
    this.ignoredTold.set(networkInterfaceId, [...(this.ignoredTold.get(networkInterfaceId) ?? []), identity]);
  }

  /** An operation of the resource begins to work on the ENI. */
  beginOperation(networkInterfaceId: string, identity: string): OperationEntry {
    const { operations } = this.entry(networkInterfaceId, identity);
    const operation = { announced: new Set<string>(), waiting: false };
    operations.add(operation);
    return {
      announce: (addresses) => {
        for (const one of addresses) operation.announced.add(one);
      },
      setWaiting: (waiting) => {
        operation.waiting = waiting;
      },
      end: () => {
        operations.delete(operation);
        // An address that it has not unassigned by now stays.
        for (const [, { drops }] of this.entries(networkInterfaceId))
          for (const one of operation.announced) drops.delete(one);
      },
    };
  }

  /** A call to unassign these addresses is about to be sent. */
  unassign(networkInterfaceId: string, addresses: readonly string[]): void {
    const eni = this.eni(networkInterfaceId);
    eni.unassigned = sortedAddresses([...eni.unassigned, ...addresses]);
  }

  /** These addresses were assigned. */
  assign(networkInterfaceId: string, addresses: readonly string[]): void {
    const eni = this.eni(networkInterfaceId);
    eni.unassigned = addressesOnlyIn(eni.unassigned, addresses);
  }

  /**
   * The addresses of the ENI that a resource of this process lists, holds through a count, or keeps.
   *
   * @param except - the resource that asks for its create or update: its own claim never blocks it. The delete of a
   *   replaced resource asks without it, because the new one has the same name and its claims hold
   * @param owned - what the asking resource owns, the oldest first. Another one whose check failed may want any of it
   */
  claimedOn(networkInterfaceId: string, except?: string, owned: readonly string[] = []): readonly string[] {
    const ignored = [
      ...(except === undefined ? [] : [except]),
      ...(this.ignoredTold.get(networkInterfaceId) ?? []),
    ];
    return sortedAddresses([
      ...this.told.wantedOn(networkInterfaceId, ignored, owned),
      ...this.others(networkInterfaceId, except).flatMap(([, entry]) => [
        ...this.claimsOf(networkInterfaceId, entry),
        ...(entry.wantsAny ? owned : []),
      ]),
    ]);
  }

  /** The resources that claim the address. */
  claimantsOf(networkInterfaceId: string, address: string, except?: string): readonly string[] {
    return this.others(networkInterfaceId, except)
      .filter(([, entry]) => entry.wantsAny || this.claimsOf(networkInterfaceId, entry).includes(address))
      .map(([identity]) => identity);
  }

  /** What the inputs in the state listed for the ENI before this run. */
  listedBeforeOn(networkInterfaceId: string): readonly string[] {
    return sortedAddresses(
      this.entries(networkInterfaceId).flatMap(([, { listedBefore }]) => [...listedBefore]),
    );
  }

  /** What this process has unassigned from the ENI and not assigned again. */
  lostFrom(networkInterfaceId: string): readonly string[] {
    return this.enis.get(networkInterfaceId)?.unassigned ?? [];
  }

  /** Whether check found that a resource no longer lists the address on this ENI. */
  isDropped(networkInterfaceId: string, address: string): boolean {
    return this.entries(networkInterfaceId).some(([, { drops }]) => drops.has(address));
  }

  /**
   * Whether the ENI is going to release the address, or what overlaps it.
   *
   * An announcement of a running operation counts. What check found counts while any operation works: the engine starts
   * the other operation as soon as a worker is free. When all operations wait for each other, as with `--parallel 1`, none
   * will.
   */
  isReleaseExpected(networkInterfaceId: string, address: string): boolean {
    const overlaps = (released: Iterable<string>) => [...released].some((one) => overlap(one, address));
    const entries = this.entries(networkInterfaceId).map(([, entry]) => entry);
    const announced = entries.some(({ operations }) =>
      [...operations].some((one) => overlaps(one.announced)),
    );
    return announced || (entries.some(({ drops }) => overlaps(drops)) && this.someOperationWorks());
  }

  /** Which of these addresses a resource of the program lists on another ENI. */
  listedBeside(networkInterfaceId: string, addresses: readonly string[]): readonly string[] {
    if (addresses.length === 0) return [];
    const told = this.told.listedBeside(networkInterfaceId, addresses);
    const others = [...this.enis].filter(([other]) => other !== networkInterfaceId);
    const isListed = (one: string) =>
      others.some(([, { resources }]) => [...resources.values()].some(({ lists }) => lists.has(one)));
    return addresses.filter((one) => told.includes(one) || isListed(one));
  }

  private someOperationWorks(): boolean {
    return [...this.enis.values()].some(({ resources }) =>
      [...resources.values()].some(({ operations }) => [...operations].some(({ waiting }) => !waiting)),
    );
  }

  private claimsOf(networkInterfaceId: string, { lists, keeps, expects }: ResourceEntry): readonly string[] {
    const counted = addressesOnlyIn(expects, this.listedBeside(networkInterfaceId, expects));
    return [...lists, ...keeps, ...counted];
  }

  private dropKept(networkInterfaceId: string, names: readonly string[]): void {
    for (const [identity, entry] of this.entries(networkInterfaceId)) {
      if ([identity, ...entry.aliases].some((one) => names.includes(one))) entry.keeps = [];
    }
  }

  private others(networkInterfaceId: string, except: string | undefined) {
    return this.entries(networkInterfaceId).filter(([identity]) => identity !== except);
  }

  private entries(networkInterfaceId: string): (readonly [string, ResourceEntry])[] {
    return [...(this.enis.get(networkInterfaceId)?.resources ?? [])];
  }

  private eni(networkInterfaceId: string): EniEntry {
    const eni = this.enis.get(networkInterfaceId) ?? {
      resources: new Map<string, ResourceEntry>(),
      unassigned: [],
    };
    this.enis.set(networkInterfaceId, eni);
    return eni;
  }

  private entry(networkInterfaceId: string, identity: string): ResourceEntry {
    const { resources } = this.eni(networkInterfaceId);
    const entry = resources.get(identity) ?? {
      ownership: undefined,
      lists: new Set<string>(),
      expects: [],
      keeps: [],
      wantsAny: false,
      aliases: [],
      listedBefore: new Set<string>(),
      drops: new Set<string>(),
      operations: new Set(),
    };
    resources.set(identity, entry);
    return entry;
  }
}

import { sortedAddresses } from "../shared/addresses";

/**
 * Whose the secondary addresses of an ENI are: all of them one resource's, or each the resource's that lists it.
 *
 * @internal
 */
export type Ownership = "exclusive" | "additive";

/**
 * What the resources of this process want on each ENI. An address that is claimed is not unassigned by anyone: a
 * rename creates the new resource over the addresses of the old one, whose delete must then leave them alone; so
 * does `pulumi up --replace`. Claims are made by check, which the engine calls for every resource before it deletes
 * what is no longer in the program, and by create, for what check could not know yet. An update, and the delete that a
 * replacement begins with, may come before the check of a later resource: {@link Unassigned} tells that one of it.
 *
 * A claim never stops the resource that made it: what a resource unassigns is what it no longer wants. What a resource
 * only keeps, because nothing of it changes, is therefore let go of when an operation of its own begins after all: a
 * refresh compares the state with the inputs of before, in the process of the operations that follow it.
 *
 * @internal
 */
export class Claims {
  private readonly wanted = new Map<string, Set<string>>();
  private readonly kept = new Map<string, readonly Kept[]>();
  private readonly inherited = new Map<string, Set<string>>();
  private readonly holders = new Map<string, Map<string, Ownership>>();

  /** Records that a resource wants these addresses on the ENI. */
  claim(networkInterfaceId: string, addresses: readonly string[]): void {
    addAll(this.wanted, networkInterfaceId, addresses);
  }

  /**
   * Records what a resource has on the ENI and leaves as it is, until an operation of its own begins.
   *
   * @param names - what may tell it from all others: by its outputs, and by its inputs, which learn of an alias first
   */
  keep(networkInterfaceId: string, names: readonly string[], addresses: readonly string[]): void {
    this.letGo(networkInterfaceId, ...names);
    this.kept.set(networkInterfaceId, [...this.keptOn(networkInterfaceId), { names, addresses }]);
  }

  /** To be called when a resource is checked, updated or deleted: what it wants from now on is said anew. */
  letGo(networkInterfaceId: string, ...names: readonly string[]): void {
    const others = this.keptOn(networkInterfaceId).filter(
      (kept) => !kept.names.some((one) => names.includes(one)),
    );
    this.kept.set(networkInterfaceId, others);
  }

  /** The addresses of the ENI that somebody wants or keeps. */
  on(networkInterfaceId: string): string[] {
    const kept = this.keptOn(networkInterfaceId).flatMap(({ addresses }) => addresses);
    return sortedAddresses([...(this.wanted.get(networkInterfaceId) ?? []), ...kept]);
  }

  /** Records what a resource's inputs in the state listed before this run. */
  inherit(networkInterfaceId: string, addresses: readonly string[]): void {
    addAll(this.inherited, networkInterfaceId, addresses);
  }

  /** What the inputs in the state listed for the ENI before this run. */
  inheritedOn(networkInterfaceId: string): string[] {
    return sortedAddresses(this.inherited.get(networkInterfaceId) ?? []);
  }

  /**
   * Records that a resource manages the ENI, and answers which other one is in its way: they get along only when all of
   * them are additive. What others keep that were not checked is no reason to refuse an exclusive one: they are about to
   * go, under an old name.
   *
   * @param resource - what tells the resource from all others of the program, the same each time that it is checked
   */
  hold(networkInterfaceId: string, resource: string, ownership: Ownership): string | undefined {
    const holders = this.holders.get(networkInterfaceId) ?? new Map<string, Ownership>();
    this.holders.set(networkInterfaceId, holders.set(resource, ownership));
    const others = [...holders].filter(([other]) => other !== resource);
    const inTheWay = others.find(([, theirs]) => ownership === "exclusive" || theirs === "exclusive")?.[0];
    if (ownership === "exclusive" && inTheWay === undefined) this.kept.delete(networkInterfaceId);
    return inTheWay;
  }

  /** Whether a resource of this name was checked in this run, and manages the ENI. */
  isHeld(networkInterfaceId: string, resource: string): boolean {
    return this.holders.get(networkInterfaceId)?.has(resource) ?? false;
  }

  private keptOn(networkInterfaceId: string): readonly Kept[] {
    return this.kept.get(networkInterfaceId) ?? [];
  }
}

/** What a resource leaves as it is. */
interface Kept {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

function addAll(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = map.get(key) ?? new Set();
  for (const value of values) set.add(value);
  map.set(key, set);
}

import { sortedAddresses } from "../addresses/address-set";

/**
 * What the resources of this process want on each ENI. An address that is claimed is not unassigned by anyone: a
 * rename creates the new resource over the addresses of the old one, whose delete must then leave them alone; so
 * does `pulumi up --replace`. Claims are made by check, which the engine calls for every resource before it deletes
 * what is no longer in the program, and by create, for what check could not know yet. Only the delete that a
 * replacement begins with may come before the check of a later resource.
 *
 * A claim never stops the resource that made it: what a resource unassigns is what it no longer wants.
 *
 * @internal
 */
export class Claims {
  private readonly wanted = new Map<string, Set<string>>();
  private readonly inherited = new Map<string, Set<string>>();
  private readonly holders = new Map<string, Set<string>>();

  /** Records that a resource wants these addresses on the ENI. */
  claim(networkInterfaceId: string, addresses: readonly string[]): void {
    addAll(this.wanted, networkInterfaceId, addresses);
  }

  /** The addresses of the ENI that somebody wants. */
  on(networkInterfaceId: string): string[] {
    return sortedAddresses(this.wanted.get(networkInterfaceId) ?? []);
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
   * Records that a resource owns the ENI exclusively, and answers which other one already does.
   *
   * @param resource - what tells the resource from all others of the program, the same each time that it is checked
   */
  holdExclusively(networkInterfaceId: string, resource: string): string | undefined {
    addAll(this.holders, networkInterfaceId, [resource]);
    return [...(this.holders.get(networkInterfaceId) ?? [])].find((holder) => holder !== resource);
  }
}

function addAll(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = map.get(key) ?? new Set();
  for (const value of values) set.add(value);
  map.set(key, set);
}

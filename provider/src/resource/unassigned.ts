import { addressesOnlyIn, sortedAddresses } from "../shared/addresses";

/**
 * What this process has asked to unassign from each ENI, and nobody has assigned again. A resource that is checked only
 * after that may have it in its state: two additive ones may share an address, and one of them dropped it. Then the state
 * of the other is not true any more, although its inputs have not changed.
 *
 * @internal
 */
export class Unassigned {
  private readonly gone = new Map<string, readonly string[]>();

  /** A call to unassign these is about to be sent; whether it has an effect is seen by whoever looks. */
  add(networkInterfaceId: string, addresses: readonly string[]): void {
    this.gone.set(networkInterfaceId, sortedAddresses([...this.from(networkInterfaceId), ...addresses]));
  }

  /** These were assigned. */
  remove(networkInterfaceId: string, addresses: readonly string[]): void {
    this.gone.set(networkInterfaceId, addressesOnlyIn(this.from(networkInterfaceId), addresses));
  }

  /** What may be gone from the ENI, in numerical order. */
  from(networkInterfaceId: string): readonly string[] {
    return this.gone.get(networkInterfaceId) ?? [];
  }
}

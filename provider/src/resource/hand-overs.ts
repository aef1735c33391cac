import { sortedAddresses } from "../shared/addresses";
import type { Identified, Ledger } from "./ledger";
import type { Desired, Recorded } from "./model";
import { OrphanedError } from "./operation-error";

/** How a resource on one ENI fares in this run. */
interface Taker {
  readonly networkInterfaceId: string;
  /** What its state is known to own. */
  owns: readonly string[];
  /** Absent until its check has passed or failed. */
  run: "expected" | "succeeded" | "failed" | undefined;
  /** Its check, which ends without an error even if it fails. */
  check?: Promise<unknown>;
  /** What other resources have left to it. */
  readonly handedOver: Set<string>;
}

/**
 * Which state owns an address that one resource leaves to another one of the same ENI.
 *
 * A state gives the address up in one operation, and the other state gets it in another one. If the taker fails later, its
 * record has what was handed over. If it has failed before, the giver keeps the address: without an owner, no later run
 * would unassign it.
 * @internal
 */
export class HandOvers {
  private readonly takers = new Map<string, Taker>();
  /** Addresses that were left, by ENI, to a resource that only the program tells of: its check comes later, or not at all. */
  private readonly trusted = new Map<string, string[]>();

  constructor(private readonly ledger: Ledger) {}

  /** With wrong inputs the resource stays as it is: no other resource may unassign what it owns. */
  keepAsIs({ identity }: Identified, { networkInterfaceId, owned }: Recorded): void {
    if (networkInterfaceId === undefined) return;
    this.ledger.claim(networkInterfaceId, identity, owned);
    this.owns(networkInterfaceId, identity, owned);
  }

  /** Runs the check of the resource. It claims at once what it lists; whether it passes is known at its end. */
  async whileChecking<T>(
    { identity }: Identified,
    { networkInterfaceId }: Pick<Desired, "networkInterfaceId">,
    check: () => Promise<T>,
  ): Promise<T> {
    const checking = check();
    if (networkInterfaceId !== undefined)
      this.taker(networkInterfaceId, identity).check = checking.catch(() => undefined);
    return checking;
  }

  /** Waits for the checks of the resources that claim one of these. */
  async checksOf(networkInterfaceId: string, addresses: readonly string[], giver?: string): Promise<void> {
    const claimants = addresses.flatMap((address) =>
      this.ledger.claimantsOf(networkInterfaceId, address, giver),
    );
    await Promise.all(claimants.flatMap((identity) => this.taker(networkInterfaceId, identity).check ?? []));
  }

  /** The check of the resource has passed or failed. After one that has passed, an operation may follow. */
  checked({ identity }: Identified, { networkInterfaceId, target }: Desired, passed: boolean): void {
    if (networkInterfaceId === undefined) return;
    this.taker(networkInterfaceId, identity).run = passed ? "expected" : "failed";
    const listsNothing = target === undefined || "count" in target;
    if (!passed && listsNothing) this.ledger.claimAny(networkInterfaceId, identity);
  }

  /** The state of the resource owns these. */
  owns(networkInterfaceId: string, identity: string, owned: readonly string[]): void {
    this.taker(networkInterfaceId, identity).owns = owned;
  }

  /** What the states of this process are known to own on the ENI. */
  ownedOn(networkInterfaceId: string): readonly string[] {
    return [...this.takers.values()].flatMap((taker) =>
      taker.networkInterfaceId === networkInterfaceId ? taker.owns : [],
    );
  }

  /** The operation of the resource has succeeded, and its state gets this record. */
  succeeded({ identity }: Identified, recorded: Recorded): Recorded {
    const { networkInterfaceId = "", owned } = recorded;
    Object.assign(this.taker(networkInterfaceId, identity), { run: "succeeded", owns: owned });
    this.ledger.claim(networkInterfaceId, identity, owned);
    this.ledger.ignoreTold(networkInterfaceId, identity);
    return recorded;
  }

  /** The operation of the resource has failed. Its state owns these now, or what it owned before. */
  failed(networkInterfaceId: string, identity: string, owned?: readonly string[]): void {
    const taker = this.taker(networkInterfaceId, identity);
    Object.assign(taker, { run: "failed", owns: owned ?? taker.owns });
    this.ledger.ignoreTold(networkInterfaceId, identity);
  }

  /** What other resources have left to this one. */
  handedTo(networkInterfaceId: string, identity: string): readonly string[] {
    const trusted = (this.trusted.get(networkInterfaceId) ?? []).filter((address) =>
      this.ledger.claimantsOf(networkInterfaceId, address).includes(identity),
    );
    return sortedAddresses([...this.taker(networkInterfaceId, identity).handedOver, ...trusted]);
  }

  /**
   * The state of the giver is about to give these up. They stay on the ENI, because other resources claim them.
   *
   * @returns those that no other state owns or will own
   */
  leave(networkInterfaceId: string, addresses: readonly string[], giver: string): readonly string[] {
    return addresses.filter((address) =>
      this.isOrphaned(
        networkInterfaceId,
        address,
        this.ledger.claimantsOf(networkInterfaceId, address, giver),
      ),
    );
  }

  /**
   * The same for a delete. The new resource of a replacement, which has the name of the old one, may be the taker.
   *
   * @throws OrphanedError when only resources that have failed claim one of them
   */
  leaveAll(networkInterfaceId: string, addresses: readonly string[]): void {
    const orphans = addresses.flatMap((address) => {
      const claimants = this.ledger.claimantsOf(networkInterfaceId, address);
      const failed = claimants.filter((one) => this.taker(networkInterfaceId, one).run === "failed");
      return this.isOrphaned(networkInterfaceId, address, claimants) && failed.length > 0
        ? [{ address, failed }]
        : [];
    });
    if (orphans.length > 0) throw new OrphanedError(networkInterfaceId, orphans);
  }

  private isOrphaned(networkInterfaceId: string, address: string, claimants: readonly string[]): boolean {
    if (claimants.length === 0) {
      this.trusted.set(networkInterfaceId, [...(this.trusted.get(networkInterfaceId) ?? []), address]);
      return false;
    }
    const takers = claimants.map((identity) => this.taker(networkInterfaceId, identity));
    if (takers.some(({ owns }) => owns.includes(address))) return false;
    const expected = takers.filter(({ run }) => run === "expected");
    for (const { handedOver } of expected) handedOver.add(address);
    return expected.length === 0;
  }

  private taker(networkInterfaceId: string, identity: string): Taker {
    const key = `${networkInterfaceId} ${identity}`;
    const taker = this.takers.get(key) ?? {
      networkInterfaceId,
      owns: [],
      run: undefined,
      handedOver: new Set<string>(),
    };
    this.takers.set(key, taker);
    return taker;
  }
}

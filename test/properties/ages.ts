import type { Answer } from "./engine";
import { addressesOf, numerically } from "./properties";

/** The age of an address of a resource. */
interface Aged {
  readonly address: string;
  /** Higher for an address that was recorded later. */
  readonly rank: number;
  /** Whether the highest address of this rank is the newest one. */
  readonly ordered: boolean;
}

/**
 * The order in which the addresses of each resource were recorded. Addresses that the state of a list has are older than
 * all later ones, and have no order among themselves.
 */
export class Ages {
  private readonly known = new Map<string, readonly Aged[]>();

  of(name: string): readonly Aged[] {
    return this.known.get(name) ?? [];
  }

  /** A resource of the state gets another name. */
  rename(from: string, to: string): void {
    this.known.set(to, this.of(from));
    this.known.delete(from);
  }

  update({ name, operation, outcome, before, after }: Answer): void {
    if (operation === "check" || (outcome !== "done" && outcome !== "recorded")) return;
    if (before?.pendingDelete === true) return;
    if (after === undefined || after.id !== before?.id) this.known.delete(name);
    if (after === undefined) return;
    const recorded = addressesOf(after);
    const { secondaryPrivateIpAddressCount, ipv4PrefixCount } = after.outputs;
    const counts = (secondaryPrivateIpAddressCount ?? ipv4PrefixCount) !== undefined;
    if (!counts) {
      this.known.set(name, aged(recorded, 0, false));
      return;
    }
    const known = this.of(name).filter(({ address }) => recorded.includes(address));
    const newcomers = recorded.filter((address) => !known.some((one) => one.address === address));
    const rank = 1 + Math.max(0, ...known.map((one) => one.rank));
    this.known.set(name, [...known, ...aged(newcomers, rank, true)]);
  }
}

function aged(addresses: readonly string[], rank: number, ordered: boolean): Aged[] {
  return addresses.map((address) => ({ address, rank, ordered }));
}

export function isNewer(one: Aged, other: Aged): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank;
  return one.ordered && numerically(one.address, other.address) > 0;
}

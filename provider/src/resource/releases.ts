import { addressesOnlyIn } from "../shared/addresses";
import { overlap } from "../shared/addresses";

/** An operation on one ENI, from its beginning to its end. @internal */
export interface OperationUnderWay {
  /** It will unassign these addresses. */
  willUnassign(addresses: readonly string[]): void;
  /** Whether it does nothing but wait for another ENI to let go of an address. */
  waits(does: boolean): void;
  end(): void;
}

/**
 * Which addresses this process has announced to unassign, and from which ENI. Whoever waits for such an address may
 * wait longer than for one that nobody is known to let go of.
 *
 * @internal
 */
export class Releases {
  private readonly checked = new Map<string, Set<string>>();
  private readonly underWay = new Set<Announcement>();

  /** Records what check has found: the resource's inputs no longer ask for what its state says that it holds. */
  plan(networkInterfaceId: string, held: readonly string[], wanted: readonly string[]): void {
    const planned = this.checked.get(networkInterfaceId) ?? new Set();
    for (const address of addressesOnlyIn(held, wanted)) planned.add(address);
    this.checked.set(networkInterfaceId, planned);
  }

  /** Whether a resource that was checked lets go of the address. */
  planned(networkInterfaceId: string, address: string): boolean {
    return this.checked.get(networkInterfaceId)?.has(address) ?? false;
  }

  /** An operation on the ENI begins. */
  begin(networkInterfaceId: string): OperationUnderWay {
    const announcement: Announcement = { networkInterfaceId, addresses: new Set(), waiting: false };
    this.underWay.add(announcement);
    return {
      willUnassign: (addresses) => {
        for (const address of addresses) announcement.addresses.add(address);
      },
      waits: (does) => {
        announcement.waiting = does;
      },
      end: () => {
        this.underWay.delete(announcement);
        // What it has not unassigned by now, it does not any more.
        for (const address of announcement.addresses) this.checked.get(networkInterfaceId)?.delete(address);
      },
    };
  }

  /**
   * Whether what stands in the address's way is going to be unassigned from the ENI: the address itself or a prefix around
   * it, or an address within it where it is a prefix. What an operation under way has announced is. What only
   * check has, is as long as any operation is at work: the engine begins the other one as soon as it has a worker free.
   * When all of them wait for each other, as with `--parallel 1`, it never has.
   */
  expected(networkInterfaceId: string, address: string): boolean {
    const operations = [...this.underWay];
    return (
      operations.some(
        (one) => one.networkInterfaceId === networkInterfaceId && shares(one.addresses, address),
      ) ||
      (shares(this.checked.get(networkInterfaceId) ?? [], address) &&
        operations.some(({ waiting }) => !waiting))
    );
  }
}

function shares(released: Iterable<string>, address: string): boolean {
  return [...released].some((one) => overlap(one, address));
}

interface Announcement {
  readonly networkInterfaceId: string;
  readonly addresses: Set<string>;
  waiting: boolean;
}

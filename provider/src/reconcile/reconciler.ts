import { EniNotFoundError, OperationError } from "../apply/operation-error";
import { eniStatusRule, eniStatusRuleForDelete } from "../apply/statuses";
import type { NetworkInterface } from "../ecs/port";
import { addressesInBoth, addressesOnlyIn, sortedAddresses } from "../addresses/address-set";
import type { Deadline } from "../timing/deadline";
import { converge, type Convergence, type Surroundings } from "./converge";
import type { EniLocks } from "./eni-locks";

/** What is recorded of an ENI after an operation. @internal */
export interface EniRecord {
  readonly eni: NetworkInterface;
  /** The resource's own addresses that the ENI holds, in numerical order. */
  readonly owned: readonly string[];
  /** The other secondary addresses on the ENI. */
  readonly unmanaged: readonly string[];
}

/**
 * An operation that did not reach its goal. `record` is what the state has to hold now; without it, nothing is to be
 * recorded, and the state stays as it was.
 *
 * @internal
 */
export class UnfinishedError extends OperationError {
  override readonly name = "UnfinishedError";

  constructor(
    cause: OperationError,
    readonly record: EniRecord | undefined,
  ) {
    const recorded =
      record === undefined ? "" : ". What was reached is recorded, and `pulumi up` goes on from there";
    super(`${cause.message}${recorded}`, { cause });
  }
}

/**
 * The life of the set of secondary addresses on an ENI, owned exclusively by one resource: create, read, update and
 * delete, with nothing of Pulumi in them.
 *
 * @internal
 */
export class Reconciler {
  constructor(
    private readonly surroundings: Surroundings,
    private readonly locks: EniLocks,
  ) {}

  /**
   * Takes the ENI over: what is wanted and already there is adopted without a call, the rest is assigned.
   *
   * @param mayUnassign - addresses that may go although no state ever listed them
   * @throws UnfinishedError with a record if something was written
   */
  async create(
    networkInterfaceId: string,
    wanted: readonly string[],
    mayUnassign: readonly string[],
    deadline: Deadline,
  ): Promise<EniRecord> {
    this.surroundings.claims.claim(networkInterfaceId, wanted);
    const outcome = await this.locks.run(networkInterfaceId, deadline, () =>
      converge(
        {
          networkInterfaceId,
          goal: { wanted, owned: mayUnassign, refuseOthers: true },
          deadline,
          eniStatusRule,
        },
        this.surroundings,
      ),
    );
    if (outcome.failure !== undefined) {
      const record = outcome.wrote ? recordOf(outcome, [...wanted, ...mayUnassign]) : undefined;
      throw new UnfinishedError(outcome.failure, record?.owned.length === 0 ? undefined : record);
    }
    // What an old resource of this very run leaves, its delete takes away: it is nobody's surprise.
    return mustRecord(outcome, wanted, this.surroundings.claims.inheritedOn(networkInterfaceId));
  }

  /**
   * Makes the ENI hold what is wanted: assigns what is missing, unassigns what the state held and nobody wants.
   *
   * @throws UnfinishedError with a record if the ENI could be read
   */
  async update(
    networkInterfaceId: string,
    wanted: readonly string[],
    owned: readonly string[],
    deadline: Deadline,
  ): Promise<EniRecord> {
    this.surroundings.claims.claim(networkInterfaceId, wanted);
    const outcome = await this.locks.run(networkInterfaceId, deadline, () =>
      converge(
        { networkInterfaceId, goal: { wanted, owned, refuseOthers: false }, deadline, eniStatusRule },
        this.surroundings,
      ),
    );
    if (outcome.failure !== undefined) {
      throw new UnfinishedError(outcome.failure, recordOf(outcome, [...wanted, ...owned]));
    }
    return mustRecord(outcome, wanted);
  }

  /**
   * Unassigns what the state held, except what another resource of this process wants. An ENI that is gone has
   * nothing left to unassign.
   *
   * @throws OperationError when addresses are left that should have gone
   */
  async delete(networkInterfaceId: string, owned: readonly string[], deadline: Deadline): Promise<void> {
    const goal = { wanted: [], owned, refuseOthers: false };
    const { failure } = await this.locks.run(networkInterfaceId, deadline, async () => {
      const claimed = this.surroundings.claims.on(networkInterfaceId);
      const left = addressesInBoth(owned, claimed);
      if (left.length > 0) {
        this.surroundings.announce(
          `${networkInterfaceId}: ${left.length} address(es) stay, because a resource of this program lists them`,
        );
      }
      if (addressesOnlyIn(owned, claimed).length === 0) return { failure: undefined };
      return converge(
        { networkInterfaceId, goal, deadline, eniStatusRule: eniStatusRuleForDelete },
        this.surroundings,
      );
    });
    if (failure !== undefined && !(failure instanceof EniNotFoundError)) throw failure;
  }

  /**
   * The ENI as it is, all its secondary addresses owned; `undefined` when it does not exist.
   *
   * @param now - whether it has to be read now, because something in this run may have changed it; else any read of this
   *   process will do, so that many resources share few reads
   */
  async read(networkInterfaceId: string, now: boolean, deadline: Deadline): Promise<EniRecord | undefined> {
    const { reader } = this.surroundings;
    const reading = await (now
      ? reader.fresh(networkInterfaceId, deadline)
      : reader.known(networkInterfaceId, deadline));
    if (reading === undefined) return undefined;
    const { eni } = reading;
    if (eni.primaryIpAddress === "") {
      throw new OperationError(
        `the API does not say which address of ${eni.id} is the primary one; nothing is recorded before it does`,
      );
    }
    return { eni, owned: sortedAddresses(eni.secondaryIpAddresses), unmanaged: [] };
  }
}

function mustRecord(
  outcome: Convergence,
  owned: readonly string[],
  expected: readonly string[] = [],
): EniRecord {
  const record = recordOf(outcome, owned, expected);
  if (record === undefined) throw new Error("an operation succeeded without having read its ENI");
  return record;
}

function recordOf(
  { eni }: Convergence,
  owned: readonly string[],
  expected: readonly string[] = [],
): EniRecord | undefined {
  if (eni === undefined) return undefined;
  const present = eni.secondaryIpAddresses;
  return {
    eni,
    owned: addressesInBoth(owned, present),
    unmanaged: addressesOnlyIn(present, owned, expected),
  };
}

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
    super(cause.message, { cause });
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
      const nothingToRelease =
        addressesOnlyIn(owned, this.surroundings.claims.on(networkInterfaceId)).length === 0;
      if (nothingToRelease) return { failure: undefined };
      return converge(
        { networkInterfaceId, goal, deadline, eniStatusRule: eniStatusRuleForDelete },
        this.surroundings,
      );
    });
    if (failure !== undefined && !(failure instanceof EniNotFoundError)) throw failure;
  }

  /** The ENI as it is, all its secondary addresses owned; `undefined` when it does not exist. */
  async read(networkInterfaceId: string, deadline: Deadline): Promise<EniRecord | undefined> {
    const eni = await this.surroundings.reader.known(networkInterfaceId, deadline);
    if (eni === undefined) return undefined;
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

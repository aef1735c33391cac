import { EniNotFoundError, OperationError, PlanRefusedError } from "./operation-error";
import { eniStatusRule, eniStatusRuleForDelete } from "./statuses";
import { heldBy } from "../ecs/port";
import type { Kind, NetworkInterface } from "../ecs/port";
import { addressesInBoth, addressesOnlyIn, sortedAddresses } from "../shared/addresses";
import type { Deadline } from "../shared/deadline";
import { byAge, type Count } from "../plan/count";
import type { Goal } from "../plan/plan";
import type { Ownership } from "./claims";
import { converge, type Convergence, type Surroundings } from "./converge";

/** What is recorded of an ENI after an operation. @internal */
export interface EniRecord {
  readonly eni: NetworkInterface;
  /** What the ENI holds of the resource's own addresses and prefixes, in numerical order. */
  readonly owned: readonly string[];
  /** What else the ENI holds of the kind that the resource manages. */
  readonly unmanaged: readonly string[];
  /** With a count: the owned ones by age. */
  readonly oldestFirst?: readonly string[];
}

/**
 * How far an operation came that did not reach its goal. The next one goes on from what is recorded; or begins anew, and
 * then the resource is recorded with what was assigned for it, but declared as before; or has all to do.
 *
 * @internal
 */
export type Progress = "goes on" | "begins anew" | "has not begun";

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
    readonly progress: Progress,
  ) {
    const recorded =
      record === undefined || progress === "has not begun"
        ? ""
        : ". What was reached is recorded, and `pulumi up` goes on from there";
    super(`${cause.message}${recorded}`, { cause });
  }
}

/** What the state holds before an operation. @internal */
export interface Before {
  /** What the resource manages by its state; both in the state that `get` starts from. */
  readonly of: Kind | undefined;
  /** Addresses and prefixes. */
  readonly owned: readonly string[];
  readonly ownership: Ownership;
  /** The owned ones whose age is recorded. */
  readonly oldestFirst: readonly string[];
}

/** Whether an update takes the ENI over, as a create does. @internal */
export function changesToExclusive(
  before: Pick<Before, "ownership">,
  ownership: Ownership | undefined,
): boolean {
  return ownership === "exclusive" && before.ownership === "additive";
}

/** What a resource asks for. @internal */
export interface Wish {
  readonly networkInterfaceId: string;
  /** Whether it is addresses or prefixes that are asked for. */
  readonly of: Kind;
  readonly wanted: readonly string[];
  /** Instead of `wanted`: how many. */
  readonly count?: Count | undefined;
  readonly ownership: Ownership;
  /** What may go when an ENI is taken over, although no state ever listed them. */
  readonly unassignOnCreate: readonly string[];
  readonly allowUnassignWithEip: boolean;
}

/**
 * The life of a set of secondary addresses, or prefixes, on an ENI: create, read, update and delete, with nothing of Pulumi in them.
 *
 * @internal
 */
export class Reconciler {
  constructor(private readonly surroundings: Surroundings) {}

  /**
   * Brings the addresses onto the ENI: what is wanted and already there is adopted without a call, the rest is assigned.
   * An exclusive resource takes the whole ENI over, and is refused where other addresses stand in the way.
   *
   * @throws UnfinishedError with a record if something was written. Where something is left that `unassignOnCreate`
   *   allowed to go, the next operation takes over as this one did, with what is allowed then
   */
  async create(wish: Wish, deadline: Deadline): Promise<EniRecord> {
    const { networkInterfaceId, wanted } = wish;
    const taken = wish.ownership === "exclusive";
    const mayUnassign = taken ? wish.unassignOnCreate : [];
    const outcome = await this.converge(wish, { owned: mayUnassign, refuseOthers: taken }, deadline);
    if (outcome.failure !== undefined) {
      const foreign = addressesOnlyIn(stillHeld(outcome, mayUnassign), wanted, outcome.picked);
      // What could not go is recorded as nobody's: whoever takes it out of `unassignOnCreate` again keeps it.
      const owned =
        foreign.length > 0
          ? [...wanted, ...outcome.picked]
          : ownedAfterFailure(wish, outcome, [...wanted, ...mayUnassign]);
      const record = outcome.wrote ? recordOf(outcome, wish, owned) : undefined;
      throw new UnfinishedError(
        outcome.failure,
        record?.owned.length === 0 ? undefined : record,
        foreign.length > 0 ? "begins anew" : "goes on",
      );
    }
    // What an old resource of this very run leaves, its delete takes away: it is nobody's surprise.
    return this.record(outcome, wish, this.surroundings.claims.inheritedOn(networkInterfaceId));
  }

  /**
   * Makes the ENI hold what is wanted: assigns what is missing, unassigns what the state held and nobody wants.
   *
   * @param before - what the state holds; a resource that was additive and becomes exclusive takes the ENI over as a
   *   create does
   * @throws UnfinishedError with a record if the ENI could be read. A takeover that failed is recorded without what it
   *   might have unassigned, for the next one, or none, begins with what the resource had
   */
  async update(wish: Wish, before: Before, deadline: Deadline): Promise<EniRecord> {
    const takesOver = changesToExclusive(before, wish.ownership);
    const owned = takesOver ? [...before.owned, ...wish.unassignOnCreate] : before.owned;
    const outcome = await this.converge(wish, { owned, refuseOthers: takesOver }, deadline);
    if (outcome.failure === undefined) return this.record(outcome, wish);
    if (outcome.wrote && !takesOver) {
      const kept = ownedAfterFailure(wish, outcome, [...wish.wanted, ...owned]);
      throw new UnfinishedError(outcome.failure, recordOf(outcome, wish, kept), "goes on");
    }
    // A count of the other kind may find too many that are not its own, and says that a refresh makes them so: for that
    // the state has to say that it is they that are managed.
    const refreshHelps = outcome.failure instanceof PlanRefusedError && outcome.failure.refreshHelps;
    if (!outcome.wrote && !takesOver && refreshHelps && wish.of !== before.of)
      throw new UnfinishedError(outcome.failure, recordOf(outcome, wish, before.owned), "goes on");
    // A plan that has not begun has adopted nothing, and one to take over what others have may be taken back.
    const kept = [...before.owned, ...(outcome.wrote ? [...wish.wanted, ...outcome.picked] : [])];
    const record = outcome.eni && stillOf(outcome.eni, { ...before, owned: kept });
    throw new UnfinishedError(outcome.failure, record, outcome.wrote ? "begins anew" : "has not begun");
  }

  /**
   * Unassigns what the state held, except what another resource of this process wants. An ENI that is gone has
   * nothing left to unassign.
   *
   * @throws OperationError when addresses are left that should have gone
   */
  async delete(
    networkInterfaceId: string,
    owned: readonly string[],
    allowUnassignWithEip: boolean,
    deadline: Deadline,
  ): Promise<void> {
    // With nothing wanted it makes no difference of which kind.
    const goal: Goal = { of: "address", wanted: [], owned, refuseOthers: false, allowUnassignWithEip };
    const claimed = this.surroundings.claims.on(networkInterfaceId);
    const left = addressesInBoth(owned, claimed);
    if (left.length > 0) {
      this.surroundings.announce(
        `${networkInterfaceId}: ${left.length} of its addresses and prefixes stay, because a resource of this program lists them`,
      );
    }
    if (left.length === owned.length) return;
    const { failure } = await converge(
      { networkInterfaceId, goal, deadline, eniStatusRule: eniStatusRuleForDelete },
      this.surroundings,
    );
    if (failure !== undefined && !(failure instanceof EniNotFoundError)) throw failure;
  }

  /**
   * The ENI as it is; `undefined` when it does not exist. All that it holds of the kind that is managed is an exclusive
   * resource's own; an additive one has what of its state is still there.
   *
   * @param now - whether it has to be read now, because something in this run may have changed it; else any read of this
   *   process will do, so that many resources share few reads
   */
  async read(
    networkInterfaceId: string,
    before: Before,
    now: boolean,
    deadline: Deadline,
  ): Promise<EniRecord | undefined> {
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
    const still = stillOf(eni, before);
    if (before.ownership === "additive") return still;
    const present = heldBy(eni, before.of);
    // What a change from addresses to prefixes could not yet unassign, or the other way round, is still the resource's.
    const owned = sortedAddresses([...present, ...still.owned]);
    return { eni, owned, unmanaged: [], oldestFirst: byAge(owned, before.oldestFirst) };
  }

  private async converge(
    { networkInterfaceId, of, wanted, count, allowUnassignWithEip }: Wish,
    goal: Pick<Goal, "owned" | "refuseOthers">,
    deadline: Deadline,
  ): Promise<Convergence> {
    const { claims } = this.surroundings;
    claims.claim(networkInterfaceId, wanted);
    const outcome = await converge(
      {
        networkInterfaceId,
        goal: { of, wanted, count, allowUnassignWithEip, ...goal },
        deadline,
        eniStatusRule,
      },
      this.surroundings,
    );
    const present = outcome.eni === undefined ? [] : heldBy(outcome.eni, of);
    // Nobody could claim by name what the cloud picks: a resource of an old name must leave it all the same.
    if (count !== undefined && present.length <= count.of) claims.claim(networkInterfaceId, present);
    return outcome;
  }

  private record(outcome: Convergence, wish: Wish, expected: readonly string[] = []): EniRecord {
    // With a count, all that is there counts, and is the resource's own.
    const present = outcome.eni === undefined ? [] : heldBy(outcome.eni, wish.of);
    const owned = wish.count === undefined ? wish.wanted : present;
    const record = recordOf(outcome, wish, owned, expected);
    if (record === undefined) throw new Error("an operation succeeded without having read its ENI");
    return record;
  }
}

/** With a count, what is there is adopted up to it; when there is too much, only what was owned or picked is. */
function ownedAfterFailure(
  { of, count }: Wish,
  { eni, picked }: Convergence,
  owned: readonly string[],
): readonly string[] {
  const present = eni === undefined ? [] : heldBy(eni, of);
  const adopted = count !== undefined && present.length <= count.of ? present : [];
  return [...owned, ...picked, ...adopted];
}

function stillHeld({ eni }: Convergence, addresses: readonly string[]): readonly string[] {
  return eni === undefined ? [] : addressesInBoth(addresses, heldBy(eni));
}

/** What the ENI still holds of what the state listed. */
function stillOf(eni: NetworkInterface, { of, owned, oldestFirst }: Before): EniRecord {
  const still = addressesInBoth(owned, heldBy(eni));
  return {
    eni,
    owned: still,
    unmanaged: addressesOnlyIn(heldBy(eni, of), still),
    oldestFirst: byAge(still, oldestFirst),
  };
}

function recordOf(
  { eni }: Convergence,
  { of, count }: Wish,
  owned: readonly string[],
  expected: readonly string[] = [],
): EniRecord | undefined {
  if (eni === undefined) return undefined;
  const ownedNow = addressesInBoth(owned, heldBy(eni));
  return {
    eni,
    owned: ownedNow,
    unmanaged: addressesOnlyIn(heldBy(eni, of), owned, expected),
    ...(count === undefined ? {} : { oldestFirst: byAge(ownedNow, count.oldestFirst) }),
  };
}

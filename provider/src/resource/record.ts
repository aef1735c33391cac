import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import { byAge } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn, arrangedLike, sortedAddresses } from "../shared/addresses";
import { agesOf, listedIn, listModeOf, listOf, permitted, takesOver } from "./model";
import type { Decided, Mode, Recorded } from "./model";
import { OperationError, PlanRefusedError } from "./operation-error";
import type { Outcome } from "./task";

/*
 * What goes into the state after every outcome.
 *
 * | outcome                                      | inputs    | owned                              | next         |
 * | -------------------------------------------- | --------- | ---------------------------------- | ------------ |
 * | create: success                              | desired   | listed; count: all held            | -            |
 * | create: failed, unassignOnCreate partly left | desired ¹ | listed, picked                     | retry        |
 * | create: failed otherwise                     | desired   | listed, picked, unassignOnCreate ² | resume       |
 * | create: failed before any call               | -         | nothing recorded                   | nothing done |
 * | create: failed, nothing is owned             | -         | nothing recorded                   | nothing done |
 * | update: success                              | desired   | listed; count: all held            | -            |
 * | update: options only, no call                | desired   | owned before                       | -            |
 * | update: failed                               | desired   | listed, picked, owned before ²     | resume       |
 * | update: takeover failed                      | desired ³ | listed, picked, owned before       | retry        |
 * | update: failed before any call               | before ⁴  | owned before                       | nothing done |
 * | update: needs a refresh for a new kind ⁵     | desired   | owned before                       | resume       |
 * | create, update: the ENI was never read       | -         | nothing recorded                   | nothing done |
 * | read: exclusive                              | before ⁴  | all held, owned before             | -            |
 * | read: additive                               | before ⁴  | owned before                       | -            |
 * | delete: failed                               | -         | nothing recorded                   | -            |
 *
 * - Held: what the ENI is known to hold of the managed kind; after `get`, of both kinds.
 * - Picked: what the cloud picked for this operation.
 * - Owned is cut down to what the ENI still holds, of either kind, and to what reads do not show while no second read has
 *   confirmed that it is gone. "Options only" reads nothing and cuts nothing.
 * - Unmanaged: what else is held. An exclusive read leaves nothing unmanaged. A create that succeeded does not count
 *   what the old resource of a replacement owns, because the old resource's delete removes that.
 * - Ages: only in the count modes. A record keeps the old ages; new addresses are younger.
 * - Order: only in the list modes. A record keeps the program's order: each address at its place, new ones in the gaps.
 * - Nothing recorded: the state stays as it was.
 *
 * ¹ As an additive list of the same kind. The rest of unassignOnCreate is not recorded: off the list, it stays.
 * ² In a count mode also everything held, as long as that is not more than the count.
 * ³ With mode and ownership as before.
 * ⁴ With the region of the operation.
 * ⁵ The plan was refused before any call, a refresh is the remedy, and the update is no takeover.
 */

/** What is recorded after a failure. @internal */
export interface RecordedFailure {
  /** `undefined`: record nothing, the state stays as it was. */
  readonly recorded: Recorded | undefined;
  /** What the next operation does: it goes on, starts again, or starts for the first time. */
  readonly next: "resume" | "retry" | "nothing done";
}

const nothingRecorded: RecordedFailure = { recorded: undefined, next: "nothing done" };

/**
 * The record of a create or an update that succeeded.
 *
 * @param expected - what an old resource of this run still owns and its delete removes: it does not count as unmanaged
 * @internal
 */
export function recordSuccess(
  desired: Decided,
  eni: NetworkInterface,
  before: Recorded | undefined,
  expected: readonly string[] = [],
): Recorded {
  const held = heldBy(eni, desired.target.mode.kind);
  const owned = "list" in desired.target ? desired.target.list : held;
  return recordOf(desired, eni, before, owned, { expected });
}

/** The record of a create that failed. @internal */
export function recordFailedCreate(desired: Decided, outcome: Outcome): RecordedFailure {
  const { eni, wrote, picked, perhapsHeld } = outcome;
  if (eni === undefined || !wrote) return nothingRecorded;
  const listed = listedIn(desired.target);
  const mayUnassign = permitted(desired);
  const left = addressesOnlyIn(addressesInBoth(mayUnassign, heldBy(eni)), listed, picked);
  if (left.length > 0) {
    const recorded = recordOf(desired, eni, undefined, [...listed, ...picked], { perhapsHeld });
    const mode = listModeOf(desired.target.mode);
    const ownership = "additive";
    return keepIfOwned({ ...recorded, mode, ownership, oldestFirst: undefined }, "retry");
  }
  const owned = [...listed, ...mayUnassign, ...picked, ...heldByCount(desired, eni)];
  return keepIfOwned(recordOf(desired, eni, undefined, owned, { perhapsHeld }), "resume");
}

/** The record of an update that failed. @internal */
export function recordFailedUpdate(
  desired: Decided,
  before: Recorded,
  { eni, wrote, picked, perhapsHeld, failure }: Outcome,
): RecordedFailure {
  if (eni === undefined) return nothingRecorded;
  const takeover = takesOver(before, desired.ownership);
  if (!wrote) {
    // A count of the other kind may find too many addresses that are not its own, and name a refresh as the remedy. The
    // state must then say which kind is managed, or the refresh would adopt the wrong one.
    const needsRefresh = failure instanceof PlanRefusedError && failure.refreshHelps;
    if (needsRefresh && !takeover && desired.target.mode.kind !== before.mode?.kind)
      return { recorded: recordOf(desired, eni, before, before.owned, { perhapsHeld }), next: "resume" };
    // Keep the old ownership: the user may revert a takeover.
    const still = stillOwned(before, eni, before.owned, perhapsHeld);
    return { recorded: { ...still, region: desired.region }, next: "nothing done" };
  }
  const reached = [...before.owned, ...listedIn(desired.target), ...picked];
  if (takeover) {
    const still = stillOwned(before, eni, reached, perhapsHeld);
    const { mode, ownership } = before;
    return { recorded: { ...still, ...inputsOf(desired), mode, ownership }, next: "retry" };
  }
  const owned = [...reached, ...heldByCount(desired, eni)];
  return { recorded: recordOf(desired, eni, before, owned, { perhapsHeld }), next: "resume" };
}

/** The record of an update that changes options only. @internal */
export function recordOptions(desired: Decided, before: Recorded): Recorded {
  const order = listedIn(desired.target);
  const asBefore = arranged(desired.target.mode, before.owned, { order, ages: agesOf(before) });
  return { ...before, ...inputsOf(desired), ...asBefore };
}

/**
 * The record of a read.
 *
 * @param perhapsHeld - what the read does not show, while no second read has confirmed that it is gone
 * @throws OperationError when the answer does not name the primary address, because one of the others could be it
 * @internal
 */
export function recordRead(
  before: Recorded,
  eni: NetworkInterface,
  region: string,
  perhapsHeld: readonly string[] = [],
): Recorded {
  if (eni.primaryIpAddress === "") {
    throw new OperationError(
      `the API does not say which address of ${eni.id} is the primary one; nothing is recorded before it does`,
    );
  }
  const still = stillOwned(before, eni, before.owned, perhapsHeld);
  const found = { ...still, region };
  if (before.ownership === "additive") return found;
  // An unfinished change of the kind leaves some of the old kind: the resource still owns them.
  const owned = sortedAddresses([...heldBy(eni, before.mode?.kind), ...still.owned]);
  return { ...found, owned, unmanaged: [], ...arrangedAs(before, owned) };
}

/**
 * What a count holds after an operation: everything, as long as that is not more than the count. No other resource may
 * unassign it.
 * @internal
 */
export function heldByCount({ target }: Decided, eni: NetworkInterface | undefined): readonly string[] {
  if (eni === undefined || "list" in target) return [];
  const held = heldBy(eni, target.mode.kind);
  return held.length <= target.count ? held : [];
}

/** A create that owns nothing yet records nothing. */
function keepIfOwned(recorded: Recorded, next: RecordedFailure["next"]): RecordedFailure {
  return recorded.owned.length === 0 ? nothingRecorded : { recorded, next };
}

/** The inputs, as the program has them now. */
function inputsOf({
  networkInterfaceId,
  target,
  ownership,
  allowUnassignWithEip,
  givenDefaults,
  unassignOnCreate,
  region,
  hidden,
}: Decided) {
  return {
    networkInterfaceId,
    mode: target.mode,
    ownership,
    allowUnassignWithEip,
    givenDefaults,
    unassignOnCreate,
    region,
    hidden,
  };
}

/** What a record says of the owned ones beside their set: in a list mode their order in the program, in a count mode their ages. */
function arranged(
  mode: Mode | undefined,
  owned: readonly string[],
  { order, ages }: { readonly order: readonly string[]; readonly ages: readonly string[] },
): Pick<Recorded, "order" | "oldestFirst"> {
  if (mode === undefined) return { order: undefined, oldestFirst: undefined };
  if (mode.target === "count") return { order: undefined, oldestFirst: byAge(owned, ages) };
  const numerical = onlyKind(mode.kind, sortedAddresses(owned));
  const inOrder = arrangedLike(order, numerical);
  const differs = inOrder.some((one, index) => one !== numerical[index]);
  return { order: differs ? inOrder : undefined, oldestFirst: undefined };
}

/** As the old record has it. New ones come last. */
function arrangedAs(before: Recorded, owned: readonly string[]) {
  return arranged(before.mode, owned, { order: listOf(before), ages: agesOf(before) });
}

function recordOf(
  desired: Decided,
  eni: NetworkInterface,
  before: Recorded | undefined,
  owned: readonly string[],
  {
    expected = [],
    perhapsHeld = [],
  }: Readonly<Partial<Record<"expected" | "perhapsHeld", readonly string[]>>>,
): Recorded {
  const { target } = desired;
  const ownedNow = addressesInBoth(owned, [...heldBy(eni), ...perhapsHeld]);
  const ages = before === undefined ? [] : agesOf(before);
  return {
    ...inputsOf(desired),
    owned: ownedNow,
    ...arranged(target.mode, ownedNow, { order: listedIn(target), ages }),
    unmanaged: addressesOnlyIn(heldBy(eni, target.mode.kind), owned, expected),
    ...factsOf(eni, before),
  };
}

/** An answer may lack the account: then the state keeps the one that it has. */
function factsOf(eni: NetworkInterface, before: Recorded | undefined) {
  return {
    account: eni.ownerId || before?.account,
    primaryIpAddress: eni.primaryIpAddress,
    vSwitchId: eni.vSwitchId,
  };
}

/** The old record, with what the ENI still holds of these. */
function stillOwned(
  before: Recorded,
  eni: NetworkInterface,
  candidates: readonly string[],
  perhapsHeld: readonly string[],
): Recorded {
  const owned = addressesInBoth(candidates, [...heldBy(eni), ...perhapsHeld]);
  return {
    ...before,
    networkInterfaceId: eni.id,
    owned,
    ...arrangedAs(before, owned),
    unmanaged: addressesOnlyIn(heldBy(eni, before.mode?.kind), owned),
    ...factsOf(eni, before),
  };
}

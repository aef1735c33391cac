import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import { byAge, leftByCount } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn, arrangedLike, sortedAddresses } from "../shared/addresses";
import { agesOf, listedIn, listModeOf, listOf, permitted, takesOver } from "./model";
import type { Decided, Mode, Recorded, Target } from "./model";
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
 * | create: failed before any call               | desired ¹ | handed over                        | retry        |
 * | create: failed, nothing is owned             | -         | nothing recorded                   | nothing done |
 * | update: success                              | desired   | listed, orphaned; count: all held  | -            |
 * | update: options only, no call                | desired   | owned before                       | -            |
 * | update: failed                               | desired   | listed, picked, owned before ²     | resume       |
 * | update: takeover failed                      | desired ³ | listed, picked, owned before       | retry        |
 * | update: failed before any call               | before ⁴  | owned before                       | nothing done |
 * | update: needs a refresh for a new kind ⁵     | desired   | owned before                       | resume       |
 * | update: the ENI was never read ⁶             | before ⁴  | owned before                       | nothing done |
 * | read: exclusive                              | before ⁴  | all held, owned before             | -            |
 * | read: additive                               | before ⁴  | owned before                       | -            |
 * | delete: failed                               | -         | nothing recorded                   | -            |
 *
 * - Held: what the ENI is known to hold of the managed kind; after `get`, of both kinds.
 * - Picked: what the cloud picked for this operation.
 * - Handed over: what other resources of this run have left to this one. Every record of a failure has it.
 * - Orphaned: what it leaves to another resource that has failed, so that no other state owns it.
 * - Owned is cut down to what the ENI still holds, of either kind, and to what reads do not show while no second read has
 *   confirmed that it is gone. "Options only" and an ENI that was never read cut nothing.
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
 * ⁶ Only if something was handed over. Otherwise nothing is recorded.
 */

/** What is recorded after a failure. @internal */
export interface RecordedFailure {
  /** `undefined`: record nothing, the state stays as it was. */
  readonly recorded: Recorded | undefined;
  /** What the next operation does: it goes on, starts again, or starts for the first time. */
  readonly next: "resume" | "retry" | "nothing done";
}

/** A create or an update that did not reach its goal. The state has to hold `recorded`. @internal */
export class PartialFailure extends OperationError {
  override readonly name = "PartialFailure";

  constructor(
    cause: OperationError,
    readonly recorded: Recorded,
    next: RecordedFailure["next"],
  ) {
    const resumes = ". The state records the progress; run `pulumi up` again to continue";
    super(`${cause.message}${next === "nothing done" ? "" : resumes}`, { cause });
  }
}

const nothingRecorded: RecordedFailure = { recorded: undefined, next: "nothing done" };

/**
 * The record of a create that succeeded.
 *
 * @param expected - what an old resource of this run still owns and its delete removes: it does not count as unmanaged
 * @internal
 */
export function recordCreated(
  desired: Decided,
  eni: NetworkInterface,
  expected: readonly string[],
): Recorded {
  return recordOf(desired, eni, undefined, ownedAfter(desired, eni, [], expected), { expected });
}

/** What the resource owns after its goal is reached: a count leaves to another resource's delete what that removes. */
function ownedAfter(
  desired: Decided,
  eni: NetworkInterface,
  oldestFirst: readonly string[],
  expected: readonly string[],
): readonly string[] {
  const { target } = desired;
  const present = wantedOn(eni, desired);
  if ("list" in target) return present;
  return addressesOnlyIn(present, leftByCount({ size: target.count, oldestFirst }, present, expected, eni));
}

/**
 * The record of an update that succeeded.
 *
 * @param orphaned - what it owned before and no other state owns
 * @param expected - of an update that takes the ENI over: what other resources still own and their deletes remove
 * @internal
 */
export function recordUpdated(
  desired: Decided,
  eni: NetworkInterface,
  before: Recorded,
  orphaned: readonly string[],
  expected: readonly string[],
): Recorded {
  const owned = ownedAfter(desired, eni, agesOf(before), expected);
  return recordOf(desired, eni, before, [...owned, ...orphaned], { expected });
}

/** What an update that succeeded has left to other resources: it owned this, wants it no longer, and the ENI holds it. @internal */
export function leftBy(desired: Decided, eni: NetworkInterface, before: Recorded): readonly string[] {
  return addressesOnlyIn(addressesInBoth(before.owned, heldBy(eni)), wantedOn(eni, desired));
}

/** The record of a create that failed. @internal */
export function recordFailedCreate(
  desired: Decided,
  { eni, wrote, picked, perhapsHeld }: Outcome,
  handedOver: readonly string[],
): RecordedFailure {
  const listed = listedIn(desired.target);
  const mayUnassign = permitted(desired);
  const left =
    eni === undefined ? [] : addressesOnlyIn(addressesInBoth(mayUnassign, heldBy(eni)), listed, picked);
  // The ENI is not taken over yet. An exclusive record would let the next update skip the consent to that.
  if (eni === undefined || !wrote || left.length > 0) {
    const reached = wrote && eni !== undefined ? [...listed, ...picked] : [];
    const recorded = recordOf(desired, eni, undefined, [...reached, ...handedOver], { perhapsHeld });
    const mode = listModeOf(desired.target.mode);
    const ownership = "additive";
    return keepIfOwned({ ...recorded, mode, ownership, oldestFirst: undefined }, "retry");
  }
  const owned = [...listed, ...mayUnassign, ...picked, ...handedOver, ...heldByCount(desired.target, eni)];
  return keepIfOwned(recordOf(desired, eni, undefined, owned, { perhapsHeld }), "resume");
}

/** The record of an update that failed. @internal */
export function recordFailedUpdate(
  desired: Decided,
  before: Recorded,
  { eni, wrote, picked, perhapsHeld, failure }: Outcome,
  handedOver: readonly string[],
): RecordedFailure {
  const ownedBefore = sortedAddresses([...before.owned, ...handedOver]);
  if (eni === undefined) {
    if (handedOver.length === 0) return nothingRecorded;
    const arrangement = arrangedAs(before, ownedBefore);
    const recorded = { ...before, ...arrangement, region: desired.region, owned: ownedBefore };
    return { recorded, next: "nothing done" };
  }
  const takeover = takesOver(before, desired.ownership);
  if (!wrote) {
    // A count of the other kind may find too many addresses that are not its own, and name a refresh as the remedy. The
    // state must then say which kind is managed, or the refresh would adopt the wrong one.
    const needsRefresh = failure instanceof PlanRefusedError && failure.refreshHelps;
    if (needsRefresh && !takeover && desired.target.mode.kind !== before.mode?.kind)
      return { recorded: recordOf(desired, eni, before, ownedBefore, { perhapsHeld }), next: "resume" };
    // Keep the old ownership: the user may revert a takeover.
    const still = stillOwned(before, eni, ownedBefore, perhapsHeld);
    return { recorded: { ...still, region: desired.region }, next: "nothing done" };
  }
  const reached = [...ownedBefore, ...listedIn(desired.target), ...picked];
  if (takeover) {
    const still = stillOwned(before, eni, reached, perhapsHeld);
    const { mode, ownership } = before;
    return { recorded: { ...still, ...inputsOf(desired), mode, ownership }, next: "retry" };
  }
  const owned = [...reached, ...heldByCount(desired.target, eni)];
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
 * What stays for certain on the ENI of a count: everything, as long as that is not more than the count. No other resource
 * may unassign it.
 *
 * @param oldestFirst - the recorded ages, where they are known: of more than the count, the oldest stay
 * @internal
 */
export function heldByCount(
  target: Target,
  eni: NetworkInterface | undefined,
  oldestFirst?: readonly string[],
): readonly string[] {
  if (eni === undefined || "list" in target) return [];
  const held = heldBy(eni, target.mode.kind);
  if (held.length <= target.count) return held;
  return oldestFirst === undefined ? [] : byAge(held, oldestFirst).slice(0, target.count);
}

/** What the target asks for: the list, or everything that the count counts. */
function wantedOn(eni: NetworkInterface, { target }: Decided): readonly string[] {
  return "list" in target ? target.list : heldBy(eni, target.mode.kind);
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
  eni: NetworkInterface | undefined,
  before: Recorded | undefined,
  owned: readonly string[],
  {
    expected = [],
    perhapsHeld = [],
  }: Readonly<Partial<Record<"expected" | "perhapsHeld", readonly string[]>>>,
): Recorded {
  const { target } = desired;
  const ownedNow =
    eni === undefined ? sortedAddresses(owned) : addressesInBoth(owned, [...heldBy(eni), ...perhapsHeld]);
  const ages = before === undefined ? [] : agesOf(before);
  return {
    ...inputsOf(desired),
    owned: ownedNow,
    ...arranged(target.mode, ownedNow, { order: listedIn(target), ages }),
    unmanaged: eni === undefined ? [] : addressesOnlyIn(heldBy(eni, target.mode.kind), owned, expected),
    ...factsOf(eni, before),
  };
}

/** An answer may lack the account: then the state keeps the one that it has. */
function factsOf(eni: NetworkInterface | undefined, before: Recorded | undefined) {
  return {
    account: eni?.ownerId || before?.account,
    primaryIpAddress: eni?.primaryIpAddress,
    vSwitchId: eni?.vSwitchId,
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

import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import { byAge } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn, sortedAddresses } from "../shared/addresses";
import { agesOf, listedIn, listModeOf, permitted, takesOver, type Decided, type Recorded } from "./model";
import { OperationError, PlanRefusedError } from "./operation-error";
import type { Outcome } from "./operation";

/*
 * What goes into the state after every outcome. "held" is what the ENI is known to hold now, "picked" what the cloud picked
 * for this operation. Every row is cut down to what is held. Nothing is recorded where the ENI was never read.
 *
 * | operation | outcome                                    | declared as      | owned                                   | next         |
 * | --------- | ------------------------------------------ | ---------------- | --------------------------------------- | ------------ |
 * | create    | success                                    | desired          | listed; count: everything held          | -            |
 * | create    | failed before any call                     | (not recorded)   |                                         | -            |
 * | create    | failed, some of unassignOnCreate is left   | additive list    | listed, picked                          | retry        |
 * | create    | failed otherwise                           | desired          | listed, unassignOnCreate, picked, ¹     | resume       |
 * | update    | success                                    | desired          | listed; count: everything held          | -            |
 * | update    | failed, not a takeover, after a call       | desired          | listed, owned before, picked, ¹         | resume       |
 * | update    | refused, refresh is the remedy, new kind   | desired          | owned before                            | resume       |
 * | update    | a takeover failed after a call             | as before ²      | owned before, listed, picked            | retry        |
 * | update    | failed before any call                     | as before        | owned before                            | nothing done |
 * | update    | options only, no call                      | desired          | owned before                            | -            |
 * | read      | exclusive                                  | as before        | everything held of the kind, owned before | -          |
 * | read      | additive                                   | as before        | owned before                            | -            |
 * | delete    | failed                                     | (not recorded: the state stays as before)  |               | -            |
 *
 * ¹ In a count mode also everything held of the kind, as long as that is not more than the count.
 * ² Mode and ownership as before, the other inputs as desired.
 *
 * Addresses that could not be unassigned are not recorded after a create that failed: removing them from
 * `unassignOnCreate` then keeps them.
 */

/** What is recorded after a failure, and what the next operation does: goes on, starts again, or starts for the first time. @internal */
export interface RecordedFailure {
  /** `undefined`: record nothing, the state stays as it was. */
  readonly recorded: Recorded | undefined;
  readonly next: "resume" | "retry" | "nothing done";
}

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
  return recordOf(desired, eni, before, "list" in desired.target ? desired.target.list : held, expected);
}

/** The record of a create that failed. @internal */
export function recordFailedCreate(desired: Decided, { eni, wrote, picked }: Outcome): RecordedFailure {
  if (eni === undefined || !wrote) return { recorded: undefined, next: "nothing done" };
  const listed = listedIn(desired.target);
  const mayUnassign = permitted(desired);
  const left = addressesOnlyIn(addressesInBoth(mayUnassign, heldBy(eni)), listed, picked);
  if (left.length > 0) {
    const recorded = recordOf(desired, eni, undefined, [...listed, ...picked], []);
    const mode = listModeOf(desired.target.mode);
    return keepIfOwned({ ...recorded, mode, ownership: "additive" }, "retry");
  }
  const owned = [...listed, ...mayUnassign, ...picked, ...adopted(desired, eni)];
  return keepIfOwned(recordOf(desired, eni, undefined, owned, []), "resume");
}

/** The record of an update that failed. @internal */
export function recordFailedUpdate(
  desired: Decided,
  before: Recorded,
  { eni, wrote, picked, failure }: Outcome,
): RecordedFailure {
  const takeover = takesOver(before, desired.ownership);
  const next = !wrote ? "nothing done" : takeover ? "retry" : "resume";
  if (eni === undefined) return { recorded: undefined, next };
  const listed = listedIn(desired.target);
  if (wrote && !takeover) {
    const owned = [...listed, ...before.owned, ...picked, ...adopted(desired, eni)];
    return { recorded: recordOf(desired, eni, before, owned, []), next };
  }
  // A count of the other kind may find too many addresses that are not its own, and name a refresh as the remedy. The state
  // must then say which kind is managed, or the refresh would adopt the wrong one.
  const refreshHelps = failure instanceof PlanRefusedError && failure.refreshHelps;
  if (!wrote && !takeover && refreshHelps && desired.target.mode.kind !== before.mode?.kind)
    return { recorded: recordOf(desired, eni, before, before.owned, []), next: "resume" };
  // Nothing was written: keep the old ownership. The user may revert a takeover.
  if (!wrote) return { recorded: { ...stillOwned(before, eni, before.owned), region: desired.region }, next };
  const { mode, ownership } = before;
  const still = stillOwned(before, eni, [...before.owned, ...listed, ...picked]);
  return { recorded: { ...still, ...inputsOf(desired), mode, ownership }, next };
}

/** The record of an update that changes options only. @internal */
export function recordOptions(desired: Decided, before: Recorded): Recorded {
  return { ...before, ...inputsOf(desired), mode: before.mode, oldestFirst: agesOf(before) };
}

/**
 * The record of a read.
 *
 * @throws OperationError when the answer does not name the primary address, because one of the others could be it
 * @internal
 */
export function recordRead(before: Recorded, eni: NetworkInterface, region: string): Recorded {
  if (eni.primaryIpAddress === "") {
    throw new OperationError(
      `the API does not say which address of ${eni.id} is the primary one; nothing is recorded before it does`,
    );
  }
  const still = stillOwned(before, eni, before.owned);
  const found = { ...still, networkInterfaceId: eni.id, region };
  if (before.ownership === "additive") return found;
  // An unfinished change of the kind leaves some of the old kind: the resource still owns them.
  const owned = sortedAddresses([...heldBy(eni, before.mode?.kind), ...still.owned]);
  return { ...found, owned, unmanaged: [], oldestFirst: byAge(owned, agesOf(before)) };
}

/** In a count mode, everything held counts as the resource's own up to the count. Of more, only what it owned or picked. */
function adopted({ target }: Decided, eni: NetworkInterface): readonly string[] {
  const held = heldBy(eni, target.mode.kind);
  return "count" in target && held.length <= target.count ? held : [];
}

/** A create that owns nothing yet records nothing. */
function keepIfOwned(recorded: Recorded, next: RecordedFailure["next"]): RecordedFailure {
  return { recorded: recorded.owned.length === 0 ? undefined : recorded, next };
}

/** The inputs, as the program has them now. */
function inputsOf({
  networkInterfaceId,
  target,
  ownership,
  allowUnassignWithEip,
  unassignOnCreate,
  region,
  hidden,
}: Decided) {
  return {
    networkInterfaceId,
    mode: target.mode,
    ownership,
    allowUnassignWithEip,
    unassignOnCreate,
    region,
    hidden,
  };
}

function recordOf(
  desired: Decided,
  eni: NetworkInterface,
  before: Recorded | undefined,
  owned: readonly string[],
  expected: readonly string[],
): Recorded {
  const { target } = desired;
  const ownedNow = addressesInBoth(owned, heldBy(eni));
  const ages = before === undefined ? [] : agesOf(before);
  return {
    ...inputsOf(desired),
    owned: ownedNow,
    oldestFirst: "count" in target ? byAge(ownedNow, ages) : undefined,
    unmanaged: addressesOnlyIn(heldBy(eni, target.mode.kind), owned, expected),
    primaryIpAddress: eni.primaryIpAddress,
    vSwitchId: eni.vSwitchId,
  };
}

/** The old record, with what the ENI still holds of these. */
function stillOwned(before: Recorded, eni: NetworkInterface, candidates: readonly string[]): Recorded {
  const owned = addressesInBoth(candidates, heldBy(eni));
  return {
    ...before,
    owned,
    oldestFirst: byAge(owned, agesOf(before)),
    unmanaged: addressesOnlyIn(heldBy(eni, before.mode?.kind), owned),
    primaryIpAddress: eni.primaryIpAddress,
    vSwitchId: eni.vSwitchId,
  };
}

/** Which addresses of the ENI a count holds after an operation; no other resource unassigns them. @internal */
export function heldByCount({ target }: Decided, eni: NetworkInterface | undefined): readonly string[] {
  if (eni === undefined || "list" in target) return [];
  const held = onlyKind(target.mode.kind, heldBy(eni));
  return held.length <= target.count ? held : [];
}

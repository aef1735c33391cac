import { kindOf } from "../ecs/port";
import type { AddressChange, Kind } from "../ecs/port";

/**
 * Prefixes of one request, in every generation of the documentation
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, Ipv4Prefix.N).
 */
const maxPrefixesPerCall = 10;

/** One API call of a plan: what it changes fits into one request. @internal */
export interface Step extends AddressChange {
  readonly action: "assign" | "unassign";
}

function fitting(kind: Kind, batchSize: number): number {
  return kind === "address" ? batchSize : Math.min(batchSize, maxPrefixesPerCall);
}

/** How many addresses or prefixes the call is about. @internal */
export function sizeOf({ addresses, pick = 0 }: Step): number {
  return addresses.length + pick;
}

/** The calls in which the cloud picks so many addresses or prefixes. @internal */
export function pickSteps(pick: number, kind: Kind, batchSize: number): Step[] {
  const most = fitting(kind, batchSize);
  const steps: Step[] = [];
  for (let left = pick; left > 0; left -= most) {
    steps.push({ action: "assign", kind, addresses: [], pick: Math.min(left, most) });
  }
  return steps;
}

/** @internal */
export interface StepLimits {
  /** Addresses in one request. */
  readonly batchSize: number;
  /** Places that are free on the ENI before the first step, for all that is known; `Infinity` where nothing is. */
  readonly free: number;
}

/**
 * Cuts the changes into calls, in an order in which the ENI holds no more than fits, if what it holds in the end does:
 * everything is assigned before anything is unassigned, so that service never dips; where the free places do not
 * suffice, just as many batches are unassigned first as the rest needs. Addresses and prefixes go in separate calls.
 *
 * @param picks - the calls in which the cloud picks, which come with those that assign
 * @internal
 */
export function orderSteps(
  assign: readonly string[],
  unassign: readonly string[],
  { batchSize, free: freeAtFirst }: StepLimits,
  picks: readonly Step[] = [],
): Step[] {
  const steps: Step[] = [];
  const coming = [...batches("assign", assign, batchSize), ...picks];
  const going = batches("unassign", unassign, batchSize);
  let free = freeAtFirst;
  for (;;) {
    const [next] = coming;
    // Waiting for a full batch costs fewer calls than squeezing a few addresses into the places left.
    const assigns = next !== undefined && (free >= sizeOf(next) || going.length === 0);
    const step = (assigns ? coming : going).shift();
    if (step === undefined) return steps;
    steps.push(step);
    free += assigns ? -sizeOf(step) : sizeOf(step);
  }
}

/** Addresses before prefixes, each kind in the order in which it was, in as many calls as they need. */
function batches(action: Step["action"], mixed: readonly string[], batchSize: number): Step[] {
  return (["address", "prefix"] as const).flatMap((kind) => {
    const most = fitting(kind, batchSize);
    const ofKind = mixed.filter((one) => kindOf(one) === kind);
    return Array.from({ length: Math.ceil(ofKind.length / most) }, (_unused, index) => ({
      action,
      kind,
      addresses: ofKind.slice(index * most, (index + 1) * most),
    }));
  });
}

/** The most addresses and prefixes that the ENI holds while the steps run, counted from those that it holds before. @internal */
export function peakOf(steps: readonly Step[], before: number): number {
  let [now, peak] = [before, before];
  for (const step of steps) {
    now += step.action === "assign" ? sizeOf(step) : -sizeOf(step);
    peak = Math.max(peak, now);
  }
  return peak;
}

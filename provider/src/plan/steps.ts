import { holdingOf } from "../ecs/holdings";
import type { AddressChange, Holding } from "../ecs/port";

/**
 * Prefixes of one request, in every generation of the documentation
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, Ipv4Prefix.N).
 */
const maxPrefixesPerCall = 10;

/** One API call of a plan: what it changes fits into one request. @internal */
export interface Step extends AddressChange {
  readonly kind: "assign" | "unassign";
}

function fitting(of: Holding, batchSize: number): number {
  return of === "address" ? batchSize : Math.min(batchSize, maxPrefixesPerCall);
}

/** How many addresses or prefixes the call is about. @internal */
export function sizeOf({ addresses, pick = 0 }: Step): number {
  return addresses.length + pick;
}

/** The calls in which the cloud picks so many addresses or prefixes. @internal */
export function pickSteps(pick: number, of: Holding, batchSize: number): Step[] {
  const most = fitting(of, batchSize);
  const steps: Step[] = [];
  for (let left = pick; left > 0; left -= most) {
    steps.push({ kind: "assign", of, addresses: [], pick: Math.min(left, most) });
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
 * @internal
 */
export function orderSteps(
  assign: readonly string[],
  unassign: readonly string[],
  limits: StepLimits,
): Step[] {
  const steps: Step[] = [];
  let { free } = limits;
  let [coming, going] = [byHolding(assign), byHolding(unassign)];
  while (coming.length > 0 || going.length > 0) {
    // Waiting for a full batch costs fewer calls than squeezing a few addresses into the places left.
    const next = firstBatch(coming, limits.batchSize).length;
    const kind = coming.length > 0 && (free >= next || going.length === 0) ? "assign" : "unassign";
    const addresses = firstBatch(kind === "assign" ? coming : going, limits.batchSize);
    steps.push({ kind, of: holdingOf(addresses[0] ?? ""), addresses });
    if (kind === "assign") {
      coming = coming.slice(addresses.length);
      free -= addresses.length;
    } else {
      going = going.slice(addresses.length);
      free += addresses.length;
    }
  }
  return steps;
}

/** Addresses before prefixes, each kind in the order in which it was. */
function byHolding(mixed: readonly string[]): readonly string[] {
  const [addresses, prefixes] = (["address", "prefix"] as const).map((of) =>
    mixed.filter((one) => holdingOf(one) === of),
  );
  return [...(addresses ?? []), ...(prefixes ?? [])];
}

/** What one call can take of what is first in the list. */
function firstBatch(ordered: readonly string[], batchSize: number): readonly string[] {
  const of = holdingOf(ordered[0] ?? "");
  return ordered.slice(0, fitting(of, batchSize)).filter((one) => holdingOf(one) === of);
}

/** The most addresses and prefixes that the ENI holds while the steps run, counted from those that it holds before. @internal */
export function peakOf(steps: readonly Step[], before: number): number {
  let [now, peak] = [before, before];
  for (const step of steps) {
    now += step.kind === "assign" ? sizeOf(step) : -sizeOf(step);
    peak = Math.max(peak, now);
  }
  return peak;
}

/** One API call of a plan: the addresses are sorted and fit into one request. @internal */
export interface Step {
  readonly kind: "assign" | "unassign";
  readonly addresses: readonly string[];
  /** Instead of addresses: how many the cloud is to pick. */
  readonly pick?: number;
}

/** How many addresses the call is about. @internal */
export function sizeOf({ addresses, pick = 0 }: Step): number {
  return addresses.length + pick;
}

/** The calls in which the cloud picks so many addresses. @internal */
export function pickSteps(pick: number, batchSize: number): Step[] {
  const steps: Step[] = [];
  for (let left = pick; left > 0; left -= batchSize) {
    steps.push({ kind: "assign", addresses: [], pick: Math.min(left, batchSize) });
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
 * suffice, just as many batches are unassigned first as the rest needs.
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
  let [coming, going] = [assign, unassign];
  while (coming.length > 0 || going.length > 0) {
    // Waiting for a full batch costs fewer calls than squeezing a few addresses into the places left.
    const next = Math.min(limits.batchSize, coming.length);
    const kind = coming.length > 0 && (free >= next || going.length === 0) ? "assign" : "unassign";
    const source = kind === "assign" ? coming : going;
    const addresses = source.slice(0, limits.batchSize);
    steps.push({ kind, addresses });
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

/** The most addresses that the ENI holds while the steps run, counted from those that it holds before. @internal */
export function peakOf(steps: readonly Step[], before: number): number {
  let [now, peak] = [before, before];
  for (const step of steps) {
    now += step.kind === "assign" ? sizeOf(step) : -sizeOf(step);
    peak = Math.max(peak, now);
  }
  return peak;
}

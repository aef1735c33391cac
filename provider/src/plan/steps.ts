import { kindOf, type AddressChange, type Kind } from "../ecs/port";
import { addressesInBoth } from "../shared/addresses";

/**
 * Prefixes of one request, in every version of the documentation
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, Ipv4Prefix.N).
 */
const maxPrefixesPerCall = 10;

/** One API call of a plan. Its addresses fit into one request. @internal */
export interface Step extends AddressChange {
  readonly action: "assign" | "unassign";
}

function mostPerCall(kind: Kind, batchSize: number): number {
  return kind === "address" ? batchSize : Math.min(batchSize, maxPrefixesPerCall);
}

/** How many addresses or prefixes the call changes. @internal */
export function sizeOf({ addresses, pick = 0 }: Step): number {
  return addresses.length + pick;
}

/** The calls in which the cloud picks this many addresses or prefixes. @internal */
export function pickSteps(pick: number, kind: Kind, batchSize: number): Step[] {
  const most = mostPerCall(kind, batchSize);
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
  /** Each of these is a request of its own. */
  readonly apart?: readonly (readonly string[])[];
  /** Places that are free on the ENI before the first step; `Infinity` where the quota is not known. */
  readonly free: number;
}

/**
 * Cuts the changes into calls and orders them.
 *
 * Everything is assigned before anything is unassigned, so that service never dips. Where the free places do not suffice,
 * as few batches as possible are unassigned first. The ENI then never holds more than fits, if what it holds in the end
 * fits. Addresses and prefixes go in separate calls.
 *
 * @param picks - the calls in which the cloud picks; they run with those that assign
 * @internal
 */
export function orderSteps(
  assign: readonly string[],
  unassign: readonly string[],
  { batchSize, apart = [], free: freeAtFirst }: StepLimits,
  picks: readonly Step[] = [],
): Step[] {
  const steps: Step[] = [];
  const inRequests = (action: Step["action"], mixed: readonly string[]) => {
    const together = mixed.filter((one) => !apart.some((group) => group.includes(one)));
    const alone = apart.map((group) => mixed.filter((one) => group.includes(one)));
    return [together, ...alone].flatMap((group) => batches(action, group, batchSize));
  };
  const assigning = [...inRequests("assign", assign), ...picks];
  const unassigning = inRequests("unassign", unassign);
  let free = freeAtFirst;
  for (;;) {
    const [next] = assigning;
    // A full batch that waits costs fewer calls than several small ones.
    const assigns = next !== undefined && (free >= sizeOf(next) || unassigning.length === 0);
    const step = (assigns ? assigning : unassigning).shift();
    if (step === undefined) return steps;
    steps.push(step);
    free += assigns ? -sizeOf(step) : sizeOf(step);
  }
}

/** Addresses before prefixes, each kind in its given order, in as few calls as possible. */
function batches(action: Step["action"], mixed: readonly string[], batchSize: number): Step[] {
  return (["address", "prefix"] as const).flatMap((kind) => {
    const most = mostPerCall(kind, batchSize);
    const ofKind = mixed.filter((one) => kindOf(one) === kind);
    return Array.from({ length: Math.ceil(ofKind.length / most) }, (_unused, index) => ({
      action,
      kind,
      addresses: ofKind.slice(index * most, (index + 1) * most),
    }));
  });
}

/** Whether the steps unassign first and assign more afterwards, so that it matters whether all of them fit. @internal */
export function makesRoom(steps: readonly Step[]): boolean {
  if (steps[0]?.action !== "unassign") return false;
  const growth = steps.reduce(
    (sum, step) => sum + (step.action === "assign" ? sizeOf(step) : -sizeOf(step)),
    0,
  );
  return growth > 0;
}

/** The most addresses and prefixes that the ENI holds while the steps run. @internal */
export function peakOf(steps: readonly Step[], before: number): number {
  let [now, peak] = [before, before];
  for (const step of steps) {
    now += step.action === "assign" ? sizeOf(step) : -sizeOf(step);
    peak = Math.max(peak, now);
  }
  return peak;
}

/** Whether the operation must not send this step any more: another resource lists what it unassigns. @internal */
export function isOutdated({ action, addresses }: Step, claimed: readonly string[]): boolean {
  return action === "unassign" && addressesInBoth(addresses, claimed).length > 0;
}

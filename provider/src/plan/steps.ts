import { kindOf, type AddressChange, type Kind } from "../ecs/port";
import { addressesInBoth, sameAddresses } from "../shared/addresses";
import { overlapping } from "./refusals";

/**
 * Prefixes of one request, in every version of the documentation
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, Ipv4Prefix.N).
 */
const maxPrefixesPerCall = 10;

/** One API call of a plan. Its addresses fit into one request. @internal */
export interface Step extends AddressChange {
  readonly action: "assign" | "unassign";
}

/** How many addresses or prefixes the call changes. @internal */
export function sizeOf({ addresses, pick = 0 }: Step): number {
  return addresses.length + pick;
}

/** @internal */
export interface StepLimits {
  /** Addresses in one request. */
  readonly batchSize: number;
  /** Each of these is a request of its own. */
  readonly apart?: readonly (readonly string[])[];
  /** Places that are free on the ENI before the first step; `Infinity` where the quota is not known. */
  readonly free: number;
  /** Whether room may not help: then no more leaves before the first assign than that needs for one address. */
  readonly isDoubtful?: boolean;
}

/** How many addresses or prefixes the cloud picks. @internal */
export interface PickChange {
  readonly kind: Kind;
  readonly pick: number;
}

/**
 * Cuts the changes into calls and orders them.
 *
 * Everything is assigned before anything is unassigned, so that service never dips. Where the free places do not suffice,
 * they are filled first, which shows whether the API assigns at all. Then the ENI never holds more than fits, if what it
 * holds in the end fits. It dips as little as one call more than the fewest allows, until everything is assigned. On a full
 * ENI only two calls more make a difference.
 *
 * Addresses and prefixes go in separate calls. What overlaps is unassigned before it is assigned.
 * @internal
 */
export function orderSteps(
  assign: readonly string[],
  unassign: readonly string[],
  limits: StepLimits,
  { kind, pick }: PickChange = { kind: "address", pick: 0 },
): Step[] {
  const { free } = limits;
  const [blocked, coming] = partition(assign, (one) => overlapping([one], unassign).length > 0);
  const [blocking, leaving] = partition(unassign, (one) => overlapping([one], assign).length > 0);
  const picks = pick > 0 ? [{ action: "assign", kind, addresses: [], pick } as const] : [];
  const assigning = [
    ...changesOf("assign", coming, limits),
    ...picks,
    ...changesOf("assign", blocked, limits),
  ];
  const unassigning = [...changesOf("unassign", blocking, limits), ...changesOf("unassign", leaving, limits)];
  const order = (dip: number) =>
    orderAbove(
      dip,
      new Requests(assigning, limits.batchSize),
      new Requests(unassigning, limits.batchSize),
      limits,
      { blocked: blocked.length, leaving: leaving.length },
    );
  const fewest =
    new Requests(assigning, limits.batchSize).calls + new Requests(unassigning, limits.batchSize).calls;
  for (let dip = 0; dip < unassign.length; dip += 1) {
    const steps = order(dip);
    if (steps !== undefined && steps.length <= fewest + (free > 0 ? 1 : 2)) return steps;
  }
  return order(unassign.length) ?? [];
}

/** The steps in an order in which the ENI dips no deeper, until everything is assigned; `undefined` if there is none. */
function orderAbove(
  dip: number,
  assigning: Requests,
  unassigning: Requests,
  { free, isDoubtful = false }: StepLimits,
  last: { readonly blocked: number; readonly leaving: number },
): Step[] | undefined {
  const steps: Step[] = [];
  /** How many more than at first. */
  let more = 0;
  let hasAssigned = false;
  while (assigning.size > 0) {
    // What overlaps leaves, however deep that is.
    const mustLeave = assigning.size <= last.blocked ? Math.max(0, unassigning.size - last.leaving) : 0;
    const mayLeave = mustLeave > 0 ? mustLeave : Math.min(unassigning.size, more + dip);
    const room = unassigning.size === 0 ? Infinity : mustLeave > 0 ? 0 : free - more;
    const fits = Math.min(assigning.next, room);
    // A full request that waits costs fewer calls than several small ones.
    if (fits > 0 && (fits === assigning.next || !hasAssigned || mayLeave <= 0)) {
      steps.push(assigning.take(fits));
      more += fits;
      hasAssigned = true;
      continue;
    }
    if (mayLeave <= 0) return undefined;
    const needed = isDoubtful && !hasAssigned ? 1 - room : Math.max(assigning.size - room, unassigning.rest);
    const size = Math.min(unassigning.next, mayLeave, mustLeave > 0 ? mustLeave : needed);
    steps.push(unassigning.take(size));
    more -= size;
  }
  while (unassigning.size > 0) steps.push(unassigning.take(unassigning.next));
  return steps;
}

/** What is still to be requested, in its order. */
class Requests {
  private readonly left: Step[];

  /** @param changes - each of any size; no request spans two of them */
  constructor(
    changes: readonly Step[],
    private readonly batchSize: number,
  ) {
    this.left = [...changes];
  }

  get size(): number {
    return this.left.reduce((sum, change) => sum + sizeOf(change), 0);
  }

  /** The fewest calls. */
  get calls(): number {
    return this.left.reduce((sum, change) => sum + Math.ceil(sizeOf(change) / this.most(change)), 0);
  }

  /** The largest size of the next request. */
  get next(): number {
    const [first] = this.left;
    return first === undefined ? 0 : Math.min(sizeOf(first), this.most(first));
  }

  /** The smallest size of the next request that costs no further call. */
  get rest(): number {
    const [first] = this.left;
    return first === undefined ? 0 : sizeOf(first) % this.most(first) || this.most(first);
  }

  take(size: number): Step {
    const [first, ...others] = this.left as [Step, ...Step[]];
    const { addresses, pick } = first;
    const part = { addresses: addresses.slice(0, size), ...(pick !== undefined && { pick: size }) };
    const after = { addresses: addresses.slice(size), ...(pick !== undefined && { pick: pick - size }) };
    this.left.splice(0, Infinity, ...(sizeOf(first) > size ? [{ ...first, ...after }] : []), ...others);
    return { ...first, ...part };
  }

  private most({ kind }: Step): number {
    return kind === "address" ? this.batchSize : Math.min(this.batchSize, maxPrefixesPerCall);
  }
}

/** Those that meet the condition, and the others. */
function partition(all: readonly string[], meets: (one: string) => boolean): [string[], string[]] {
  const those = all.filter(meets);
  return [those, all.filter((one) => !those.includes(one))];
}

/** Addresses before prefixes, each kind in its given order, and last what is a request of its own. */
function changesOf(
  action: Step["action"],
  mixed: readonly string[],
  { apart = [] }: Pick<StepLimits, "apart">,
): Step[] {
  const together = mixed.filter((one) => !apart.some((group) => group.includes(one)));
  const alone = apart.map((group) => mixed.filter((one) => group.includes(one)));
  return [together, ...alone].flatMap((group) =>
    (["address", "prefix"] as const)
      .map((kind) => ({ action, kind, addresses: group.filter((one) => kindOf(one) === kind) }))
      .filter(({ addresses }) => addresses.length > 0),
  );
}

/** Whether the steps unassign first and assign more afterwards, so that it matters whether all of them fit. @internal */
export function makesRoom(steps: readonly Step[]): boolean {
  return steps[0]?.action === "unassign" && steps.some(({ action }) => action === "assign");
}

/** Whether the steps make just these changes. @internal */
export function makeChanges(
  steps: readonly Step[],
  assign: readonly string[],
  unassign: readonly string[],
  { kind, pick }: PickChange,
): boolean {
  const named = (action: Step["action"]) =>
    steps.flatMap((step) => (step.action === action ? step.addresses : []));
  const picks = steps.filter((step) => step.pick !== undefined);
  return (
    sameAddresses(named("assign"), assign) &&
    sameAddresses(named("unassign"), unassign) &&
    picks.every((step) => step.kind === kind) &&
    picks.reduce((sum, step) => sum + sizeOf(step), 0) === pick
  );
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

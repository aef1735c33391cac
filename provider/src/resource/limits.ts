import { EcsError } from "../ecs/ecs-error";
import { heldBy, type NetworkInterface } from "../ecs/port";
import { makesRoom, sizeOf, type Step } from "../plan/steps";
import type { Observation, Plan } from "../plan/plan";

/*
 * What one operation learns of the API's limits. The capacity holds only while the ENI stays where it is. Pure.
 */

/** A size of the ENI that the API has refused. */
interface RefusedSize {
  /** Where the ENI was. */
  readonly place: string;
  readonly size: number;
  readonly error: EcsError;
}

/** Limits that refusals have taught this operation. @internal */
export interface Limits {
  /** The largest request that the API may still accept. */
  readonly batchSize: number;
  /** The largest requests that the API has accepted. */
  readonly accepted: Readonly<Record<Step["action"], number>>;
  readonly refusedSize?: RefusedSize | undefined;
  /** The most that reads have shown at this place. */
  readonly mostHeld?: { readonly place: string; readonly size: number } | undefined;
  /** Where the ENI was when its capacity was read, or tried to read, for this operation. */
  readonly capacityReadAt?: string | undefined;
}

/** @internal */
export const noLimits: Limits = { batchSize: Infinity, accepted: { assign: 0, unassign: 0 } };

/** What decides how many addresses an ENI can hold. @internal */
export function placeOf({ status, instanceId = "" }: NetworkInterface): string {
  return `${status} ${instanceId}`;
}

/**
 * What a refused call teaches about the limits of requests, for the next plan; `undefined` when it teaches nothing.
 *
 * @param eni - as it is known to be before the call
 * @internal
 */
export function learnLimits(
  error: unknown,
  step: Step,
  eni: NetworkInterface,
  limits: Limits,
): Limits | undefined {
  if (!(error instanceof EcsError)) return undefined;
  const size = sizeOf(step);
  // Where a request of this size was accepted before, one of the addresses is the reason.
  if (error.verdict === "invalid-parameter" && size > Math.max(1, limits.accepted[step.action])) {
    return { ...limits, batchSize: Math.floor(size / 2) };
  }
  if (error.verdict === "quota" && step.action === "assign") {
    const refusedSize = { place: placeOf(eni), size: heldBy(eni).length + size, error };
    return { ...limits, refusedSize, capacityReadAt: undefined };
  }
  return undefined;
}

/** A read has shown the ENI. @internal */
export function learnHeld(limits: Limits, eni: NetworkInterface): Limits {
  const [place, size] = [placeOf(eni), heldBy(eni).length];
  const before = limits.mostHeld?.place === place ? limits.mostHeld.size : 0;
  return { ...limits, mostHeld: { place, size: Math.max(before, size) } };
}

/** The API has accepted this request. @internal */
export function learnAccepted(limits: Limits, step: Step): Limits {
  const { action } = step;
  const most = Math.max(limits.accepted[action], sizeOf(step));
  return { ...limits, accepted: { ...limits.accepted, [action]: most } };
}

/**
 * After an operation has succeeded: the largest requests that other operations may make. An address that made requests fail
 * would have made the operation fail as well.
 * @internal
 */
export function provenBatchSize({ batchSize, accepted }: Limits): number {
  const largest = Math.max(accepted.assign, accepted.unassign);
  return largest > batchSize / 2 ? batchSize : Infinity;
}

/** The size that the API has refused for the ENI where it is now. @internal */
export function refusedSizeAt(
  { refusedSize, mostHeld }: Limits,
  eni: NetworkInterface,
): Observation["refusedSize"] {
  const place = placeOf(eni);
  if (refusedSize?.place !== place) return undefined;
  return { ...refusedSize, wasHeld: mostHeld?.place === place && mostHeld.size >= refusedSize.size };
}

/**
 * Whether the ENI's capacity has to be read before the plan runs or is refused, and whether what the process remembers of it
 * is not good enough: the instance may have another type by now, and the ENI another instance.
 * @internal
 */
export function capacityToRead(
  plan: Plan,
  eni: NetworkInterface,
  limits: Limits,
  { capacity }: Pick<Observation, "capacity">,
): "again" | "unless known" | undefined {
  if (eni.status !== "InUse" || eni.instanceId === undefined) return undefined;
  if (limits.capacityReadAt === placeOf(eni)) return undefined;
  const refused = plan.refusals.some(({ cause }) => cause === "quota");
  if (refused || makesRoom(plan.steps) || refusedSizeAt(limits, eni) !== undefined) return "again";
  const exchanges = plan.steps.length > 0 && plan.assign.length + plan.pick > 0 && plan.unassign.length > 0;
  return capacity === undefined && exchanges ? "unless known" : undefined;
}

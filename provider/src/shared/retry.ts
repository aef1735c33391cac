import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import { type Deadline } from "./deadline";

/** How long to wait before the next attempt, or `undefined` to give up. @internal */
export type RetryDecision = number | undefined;

/**
 * Full jitter: a random part of a bound that doubles with each attempt
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt - 1 after the first failure
 * @internal
 */
export function fullJitterMs(attempt: number, baseMs: number, capMs: number, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
}

/**
 * Runs `run` until it succeeds, `decide` gives up, or the next attempt would start after the deadline. The error
 * of the last attempt is what comes out.
 *
 * @internal
 */
export async function retryUntil<T>(
  deadline: Deadline,
  decide: (error: unknown, attempt: number) => RetryDecision,
  run: () => Promise<T>,
): Promise<T> {
  let failures = 0;
  let delayMs = 0;
  const policy = retry(
    handleWhen((error) => {
      failures += 1;
      const decision = decide(error, failures);
      if (decision === undefined || decision >= deadline.leftMs()) return false;
      delayMs = decision;
      return true;
    }),
    { backoff: new DelegateBackoff(() => delayMs) },
  );
  return policy.execute(run);
}

/**
 * Every wait of the provider that is not the user's time-out, in milliseconds.
 *
 * @internal
 */
export interface Pacing {
  /** Upper bound of the first back-off after a conflict, a lost answer or a 5xx; doubles per attempt, full jitter. */
  readonly backoffBaseMs: number;
  /** Where the doubling ends. */
  readonly backoffCapMs: number;
  /** The same for throttled calls. ECS admits an operation again in the next minute, so the cap adds up past one. */
  readonly throttleBaseMs: number;
  readonly throttleCapMs: number;
  /** Between two looks at a status that is passing. The vendor's advice is 1 to 2 s. */
  readonly pollMs: number;
  /** How long Describe may lag behind a confirmed write before the write is asked for again. */
  readonly settleMs: number;
  /** How long an address that another ENI holds may take to become free. */
  readonly releaseMs: number;
  /** How long one HTTP call may take before its outcome counts as unknown. */
  readonly callMs: number;
  /** How long an endpoint that never answered in this process is tried. */
  readonly unreachableMs: number;
  /** How long reads of one moment are collected into one call. */
  readonly collectMs: number;
}

const defaultPacing: Pacing = {
  backoffBaseMs: 400,
  backoffCapMs: 8_000,
  throttleBaseMs: 1_000,
  throttleCapMs: 20_000,
  pollMs: 1_000,
  settleMs: 15_000,
  releaseMs: 60_000,
  callMs: 30_000,
  unreachableMs: 60_000,
  collectMs: 5,
};

/**
 * The waits, each multiplied by one factor: 1 for users; tests that live through many failures take a small one.
 *
 * @internal
 */
export function pacingTimes(factor: number): Pacing {
  const entries = Object.entries(defaultPacing) as [keyof Pacing, number][];
  return Object.fromEntries(entries.map(([key, ms]) => [key, ms * factor])) as unknown as Pacing;
}

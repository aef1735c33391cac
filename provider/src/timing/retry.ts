import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import type { Deadline } from "./deadline";

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

import { EcsError } from "../ecs/ecs-error";
import type { Pacing } from "../shared/retry";
import { fullJitterMs, type RetryDecision } from "../shared/retry";
import { NotReadyYet } from "./operation-error";

/** What the decision depends on besides the error. @internal */
export interface RetryCircumstances {
  /** 1 after the first failure. */
  readonly attempt: number;
  /** For how long the API has refused the plan as out of date, without any progress. */
  readonly staleMs: number;
  /** Whether this process has announced that whoever holds what is wanted lets go of it. */
  readonly releaseExpected: boolean;
  readonly pacing: Pacing;
  readonly random: () => number;
}

/**
 * Whether an operation that failed with this error goes on, and after how long. Pure. Going on always means to read
 * the ENI again first.
 *
 * @returns milliseconds to wait, or `undefined` to give up
 * @internal
 */
export function decideRetry(error: unknown, circumstances: RetryCircumstances): RetryDecision {
  const { attempt, staleMs, releaseExpected, pacing, random } = circumstances;
  if (error instanceof NotReadyYet) return pacing.pollMs;
  if (!(error instanceof EcsError)) return undefined;
  const backoffMs = fullJitterMs(attempt, pacing.backoffBaseMs, pacing.backoffCapMs, random);
  switch (error.verdict) {
    case "transient":
    case "conflict":
    case "state":
      return backoffMs;
    case "throttled":
      return fullJitterMs(attempt, pacing.throttleBaseMs, pacing.throttleCapMs, random);
    case "stale":
    case "token-burnt":
    case "not-found":
      // The plan is made anew from a fresh read, which cures it at once, unless somebody else holds the address, or
      // reads still show an ENI that writes do not find.
      if (attempt === 1) return 0;
      return releaseExpected || staleMs < pacing.releaseMs ? backoffMs : undefined;
    case "quota":
    case "invalid-parameter":
    case "final":
      return undefined;
  }
}

import { EcsError } from "../ecs/ecs-error";
import { fullJitterMs, type Pacing } from "../shared/retry";
import { NotReadyYet, NotVisibleError, PlanRefusedError } from "./operation-error";

/**
 * A release of addresses that an operation waits for. `expected`: this process has announced it. `possible`: a resource that
 * is checked later may announce it.
 * @internal
 */
export type Release = "expected" | "possible";

/** What the decision to retry depends on besides the error. @internal */
export interface RetryCircumstances {
  readonly pacing: Pacing;
  readonly random: () => number;
  /** 1 after the first failure. */
  readonly attempt: number;
  /** For how long the plan was refused, without progress. */
  readonly staleMs: number;
  /** For how long reads have not shown the ENI or its instance. */
  readonly unseenMs: number;
  readonly release: Release | undefined;
}

/**
 * How long to wait before the ENI is read again after this error.
 *
 * @returns milliseconds, or `undefined` to give up
 * @internal
 */
export function retryDelayMs(error: unknown, circumstances: RetryCircumstances): number | undefined {
  const { attempt, staleMs, unseenMs, release, pacing, random } = circumstances;
  if (error instanceof NotReadyYet) return pacing.pollMs;
  if (error instanceof NotVisibleError) return unseenMs < pacing.appearMs ? pacing.pollMs : undefined;
  const backoffMs = fullJitterMs(attempt, pacing.backoffBaseMs, pacing.backoffCapMs, random);
  const untilReleased = release === "expected" || staleMs < pacing.releaseMs ? backoffMs : undefined;
  if (error instanceof PlanRefusedError) return release && untilReleased;
  if (!(error instanceof EcsError)) return undefined;
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
      // A new plan from a fresh read cures it at once, unless another ENI holds the address, or reads still show an ENI
      // that writes do not find.
      if (attempt === 1) return 0;
      return untilReleased;
    case "quota":
      return release && untilReleased;
    case "invalid-parameter":
    case "final":
      return undefined;
  }
}

/**
 * How long an operation waits at most because of this error; the operation's own time-out may end it earlier.
 *
 * @param isShort - whether it waits for a release that is not announced
 * @internal
 */
export function longestWaitMs(error: unknown, isShort: boolean, { appearMs, releaseMs }: Pacing): number {
  if (error instanceof NotVisibleError) return appearMs;
  return isShort ? releaseMs : Infinity;
}

import { EcsError } from "../ecs/ecs-error";
import { fullJitterMs, type Pacing } from "../shared/retry";
import { NotReadyYet, PlanRefusedError } from "./operation-error";

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
  readonly release: Release | undefined;
}

/**
 * How long to wait before the ENI is read again after this error.
 *
 * @returns milliseconds, or `undefined` to give up
 * @internal
 */
export function retryDelayMs(error: unknown, circumstances: RetryCircumstances): number | undefined {
  const { attempt, staleMs, release, pacing, random } = circumstances;
  if (error instanceof NotReadyYet) return pacing.pollMs;
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

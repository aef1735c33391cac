import { setTimeout as sleep } from "node:timers/promises";
import { type Deadline } from "./deadline";

/** The delay before the next attempt, or `undefined` to give up. @internal */
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
 * Runs `run` until it succeeds, `decide` gives up, or the next attempt would start after the deadline. Then it throws the
 * error of the last attempt, or of an earlier one that `moreTelling` prefers.
 * @internal
 */
export async function retryUntil<T>(
  deadline: Deadline,
  decide: (error: unknown, attempt: number) => RetryDecision,
  run: () => Promise<T>,
  moreTelling: (before: unknown, last: unknown) => unknown = (_before, last) => last,
): Promise<T> {
  const attempts = deadline.beginAttempts();
  let telling: unknown;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        telling = attempt === 1 ? error : moreTelling(telling, error);
        const delayMs = decide(error, attempt);
        if (delayMs === undefined) throw error;
        if (delayMs >= deadline.leftMs()) throw telling;
        if (telling instanceof Error) attempts.failed(telling);
        await sleep(delayMs);
      }
    }
  } finally {
    attempts.end();
  }
}

/** Every wait of the provider except the user's time-out, in milliseconds. @internal */
export interface Pacing {
  /** Upper bound of the first back-off after a conflict, a lost answer or a 5xx. It doubles per attempt. */
  readonly backoffBaseMs: number;
  /** Upper bound of every back-off. */
  readonly backoffCapMs: number;
  /** The same for throttled calls. Their waits add up to more than the minute of the API's window. */
  readonly throttleBaseMs: number;
  readonly throttleCapMs: number;
  /** Between two reads of a passing status. The vendor's advice is 1 to 2 s. */
  readonly pollMs: number;
  /** How long reads may lag behind a confirmed write before the write is repeated. */
  readonly settleMs: number;
  /** Between two reads that do not show an address, or the ENI, before its absence counts as confirmed. */
  readonly confirmMs: number;
  /** How long to wait for an address that another ENI holds. */
  readonly releaseMs: number;
  /** How long a new ENI or instance may be missing in answers. */
  readonly appearMs: number;
  /** How long the read of an optional fact may take: of the quota, as evidence, or for a message. */
  readonly evidenceMs: number;
  /** How long the read may take that shows what a failed operation has reached. */
  readonly lastReadMs: number;
  /** How long one preview may read. After the first failure the process reads no more, so this is also the sum. */
  readonly previewMs: number;
  /** How long one HTTP call may take before its outcome counts as unknown. */
  readonly callMs: number;
  /** How long to retry an endpoint that has never answered in this process. */
  readonly unreachableMs: number;
  /** How long to retry an endpoint that answers, but has never given an answer of the API. */
  readonly unreadableMs: number;
  /** How long to collect reads into one call. */
  readonly collectMs: number;
  /** How long a read that verifies a change waits for those of other operations. */
  readonly shareMs: number;
}

const defaultPacing: Pacing = {
  backoffBaseMs: 400,
  backoffCapMs: 8_000,
  throttleBaseMs: 1_000,
  throttleCapMs: 20_000,
  pollMs: 1_000,
  settleMs: 15_000,
  confirmMs: 2_000,
  releaseMs: 60_000,
  appearMs: 20_000,
  evidenceMs: 5_000,
  lastReadMs: 5_000,
  previewMs: 5_000,
  callMs: 30_000,
  unreachableMs: 60_000,
  unreadableMs: 5_000,
  collectMs: 5,
  shareMs: 150,
};

/** Bounds for answers that are there in every test: even a busy machine answers in that time. */
const shortest: Partial<Pacing> = { evidenceMs: 1_000, lastReadMs: 5_000, previewMs: 5_000 };

/** The waits, each multiplied by one factor. It is 1 for users, and small in tests with many failures. @internal */
export function pacingTimes(factor: number): Pacing {
  const entries = Object.entries(defaultPacing) as [keyof Pacing, number][];
  return Object.fromEntries(
    entries.map(([key, ms]) => [key, Math.max(ms * factor, shortest[key] ?? 0)]),
  ) as unknown as Pacing;
}

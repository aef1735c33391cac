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

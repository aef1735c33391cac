import { z } from "zod";
import type { Action } from "../actions/action";
import type { Clock } from "../world/clock";
import { describeIssues } from "../documents/issues";
import { strictObject } from "../documents/strict-object";
import { unknownAction } from "./unknown-action";

/**
 * How many calls of one operation are admitted.
 *
 * @public
 */
export interface Limit {
  /** The most calls in one window; 0 admits none. */
  perMinute: number;
  /** How long a window lasts. Default 60000, the minute that the cloud counts by; less makes a test shorter. */
  windowMs: number;
}

/**
 * The limits in force, by the names of operations.
 *
 * @public
 */
export type Limits = Readonly<Record<string, Limit>>;

/**
 * Limits as they are set: `windowMs` can be left out, and `null` is no limit.
 *
 * @public
 */
export type LimitsDocument = Readonly<Record<string, (Partial<Limit> & Pick<Limit, "perMinute">) | null>>;

/**
 * Limits that were refused; the message names the path and what is allowed.
 *
 * @public
 */
export class LimitsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LimitsError";
  }
}

const limitHint =
  'must be {"perMinute":n,"windowMs":n}, windowMs from 1 to 3600000 or left out, or null for no limit';

const limitSchema = strictObject({
  perMinute: z.int().min(0).max(1_000_000),
  windowMs: z.int().min(1).max(3_600_000).default(60_000),
});

const noLimitSchema = z.union([z.null(), z.strictObject({}, limitHint).transform(() => null)]);

const limitsSchema = z.record(z.string(), z.union([limitSchema, noLimitSchema], limitHint));

/** Checks the form of limits and that their actions exist: a limit that never applies is a mistake in a test. */
export function parseLimits(value: unknown, actionNames: ReadonlySet<string>): Limits {
  const parsed = limitsSchema.safeParse(value);
  if (!parsed.success) throw new LimitsError(describeIssues(parsed.error, "the limits", value).join("; "));
  const limits: [string, Limit][] = [];
  for (const [action, limit] of Object.entries(parsed.data)) {
    if (!actionNames.has(action)) throw new LimitsError(unknownAction(action, [...actionNames]));
    if (limit !== null) limits.push([action, limit]);
  }
  return Object.fromEntries(limits);
}

interface Count {
  readonly limit: Limit;
  /** Which window it is, counted from 0. */
  window: number;
  /** What was admitted in it, by product and region. */
  readonly admitted: Map<string, number>;
}

/**
 * Admits a number of calls of an operation and region in each window, as the cloud does: a call that is throttled in one minute is
 * admitted in the next.
 *
 * @remarks rate-limiter-flexible, the usual library, reads the computer's time and sets timers of its own: it cannot
 * follow the emulator's clock. Its windows begin with their first call, too; the cloud's minutes come by themselves.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-throttling
 */
export class CallLimits {
  readonly #clock: Clock;
  readonly #counts = new Map<string, Count>();
  #limits: Limits = {};
  #setAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Puts these limits in the place of all others. The first window begins now rather than with the clock's minute: a
   * test that sets a limit has a whole window before it.
   */
  set(limits: Limits): void {
    this.#limits = limits;
    this.#setAtMs = this.#clock.now();
    this.#counts.clear();
    for (const [action, limit] of Object.entries(limits))
      this.#counts.set(action, { limit, window: 0, admitted: new Map() });
  }

  /** The limits in force. */
  list(): Limits {
    return structuredClone(this.#limits);
  }

  /** Counts a call, and says whether it may go on. */
  admits({ name, product }: Action, region: string): boolean {
    const count = this.#counts.get(name);
    if (!count) return true;
    const window = Math.floor((this.#clock.now() - this.#setAtMs) / count.limit.windowMs);
    if (window !== count.window) {
      count.window = window;
      count.admitted.clear();
    }
    const key = `${product} ${region}`;
    const admitted = count.admitted.get(key) ?? 0;
    if (admitted >= count.limit.perMinute) return false;
    count.admitted.set(key, admitted + 1);
    return true;
  }
}

import { performance } from "node:perf_hooks";

/** The longest wait that a timer of Node can hold, about 25 days; it fires at once when it is given a longer one. */
const longestMs = 2 ** 31 - 1;

/**
 * The moment at which an operation has to be over. Measured on the monotonic clock: a laptop that sets its time
 * neither shortens nor prolongs it.
 *
 * @internal
 */
export class Deadline {
  private constructor(
    private readonly endsAtMs: number,
    /** What was allowed in all, for messages. */
    readonly totalMs: number,
  ) {}

  static after(totalMs: number): Deadline {
    return new Deadline(performance.now() + Math.min(totalMs, longestMs), totalMs);
  }

  /** Milliseconds left; 0 when it is over. */
  leftMs(): number {
    return Math.max(0, this.endsAtMs - performance.now());
  }

  /** The same deadline, but not later than so many milliseconds from now. */
  within(limitMs: number): Deadline {
    const endsAtMs = Math.min(this.endsAtMs, performance.now() + limitMs);
    return new Deadline(endsAtMs, this.totalMs);
  }

  /** The same deadline, earlier by so many milliseconds: what is left after it is the reserve. */
  keeping(reserveMs: number): Deadline {
    return new Deadline(this.endsAtMs - reserveMs, this.totalMs);
  }
}

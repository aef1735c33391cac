import { performance } from "node:perf_hooks";

/** The longest delay of a Node timer, about 25 days. A timer with a longer delay fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * The time at which an operation must end, on the monotonic clock: a change of the system time does not move it.
 * @internal
 */
export class Deadline {
  private constructor(
    private readonly endsAtMs: number,
    /** The whole time limit, for messages. */
    readonly totalMs: number,
  ) {}

  static after(totalMs: number): Deadline {
    return new Deadline(performance.now() + Math.min(totalMs, longestMs), totalMs);
  }

  /** Milliseconds left, 0 after the deadline. */
  leftMs(): number {
    return Math.max(0, this.endsAtMs - performance.now());
  }

  /** The same deadline, but at most `limitMs` from now. */
  within(limitMs: number): Deadline {
    const endsAtMs = Math.min(this.endsAtMs, performance.now() + limitMs);
    return new Deadline(endsAtMs, this.totalMs);
  }

  /** The same deadline, earlier by `reserveMs`. */
  keeping(reserveMs: number): Deadline {
    return new Deadline(this.endsAtMs - reserveMs, this.totalMs);
  }
}

/**
 * Waits for the promise, but at most until the deadline. The work behind the promise continues: use this only for reads, or
 * where the caller handles an unknown outcome.
 * @internal
 */
export async function within<T>(deadline: Deadline, onTime: () => Error, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(onTime());
    }, deadline.leftMs());
  });
  // A later rejection of the promise must not count as unhandled.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

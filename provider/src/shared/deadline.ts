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

/**
 * Waits for the promise, but not longer than the deadline. What the promise stands for goes on: use it for reads,
 * or where an unknown outcome is dealt with.
 *
 * @internal
 */
export async function within<T>(deadline: Deadline, onTime: () => Error, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(onTime());
    }, deadline.leftMs());
  });
  // Whichever comes second must not count as unhandled.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

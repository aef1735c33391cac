import { performance } from "node:perf_hooks";

/** The longest delay of a Node timer, about 25 days. A timer with a longer delay fires at once. */
const longestMs = 2 ** 31 - 1;

/** A call that is repeated until a deadline. @internal */
export interface Attempts {
  /** Notes why the last attempt failed. */
  failed(reason: Error): void;
  /** The call has ended, or is not repeated any more. */
  end(): void;
}

/** Why a call has no result yet. */
interface Reasons {
  /** The last failure of a call that is repeated. */
  readonly failure?: Error;
  /** The failure that it is if it gets no answer. */
  readonly unanswered?: Error | undefined;
}

/** The calls that are still under way. */
type Running = Map<object, Reasons>;

/**
 * The time at which an operation must end, on the monotonic clock: a change of the system time does not move it. It knows
 * why the calls under it are still repeated, so that a wait that ends can say so.
 * @internal
 */
export class Deadline {
  private constructor(
    private readonly endsAtMs: number,
    /** The whole time limit, for messages. */
    readonly totalMs: number,
    private readonly running: readonly Running[],
  ) {}

  static after(totalMs: number): Deadline {
    return new Deadline(performance.now() + Math.min(totalMs, longestMs), totalMs, [new Map()]);
  }

  /** The latest of these deadlines, for a call that serves all of them: each of them learns why it is repeated. */
  static latestOf(deadlines: readonly Deadline[]): Deadline {
    const latest = deadlines.reduce((a, b) => (a.endsAtMs >= b.endsAtMs ? a : b));
    const running = [...new Set(deadlines.flatMap((one) => one.running))];
    return new Deadline(latest.endsAtMs, latest.totalMs, running);
  }

  /** Milliseconds left, 0 after the deadline. */
  leftMs(): number {
    return Math.max(0, this.endsAtMs - performance.now());
  }

  /** The same deadline, but at most `limitMs` from now. */
  within(limitMs: number): Deadline {
    const endsAtMs = Math.min(this.endsAtMs, performance.now() + limitMs);
    return new Deadline(endsAtMs, this.totalMs, this.running);
  }

  /** The same deadline, earlier by `reserveMs`. */
  keeping(reserveMs: number): Deadline {
    return new Deadline(this.endsAtMs - reserveMs, this.totalMs, this.running);
  }

  /** The time limit of what the work can do without: at most `limitMs`, and a share of the time left. */
  optional(limitMs: number, share = 1 / 4): Deadline {
    return this.within(Math.min(limitMs, this.leftMs() * share));
  }

  /**
   * Begins a call that may be repeated until this deadline.
   *
   * @param unanswered - the failure that it is if it gets no answer
   */
  beginAttempts(unanswered?: Error): Attempts {
    const call = {};
    const note = (reasons: Reasons) => {
      for (const running of this.running) {
        running.delete(call);
        running.set(call, reasons);
      }
    };
    if (unanswered !== undefined) note({ unanswered });
    return {
      failed: (failure) => {
        note({ failure, unanswered });
      },
      end: () => {
        for (const running of this.running) running.delete(call);
      },
    };
  }

  /** Why the last attempt failed of a call that is still repeated; `undefined` when none is. */
  get lastFailure(): Error | undefined {
    return this.calls.findLast(({ failure }) => failure !== undefined)?.failure;
  }

  /** Why there is no result at the deadline: the last failure, or the call that has no answer. */
  get whyLate(): Error | undefined {
    return this.lastFailure ?? this.calls.findLast((one) => one.unanswered !== undefined)?.unanswered;
  }

  private get calls(): readonly Reasons[] {
    return this.running.flatMap((running) => [...running.values()]);
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

import { setTimeout as delay } from "node:timers/promises";

/**
 * Time as the emulator sees it: signatures, transitions and delays all follow it.
 *
 * @public
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that time, and rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * The computer's own time.
 *
 * @public
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * A clock that stands still until it is told to move, so that a test of something slow is exact and fast.
 *
 * @remarks Clients sign with the computer's time: a manual clock more than 15 minutes off refuses their requests.
 *
 * @public
 */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #waiting = new Set<{ dueMs: number; wake: () => void }>();

  constructor(startMs: number = Date.now()) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** How many calls stand waiting for the clock to move. */
  get waiting(): number {
    return this.#waiting.size;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.delete(waiter);
        reject(new Error("the wait was aborted"));
      };
      const wake = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const waiter = { dueMs: this.#nowMs + ms, wake };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  /** Moves the time on, and wakes the waiting calls that are due, the earliest first. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = [...this.#waiting].filter((waiter) => waiter.dueMs <= this.#nowMs);
    for (const waiter of due.sort((a, b) => a.dueMs - b.dueMs)) {
      this.#waiting.delete(waiter);
      waiter.wake();
    }
  }
}

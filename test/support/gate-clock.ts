import type { Clock } from "alicloud-ecs-emulator";

/**
 * A clock for the emulator with the real time, whose waits end when the test calls `open`. A call that a fault delays
 * stays under way until then.
 */
export class GateClock implements Clock {
  private readonly gates = new Set<() => void>();

  /** Number of held calls. */
  get waiting(): number {
    return this.gates.size;
  }

  now(): number {
    return Date.now();
  }

  wait(_ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.gates.delete(open);
        reject(new Error("the wait was aborted"));
      };
      const open = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      this.gates.add(open);
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  /** Ends all current waits. */
  open(): void {
    for (const open of this.gates) open();
    this.gates.clear();
  }
}

import type { Clock } from "alicloud-ecs-emulator";

/**
 * The computer's own time for the emulator, but a wait ends when the test says so: a call that a fault delays stays
 * under way for exactly as long as the test needs.
 */
export class GateClock implements Clock {
  private readonly gates = new Set<() => void>();

  /** How many calls are held. */
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

  /** Ends the waits of this moment. */
  open(): void {
    for (const open of this.gates) open();
    this.gates.clear();
  }
}

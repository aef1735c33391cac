import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { EcsError } from "../ecs/ecs-error";
import type { Deadline } from "../shared/deadline";
import type { Pacing } from "../shared/retry";
import { fullJitterMs } from "../shared/retry";
import { traceWaits } from "../shared/trace";

interface Gate {
  readonly openAtMs: number;
  readonly strikes: number;
  readonly refusal: EcsError;
}

/**
 * Makes all calls of one kind slow down together: ECS limits an operation per account and region, so when one call is
 * refused the others would be too. The waits add up past the minute after which ECS admits an operation again
 * (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-throttling).
 *
 * @internal
 */
export class ThrottleGate {
  private readonly gates = new Map<string, Gate>();

  constructor(
    private readonly pacing: Pacing,
    private readonly random: () => number,
  ) {}

  /**
   * Waits until calls of this action may go on.
   *
   * @throws the refusal that closed the gate, when the deadline is over before that: nothing was sent since
   */
  async pass(action: string, deadline: Deadline): Promise<void> {
    for (;;) {
      const gate = this.gates.get(action);
      const waitMs = (gate?.openAtMs ?? 0) - performance.now();
      if (gate === undefined || waitMs <= 0) return;
      if (deadline.leftMs() === 0) throw gate.refusal;
      await sleep(Math.min(waitMs, deadline.leftMs()));
    }
  }

  /** A call of this action was refused because of the request rate. */
  close(action: string, refusal: EcsError): void {
    const strikes = (this.gates.get(action)?.strikes ?? 0) + 1;
    const waitMs = fullJitterMs(strikes, this.pacing.throttleBaseMs, this.pacing.throttleCapMs, this.random);
    traceWaits(
      "%s: all calls wait %d ms after %s, refusal %d",
      action,
      Math.round(waitMs),
      refusal.code,
      strikes,
    );
    this.gates.set(action, { openAtMs: performance.now() + waitMs, strikes, refusal });
  }

  /** A call of this action was admitted. */
  open(action: string): void {
    this.gates.delete(action);
  }
}

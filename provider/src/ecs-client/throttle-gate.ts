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
 * Delays all calls of one action together: ECS limits an action per account and region, so one refusal applies to all of
 * them. The waits add up to more than the minute after which ECS admits an action again
 * (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-throttling).
 * @internal
 */
export class ThrottleGate {
  private readonly gates = new Map<string, Gate>();

  constructor(
    private readonly pacing: Pacing,
    private readonly random: () => number,
  ) {}

  /**
   * Waits until the gate of this action is open.
   *
   * @throws the refusal that closed the gate, if the deadline ends first; the caller has sent nothing
   */
  async pass(action: string, deadline: Deadline): Promise<void> {
    const attempts = deadline.beginAttempts();
    try {
      for (;;) {
        const gate = this.gates.get(action);
        const waitMs = (gate?.openAtMs ?? 0) - performance.now();
        if (gate === undefined || waitMs <= 0) return;
        if (deadline.leftMs() === 0) throw gate.refusal;
        attempts.failed(gate.refusal);
        await sleep(Math.min(waitMs, deadline.leftMs()));
      }
    } finally {
      attempts.end();
    }
  }

  /** Closes the gate after a call of this action was throttled. */
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

  /** Opens the gate after a call of this action was admitted. */
  open(action: string): void {
    this.gates.delete(action);
  }
}

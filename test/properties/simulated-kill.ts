import type { CuttableRelay } from "../support/cuttable-relay";
import type { Host } from "./adaptors";
import type { Cloud } from "./cloud";

/**
 * Simulates a kill of the provider during its n-th write: from one moment on, no call reaches the cloud and no answer
 * reaches the engine. The provider runs in this process. `test/engine/crashes.test.ts` kills real processes.
 */
export class SimulatedKill {
  killed = false;
  private readonly timer: NodeJS.Timeout | undefined;
  private stopped: Promise<unknown> | undefined;

  constructor(
    cloud: Cloud,
    host: Host,
    private readonly relay: CuttableRelay | undefined,
    atWrite: number | undefined,
  ) {
    if (relay === undefined || atWrite === undefined) return;
    this.timer = setInterval(() => {
      if (this.killed || cloud.writes().length < atWrite) return;
      this.killed = true;
      this.stopped = Promise.all([relay.cut(), host.abandon()]);
    }, 2);
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.stopped;
    await this.relay?.cut();
  }
}

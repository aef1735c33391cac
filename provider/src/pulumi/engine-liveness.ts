import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineGoneError } from "../apply/operation-error";
import type { Liveness } from "../reconcile/liveness";

/** A loopback connection is accepted or refused at once; longer means a busy machine, which is no reason to stop. */
const patienceMs = 2_000;

/**
 * Asks the engine's own port, whose address the engine gives to the process that it starts. An engine that was killed
 * leaves this process behind, and the next `pulumi up` must not meet it at work.
 *
 * @internal
 */
export class EngineLiveness implements Liveness {
  /** @param address - `host:port`; without one there is no engine to outlive */
  constructor(private readonly address: string | undefined) {}

  async assertAlive(): Promise<void> {
    const target = parseAddress(this.address);
    if (target === undefined) return;
    if (!(await acceptsConnections(target))) throw new EngineGoneError();
  }
}

function parseAddress(address: string | undefined): { host: string; port: number } | undefined {
  const match = /^(.+):(\d+)$/.exec(address ?? "");
  return match === null ? undefined : { host: match[1] ?? "", port: Number(match[2]) };
}

async function acceptsConnections(target: { host: string; port: number }): Promise<boolean> {
  const socket = createConnection(target);
  const connected = new Promise<boolean>((resolve) => {
    socket.once("connect", () => {
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
  const patience = new AbortController();
  try {
    const gaveUp = sleep(patienceMs, true, { signal: patience.signal }).catch(() => true);
    return await Promise.race([connected, gaveUp]);
  } finally {
    patience.abort();
    socket.destroy();
  }
}

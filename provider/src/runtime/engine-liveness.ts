import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineGoneError } from "../resource/operation-error";

/** A loopback connection is accepted or refused at once; longer means a busy machine, which is no reason to stop. */
const patienceMs = 2_000;

/**
 * Asks the engine's own port, whose address the engine gives to the process that it starts. An engine that was killed
 * leaves this process behind, and the next `pulumi up` must not meet it at work.
 *
 * @internal
 */
export class EngineLiveness {
  private readonly engine: { host: string; port: number } | undefined;

  /**
   * @param processArguments - what the engine started the process with. Its address comes last, behind flags such as
   *   `--logtostderr` or `--tracing URL`; without an address there is no engine to outlive
   */
  constructor(processArguments: readonly string[]) {
    this.engine = processArguments.map(parseAddress).findLast((address) => address !== undefined);
  }

  async assertAlive(): Promise<void> {
    if (this.engine !== undefined && (await refusesConnections(this.engine))) throw new EngineGoneError();
  }
}

function parseAddress(argument: string): { host: string; port: number } | undefined {
  const match = /^([^/]+):(\d+)$/.exec(argument);
  return match === null ? undefined : { host: match[1] ?? "", port: Number(match[2]) };
}

async function refusesConnections(target: { host: string; port: number }): Promise<boolean> {
  const socket = createConnection(target);
  const refused = new Promise<boolean>((resolve) => {
    socket.once("connect", () => {
      resolve(false);
    });
    // Any other error, such as too many open files, is this machine's, and says nothing of the engine.
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ECONNREFUSED");
    });
  });
  const patience = new AbortController();
  try {
    const gaveUp = sleep(patienceMs, false, { signal: patience.signal }).catch(() => false);
    return await Promise.race([refused, gaveUp]);
  } finally {
    patience.abort();
    socket.destroy();
  }
}

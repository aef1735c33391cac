import { createConnection } from "node:net";
import { EngineGoneError } from "../resource/operation-error";

/** The engine accepts or refuses a loopback connection at once. A longer wait means a busy machine, not a dead engine. */
const patienceMs = 2_000;

/**
 * Connects to the engine's port, whose address the engine passes to this process. This process survives a killed engine,
 * and must not write during the next `pulumi up`.
 * @internal
 */
export class EngineLiveness {
  private engine: { host: string; port: number } | undefined;

  /**
   * @param processArguments - the arguments of this process. The engine's address is the last one, after flags such as
   *   `--logtostderr` or `--tracing URL`. Without an address there is no engine, and no check
   */
  constructor(processArguments: readonly string[]) {
    this.engine = processArguments.map(parseAddress).findLast((address) => address !== undefined);
  }

  /** The engine's address, as the program has it too. */
  get address(): string | undefined {
    return this.engine === undefined ? undefined : `${this.engine.host}:${this.engine.port}`;
  }

  /** Sets the address of the engine that this process works for from now on. */
  attach(address: string): void {
    this.engine = parseAddress(address) ?? this.engine;
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
  const socket = createConnection(target).setTimeout(patienceMs);
  try {
    return await new Promise<boolean>((resolve) => {
      for (const event of ["connect", "timeout"])
        socket.once(event, () => {
          resolve(false);
        });
      // Any other error, such as too many open files, concerns this machine, not the engine.
      socket.once("error", (error: NodeJS.ErrnoException) => {
        resolve(error.code === "ECONNREFUSED");
      });
    });
  } finally {
    socket.destroy();
  }
}

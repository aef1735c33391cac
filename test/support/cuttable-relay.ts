import { once } from "node:events";
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * Stands between a provider and the emulator, and passes on bytes. Cut, it breaks every connection and refuses new ones:
 * what the cloud sees of a provider whose process was killed.
 */
export class CuttableRelay {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param port - where the emulator listens */
  static async start(port: number): Promise<CuttableRelay> {
    const server = createServer((near) => {
      const far = createConnection({ host: "127.0.0.1", port });
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        relay.sockets.add(from);
        // A broken connection breaks the other one.
        from.on("error", () => to.destroy());
        from.on("close", () => {
          relay.sockets.delete(from);
          to.destroy();
        });
        from.setNoDelay();
        from.pipe(to);
      }
    });
    const relay = new CuttableRelay(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A second call does nothing. */
  async cut(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, "close");
  }
}

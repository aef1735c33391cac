import { once } from "node:events";
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * A TCP relay between a provider and the emulator. `cut` breaks all connections and refuses new ones, as the cloud sees
 * it when the provider's process is killed.
 */
export class CuttableRelay {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param port - the emulator's port */
  static async start(port: number): Promise<CuttableRelay> {
    const server = createServer((toProvider) => {
      const toEmulator = createConnection({ host: "127.0.0.1", port });
      for (const [from, to] of [
        [toProvider, toEmulator],
        [toEmulator, toProvider],
      ] as const) {
        relay.sockets.add(from);
        // A broken connection breaks its counterpart.
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

  /** Cuts the relay. A second call does nothing. */
  async cut(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, "close");
  }
}

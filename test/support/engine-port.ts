import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

/** A substitute for the engine's port. The provider connects to it to check that the engine is alive. */
export class EnginePort {
  private constructor(private readonly server: Server) {}

  static async open(): Promise<EnginePort> {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new EnginePort(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, "close");
  }
}

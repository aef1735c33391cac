import type { Emulator } from "alicloud-ecs-emulator";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const assign = "AssignPrivateIpAddresses";

/**
 * Stands before an emulator and passes every call on, but of an assign that succeeded it answers nothing beside the
 * RequestId: no documentation promises that the answer names what the cloud has picked.
 */
export class SilentFront {
  /** Where the calls go. */
  behind: Emulator | undefined;
  /** How many answers have said nothing. */
  silenced = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SilentFront> {
    const server = createServer((call, response) => {
      front.pass(call, response);
    });
    const front = new SilentFront(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  private pass(call: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, headers } = call;
    // With its headers as they are, the host among them, or the signature would be another one.
    const onward = request({ host: "127.0.0.1", port: this.behind?.port, method, path, headers });
    onward.on("response", (answer) => {
      void this.answer(answer, response, headers["x-acs-action"] === assign);
    });
    onward.on("error", () => response.destroy());
    call.pipe(onward);
  }

  private async answer(answer: IncomingMessage, response: ServerResponse, silent: boolean): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    let body = Buffer.concat(parts).toString();
    if (silent && answer.statusCode === 200) {
      const { RequestId } = JSON.parse(body) as { RequestId: string };
      body = JSON.stringify({ RequestId });
      this.silenced += 1;
    }
    const headers = { ...answer.headers, "content-length": Buffer.byteLength(body) };
    response.writeHead(answer.statusCode ?? 502, headers).end(body);
  }
}

import type { Emulator } from "alicloud-ecs-emulator";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const assign = "AssignPrivateIpAddresses";

/**
 * A proxy in front of an emulator. It passes on every call. From the answer to a successful assign it keeps only the
 * RequestId: the documentation does not promise that the answer lists the addresses that the cloud has picked.
 */
export class AnswerDroppingProxy {
  /** The target of the calls. */
  emulator: Emulator | undefined;
  /** Number of answers that were reduced to the RequestId. */
  emptiedAnswers = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<AnswerDroppingProxy> {
    const server = createServer((call, response) => {
      proxy.pass(call, response);
    });
    const proxy = new AnswerDroppingProxy(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
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
    // The signature covers the headers, Host included: pass them on unchanged.
    const forwarded = request({ host: "127.0.0.1", port: this.emulator?.port, method, path, headers });
    forwarded.on("response", (answer) => {
      void this.answer(answer, response, headers["x-acs-action"] === assign);
    });
    forwarded.on("error", () => response.destroy());
    call.pipe(forwarded);
  }

  private async answer(answer: IncomingMessage, response: ServerResponse, isAssign: boolean): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    let body = Buffer.concat(parts).toString();
    if (isAssign && answer.statusCode === 200) {
      const { RequestId } = JSON.parse(body) as { RequestId: string };
      body = JSON.stringify({ RequestId });
      this.emptiedAnswers += 1;
    }
    const headers = { ...answer.headers, "content-length": Buffer.byteLength(body) };
    response.writeHead(answer.statusCode ?? 502, headers).end(body);
  }
}

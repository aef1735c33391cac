import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ControlEndpoint, controlPath } from "../control/control-endpoint";
import type { Authentication } from "../wire/authentication";
import { ApiEndpoint } from "./api-endpoint";
import type { EmulatorState } from "./emulator-state";
import { BodyTooLargeError, readBody } from "./request-body";

/** The one HTTP server, with the API at `/` and the control API beside it. */
export class HttpServer {
  readonly #stop = new AbortController();
  readonly #server: Server;
  readonly #api: ApiEndpoint;
  readonly #control: ControlEndpoint;

  constructor(state: EmulatorState, authentication: Authentication) {
    this.#api = new ApiEndpoint(state, authentication, this.#stop.signal);
    this.#control = new ControlEndpoint(state);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        fail(response, error);
      });
    });
  }

  /** Resolves with the port once requests are accepted. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Stops at once: calls under way are cut off. */
  close(): Promise<void> {
    this.#stop.abort();
    return new Promise((resolve) => {
      // An error only says that it was closed before.
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", "http://emulator.invalid");
    const body = await readBody(request);
    if (url.pathname.startsWith(controlPath))
      await this.#control.answer(method, url.pathname, body, response);
    else await this.#api.answer({ method, url, headers: request.headers, body }, response);
  }
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const status = error instanceof BodyTooLargeError ? 413 : 500;
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(`${JSON.stringify({ error: String(error) })}\n`);
}

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { requestEntityTooLarge } from "../api-errors";
import { ControlEndpoint, controlPath } from "../control/control-endpoint";
import { foreignPage } from "../control/foreign-page";
import { PageEndpoint } from "../page/page-endpoint";
import type { Authentication } from "../wire/authentication";
import { ApiEndpoint } from "./api-endpoint";
import type { EmulatorState } from "./emulator-state";
import { BodyTooLargeError, bodyLimitBytes, readBody } from "./request-body";

/** The one HTTP server, with the API at `/` and the control API beside it. */
export class HttpServer {
  readonly #stop = new AbortController();
  readonly #server: Server;
  readonly #api: ApiEndpoint;
  readonly #control: ControlEndpoint;
  readonly #page: PageEndpoint;

  constructor(state: EmulatorState, authentication: Authentication) {
    this.#api = new ApiEndpoint(state, authentication, this.#stop.signal);
    this.#control = new ControlEndpoint(state);
    this.#page = new PageEndpoint(state);
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
    const url = urlOf(request.url ?? "/");
    const isControl = url.pathname.startsWith(controlPath);
    const body = await readBody(request);
    const page = isControl ? foreignPage(request.headers) : undefined;
    if (page !== undefined) {
      refuse(response, 403, `a page of ${page} may not steer the emulator`);
      return;
    }
    if (this.#page.has(url.pathname)) {
      await this.#page.answer(method, url.pathname, response);
      return;
    }
    if (isControl) {
      if (!body) throw new BodyTooLargeError();
      await this.#control.answer(method, url.pathname, body, response);
      return;
    }
    const http = { method, url, headers: request.headers, body: body ?? Buffer.alloc(0) };
    await this.#api.answer(http, response, body ? undefined : requestEntityTooLarge(bodyLimitBytes));
  }
}

/** A target is a path; resolved against a base, one that begins with two slashes would be a host. */
function urlOf(target: string): URL {
  const path = target.startsWith("/") ? target : `/${target}`;
  return new URL(`http://emulator.invalid${path}`);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  refuse(response, error instanceof BodyTooLargeError ? 413 : 500, String(error));
}

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(`${JSON.stringify({ error })}\n`);
}

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { foreignRequest, requestEntityTooLarge } from "../api-errors";
import type { ApiError } from "../api-errors";
import { ControlEndpoint, controlPath, sendJson } from "../control/control-endpoint";
import { PageEndpoint } from "../page/page-endpoint";
import type { Authentication } from "../wire/authentication";
import { ApiEndpoint } from "./api-endpoint";
import type { EmulatorState } from "./emulator-state";
import { reasonToRefuse } from "./foreign-request";
import { headLimitBytes, malformedRequestAnswer } from "./malformed-request";
import { BodyTooLargeError, bodyLimitBytes, controlBodyLimitBytes, readBody } from "./request-body";
import { readTarget } from "./request-target";

/**
 * How long an idle connection stays open: as in nginx (https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout).
 * Clients that keep connections have to be the first to close them.
 */
const keepAliveTimeoutMs = 75_000;

/** Node.js counts it from the end of the last request: it has to be longer than the time between two. */
const headersTimeoutMs = keepAliveTimeoutMs + 15_000;

/** The one HTTP server, with the API at `/` and the control API beside it. */
export class HttpServer {
  readonly #stop = new AbortController();
  readonly #server: Server;
  readonly #api: ApiEndpoint;
  readonly #control: ControlEndpoint;
  readonly #page: PageEndpoint;
  readonly #host: string;
  readonly #allowedHosts: readonly string[];

  constructor(
    state: EmulatorState,
    authentication: Authentication,
    { host, allowedHosts }: { readonly host: string; readonly allowedHosts: readonly string[] },
  ) {
    this.#host = host;
    this.#allowedHosts = allowedHosts;
    this.#api = new ApiEndpoint(state, authentication, this.#stop.signal);
    this.#control = new ControlEndpoint(state);
    this.#page = new PageEndpoint(state);
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      this.#serve(request, response).catch((error: unknown) => {
        fail(response, error);
      });
    };
    this.#server = createServer(
      {
        keepAliveTimeout: keepAliveTimeoutMs,
        headersTimeout: headersTimeoutMs,
        maxHeaderSize: headLimitBytes,
        // Its own answer has no body.
        requireHostHeader: false,
      },
      serve,
    );
    // Node.js drops the headers beyond a number without a word: their size is limited instead.
    this.#server.maxHeadersCount = 0;
    // An expectation that is not known may be ignored (RFC 9110, section 10.1.1).
    this.#server.on("checkExpectation", serve);
    this.#server.on("connect", (_, socket: Duplex) => {
      socket.end(malformedRequestAnswer("CONNECT"));
    });
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (!socket.writable || error.code === "ECONNRESET") socket.destroy();
      else endReading(socket, malformedRequestAnswer(error.code));
    });
  }

  /** Resolves with the port once requests are accepted. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, this.#host, () => {
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
    const { authority, url } = readTarget(request.url ?? "/");
    const isPage = this.#page.has(url.pathname);
    const hosts = request.headersDistinct.host ?? [];
    const isControl = url.pathname.startsWith(controlPath);
    const refusal = reasonToRefuse(
      {
        authority: authority ?? hosts[0],
        headers: request.headers,
        localAddress: request.socket.localAddress,
        opensPage: isPage && method === "GET" && request.headers["sec-fetch-mode"] === "navigate",
      },
      this.#host,
      this.#allowedHosts,
    );
    const limitBytes = isControl && refusal === undefined ? controlBodyLimitBytes : bodyLimitBytes;
    // The body of a refused request is read too: the connection can then be used again.
    const body = await readBody(request, limitBytes);
    if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion !== "1.0")) {
      refuse(response, 400, `a request must have one Host header, this one has ${hosts.length}`);
      return;
    }
    if (isPage || isControl) {
      if (refusal !== undefined) refuse(response, 403, refusal);
      else if (isPage) await this.#page.answer(method, url.pathname, response);
      else if (!body) throw new BodyTooLargeError(limitBytes);
      else await this.#control.answer(method, url.pathname, body, response);
      return;
    }
    const http = { method, url, headers: request.headers, body: body ?? Buffer.alloc(0) };
    await this.#api.answer(http, response, apiRefusal(refusal, body !== undefined));
  }
}

/** The refusal of a call for how it came, before anything in it is read. */
function apiRefusal(foreign: string | undefined, hasBody: boolean): ApiError | undefined {
  if (foreign !== undefined) return foreignRequest(foreign);
  return hasBody ? undefined : requestEntityTooLarge(bodyLimitBytes);
}

/** A client that is still sending would lose an answer that comes with a reset of the connection: what it sends is read. */
function endReading(socket: Duplex, answer: string): void {
  socket.end(answer);
  socket.resume();
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  refuse(response, error instanceof BodyTooLargeError ? 413 : 500, String(error));
}

function refuse(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, { error });
}

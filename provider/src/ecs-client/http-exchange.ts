import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Endpoint } from "./endpoints";
import { ProxyFailure } from "./proxies";

/** What a server has answered. @internal */
export interface Answer {
  readonly httpStatus: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** A request to an endpoint. Its parameters travel in the query. @internal */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Opens connections; `undefined` for a direct connection. */
  readonly agent: http.Agent | undefined;
}

/** A connection that failed before the whole answer arrived. @internal */
export class ConnectionFailure extends Error {
  override readonly name = "ConnectionFailure";

  constructor(
    /** A code of Node, such as `ECONNREFUSED`. */
    readonly code: string,
    /** Whether the request may have been sent. */
    readonly maySent: boolean,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

const direct = {
  http: new http.Agent({ keepAlive: true }),
  https: new https.Agent({ keepAlive: true }),
};

/**
 * Sends one request without a body. It has no time limit: the caller aborts it.
 *
 * @throws ConnectionFailure, or the error of the agent
 * @internal
 */
export function exchange({ endpoint, path, headers, agent }: Exchange, signal: AbortSignal): Promise<Answer> {
  const { protocol, host } = endpoint;
  const { hostname, port } = new URL(`${protocol}://${host}`);
  return new Promise((resolve, reject) => {
    let maySent = false;
    const fail = (error: NodeJS.ErrnoException) => {
      const fromAgent = error instanceof ProxyFailure || error.code === undefined;
      reject(fromAgent ? error : new ConnectionFailure(error.code ?? "", maySent, error));
    };
    const request = (protocol === "https" ? https : http).request({
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port,
      path,
      headers,
      method: "POST",
      agent: agent ?? direct[protocol],
      signal,
    });
    request.once("socket", (socket: Socket) => {
      maySent = request.reusedSocket;
      if (!maySent) socket.once(protocol === "https" ? "secureConnect" : "connect", () => (maySent = true));
    });
    request.once("error", fail);
    request.once("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("error", fail);
      response.once("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({ httpStatus: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.end();
  });
}

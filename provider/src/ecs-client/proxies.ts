import { Address4, Address6 } from "ip-address";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { EndpointError, isLoopback, type Endpoint } from "./endpoints";

/** The proxy of the environment for one endpoint. @internal */
export interface Proxy {
  readonly url: URL;
  /** The variable that names it. */
  readonly variable: string;
}

/** A proxy that refused, or could not be reached. The request was not sent. @internal */
export class ProxyFailure extends Error {
  override readonly name = "ProxyFailure";

  constructor(
    /** A code of Node, such as `ECONNREFUSED`, or `ProxyRefused`. */
    readonly code: string,
    /** The proxy's answer; `undefined` without one. */
    readonly httpStatus: number | undefined,
    /** The proxy's URL, without its password. */
    readonly proxyUrl: string,
  ) {
    super(`${proxyUrl}: ${code}`);
  }
}

/**
 * The proxy for the endpoint, by the variables that other tools read: HTTPS_PROXY or HTTP_PROXY by the endpoint's protocol,
 * and NO_PROXY, each in upper or lower case. A loopback endpoint never has one.
 *
 * @throws EndpointError for a proxy that is no URL
 * @internal
 */
export function proxyFor(endpoint: Endpoint, env: NodeJS.ProcessEnv): Proxy | undefined {
  const { hostname, port } = new URL(`${endpoint.protocol}://${endpoint.host}`);
  if (isLoopback(hostname)) return undefined;
  const name = `${endpoint.protocol}_proxy`;
  const variable = [name, name.toUpperCase()].find((one) => Boolean(env[one]?.trim()));
  const value = variable === undefined ? "" : (env[variable]?.trim() ?? "");
  if (variable === undefined) return undefined;
  const exceptions = [env.no_proxy, env.NO_PROXY].find((one) => Boolean(one?.trim())) ?? "";
  if (isException(exceptions, hostname, port || "443")) return undefined;
  const text = value.includes("://") ? value : `http://${value}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new EndpointError(
      `${variable}: "${value.replace(/[^/\s]*@/g, "[hidden]@")}" is not a proxy; expected a URL such as ` +
        `http://proxy.example.com:3128`,
    );
  }
  return { url: new URL(text), variable };
}

/** Whether NO_PROXY lists the host: by name, by a domain around it, by address, block or `*`, with or without a port. */
function isException(exceptions: string, hostname: string, port: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return isInBlock(host, entry);
      const [, name = "", entryPort] = /^(?:\*?\.)?\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
      // An IPv6 address is no name with a port.
      if (Address6.isValid(entry.replace(/^\[|\]$/g, ""))) return host === entry.replace(/^\[|\]$/g, "");
      if (entryPort !== undefined && entryPort !== port) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

function isInBlock(host: string, block: string): boolean {
  if (!Address4.isValid(host) || !Address4.isValid(block)) return false;
  return new Address4(host).isInSubnet(new Address4(block));
}

/** The proxy's URL for messages, without its password. @internal */
export function describeProxy({ url }: Proxy): string {
  const user = url.username === "" ? "" : "[hidden]@";
  return `${url.protocol}//${user}${url.host}`;
}

/**
 * Opens TLS connections through the proxy, and keeps them for further requests. The libraries for that replay a proxy's
 * refusal as if the endpoint had answered it.
 * @internal
 */
export class TunnelAgent extends https.Agent {
  constructor(private readonly proxy: Proxy) {
    super({ keepAlive: true });
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const done = callback as (error: Error | null, stream?: Duplex) => void;
    const authority = `${String(options.host).includes(":") ? `[${options.host}]` : options.host}:${options.port}`;
    connectThrough(this.proxy, authority, options.signal).then(
      (socket) => {
        done(null, super.createConnection({ ...options, socket } as https.RequestOptions) ?? undefined);
      },
      (error: unknown) => {
        done(error as Error);
      },
    );
  }
}

function connectThrough(proxy: Proxy, authority: string, signal: AbortSignal | undefined): Promise<Socket> {
  const { url } = proxy;
  const { protocol, hostname, port, username, password } = url;
  const login = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  return new Promise((resolve, reject) => {
    const request = (protocol === "https:" ? https : http).request({
      method: "CONNECT",
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port,
      path: authority,
      headers: {
        host: authority,
        ...(username === "" ? {} : { "proxy-authorization": `Basic ${login.toString("base64")}` }),
      },
      agent: false,
      signal,
    });
    const refuse = (code: string, httpStatus?: number) => {
      reject(new ProxyFailure(code, httpStatus, describeProxy(proxy)));
    };
    request.once("connect", (response, socket: Socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      refuse("ProxyRefused", response.statusCode);
    });
    // A server that is no proxy answers like this.
    request.once("response", (response) => {
      response.destroy();
      refuse("ProxyRefused", response.statusCode);
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      refuse(error.code ?? "ProxyUnreachable");
    });
    request.end();
  });
}

/** The text without percent-encoding, where it is valid. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { Address4, Address6 } from "ip-address";
import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { EndpointError, hideLogin, isLoopback, type Endpoint } from "./endpoints";

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
    message: string,
  ) {
    super(message);
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
  const url = parseProxy(value);
  if (url === undefined) {
    throw new EndpointError(
      `${variable}: ${JSON.stringify(hideLogin(value))} is not a proxy; expected a URL without a path such as ` +
        `http://proxy.example.com:3128; in a user or a password, write / ? # \\ as %2F %3F %23 %5C`,
    );
  }
  return { url, variable };
}

function parseProxy(value: string): URL | undefined {
  const text = value.includes("://") ? value : `http://${value}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // In front of a path, the beginning of a password may look like a port.
  const plain = url.pathname === "/" && `${url.search}${url.hash}` === "";
  return plain && /^https?:$/.test(url.protocol) ? url : undefined;
}

/**
 * Whether NO_PROXY lists the host: by name, by a domain around it, by address, block or `*`, with or without a port. Where curl,
 * Go and Node differ, an entry counts that only one of them understands.
 */
function isException(exceptions: string, hostname: string, port: string): boolean {
  const host = bareHost(hostname);
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return isInBlock(host, entry);
      // An IPv6 address is no name with a port.
      const address = addressIn(bareHost(entry));
      if (address instanceof Address6) return addressIn(host)?.correctForm() === address.correctForm();
      const [, name = "", entryPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const listed = bareHost(name);
      if (listed === "" || (entryPort !== undefined && entryPort !== port)) return false;
      return host === listed || host.endsWith(`.${listed}`);
    });
}

/** The host without brackets, and without the dot that ends a complete name. */
function bareHost(host: string): string {
  return host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

function addressIn(text: string): Address4 | Address6 | undefined {
  if (Address4.isValid(text)) return new Address4(text);
  return Address6.isValid(text) ? new Address6(text) : undefined;
}

function isInBlock(host: string, block: string): boolean {
  const [address, around] = [addressIn(host), addressIn(block)];
  if (address instanceof Address4) return around instanceof Address4 && address.isInSubnet(around);
  return address !== undefined && around instanceof Address6 && address.isInSubnet(around);
}

/** The proxy for messages: its variable, and its URL without its password. @internal */
export function describeProxy({ url, variable }: Proxy): { readonly url: string; readonly variable: string } {
  const user = hasLogin(url) ? "[hidden]@" : "";
  return { url: `${url.protocol}//${user}${url.host}`, variable };
}

function hasLogin({ username, password }: URL): boolean {
  return `${username}${password}` !== "";
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
    const host = bareHost(hostname);
    const request = (protocol === "https:" ? https : http).request({
      method: "CONNECT",
      hostname: host,
      // Node would expect the endpoint's certificate, by the header `host`.
      servername: isIP(host) === 0 ? host : "",
      port,
      path: authority,
      headers: {
        host: authority,
        ...(!hasLogin(url) ? {} : { "proxy-authorization": `Basic ${login.toString("base64")}` }),
      },
      agent: false,
      signal,
    });
    const refuse = ({ statusCode }: http.IncomingMessage) => {
      reject(new ProxyFailure("ProxyRefused", statusCode, "the proxy refused"));
    };
    request.once("connect", (response, socket: Socket) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) {
        resolve(socket);
        return;
      }
      socket.destroy();
      refuse(response);
    });
    // A server that is no proxy answers like this.
    request.once("response", (response) => {
      response.destroy();
      refuse(response);
    });
    request.once("error", ({ code = "ProxyUnreachable", message }: NodeJS.ErrnoException) => {
      reject(new ProxyFailure(code, undefined, message));
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

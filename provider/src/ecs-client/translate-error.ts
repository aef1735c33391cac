import { EcsError } from "../ecs/ecs-error";
import { verdictOf } from "../ecs/verdict";
import type { Pacing } from "../shared/retry";
import { ConnectionFailure } from "./http-exchange";
import { ProxyFailure } from "./proxies";

/** Codes of Node for a certificate that it does not accept: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateCodes: readonly string[] = [
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_CRL",
  "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
  "UNABLE_TO_DECRYPT_CRL_SIGNATURE",
  "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
  "CERT_SIGNATURE_FAILURE",
  "CRL_SIGNATURE_FAILURE",
  "CERT_NOT_YET_VALID",
  "CERT_HAS_EXPIRED",
  "CRL_NOT_YET_VALID",
  "CRL_HAS_EXPIRED",
  "ERROR_IN_CERT_NOT_BEFORE_FIELD",
  "ERROR_IN_CERT_NOT_AFTER_FIELD",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_CHAIN_TOO_LONG",
  "CERT_REVOKED",
  "INVALID_CA",
  "PATH_LENGTH_EXCEEDED",
  "INVALID_PURPOSE",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "HOSTNAME_MISMATCH",
  "ERR_TLS_CERT_ALTNAME_INVALID",
];

/** Codes of Node for a value that it refuses to send. */
const unsendableCodes: readonly string[] = ["ERR_INVALID_CHAR", "ERR_UNESCAPED_CHARACTERS"];

/**
 * Turns an error of a request without an answer into an {@link EcsError}. After a request that may have been sent, the
 * outcome is unknown.
 * @internal
 */
export function translateError(action: string, thrown: unknown): EcsError {
  if (thrown instanceof EcsError) return thrown;
  const error = (code: string, verdict: "final" | "transient", reason: string, httpStatus?: number) =>
    new EcsError({ action, code, httpStatus, requestId: undefined, verdict, reason }, thrown);
  const proxy = thrown instanceof ProxyFailure ? thrown : undefined;
  if (proxy?.httpStatus !== undefined) {
    const { httpStatus } = proxy;
    const login = httpStatus === 407 ? ": it needs a user and a password in its URL, or other ones" : "";
    const verdict = verdictOf("", httpStatus) === "final" ? "final" : "transient";
    return error(proxy.code, verdict, `the proxy refused the connection${login}`, httpStatus);
  }
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  if (typeof code !== "string") {
    return error("UnexpectedAnswer", "transient", "the answer is not what the API documents");
  }
  const { message } = thrown as Error;
  if (unsendableCodes.includes(code)) {
    return error(code, "final", `HTTP does not allow a value of the request: ${message}`);
  }
  if (certificateCodes.includes(code)) {
    return error(
      code,
      "final",
      `the certificate${proxy === undefined ? "" : " of the proxy"} is not accepted: ${message}`,
    );
  }
  const server = proxy === undefined ? "server" : "proxy";
  const maySent = proxy === undefined && (!(thrown instanceof ConnectionFailure) || thrown.maySent);
  if (!maySent && isTlsCode(code)) {
    return error(code, "final", `the ${server} does not speak TLS as this client does`);
  }
  if (code.startsWith("HPE_")) return error(code, "transient", `the ${server} does not speak HTTP`);
  const lost =
    proxy === undefined
      ? "cannot connect, or the connection was lost"
      : "cannot connect to the proxy, or it closed the connection";
  return error(code, "transient", lost);
}

function isTlsCode(code: string): boolean {
  return code === "EPROTO" || code.startsWith("ERR_SSL_");
}

/** What the verdict on a failure depends on, besides the failure itself. @internal */
export interface EndpointHistory {
  /** The endpoint's URL. */
  readonly url: string;
  /** The settings that name it. */
  readonly settings: string;
  /** The proxy on the way, if there is one: its URL without its password, and the variable that names it. */
  readonly proxy: { readonly url: string; readonly variable: string } | undefined;
  /** Whether the endpoint has ever given an answer of the API. */
  readonly answered: boolean;
  /** How long calls have failed without such an answer. */
  readonly failingMs: number;
  /** Whether the call changes something: its outcome must stay unknown. */
  readonly writes: boolean;
  readonly pacing: Pick<Pacing, "unreachableMs" | "unreadableMs">;
}

/** Whether the failure is an answer of the API: any other server answers without a code. @internal */
export function isAnswerOfApi({ code, httpStatus }: EcsError): boolean {
  const foreign = ["UnreadableAnswer", "UnexpectedAnswer", "UnnamedError", "ProxyRefused"];
  return httpStatus !== undefined && !foreign.includes(code);
}

/**
 * The failure with the endpoint's URL, and with what to check. An endpoint that never answered as the API does is given up
 * early; one that did is retried until the time-out.
 * @internal
 */
export function judgeFailure(error: EcsError, history: EndpointHistory): EcsError {
  if (isAnswerOfApi(error)) return error;
  const { url, proxy, answered, failingMs, writes, pacing } = history;
  const { action, code, httpStatus, requestId, reason } = error;
  const atProxy = isOfProxy(error);
  const misdirected = isMisdirected(error, url);
  const patienceMs = misdirected ? pacing.unreadableMs : pacing.unreachableMs;
  // What a proxy did not let through was not executed.
  const mayGiveUp = error.verdict === "transient" && !answered && (!writes || atProxy);
  const givesUp = mayGiveUp && failingMs >= patienceMs;
  const verdict = givesUp ? "final" : error.verdict;
  const through = proxy === undefined ? "" : `, through the proxy ${proxy.url}`;
  const route = atProxy ? ` (proxy ${proxy?.url}, on the way to ${url})` : ` at ${url}${through}`;
  const told = [`${reason.replace(/[.\s]+$/, "")}${route}`];
  if (givesUp && !misdirected) told.push(`it has never answered: ${whatToCheckFirst(history)}`);
  else if (verdict === "final" || (misdirected && !(atProxy && answered)))
    told.push(whatToCheck(code, history, atProxy));
  else if (proxy !== undefined && !answered) told.push(`check ${proxy.variable} and NO_PROXY`);
  // A preview does not try for long: its warning needs what to check as well.
  else if (httpStatus === undefined && !answered && !writes) told.push(whatToCheckFirst(history));
  return new EcsError({ action, code, httpStatus, requestId, verdict, reason: told.join("; ") }, error.cause);
}

/** Whether the request did not get further than the proxy. */
function isOfProxy(error: EcsError): boolean {
  return error.cause instanceof ProxyFailure;
}

/** Whether the failure suggests that the server, or the proxy, is another one than expected. */
function isMisdirected(error: EcsError, url: string): boolean {
  const { code, httpStatus } = error;
  // A server that expects TLS closes a plain connection.
  if (httpStatus === undefined)
    return (
      code.startsWith("HPE_") || (code === "ECONNRESET" && (isOfProxy(error) || url.startsWith("http:")))
    );
  return httpStatus < 500 && !isOfProxy(error);
}

function whatToCheckFirst({ settings, proxy }: EndpointHistory): string {
  return proxy === undefined
    ? `check the region, the network, and ${settings}, and HTTPS_PROXY if only a proxy leads out`
    : `check the region, the network, ${settings}, ${proxy.variable} and NO_PROXY`;
}

function whatToCheck(code: string, { settings, url, proxy }: EndpointHistory, atProxy: boolean): string {
  const byProxy = proxy === undefined ? [] : [`${proxy.variable} and NO_PROXY`];
  const places = atProxy ? byProxy : [settings, ...byProxy];
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return `check ${["the clock of this machine", ...places].join(", ")}`;
  if (certificateCodes.includes(code))
    return `check ${places.join(", ")}; for a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA`;
  if (isTlsCode(code) || code.startsWith("HPE_") || code === "ECONNRESET") {
    const spoken = (of: string) => `(${of.split(":")[0]} is spoken here)`;
    return atProxy && proxy !== undefined
      ? `check the scheme and the port of ${proxy.variable} ${spoken(proxy.url)} and NO_PROXY`
      : `check the scheme and the port of ${[`${settings} ${spoken(url)}`, ...byProxy].join(", ")}`;
  }
  if (atProxy) return `check ${places.join(", ")}`;
  return `check ${places.join(", ")}, and whether a proxy, a login page or a gateway answers instead`;
}

import { EcsError } from "../ecs/ecs-error";
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
  if (thrown instanceof ProxyFailure) {
    const { httpStatus = 0 } = thrown;
    if (thrown.httpStatus === undefined)
      return error(thrown.code, "transient", "cannot connect to the proxy");
    const login = httpStatus === 407 ? ": it needs a user and a password in its URL, or other ones" : "";
    const verdict = httpStatus < 500 ? "final" : "transient";
    return error(thrown.code, verdict, `the proxy refused the connection${login}`, httpStatus);
  }
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  if (typeof code !== "string") {
    return error("UnexpectedAnswer", "transient", "the answer is not what the API documents");
  }
  if (unsendableCodes.includes(code)) {
    return error(code, "final", `HTTP does not allow a value of the request: ${(thrown as Error).message}`);
  }
  if (certificateCodes.includes(code)) {
    return error(code, "final", `the certificate is not accepted: ${(thrown as Error).message}`);
  }
  const maySent = !(thrown instanceof ConnectionFailure) || thrown.maySent;
  if (!maySent && (code === "EPROTO" || code.startsWith("ERR_SSL_"))) {
    return error(code, "final", "the server does not speak TLS as this client does");
  }
  if (code.startsWith("HPE_")) return error(code, "transient", "the server does not speak HTTP");
  return error(code, "transient", "cannot connect, or the connection was lost");
}

/** What the verdict on a failure depends on, besides the failure itself. @internal */
export interface EndpointHistory {
  /** The endpoint's URL. */
  readonly url: string;
  /** The settings that name it. */
  readonly settings: string;
  /** The proxy's URL without its password, if there is a proxy. */
  readonly proxyUrl: string | undefined;
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
  const { url, settings, proxyUrl, answered, failingMs, writes, pacing } = history;
  const { action, code, httpStatus, requestId, reason } = error;
  const misdirected = isMisdirected(error, url);
  const patienceMs = misdirected ? pacing.unreadableMs : pacing.unreachableMs;
  const givesUp = error.verdict === "transient" && !answered && !writes && failingMs >= patienceMs;
  const route = proxyUrl === undefined ? `at ${url}` : `at ${url}, through the proxy ${proxyUrl}`;
  const verdict = givesUp ? "final" : error.verdict;
  const told = [`${reason.replace(/[.\s]+$/, "")} ${route}`];
  if (givesUp && !misdirected) {
    const proxies = proxyUrl === undefined ? ", and HTTPS_PROXY if only a proxy leads out" : "";
    told.push(`it has never answered: check the region, the network, and ${settings}${proxies}`);
  } else if (verdict === "final" || misdirected) {
    told.push(whatToCheck(code, settings, url));
  }
  return new EcsError({ action, code, httpStatus, requestId, verdict, reason: told.join("; ") }, error.cause);
}

/** Whether the failure suggests that the server is not the API's. */
function isMisdirected({ code, httpStatus }: EcsError, url: string): boolean {
  // A server that expects TLS closes a plain connection.
  if (httpStatus === undefined)
    return code.startsWith("HPE_") || (code === "ECONNRESET" && url.startsWith("http:"));
  return httpStatus < 500;
}

function whatToCheck(code: string, settings: string, url: string): string {
  if (code === "ProxyRefused") return "check HTTPS_PROXY and NO_PROXY";
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return `check the clock of this machine, ${settings}, and the proxy`;
  if (certificateCodes.includes(code))
    return `check ${settings} and the proxy; for a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("HPE_") || code === "ECONNRESET")
    return `check the scheme and the port of ${settings}: ${url.split(":")[0]} is spoken here`;
  return `check ${settings}, and whether a proxy, a login page or a gateway answers instead`;
}

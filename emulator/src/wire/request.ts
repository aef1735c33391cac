import type { IncomingHttpHeaders } from "node:http";
import type { RawParameters } from "./parameters";

/** A request as it came over HTTP. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request, read as a call of the API; nothing in it is verified yet. */
export interface ApiRequest {
  readonly http: HttpRequest;
  /** Which of the two signatures it carries, or would have to carry. */
  readonly signature: "ACS3" | "HMAC-SHA1";
  readonly action: string | undefined;
  readonly version: string | undefined;
  /** The form of the answer that it asks for, in the client's spelling. */
  readonly format: string | undefined;
  /** Query and form body merged: what the older signature covers. */
  readonly merged: RawParameters;
  /** Those of them that are the operation's. */
  readonly params: RawParameters;
}

/**
 * What every call may carry, with the older signature above all. It says who asks and how, not what: a repetition with
 * the same ClientToken has another nonce and another signature, and is the same call.
 *
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
 */
const commonParameters = new Set([
  "Action",
  "Version",
  "Format",
  "AccessKeyId",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureNonce",
  "SignatureType",
  "SignatureVersion",
  "Timestamp",
]);

/** Reads a request as a call. */
export function readRequest(http: HttpRequest): ApiRequest {
  const merged = mergedParameters(http);
  const signature = http.headers.authorization?.startsWith("ACS3-") ? "ACS3" : "HMAC-SHA1";
  const common = (header: string, parameter: string) => {
    const places = [text(http.headers[header]), text(merged[parameter])];
    // The older signature does not cover headers, which some clients send all the same.
    return (signature === "ACS3" ? places : places.reverse()).find((value) => value !== undefined);
  };
  return {
    http,
    signature,
    action: common("x-acs-action", "Action"),
    version: common("x-acs-version", "Version"),
    format: text(merged.Format),
    merged,
    params: Object.fromEntries(Object.entries(merged).filter(([name]) => !commonParameters.has(name))),
  };
}

/** Some clients send an `application/x-www-form-urlencoded` body, alone or beside a query. */
function mergedParameters({ url, headers, body }: HttpRequest): RawParameters {
  const isForm = headers["content-type"]?.toLowerCase().startsWith("application/x-www-form-urlencoded");
  const form = new URLSearchParams(isForm ? body.toString() : "");
  return Object.fromEntries([...url.searchParams, ...form]);
}

/** An empty text counts as absent. */
function text(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === "" ? undefined : first;
}

import { createHmac } from "node:crypto";
import { canonicalQuery, percentEncoded } from "./canonical-form";
import type { RawParameters } from "./parameters";

/**
 * The older signature, whose parts travel among the parameters. HMAC-SHA1 is the only method that its page has, and 1.0
 * the only version.
 *
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
 */
export const hmacSha1Method = "HMAC-SHA1";
export const hmacSha1Version = "1.0";

/** What is signed: the HTTP method and all parameters, those of a form included, but for the signature itself. */
export function hmacSha1StringToSign(method: string, parameters: RawParameters): string {
  const signed = Object.entries(parameters).filter(([name]) => name !== "Signature");
  return `${method}&${percentEncoded("/")}&${percentEncoded(canonicalQuery(signed))}`;
}

/** Signs with the secret and an ampersand behind it. */
export function hmacSha1Sign(text: string, accessKeySecret: string): string {
  return createHmac("sha1", `${accessKeySecret}&`).update(text).digest("base64");
}

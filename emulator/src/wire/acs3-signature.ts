import { createHash, createHmac } from "node:crypto";
import { canonicalQuery } from "./canonical-form";

/**
 * The ACS3-HMAC-SHA256 signature.
 *
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export const acs3Algorithm = "ACS3-HMAC-SHA256";

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** An `Authorization` header, taken apart. */
export interface Acs3Authorization {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Takes the header apart; undefined where it is not of the form that the algorithm prescribes. */
export function parseAuthorization(header: string): Acs3Authorization | undefined {
  const match =
    /^ACS3-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})$/.exec(
      header.trim(),
    );
  const [, accessKeyId, signedHeaders, signature] = match ?? [];
  if (accessKeyId === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return { accessKeyId, signedHeaders: signedHeaders.split(";"), signature };
}

/** What is signed: the algorithm and a digest of the request in its canonical form. */
export function stringToSign(request: SignedRequest, signedHeaders: readonly string[]): string {
  const names = [...signedHeaders].sort();
  const canonical = [
    request.method,
    "/",
    // Clients write the query in several ways (`*` and `'` stay as they are in some): it is decoded and encoded again.
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${headerText(request.headers[name])}`),
    "",
    names.join(";"),
    bodyDigest(request.body),
  ].join("\n");
  return `${acs3Algorithm}\n${sha256(canonical)}`;
}

/** The lower-case hexadecimal SHA-256 of a body, which also travels in `x-acs-content-sha256`. */
export function bodyDigest(body: Uint8Array): string {
  return sha256(body);
}

/** Signs with the secret as it is. */
export function sign(text: string, accessKeySecret: string): string {
  return createHmac("sha256", accessKeySecret).update(text).digest("hex");
}

function headerText(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim();
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

import { timingSafeEqual } from "node:crypto";
import {
  incompleteSignature,
  invalidCommonParameter,
  invalidSignatureMethod,
  missingCommonParameter,
  signatureDoesNotMatch,
  stringToSignDoesNotMatch,
} from "../api-errors";
import { acs3Algorithm, bodyDigest, parseAuthorization, sign, stringToSign } from "./acs3-signature";
import { hmacSha1Method, hmacSha1Sign, hmacSha1StringToSign, hmacSha1Version } from "./hmac-sha1-signature";
import type { ApiRequest } from "./request";

/** What a request says of its sender, whichever signature it carries. */
export interface Claim {
  readonly accessKeyId: string;
  readonly securityToken: string | undefined;
  /** When it was made, in milliseconds; NaN where that cannot be read. */
  readonly madeAtMs: number;
  readonly nonce: string;
  /** Throws unless the request was signed with that secret, and arrived as it was signed. */
  checkSignature(accessKeySecret: string): void;
}

/** Takes the parts of the signature together; throws the gateway's answer where one is missing. */
export function readClaim(request: ApiRequest): Claim {
  return request.signature === "ACS3" ? acs3Claim(request) : hmacSha1Claim(request);
}

/** Headers that decide what happens: where they are, they must be signed. The documentation asks it of all headers. */
const signedWhereGiven = ["x-acs-action", "x-acs-version", "x-acs-security-token"];

function acs3Claim({ http }: ApiRequest): Claim {
  const header = http.headers.authorization ?? "";
  if (!header.startsWith(`${acs3Algorithm} `)) throw invalidSignatureMethod();
  const authorization = parseAuthorization(header);
  if (!authorization)
    throw incompleteSignature(
      `The header Authorization must read ${acs3Algorithm} Credential=…,SignedHeaders=…,Signature=….`,
    );
  const given = (name: string) => {
    const value = http.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const signed = (name: string): string | undefined => {
    const value = given(name);
    if (value !== undefined && !authorization.signedHeaders.includes(name))
      throw incompleteSignature(`The header ${name} is not signed.`);
    return value;
  };
  const madeAt = signed("x-acs-date");
  if (madeAt === undefined) throw missingCommonParameter("Timestamp");
  const nonce = signed("x-acs-signature-nonce");
  if (nonce === undefined) throw missingCommonParameter("SignatureNonce");
  const digest = signed("x-acs-content-sha256");
  if (digest === undefined || signed("host") === undefined)
    throw incompleteSignature("The headers host and x-acs-content-sha256 must be there.");
  signedWhereGiven.forEach(signed);
  return {
    accessKeyId: authorization.accessKeyId,
    securityToken: given("x-acs-security-token"),
    madeAtMs: readTimestamp(madeAt),
    nonce,
    checkSignature(secret) {
      const text = stringToSign({ ...http, query: http.url.searchParams }, authorization.signedHeaders);
      if (digest !== bodyDigest(http.body) || !same(sign(text, secret), authorization.signature))
        throw signatureDoesNotMatch(text);
    },
  };
}

function hmacSha1Claim({ http, merged }: ApiRequest): Claim {
  const required = (name: string): string => {
    const value = merged[name];
    if (value === undefined || value === "") throw missingCommonParameter(name);
    return value;
  };
  const accessKeyId = required("AccessKeyId");
  const signature = required("Signature");
  // A header that names them is not signed.
  required("Action");
  required("Version");
  const madeAt = required("Timestamp");
  const nonce = required("SignatureNonce");
  if (required("SignatureVersion") !== hmacSha1Version) throw invalidCommonParameter("SignatureVersion");
  // It may be left out: https://developer.aliyun.com/ask/278265
  if ((merged.SignatureMethod ?? hmacSha1Method) !== hmacSha1Method) throw invalidSignatureMethod();
  return {
    accessKeyId,
    securityToken: merged.SecurityToken,
    madeAtMs: readTimestamp(madeAt),
    nonce,
    checkSignature(secret) {
      const text = hmacSha1StringToSign(http.method, merged);
      if (!same(hmacSha1Sign(text, secret), signature)) throw stringToSignDoesNotMatch(text);
    },
  };
}

/**
 * Reads a time in UTC. The documentation has whole seconds only. Clients send fractions, and the cloud accepts them:
 * milliseconds in louislam/uptime-kuma issue 5086, nanoseconds from the SDK in Rust, lvillis/aliyun-sdk-rust.
 */
function readTimestamp(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
}

/** Compares without telling by its duration where the two differ. */
function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

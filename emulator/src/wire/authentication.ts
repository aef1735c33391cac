import {
  accessKeyNotFound,
  illegalTimestamp,
  incompleteSignature,
  missingSecurityToken,
  securityTokenMismatch,
  signatureDoesNotMatch,
  signatureNonceUsed,
  timestampExpired,
  timestampFormat,
} from "../api-errors";
import { bodyDigest, parseAuthorization, sameSignature, sign, stringToSign } from "./acs3-signature";
import type { SignedRequest } from "./acs3-signature";
import { Nonces } from "./nonces";

/**
 * The one key pair that is known; with a security token it is a temporary one.
 *
 * @public
 */
export interface Credentials {
  /** Default `test`. */
  accessKeyId: string;
  /** Default `test`. */
  accessKeySecret: string;
  /** Requests must carry it in `x-acs-security-token` where it is set, and must carry none where it is not. */
  securityToken?: string;
}

/** A request's timestamp is good for fifteen minutes either way. */
const validMs = 15 * 60_000;

/** Whatever else a client signs, these decide what happens. */
const alwaysSigned = [
  "host",
  "x-acs-action",
  "x-acs-content-sha256",
  "x-acs-date",
  "x-acs-signature-nonce",
  "x-acs-version",
];

/** Decides whether a request comes from the owner of the key, is fresh, and was not seen before. */
export class Authentication {
  readonly #nonces = new Nonces();
  readonly #credentials: Credentials;
  readonly #now: () => number;

  constructor(credentials: Credentials, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
  }

  /** Throws the gateway's answer where it does not. */
  verify(request: SignedRequest): void {
    const header = single(request.headers.authorization);
    if (header === undefined) {
      // The place of the older HMAC-SHA1 signature, whose parameters travel in the query or in the form.
      throw incompleteSignature(
        request.query.has("SignatureMethod") || request.query.has("Signature")
          ? "The emulator does not know the HMAC-SHA1 signature yet; use ACS3-HMAC-SHA256."
          : "The header Authorization is missing.",
      );
    }
    const authorization = parseAuthorization(header);
    if (!authorization)
      throw incompleteSignature(
        "The header Authorization must read ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=….",
      );
    for (const name of alwaysSigned) {
      if (name === "x-acs-date" && request.headers[name] === undefined) throw illegalTimestamp();
      if (request.headers[name] === undefined) throw incompleteSignature(`The header ${name} is missing.`);
      if (!authorization.signedHeaders.includes(name))
        throw incompleteSignature(`The header ${name} is not signed.`);
    }
    this.#checkDate(single(request.headers["x-acs-date"]) ?? "");
    if (authorization.accessKeyId !== this.#credentials.accessKeyId) throw accessKeyNotFound();
    this.#checkSecurityToken(single(request.headers["x-acs-security-token"]));

    const text = stringToSign(request, authorization.signedHeaders);
    const expected = sign(text, this.#credentials.accessKeySecret);
    const bodyIsWhole = single(request.headers["x-acs-content-sha256"]) === bodyDigest(request.body);
    if (!bodyIsWhole || !sameSignature(expected, authorization.signature)) throw signatureDoesNotMatch(text);

    // Only a request that is genuine uses up its nonce.
    const nonce = single(request.headers["x-acs-signature-nonce"]) ?? "";
    if (!this.#nonces.use(nonce, this.#now(), 2 * validMs)) throw signatureNonceUsed();
  }

  #checkDate(date: string): void {
    const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(date) ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(ms)) throw timestampFormat();
    if (Math.abs(this.#now() - ms) > validMs) throw timestampExpired();
  }

  #checkSecurityToken(given: string | undefined): void {
    const expected = this.#credentials.securityToken;
    if (given === expected) return;
    throw given === undefined ? missingSecurityToken() : securityTokenMismatch();
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

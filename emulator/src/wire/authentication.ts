import {
  accessKeyNotFound,
  missingCommonParameter,
  securityTokenMalformed,
  securityTokenMismatch,
  signatureNonceUsed,
  timestampExpired,
  timestampFormat,
} from "../api-errors";
import { readClaim } from "./claim";
import type { Credentials } from "./credentials";
import { Nonces } from "./nonces";
import type { ApiRequest } from "./request";

/** A request's timestamp is good for fifteen minutes either way. */
const validMs = 15 * 60_000;

/** Decides whether a request comes from the owner of the key, is fresh, and was not seen before. */
export class Authentication {
  readonly #nonces = new Nonces();
  readonly #credentials: Credentials;
  readonly #now: () => number;

  constructor(credentials: Credentials, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
  }

  /** Throws the gateway's answer where it does not; the order is that of the gateway's table of errors. */
  verify(request: ApiRequest): void {
    const claim = readClaim(request);
    if (claim.accessKeyId !== this.#credentials.accessKeyId) throw accessKeyNotFound();
    this.#checkSecurityToken(claim.securityToken);
    if (Number.isNaN(claim.madeAtMs)) throw timestampFormat();
    if (Math.abs(this.#now() - claim.madeAtMs) > validMs) throw timestampExpired();
    claim.checkSignature(this.#credentials.accessKeySecret);
    // Only a request that is genuine uses up its nonce.
    if (!this.#nonces.use(claim.nonce, this.#now(), 2 * validMs)) throw signatureNonceUsed();
  }

  #checkSecurityToken(given = ""): void {
    const { securityToken: expected = "" } = this.#credentials;
    if (given === expected) return;
    if (given === "") throw missingCommonParameter("SecurityToken");
    throw expected === "" ? securityTokenMismatch() : securityTokenMalformed();
  }
}

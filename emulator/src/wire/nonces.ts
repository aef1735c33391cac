import { createHash } from "node:crypto";

/** The most nonces that are kept: with one more, the oldest is forgotten. */
export const maxNonces = 50_000;

/**
 * Nonces that were used, as digests: a nonce of the request would keep the whole request in memory. One is kept as long as a
 * request with it could still be fresh, and among the newest {@link maxNonces}.
 */
export class Nonces {
  readonly #expiries = new Map<string, number>();

  /** Whether the nonce is new; it is used from now on. */
  use(nonce: string, nowMs: number, validMs: number): boolean {
    for (const [used, expiresMs] of this.#expiries) {
      // In the order of use, so the first that is still valid ends the search.
      if (expiresMs > nowMs && this.#expiries.size < maxNonces) break;
      this.#expiries.delete(used);
    }
    const digest = createHash("sha256").update(nonce).digest("base64");
    if (this.#expiries.has(digest)) return false;
    this.#expiries.set(digest, nowMs + validMs);
    return true;
  }
}

/** Nonces that were used; one is kept for as long as a request with it could still be fresh. */
export class Nonces {
  readonly #expiries = new Map<string, number>();

  /** Whether the nonce is new; it is used from now on. */
  use(nonce: string, nowMs: number, validMs: number): boolean {
    for (const [used, expiresMs] of this.#expiries) {
      // In the order of use, so the first that is still valid ends the search.
      if (expiresMs > nowMs) break;
      this.#expiries.delete(used);
    }
    if (this.#expiries.has(nonce)) return false;
    this.#expiries.set(nonce, nowMs + validMs);
    return true;
  }
}

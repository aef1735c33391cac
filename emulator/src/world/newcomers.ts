import type { Behaviour } from "./behaviour";

interface Newcomer {
  readonly sinceMs: number;
  /** How many answers should have shown it. */
  answers: number;
}

/** ENIs that were made, but that reads do not show yet. */
export class Newcomers {
  readonly #newcomers = new Map<string, Newcomer>();

  add(eniId: string, nowMs: number): void {
    this.#newcomers.set(eniId, { sinceMs: nowMs, answers: 0 });
  }

  delete(eniId: string): void {
    this.#newcomers.delete(eniId);
  }

  /** Those that are hidden now. */
  hidden(nowMs: number, behaviour: Behaviour): ReadonlySet<string> {
    for (const [id, { sinceMs, answers }] of this.#newcomers)
      if (nowMs - sinceMs >= behaviour.newEniHiddenMs && answers >= behaviour.newEniHiddenReads)
        this.#newcomers.delete(id);
    return new Set(this.#newcomers.keys());
  }

  /** Counts an answer that these ENIs should have been in. */
  count(eniIds: readonly string[]): void {
    for (const id of eniIds) {
      const newcomer = this.#newcomers.get(id);
      if (newcomer) newcomer.answers++;
    }
  }
}

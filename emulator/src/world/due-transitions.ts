import type { Transition } from "./transitions";

/** A resource whose state changes by itself. */
interface Due<Kind> {
  readonly kind: Kind;
  readonly id: string;
  readonly transition: Transition;
}

/** The transitions to come, the earliest first: finding what is due does not look at all resources. */
export class DueTransitions<Kind> {
  readonly #queue: Due<Kind>[] = [];

  /** Adds a transition behind those that are due at the same time. */
  add(kind: Kind, id: string, transition: Transition): void {
    let [low, high] = [0, this.#queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#queue[middle]?.transition.dueMs ?? 0) <= transition.dueMs) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, { kind, id, transition });
  }

  /** Takes out the earliest transition if its time has come. */
  next(nowMs: number): Due<Kind> | undefined {
    const [first] = this.#queue;
    return first && first.transition.dueMs <= nowMs ? this.#queue.shift() : undefined;
  }
}

import type { Behaviour } from "./behaviour";
import type { Enis } from "./enis";
import type { Read } from "./stale-reads";

interface Write {
  readonly before: Enis;
  readonly atMs: number;
  /** How many answers have come from before it. */
  answers: number;
}

/**
 * The second of two replicas that answer reads of ENIs in turns: it learns of each write later. Only answers that differ count,
 * and the first one after a write is its own.
 */
export class LaggingReplica {
  #writes: Write[] = [];
  #isNext = true;

  /** Notes a write, with the ENIs as they were before it. */
  wrote(before: Enis, nowMs: number): void {
    this.#writes.push({ before, atMs: nowMs, answers: 0 });
    this.#isNext = true;
  }

  /** Makes it know everything. */
  catchUp(): void {
    this.#writes = [];
  }

  /** The ENIs that the answer comes from: the present ones, or those before the writes that it does not know. */
  choose(present: Enis, nowMs: number, behaviour: Behaviour, read: (enis: Enis) => Read<unknown>): Enis {
    this.#writes = this.#writes.filter((write) => isUnknown(write, nowMs, behaviour));
    const [oldest] = this.#writes;
    if (!oldest || textOf(read(oldest.before)) === textOf(read(present))) return present;
    this.#isNext = !this.#isNext;
    if (this.#isNext) return present;
    for (const write of this.#writes) write.answers++;
    return oldest.before;
  }
}

function textOf({ answer }: Read<unknown>): string {
  return JSON.stringify(answer);
}

function isUnknown({ atMs, answers }: Write, nowMs: number, behaviour: Behaviour): boolean {
  return nowMs - atMs < behaviour.replicaLagMs || answers < behaviour.replicaLagReads;
}

import type { Behaviour } from "./behaviour";
import type { Read } from "./stale-reads";
import type { World } from "./world";

interface Write {
  readonly before: World;
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

  /** To be told of each write, with the world as it was before. */
  wrote(before: World): void {
    this.#writes.push({ before, atMs: before.nowMs, answers: 0 });
    this.#isNext = true;
  }

  /** Makes it know everything. */
  catchUp(): void {
    this.#writes = [];
  }

  /** The world that the answer comes from. */
  choose(world: World, read: (world: World) => Read<unknown>): World {
    this.#writes = this.#writes.filter((write) => isUnknown(write, world.nowMs, world.behaviour));
    const [oldest] = this.#writes;
    if (!oldest || textOf(read(oldest.before)) === textOf(read(world))) return world;
    this.#isNext = !this.#isNext;
    if (this.#isNext) return world;
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

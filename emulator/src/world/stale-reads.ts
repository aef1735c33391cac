import type { Enis } from "./enis";

/** What a read would answer, and the ENIs that are in it. */
export interface Read<Answer = object> {
  readonly shown: readonly string[];
  readonly answer: Answer;
}

interface Lag {
  readonly before: Enis;
  /** Whose reads are stale; every ENI's where it is empty. */
  readonly eniIds: ReadonlySet<string>;
  left: number;
}

/**
 * Reads that lag behind the world: no documentation promises that DescribeNetworkInterfaces shows what was just written.
 */
export class StaleReads {
  #lags: Lag[] = [];
  #clearings = 0;

  /**
   * Announces a lag when its call arrives.
   *
   * @returns what begins it when the call has its effect: from then on, that number of answers that show one of these ENIs, or
   *   any ENI where none is named, come from `before`. It does nothing if reads were made current in the meantime.
   */
  announce(eniIds: readonly string[], answers: number): (before: Enis) => void {
    const announced = this.#clearings;
    return (before) => {
      if (announced === this.#clearings) this.#lags.push({ before, eniIds: new Set(eniIds), left: answers });
    };
  }

  /** Makes reads current again, and keeps them so after the calls that are under way. */
  clear(): void {
    this.#lags = [];
    this.#clearings++;
  }

  /**
   * Answers from the given ENIs, or from earlier ones. An ENI counts as shown if either of the two answers has it: an ENI
   * that was just created or removed is in one of them only. If several lags are due, the answer counts for all of them and
   * comes from the oldest: that one lies before the others' calls as well.
   */
  answer<Answer>(enis: Enis, read: (enis: Enis) => Read<Answer>): Answer {
    const current = read(enis);
    let oldest: Read<Answer> | undefined;
    for (const lag of this.#lags) {
      const stale = read(lag.before);
      if (!concerns(lag, current) && !concerns(lag, stale)) continue;
      lag.left--;
      oldest ??= stale;
    }
    this.#lags = this.#lags.filter((lag) => lag.left > 0);
    return (oldest ?? current).answer;
  }
}

function concerns(lag: Lag, { shown }: Read<unknown>): boolean {
  return lag.eniIds.size === 0 ? shown.length > 0 : shown.some((id) => lag.eniIds.has(id));
}

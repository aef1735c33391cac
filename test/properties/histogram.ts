/** Counts by kind, and by what was met. */
export type Counts = Record<string, Record<string, number>>;

/** Counts of the events in many histories. */
export class Histogram {
  private readonly counts: Counts = {};

  count(kind: string, what: string, times = 1): void {
    const ofKind = (this.counts[kind] ??= {});
    ofKind[what] = (ofKind[what] ?? 0) + times;
  }

  add(counts: Counts): void {
    for (const [kind, ofKind] of Object.entries(counts))
      for (const [what, times] of Object.entries(ofKind)) this.count(kind, what, times);
  }

  of(kind: string, what: string): number {
    return this.counts[kind]?.[what] ?? 0;
  }

  /** How many histories were counted. */
  get histories(): number {
    return Object.values(this.counts.enis ?? {}).reduce((sum, count) => sum + count, 0);
  }

  toJSON(): Counts {
    return this.counts;
  }
}

/** Counts by category and event. */
export type Counts = Record<string, Record<string, number>>;

/** Counts of the events in many histories. */
export class Histogram {
  private readonly counts: Counts = {};

  count(category: string, event: string, times = 1): void {
    const events = (this.counts[category] ??= {});
    events[event] = (events[event] ?? 0) + times;
  }

  add(counts: Counts): void {
    for (const [category, events] of Object.entries(counts))
      for (const [event, times] of Object.entries(events)) this.count(category, event, times);
  }

  of(category: string, event: string): number {
    return this.counts[category]?.[event] ?? 0;
  }

  /** Number of counted histories. */
  get histories(): number {
    return Object.values(this.counts.enis ?? {}).reduce((sum, count) => sum + count, 0);
  }

  toJSON(): Counts {
    return this.counts;
  }
}

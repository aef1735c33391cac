/** What happened in many histories. */
export class Histogram {
  private readonly counts: Record<string, Record<string, number>> = {};

  count(kind: string, what: string): void {
    const ofKind = (this.counts[kind] ??= {});
    ofKind[what] = (ofKind[what] ?? 0) + 1;
  }

  of(kind: string, what: string): number {
    return this.counts[kind]?.[what] ?? 0;
  }

  total(kind: string): number {
    return Object.values(this.counts[kind] ?? {}).reduce((sum, count) => sum + count, 0);
  }

  toJSON(): unknown {
    return this.counts;
  }
}

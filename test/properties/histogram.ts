/** What happened in many histories. */
export class Histogram {
  private readonly counts = new Map<string, Map<string, number>>();

  count(kind: string, what: string): void {
    const ofKind = this.counts.get(kind) ?? new Map<string, number>();
    this.counts.set(kind, ofKind.set(what, (ofKind.get(what) ?? 0) + 1));
  }

  of(kind: string, what: string): number {
    return this.counts.get(kind)?.get(what) ?? 0;
  }

  total(kind: string): number {
    return [...(this.counts.get(kind)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return [...this.counts]
      .map(([kind, ofKind]) => {
        const sorted = [...ofKind].sort(([, a], [, b]) => b - a);
        return `${kind}: ${sorted.map(([what, count]) => `${what} ${count}`).join(", ")}`;
      })
      .join("\n");
  }
}

import { heldBy } from "../ecs/port";
import type { Kind, NetworkInterface } from "../ecs/port";
import type { Step } from "../plan/steps";

/**
 * Calls that were answered with success and that reads do not show yet. Nothing promises that a read sees what was
 * written just before, so a difference is first waited out, and only then asked for again.
 *
 * @internal
 */
export class UnsettledCalls {
  private assigned = new Set<string>();
  private unassigned = new Set<string>();

  private readonly atLeast = new Map<Kind, number>();

  /** A call in which the cloud picked has not said what: so many addresses, or prefixes, have to be there. */
  expectAtLeast(count: number, of: Kind): void {
    this.atLeast.set(of, count);
  }

  confirm(step: Step): void {
    for (const address of step.addresses) {
      (step.action === "assign" ? this.assigned : this.unassigned).add(address);
      (step.action === "assign" ? this.unassigned : this.assigned).delete(address);
    }
  }

  /** The addresses of confirmed calls that the read contradicts; those that it shows are settled for good. */
  notShownBy(eni: NetworkInterface): string[] {
    const present = new Set(heldBy(eni));
    for (const address of this.assigned) if (present.has(address)) this.assigned.delete(address);
    for (const address of this.unassigned) if (!present.has(address)) this.unassigned.delete(address);
    const unnamed = [...this.atLeast].reduce(
      (sum, [of, count]) => sum + Math.max(0, count - heldBy(eni, of).length),
      0,
    );
    return [
      ...this.assigned,
      ...this.unassigned,
      ...(unnamed > 0 ? [`${unnamed} that the cloud picked`] : []),
    ];
  }

  /** Gives up waiting: whatever is still different has to be asked for again. */
  abandon(): void {
    this.assigned.clear();
    this.unassigned.clear();
    this.atLeast.clear();
  }
}

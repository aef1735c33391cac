import { addressesOnlyIn } from "../shared/addresses";
import { heldBy } from "../ecs/port";
import type { Kind, NetworkInterface } from "../ecs/port";

interface Pick {
  readonly of: Kind;
  readonly count: number;
  /** What was there of the kind before it was sent. */
  readonly before: readonly string[];
}

/**
 * A request to let the cloud pick, of which no answer says what came by it. A later read does, if just as much is new as
 * was asked for: then it is the resource's, as if the answer had named it. If there is less, it may still come; if there
 * is more, somebody else has assigned at the same moment, and nobody can tell whose is whose.
 *
 * @internal
 */
export class LostPicks {
  private underWay: Pick | undefined;
  private lost: Pick | undefined;

  /** A request to pick so many, beside these, is about to be sent. */
  send(of: Kind, count: number, before: readonly string[]): void {
    this.underWay = { of, count, before };
  }

  /** An assign has succeeded, and its answer names these, or nothing. */
  answered(named: readonly string[]): void {
    if (this.underWay !== undefined) this.lost = named.length > 0 ? undefined : this.underWay;
    this.underWay = undefined;
  }

  /** An assign has failed, and may have had its effect all the same. */
  failed(mayBeDone: boolean): void {
    if (mayBeDone && this.underWay !== undefined) this.lost = this.underWay;
    this.underWay = undefined;
  }

  /** What came by the lost request, as far as the read tells. */
  foundIn(eni: NetworkInterface): readonly string[] {
    if (this.lost === undefined) return [];
    const { of, count, before } = this.lost;
    const newcomers = addressesOnlyIn(heldBy(eni, of), before);
    if (newcomers.length >= count) this.lost = undefined;
    return newcomers.length === count ? newcomers : [];
  }
}

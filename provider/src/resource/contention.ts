import { addressesOnlyIn } from "../shared/addresses";
import { EcsError } from "../ecs/ecs-error";
import { heldBy } from "../ecs/port";
import type { NetworkInterface } from "../ecs/port";
import type { Holder } from "./holders";
import type { Releases } from "./releases";

/** Whether the API has refused to assign because an address is taken, here or elsewhere. @internal */
export function isTaken(error: unknown): boolean {
  return (
    error instanceof EcsError && error.verdict === "stale" && error.action === "AssignPrivateIpAddresses"
  );
}

/**
 * What an operation knows of the other ENIs that hold what it wants: who they are, and whether they are about to let go.
 *
 * @internal
 */
export class Contention {
  private noted = false;
  private known: readonly Holder[] | undefined;
  private expected = false;
  private wasExpectedBefore = false;

  constructor(private readonly releases: Releases) {}

  /** Whether another ENI holds an address that is wanted. */
  get exists(): boolean {
    return this.noted;
  }

  /** The other ENIs, as they were last looked up; `undefined` before the first time. */
  get holders(): readonly Holder[] | undefined {
    return this.known;
  }

  /** Whether this process has announced that all of the taken addresses become free, as of the last two failures. */
  get releaseExpected(): boolean {
    return this.expected;
  }

  /** What is wanted here and held elsewhere, as far as the ENI has not come to hold it since. */
  heldElsewhere(eni: NetworkInterface): readonly string[] {
    return addressesOnlyIn(
      (this.known ?? []).flatMap(({ addresses }) => addresses),
      heldBy(eni),
    );
  }

  /**
   * The API has said that an address is taken.
   *
   * @param lookAgain - whether who holds it, once known, may have changed
   */
  async note(
    lookUp: () => Promise<readonly Holder[] | undefined>,
    { lookAgain }: { readonly lookAgain: boolean },
  ): Promise<void> {
    this.noted = true;
    if (this.known === undefined || lookAgain) this.known = await lookUp();
    const holders = this.known ?? [];
    const expected =
      holders.length > 0 &&
      holders.every(({ id, addresses }) => addresses.every((address) => this.releases.expected(id, address)));
    // What was expected and no longer is may have come true since the API refused.
    this.expected = expected || this.wasExpectedBefore;
    this.wasExpectedBefore = expected;
  }
}

import type { Holder } from "../ecs/holders";
import { addressesOnlyIn } from "../shared/addresses";
import type { Ledger } from "./ledger";

/** What is known of the other ENIs that hold wanted addresses. @internal */
export interface Contention {
  /** `undefined` when they could not be read. */
  readonly holders: readonly Holder[] | undefined;
  /** Whether this process has announced the release of all these addresses, as of the last two failures. */
  readonly releaseExpected: boolean;
  /** The same, as of the last failure. What was expected and no longer is may have happened since the API refused. */
  readonly expectedNow: boolean;
}

/** What the search for holders says about the release of the wanted addresses. @internal */
export function contentionWith(
  holders: readonly Holder[] | undefined,
  before: Contention | undefined,
  ledger: Ledger,
): Contention {
  const expectedNow =
    holders !== undefined &&
    holders.length > 0 &&
    holders.every(({ id, addresses }) => addresses.every((one) => ledger.isReleaseExpected(id, one)));
  return { holders, expectedNow, releaseExpected: expectedNow || (before?.expectedNow ?? false) };
}

/** What other ENIs hold, as far as it is known, and this one does not. @internal */
export function heldElsewhere(contention: Contention | undefined, own: readonly string[]): string[] {
  return addressesOnlyIn(
    (contention?.holders ?? []).flatMap(({ addresses }) => addresses),
    own,
  );
}

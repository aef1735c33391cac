import { addressesOnlyIn } from "../shared/addresses";
import { heldBy } from "../ecs/port";
import type { NetworkInterface } from "../ecs/port";
import { planChanges, type Goal, type Observation, type Refusal } from "../plan/plan";

/** What is not known of an ENI before an operation. @internal */
export interface Doubt {
  /** Whether the resource may own more than the goal says. */
  readonly ownsMore: boolean;
  /** What the ENI holds and another resource is about to let go of. */
  readonly leaving: readonly string[];
}

/**
 * What an operation will refuse whatever is true of the rest: a preview that refuses more than the operation leaves no
 * way out, one that refuses less is only late. The more a resource owns, the less stands in its way; so what stands in
 * its way does so even if it owns all that the ENI holds. But what must not go need not go unless it is owned.
 *
 * @internal
 */
export function certainRefusals(goal: Goal, observation: Observation, doubt: Doubt): Refusal[] {
  const { seen } = observation;
  const owned = doubt.ownsMore ? heldBy(seen) : goal.owned;
  const atMost = planChanges({ ...goal, owned }, { ...observation, seen: without(seen, doubt.leaving) });
  const atLeast = planChanges(goal, observation);
  return [
    ...atMost.refusals.filter((refusal) => !isOfChanging(refusal)),
    ...atLeast.refusals.filter(isOfChanging),
  ];
}

/** Whether it is refused because something goes, or because anything changes at all. */
function isOfChanging({ property }: Refusal): boolean {
  return property === "allowUnassignWithEip" || property === "networkInterfaceId";
}

/** The ENI as it is when these have gone. @internal */
export function without(eni: NetworkInterface, leaving: readonly string[]): NetworkInterface {
  return {
    ...eni,
    secondaryIpAddresses: addressesOnlyIn(eni.secondaryIpAddresses, leaving),
    ipv4Prefixes: addressesOnlyIn(eni.ipv4Prefixes, leaving),
  };
}

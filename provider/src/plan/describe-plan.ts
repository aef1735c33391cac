import type { Plan } from "./plan";
import { peakOf } from "./steps";

function some(addresses: readonly string[]): string {
  const [first] = addresses;
  return addresses.length === 1 ? `${first}` : `${first} and ${addresses.length - 1} more`;
}

/**
 * The plan in plain words, such as `eni-x: assign 10.0.1.27 and 6 more, unassign 10.0.1.20 and 11 more, 3 calls,
 * peak 22`; `undefined` where there is nothing to say.
 *
 * @internal
 */
export function describePlan(
  networkInterfaceId: string,
  plan: Plan,
  heldBefore: number,
  capacity: number | undefined,
): string | undefined {
  const parts = [
    plan.assign.length > 0 ? `assign ${some(plan.assign)}` : undefined,
    plan.pick > 0
      ? `assign ${plan.pick} ${plan.of === "prefix" ? "prefixes " : ""}that the cloud picks`
      : undefined,
    plan.unassign.length > 0 ? `unassign ${some(plan.unassign)}` : undefined,
    plan.left.length > 0 ? `leave ${some(plan.left)} to another resource` : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  if (plan.steps.length > 0) {
    const limit = capacity === undefined ? "" : ` of ${capacity}`;
    parts.push(`${plan.steps.length} call${plan.steps.length === 1 ? "" : "s"}`);
    parts.push(`peak ${peakOf(plan.steps, heldBefore)}${limit}`);
  }
  return `${networkInterfaceId}: ${parts.join(", ")}`;
}

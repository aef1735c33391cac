import type { Plan } from "./plan";

/**
 * The plan in one sentence, such as `eni-x: assign 10.0.1.27 and 6 more, unassign 10.0.1.20 and 11 more, 3 calls,
 * peak 22 of 29`; `undefined` when it changes nothing.
 *
 * @internal
 */
export function describePlan(
  networkInterfaceId: string,
  plan: Plan,
  capacity: number | undefined,
): string | undefined {
  const { assign, pick, unassign, left, calls, peak } = plan;
  const parts = [
    assign.length > 0 ? `assign ${firstAndCount(assign)}` : undefined,
    pick > 0 ? `assign ${pick} ${plan.kind === "prefix" ? "prefixes " : ""}that the cloud picks` : undefined,
    unassign.length > 0 ? `unassign ${firstAndCount(unassign)}` : undefined,
    left.length > 0 ? `leave ${firstAndCount(left)} to another resource` : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  if (calls > 0) {
    const limit = capacity === undefined ? "" : ` of ${capacity}`;
    parts.push(`${calls} call${calls === 1 ? "" : "s"}`);
    parts.push(`peak ${peak}${limit}`);
  }
  return `${networkInterfaceId}: ${parts.join(", ")}`;
}

function firstAndCount(addresses: readonly string[]): string {
  const [first] = addresses;
  return addresses.length === 1 ? `${first}` : `${first} and ${addresses.length - 1} more`;
}

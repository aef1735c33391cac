import { heldBy, type NetworkInterface } from "../ecs/port";
import { nameAll, type Plan, type Secrets } from "../plan/plan";
import type { Desired } from "./model";

/* The sentences of previews, beside that of a plan. */

/**
 * What is known of an ENI while inputs are not, such as `eni-x: Available, holds 3 of 49, owned 10.0.1.20 and 1 more, unmanaged
 * 10.0.1.99; not known yet: privateIpAddresses`.
 * @internal
 */
export function knownOf(
  eni: NetworkInterface,
  { assign, unmanaged }: Pick<Plan, "assign" | "unmanaged">,
  { owned, capacity }: { readonly owned: readonly string[]; readonly capacity: number | undefined },
  secrets: Secrets,
): string {
  const held = heldBy(eni).length;
  const list = (what: string, addresses: readonly string[]) =>
    addresses.length === 0 ? [] : [`${what} ${nameAll(addresses, secrets)}`];
  const service = eni.managingService === "" ? "" : ` (${eni.managingService})`;
  const parts = [
    eni.status || "no known status",
    ...(eni.serviceManaged ? [`managed by an Alibaba Cloud service${service}`] : []),
    // The size of the state and of the ENI tell a secret count.
    ...(secrets.count ? [] : [capacity === undefined ? `holds ${held}` : `holds ${held} of ${capacity}`]),
    ...(secrets.count ? [] : list("owned", owned)),
    ...(secrets.count ? [] : list("unmanaged", unmanaged)),
    ...list("assign at least", assign),
  ];
  return `${eni.id}: ${parts.join(", ")}`;
}

/** The inputs whose values are not known yet, for the end of a sentence. @internal */
export function notKnownYet({
  undecided,
  partialTarget,
}: Pick<Desired, "undecided" | "partialTarget">): string {
  const names = undecided.map((name) => {
    if (partialTarget?.mode.input !== name || partialTarget.list.length === 0) return name;
    const { list, others } = partialTarget;
    return `${name} (${others} of ${list.length + others})`;
  });
  return `not known yet: ${names.join(", ")}`;
}

/** What else must be in the list that is not known yet. @internal */
export function hasToBeListed(networkInterfaceId: string, held: readonly string[], input: string): string {
  return `${networkInterfaceId} holds ${held.join(", ")}, which ${input} or unassignOnCreate has to list`;
}

/** Why the new ENI of a replacement cannot get these addresses. @internal */
export function keptByOldEni(
  addresses: readonly string[],
  { oldEni, newEni, isRetained }: { oldEni: string; newEni: string; isRetained: boolean },
): string {
  const list = addresses.join(", ");
  return isRetained
    ? `${oldEni} keeps ${list} in this replacement, because the state has retainOnDelete: true; remove retainOnDelete ` +
        `and run \`pulumi up\` with networkInterfaceId ${oldEni} first, or unassign ${addresses.length === 1 ? "it" : "them"} by hand`
    : `${oldEni} keeps ${list} until ${newEni} has them, because deleteBeforeReplace is false; ` +
        `remove deleteBeforeReplace, or set it to true`;
}

/** @internal */
export function retained(networkInterfaceId: string, owned: readonly string[]): string {
  const what = owned.length === 0 ? "everything" : nameAll(owned, { isSecret: () => false });
  return `${networkInterfaceId}: keep ${what}, because the state has retainOnDelete: true`;
}

/** @internal */
export function retainedTooLate(networkInterfaceId: string): string {
  return (
    `retainOnDelete is not in the state yet, so ${networkInterfaceId} does not keep its addresses; to keep them, ` +
    `run \`pulumi up\` with networkInterfaceId ${networkInterfaceId} first`
  );
}

/** For a delete: what stays on the ENI, because another resource lists it. @internal */
export function leftToOthers(networkInterfaceId: string, left: readonly string[]): string {
  return `${networkInterfaceId}: leave ${nameAll(left, { isSecret: () => false })} to another resource of this program`;
}

/** For a refresh: owned prefixes that no answer has shown or refuted. @internal */
export function keptHidden(networkInterfaceId: string, count: number): string {
  return (
    `the API does not list the prefixes of ${networkInterfaceId}; the state keeps the ${count} that it has, and the next update or delete ` +
    `that removes one learns from the API whether it is there`
  );
}

/** When the old ENI of a replacement releases its addresses. @internal */
export function releaseTime({
  deletesFirst,
  newEni,
  isListKnown,
}: {
  deletesFirst: boolean;
  newEni: string;
  isListKnown: boolean;
}): string {
  if (deletesFirst) return `before ${newEni} changes`;
  return isListKnown
    ? "at the end of the run, except what another resource of this program lists or counts by then"
    : "at the end of the run, or before the new ENI changes if that lists one of them";
}

/** @internal */
export function notHeld(networkInterfaceId: string, missing: readonly string[]): string {
  return (
    `${networkInterfaceId} does not hold ${missing.join(", ")}, which the state of this resource records; ` +
    `run \`pulumi up --refresh\` to repair that`
  );
}

/** @internal */
export function assignedAgain(networkInterfaceId: string | undefined, addresses: readonly string[]): string {
  return (
    `another resource unassigned ${addresses.join(", ")} from ${networkInterfaceId} before this one was checked; ` +
    `\`pulumi up\` assigns again what this one lists`
  );
}

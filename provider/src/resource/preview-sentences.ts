/* The sentences of previews, beside that of a plan. */

/** Why the new ENI of a replacement cannot get these addresses. @internal */
export function keptByOldEni(
  addresses: readonly string[],
  { oldEni, newEni, isRetained }: { oldEni: string; newEni: string; isRetained: boolean },
): string {
  const list = addresses.join(", ");
  return isRetained
    ? `${oldEni} keeps ${list} in this replacement, because the state has retainOnDelete: true; remove retainOnDelete ` +
        `and run \`pulumi up\` with networkInterfaceId ${oldEni} first, or unassign it by hand`
    : `${oldEni} keeps ${list} until ${newEni} has them, because deleteBeforeReplace is false; ` +
        `remove deleteBeforeReplace, or set it to true`;
}

/** @internal */
export function retained(networkInterfaceId: string, owned: readonly string[]): string {
  return `${networkInterfaceId}: keep ${owned.length} addresses and prefixes, because the state has retainOnDelete: true`;
}

/** @internal */
export function retainedTooLate(networkInterfaceId: string): string {
  return (
    `retainOnDelete is not in the state yet, so ${networkInterfaceId} does not keep its addresses; to keep them, ` +
    `run \`pulumi up\` with networkInterfaceId ${networkInterfaceId} first`
  );
}

/** For a refresh: owned prefixes that no answer has shown or refuted. @internal */
export function keptHidden(networkInterfaceId: string, count: number): string {
  return (
    `the API does not list the prefixes of ${networkInterfaceId}; the state keeps its ${count}, and the next update or delete ` +
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
    `${addresses.join(", ")} was unassigned from ${networkInterfaceId} by another resource ` +
    `before this one was checked, and is assigned again`
  );
}

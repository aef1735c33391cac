import { sameAddresses } from "../shared/addresses";
import { onlyKind } from "../ecs/port";
import type { Kind } from "../ecs/port";
import type { Goal, GoalProperty } from "../plan/plan";

/** The inputs by which a resource says what its ENI is to hold; it has exactly one of them. @internal */
export const modes = [
  "privateIpAddresses",
  "secondaryPrivateIpAddressCount",
  "ipv4Prefixes",
  "ipv4PrefixCount",
] as const satisfies readonly GoalProperty[];

/** @internal */
export type Mode = (typeof modes)[number];

/** What a resource's inputs say that its ENI is to hold: one of these, and none while it is not known. @internal */
export interface Declaration {
  readonly privateIpAddresses?: readonly string[] | undefined;
  readonly secondaryPrivateIpAddressCount?: number | undefined;
  readonly ipv4Prefixes?: readonly string[] | undefined;
  readonly ipv4PrefixCount?: number | undefined;
}

/** Which of the two a resource of this mode manages; it never touches the other. @internal */
export function holdingOfMode(mode: Mode): Kind {
  return mode === "ipv4Prefixes" || mode === "ipv4PrefixCount" ? "prefix" : "address";
}

/** The mode that the inputs declare; `undefined` while it is not known. @internal */
export function modeOf(declared: Declaration): Mode | undefined {
  return modes.find((mode) => declared[mode] !== undefined);
}

/** How a resource of the same kind would declare by name what it has. @internal */
export function listingModeOf(declared: Declaration): Mode {
  const mode = modeOf(declared);
  return mode !== undefined && holdingOfMode(mode) === "prefix" ? "ipv4Prefixes" : "privateIpAddresses";
}

/** The addresses or prefixes that are declared by name. @internal */
export function listedIn({ privateIpAddresses, ipv4Prefixes }: Declaration): readonly string[] {
  return privateIpAddresses ?? ipv4Prefixes ?? [];
}

/**
 * What an operation is to reach; `undefined` while it is not known.
 *
 * @param oldestFirst - what the resource owns by age, as far as it is recorded
 * @internal
 */
export function targetOf(
  declared: Declaration,
  oldestFirst: readonly string[],
): Pick<Goal, "of" | "wanted" | "count"> | undefined {
  const mode = modeOf(declared);
  if (mode === undefined) return undefined;
  const of = holdingOfMode(mode);
  const count = declared.secondaryPrivateIpAddressCount ?? declared.ipv4PrefixCount;
  if (count === undefined) return { of, wanted: listedIn(declared) };
  return { of, wanted: [], count: { of: count, oldestFirst } };
}

/** Whether the inputs declare in the same way as the state, and just what it holds. @internal */
export function declaresWhatIsOwned(
  declared: Declaration,
  before: { readonly mode: Mode | undefined; readonly owned: readonly string[] },
): boolean {
  const target = targetOf(declared, []);
  if (target === undefined || modeOf(declared) !== before.mode) return false;
  const owned = onlyKind(target.of, before.owned);
  // What a change of mode could not yet unassign has still to go.
  if (owned.length < before.owned.length) return false;
  return target.count === undefined ? sameAddresses(target.wanted, owned) : target.count.of === owned.length;
}

import { onlyKind } from "../ecs/port";
import type { Goal, Mode, ModeInput } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn, arrangedLike, overlap, sameAddresses } from "../shared/addresses";
import type { HiddenInputs } from "./hidden-inputs";

/*
 * The values that an operation passes on: the program gives `Desired`, the state gives `Recorded`, the plan gets `Goal`.
 */
export type { Goal, Mode, ModeInput } from "../plan/plan";

/** The four modes. A resource has exactly one of these inputs. @internal */
export const modes = {
  privateIpAddresses: { input: "privateIpAddresses", kind: "address", target: "list" },
  secondaryPrivateIpAddressCount: {
    input: "secondaryPrivateIpAddressCount",
    kind: "address",
    target: "count",
  },
  ipv4Prefixes: { input: "ipv4Prefixes", kind: "prefix", target: "list" },
  ipv4PrefixCount: { input: "ipv4PrefixCount", kind: "prefix", target: "count" },
} as const satisfies { readonly [input in ModeInput]: Mode & { readonly input: input } };

/** @internal */
export const modeInputs = Object.keys(modes) as readonly ModeInput[];

/** The list mode of the same kind. @internal */
export function listModeOf({ kind }: Mode): Mode {
  return kind === "prefix" ? modes.ipv4Prefixes : modes.privateIpAddresses;
}

/**
 * Who owns the ENI's secondary addresses, or its prefixes where those are managed: one resource owns all of them, or each
 * resource owns those that it lists.
 * @internal
 */
export type Ownership = "exclusive" | "additive";

/** What an absent option means. @internal */
export const defaults = { ownership: "exclusive", allowUnassignWithEip: false } as const;

/** What the ENI has to hold: exactly these addresses or prefixes, in the program's order, or this many. @internal */
export type Target =
  | { readonly mode: Mode; readonly list: readonly string[] }
  | { readonly mode: Mode; readonly count: number; readonly secret?: boolean | undefined };

/** A target that is not known yet: its mode, the known ones of its list, and how many others the list has. @internal */
export interface PartialTarget {
  readonly mode: Mode;
  readonly list: readonly string[];
  /** 0 also where the length of the list is not known. */
  readonly others: number;
}

/** What the program says. An input is `undefined` while its value is not known, or when it is wrong. @internal */
export interface Desired {
  readonly networkInterfaceId: string | undefined;
  readonly target: Target | undefined;
  /** While the target is not known. */
  readonly partialTarget?: PartialTarget | undefined;
  /** Absent in the program means exclusive. */
  readonly ownership: Ownership | undefined;
  /** Absent in the program means false. */
  readonly allowUnassignWithEip: boolean | undefined;
  /** Also `undefined` when the program does not give it; see `undecided`. */
  readonly unassignOnCreate: readonly string[] | undefined;
  /** Also `undefined` when the program does not give it; see `undecided`. */
  readonly region: string | undefined;
  /** The options that the program gives although they have their default. */
  readonly givenDefaults: readonly string[];
  /** The inputs that the program gives and whose values are not known yet. */
  readonly undecided: readonly string[];
  readonly hidden: HiddenInputs;
}

/** What the program says when everything is known, as it is in every operation. @internal */
export interface Decided extends Desired {
  readonly networkInterfaceId: string;
  readonly target: Target;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly region: string;
}

/** What the state says, whichever release wrote it. @internal */
export interface Recorded {
  /** Absent in the state that `EniSecondaryIps.get` starts from. */
  readonly networkInterfaceId: string | undefined;
  /** Absent in a resource that is only read, by `EniSecondaryIps.get`. */
  readonly mode: Mode | undefined;
  /** The resource's own addresses and prefixes. Of both kinds while a change of the kind is not finished. */
  readonly owned: readonly string[];
  /** The owned ones by age; absent where no age is known. */
  readonly oldestFirst: readonly string[] | undefined;
  /** In the list modes: the owned ones in the program's order; absent where that is the numerical one. */
  readonly order?: readonly string[] | undefined;
  /** The options that the program gave although they have their default. */
  readonly givenDefaults?: readonly string[] | undefined;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly unassignOnCreate: readonly string[] | undefined;
  readonly region: string | undefined;
  /** The account that the ENI belongs to; absent in the state of an older release. */
  readonly account: string | undefined;
  readonly primaryIpAddress: string | undefined;
  readonly vSwitchId: string | undefined;
  /** What else the ENI holds of the kind that the resource manages. */
  readonly unmanaged: readonly string[];
  /** Whether an import wrote it: the engine reads an ENI before it shows the program's inputs to the provider. */
  readonly imported?: boolean | undefined;
  readonly hidden: HiddenInputs;
}

/**
 * The record of an import in the light of the program. An import reads all addresses as those of an exclusive resource. A program
 * that wants prefixes owns none of them, and one with additive ownership owns those that it lists. An exclusive program that
 * wants fewer takes the ENI over, as a create does: the user has not yet agreed that the others are unassigned.
 * @internal
 */
export function importedFor(before: Recorded, { target, ownership }: Desired): Recorded {
  if (before.imported !== true || before.ownership === "additive" || target === undefined) return before;
  const { kind } = target.mode;
  const changesKind = before.mode !== undefined && before.mode.kind !== kind;
  const held = onlyKind(kind, before.owned);
  const wanted = "list" in target ? addressesInBoth(held, target.list) : held.slice(0, target.count);
  const wantsAll = wanted.length === held.length;
  if (!changesKind && wantsAll && ownership !== "additive") return before;
  const owned = "list" in target || wantsAll ? wanted : [];
  return {
    ...before,
    mode: changesKind ? listModeOf(target.mode) : before.mode,
    ownership: wantsAll && ownership !== "additive" ? before.ownership : "additive",
    owned,
    unmanaged: changesKind ? before.unmanaged : addressesOnlyIn(held, owned),
    oldestFirst: undefined,
    order: undefined,
  };
}

/** The inputs that list addresses or prefixes. @internal */
export const listInputs: readonly string[] = ["privateIpAddresses", "ipv4Prefixes", "unassignOnCreate"];

/** The addresses or prefixes that the target lists; none for a count. @internal */
export function listedIn(target: Target | undefined): readonly string[] {
  return target !== undefined && "list" in target ? target.list : [];
}

/** Whether the target lists one of these, or what overlaps it. @internal */
export function listsSomeOf(target: Target | undefined, owned: readonly string[]): boolean {
  return listedIn(target).some((one) => owned.some((other) => overlap(one, other)));
}

/** The owned ones by age. Listed ones have no recorded age, but are older than what the cloud picks from now on. @internal */
export function agesOf({ oldestFirst, owned }: Recorded): readonly string[] {
  return oldestFirst ?? owned;
}

/** The owned ones of the mode as the program lists them. @internal */
export function listOf({ mode = modes.privateIpAddresses, owned, order }: RecordedList): string[] {
  const ofKind = onlyKind(mode.kind, owned);
  return arrangedLike(order ?? ofKind, ofKind);
}

type RecordedList = Pick<Recorded, "owned" | "order"> & { readonly mode?: Mode | undefined };

/**
 * Whether both records give the same inputs, apart from the order.
 *
 * The inputs in a state are newer than its outputs where they differ in what makes no update, such as the order of a list. So
 * they stay as they are while they describe the ENI.
 * @internal
 */
export function sameTarget(left: Recorded, right: Recorded): boolean {
  if (left.mode?.input !== right.mode?.input) return false;
  const [a, b] = [listOf(left), listOf(right)];
  return left.mode?.target === "count" ? a.length === b.length : sameAddresses(a, b);
}

/** Whether an update takes the ENI over, as a create does. @internal */
export function takesOver(before: Pick<Recorded, "ownership">, ownership: Ownership | undefined): boolean {
  return ownership === "exclusive" && before.ownership === "additive";
}

/** What the resource may unassign, beside its own, when it takes an ENI over. @internal */
export function permitted({
  ownership,
  unassignOnCreate = [],
}: Pick<Desired, "ownership" | "unassignOnCreate">) {
  return ownership === "exclusive" ? unassignOnCreate : [];
}

/** The part of a goal that the target and the recorded ages decide. @internal */
export function goalOf(
  target: Target,
  oldestFirst: readonly string[],
): Pick<Goal, "mode" | "wanted" | "count"> {
  const { mode } = target;
  return "list" in target
    ? { mode, wanted: target.list }
    : { mode, wanted: [], count: { size: target.count, oldestFirst, secret: target.secret } };
}

/** Whether the program asks in the same mode for exactly what the state owns. @internal */
export function asksForWhatIsOwned(
  target: Target | undefined,
  { mode, owned }: Pick<Recorded, "mode" | "owned">,
): boolean {
  if (target === undefined || mode === undefined || target.mode.input !== mode.input) return false;
  const ofKind = onlyKind(mode.kind, owned);
  // A change of the kind still has to unassign the rest.
  if (ofKind.length < owned.length) return false;
  return "list" in target ? sameAddresses(target.list, ofKind) : target.count === ofKind.length;
}

/** Whether everything that a create needs is known. @internal */
export function isDecided(desired: Desired): desired is Decided {
  const { networkInterfaceId, target, ownership, allowUnassignWithEip, region } = desired;
  return [networkInterfaceId, target, ownership, allowUnassignWithEip, region].every(
    (one) => one !== undefined,
  );
}

/** The goal of a create. @internal */
export function goalOfCreate(desired: Decided): Goal {
  return {
    ...goalOf(desired.target, []),
    owned: permitted(desired),
    refuseOthers: desired.ownership === "exclusive",
    othersMayRelease: true,
    allowUnassignWithEip: desired.allowUnassignWithEip,
  };
}

/**
 * The goal that refuses least while inputs are not known. What it refuses fails with every value that they may get.
 * @internal
 */
export function leastGoal({ target, partialTarget }: Desired): Goal | undefined {
  const known =
    target === undefined
      ? partialTarget && { mode: partialTarget.mode, wanted: partialTarget.list }
      : goalOf(target, []);
  if (known === undefined) return undefined;
  const permissions = { owned: [], mayOwnMore: true, refuseOthers: false, allowUnassignWithEip: true };
  return { ...known, wantedOthers: partialTarget?.others ?? 0, ...permissions };
}

/** The goal of a delete. It wants nothing, so the mode makes no difference. @internal */
export function goalOfDelete({ owned, allowUnassignWithEip }: Recorded): Goal {
  return { mode: modes.privateIpAddresses, wanted: [], owned, refuseOthers: false, allowUnassignWithEip };
}

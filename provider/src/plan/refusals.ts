import { Address4 } from "ip-address";
import { heldBy, kindOf, type Kind, type NetworkInterface } from "../ecs/port";
import { addressesInBoth, addressesOnlyIn, isIpv4Prefix, overlap } from "../shared/addresses";
import type { Changes, Goal, ModeInput, Observation } from "./plan";

/** Why a plan must not run. @internal */
export interface Refusal {
  /** The input to change. */
  readonly property: ModeInput | "networkInterfaceId" | "unassignOnCreate" | "allowUnassignWithEip";
  readonly reason: string;
  /**
   * `permission`: the plan may run once the user permits it; `quota`: the ENI has too little room; `impossible`: the API
   * or the ENI forbids it.
   */
  readonly cause: "permission" | "quota" | "impossible";
  /**
   * `inputs`: the inputs and the facts of the ENI forbid the plan, whatever other resources do. `ownership`: what others hold
   * on the ENI forbids it, and may leave.
   */
  readonly dependsOn: "inputs" | "ownership";
  /** Whether `pulumi refresh` is the remedy. */
  readonly refreshHelps?: boolean;
}

/**
 * Everything that forbids a plan.
 *
 * Refusals that more ownership could remove are judged by `atBest`, the case that refuses least. Refusals of an unassign
 * are judged by `certain`: an address that may be owned need not leave.
 * @internal
 */
export function refusalsOf(
  goal: Goal,
  observation: Observation,
  certain: Changes,
  atBest: Changes & Pick<Observation, "seen">,
): Refusal[] {
  const { seen } = observation;
  const changed = certain.assign.length + certain.pick + certain.unassign.length;
  return [
    ...refusePrimary(goal, seen),
    ...refuseOutsideVSwitch(goal, atBest.assign, observation.cidrBlock),
    ...refuseOverlap(goal, atBest),
    ...(goal.refuseOthers ? refuseOthers(goal, seen.id, atBest.unmanaged) : []),
    ...refuseSurplus(goal, atBest),
    ...(changed > 0 ? refuseServiceManaged(seen) : []),
    ...(certain.unassign.length > 0 ? refuseUnknownPrimary(seen) : []),
    ...(goal.allowUnassignWithEip
      ? []
      : refuseEip(addressesInBoth(certain.unassign, seen.eipBoundAddresses))),
    ...refuseOverQuota(goal, atBest, observation),
  ];
}

/** A number that follows from the count, for a message. */
function numberIn(number: number, count: Goal["count"]): string {
  return count?.secret === true ? "[secret]" : `${number}`;
}

/** This many addresses or prefixes, in words. */
function numberOf(kind: Kind, number: number): string {
  const noun = kind === "address" ? "secondary address" : "prefix";
  return `${number} ${noun}${number === 1 ? "" : "es"}`;
}

function refuseOverQuota(
  { mode, wanted, wantedOthers = 0, count }: Goal,
  { seen, assign, unassign, pick }: Changes & Pick<Observation, "seen">,
  { capacity = Infinity, refusedSize }: Pick<Observation, "capacity" | "refusedSize">,
): Refusal[] {
  const held = heldBy(seen).length;
  // The others may be among those that the ENI holds.
  const after = Math.max(held + assign.length + pick - unassign.length, wanted.length + wantedOthers);
  if (assign.length + pick + wantedOthers === 0) return [];
  const applies = refusedSize !== undefined && refusedSize.size > held;
  // Room does not help: the API refuses a size that the ENI has held, and the instance type does not say why.
  const isUnexplained = applies && refusedSize.wasHeld === true && refusedSize.size <= capacity;
  const isRefused = applies && (after >= refusedSize.size || isUnexplained);
  if (after <= capacity && !isRefused) return [];
  const limit = isRefused ? Math.min(capacity, refusedSize.size - 1) : capacity;
  const although = isUnexplained ? `, although it held ${refusedSize.size}` : "";
  const why =
    after > capacity
      ? `it can hold ${capacity} while it is ${seen.status}`
      : `it holds ${held}, and the API has refused ${refusedSize?.size} while it is ${seen.status}${although} ` +
        `(${refusedSize?.error.message})`;
  const remedy = isUnexplained
    ? "remove what has to leave in one `pulumi up`, and add the others in the next"
    : "want fewer, or spread them over more ENIs";
  return [
    {
      property: mode.input,
      cause: "quota",
      dependsOn: (count?.size ?? wanted.length + wantedOthers) > limit ? "inputs" : "ownership",
      reason: `${seen.id} would hold ${numberIn(after, count)} secondary addresses and prefixes, but ${why}; ${remedy}`,
    },
  ];
}

function refuseSurplus(goal: Goal, { seen, surplus }: Changes & Pick<Observation, "seen">): Refusal[] {
  const { mode, count } = goal;
  if (count === undefined || surplus.length === 0) return [];
  const held = numberOf(mode.kind, heldBy(seen, mode.kind).length);
  const withEip = addressesInBoth(surplus, seen.eipBoundAddresses);
  const size = numberIn(count.size, count);
  if (goal.refuseOthers && withEip.length > 0) {
    return [
      {
        property: mode.input,
        cause: "impossible",
        dependsOn: "ownership",
        reason:
          `${seen.id} already holds ${held}, and ${mode.input} is ${size}; an EIP is bound to ` +
          `${withEip.join(", ")}, which a count never unassigns. Want at least ${numberIn(count.size + withEip.length, count)}, or ` +
          `unbind it first`,
      },
    ];
  }
  if (goal.refuseOthers) {
    return [
      {
        property: "unassignOnCreate",
        cause: "impossible",
        dependsOn: "ownership",
        reason:
          `${seen.id} already holds ${held}, and ${mode.input} is ${size}. ` +
          `They may belong to something else, or be left over from a create that was killed. Want more, or allow some ` +
          `to be unassigned, such as unassignOnCreate: ${JSON.stringify(surplus)}`,
      },
    ];
  }
  return [
    {
      property: mode.input,
      cause: "impossible",
      dependsOn: withEip.length === surplus.length ? "inputs" : "ownership",
      reason:
        `cannot shrink by ${numberIn(surplus.length, count)}: ${seen.id} holds ${held}, and the candidates have an EIP or are not ` +
        `owned; unbind the EIP, or run \`pulumi refresh\` to adopt them`,
      refreshHelps: true,
    },
  ];
}

function refusePrimary({ wanted, mode }: Goal, { id, primaryIpAddress }: NetworkInterface): Refusal[] {
  if (wanted.includes(primaryIpAddress)) {
    return [
      {
        property: "privateIpAddresses",
        cause: "impossible",
        dependsOn: "inputs",
        reason:
          `${primaryIpAddress} is the primary address of ${id}, which cannot be assigned or unassigned; ` +
          `list secondary addresses only`,
      },
    ];
  }
  if (primaryIpAddress === "") return [];
  return overlapping(wanted, [primaryIpAddress]).map(([prefix]) => ({
    property: mode.input,
    cause: "impossible",
    dependsOn: "inputs",
    reason: `${prefix} contains ${primaryIpAddress}, the primary address of ${id}; use another prefix`,
  }));
}

function refuseOutsideVSwitch(
  { mode }: Goal,
  assign: readonly string[],
  cidrBlock: string | undefined,
): Refusal[] {
  return unusableIn(cidrBlock, assign).map((reason) => ({
    property: mode.input,
    cause: "impossible",
    dependsOn: "inputs",
    reason,
  }));
}

/** Those that cannot be assigned in a vSwitch of this CIDR block, each with the reason. @internal */
export function unusableIn(cidrBlock: string | undefined, wanted: readonly string[]): string[] {
  if (cidrBlock === undefined) return [];
  return wanted.flatMap((one) => {
    const why = whyUnusableInVSwitch(one, cidrBlock);
    return why === undefined ? [] : [`${one} ${why}`];
  });
}

/**
 * Why an address or a prefix cannot be assigned in a vSwitch of this CIDR block, or `undefined` when it can.
 *
 * The first and the last three addresses of the block are reserved
 * (https://www.alibabacloud.com/help/en/vpc/user-guide/vswitch-faq). It is not documented whether a prefix may contain
 * them: the API decides.
 * @internal
 */
export function whyUnusableInVSwitch(addressOrPrefix: string, cidrBlock: string): string | undefined {
  // The block only makes an error clearer. One that cannot be parsed must not become an error itself.
  if (!Address4.isValid(cidrBlock)) return undefined;
  const block = new Address4(cidrBlock);
  const first = block.startAddress().bigInt();
  const last = block.endAddress().bigInt();
  const asked = new Address4(addressOrPrefix);
  const value = asked.bigInt();
  if (value < first || asked.endAddress().bigInt() > last) {
    return `is outside the vSwitch's CIDR block ${cidrBlock}`;
  }
  if (isIpv4Prefix(addressOrPrefix)) return undefined;
  if (value === first || value > last - 3n) {
    return `is reserved in the vSwitch's CIDR block ${cidrBlock}: the first and the last three addresses are the system's`;
  }
  return undefined;
}

/** Those of `coming` that share addresses with what is there, each with the first such one. @internal */
export function overlapping(
  coming: readonly string[],
  there: readonly string[],
): (readonly [string, string])[] {
  return coming.flatMap((one) => {
    // All prefixes have one length: two different ones share nothing.
    const otherKind = there.filter((candidate) => kindOf(candidate) !== kindOf(one));
    const other = otherKind.find((candidate) => overlap(one, candidate));
    return other === undefined ? [] : [[one, other] as const];
  });
}

/** An ENI cannot hold an address both by itself and within a prefix. */
function refuseOverlap(
  { mode }: Goal,
  { seen, assign, unassign }: Changes & Pick<Observation, "seen">,
): Refusal[] {
  return overlapping(assign, addressesOnlyIn(heldBy(seen), unassign)).map(([one, there]) => ({
    property: mode.input,
    cause: "impossible",
    dependsOn: "ownership",
    reason:
      `${one} shares addresses with ${there}, which ${seen.id} holds and this resource may not unassign; ` +
      `use another one, or unassign ${there} first`,
  }));
}

function refuseOthers({ mode }: Goal, networkInterfaceId: string, others: readonly string[]): Refusal[] {
  if (others.length === 0) return [];
  return [
    {
      property: "unassignOnCreate",
      cause: "permission",
      dependsOn: "ownership",
      reason:
        `${networkInterfaceId} already holds ${numberOf(mode.kind, others.length)} that ${mode.input} does ` +
        `not list. They may belong to something else, or be left over from a create that was killed. Add to ` +
        `${mode.input} what has to stay, and allow the rest to be unassigned with ` +
        `unassignOnCreate: ${JSON.stringify(others)}. If another resource of this program leaves the ENI, let this one ` +
        `depend on it with \`dependsOn\`. If the program no longer has the resource that owns them, run \`pulumi up\` ` +
        `without the change of this one first. After a rename, use the option \`aliases\`. With --replace, run ` +
        `\`pulumi up\` without it first`,
    },
  ];
}

/** Without a primary address in the answer, one of the others could be it. */
function refuseUnknownPrimary({ id, primaryIpAddress }: NetworkInterface): Refusal[] {
  if (primaryIpAddress !== "") return [];
  return [
    {
      property: "networkInterfaceId",
      cause: "impossible",
      dependsOn: "inputs",
      reason: `the API does not say which address of ${id} is the primary one; nothing is unassigned before it does`,
    },
  ];
}

function refuseEip(addresses: readonly string[]): Refusal[] {
  if (addresses.length === 0) return [];
  return [
    {
      property: "allowUnassignWithEip",
      cause: "permission",
      dependsOn: "inputs",
      reason:
        `an EIP is bound to ${addresses.join(", ")}, which would be unassigned; unbind it first, keep the address, or ` +
        `set allowUnassignWithEip: true`,
    },
  ];
}

function refuseServiceManaged({ id, serviceManaged, managingService }: NetworkInterface): Refusal[] {
  if (!serviceManaged) return [];
  const named = managingService === "" ? "" : `: "${managingService}"`;
  return [
    {
      property: "networkInterfaceId",
      cause: "impossible",
      dependsOn: "inputs",
      reason:
        `${id} is managed by an Alibaba Cloud service${named}, which alone may change its addresses; ` +
        `use an ENI of your own`,
    },
  ];
}

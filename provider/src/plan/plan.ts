import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { overlap } from "../shared/addresses";
import { heldBy, kindOf } from "../ecs/port";
import type { Kind, NetworkInterface } from "../ecs/port";
import { resolveCount, type Count } from "./count";
import { orderSteps, pickSteps, type Step } from "./steps";
import { whyUnusableInVSwitch } from "./vswitch-addresses";

/**
 * What an operation is to reach on one ENI. The resource's own addresses and prefixes are `owned` and `wanted`; nothing
 * else on the ENI is ever unassigned.
 *
 * @internal
 */
export interface Goal {
  /** What the resource manages. What is on the ENI of the other kind is nothing to it, but what it owned before. */
  readonly of: Kind;
  /** What the ENI is to hold in the end; with a count, nothing by name. */
  readonly wanted: readonly string[];
  /** Instead of `wanted`: how many addresses or prefixes the ENI is to hold. */
  readonly count?: Count | undefined;
  /**
   * What the resource holds by its state, or may take over by `unassignOnCreate`. Of both kinds, when it managed
   * addresses before and manages prefixes now, or the other way round.
   */
  readonly owned: readonly string[];
  /**
   * Whether what is neither wanted nor owned stands in the way: so it does when an ENI is taken over exclusively.
   */
  readonly refuseOthers: boolean;
  /** Whether addresses may be unassigned that an EIP is bound to. */
  readonly allowUnassignWithEip: boolean;
}

/** What is known of the world when a plan is made. @internal */
export interface Observation {
  readonly seen: NetworkInterface;
  /** What any resource of this process wants on this ENI: it stays. */
  readonly claimed: readonly string[];
  /**
   * At create: what the state of a resource on this ENI listed when this process began. In a replacement it is the
   * old resource's, whose delete comes later.
   */
  readonly inherited: readonly string[];
  /** The vSwitch's block, where it could be read. */
  readonly cidrBlock: string | undefined;
  /** How many secondary addresses and prefixes the ENI can hold; `undefined` where nobody knows. */
  readonly capacity: number | undefined;
  /** Whether the API has refused to add to what the ENI holds: then unassigning comes first, as far as needed. */
  readonly full: boolean;
  /**
   * Whether an address that is wanted is held by another ENI: then all unassigning comes first, because that ENI may be
   * waiting for one of these addresses in turn.
   */
  readonly contended: boolean;
  readonly batchSize: number;
}

/** The inputs that say what the ENI is to hold. @internal */
export type GoalProperty =
  "privateIpAddresses" | "secondaryPrivateIpAddressCount" | "ipv4Prefixes" | "ipv4PrefixCount";

/** Why a plan must not run; `property` is the input to change. @internal */
export interface Refusal {
  readonly property: GoalProperty | "networkInterfaceId" | "unassignOnCreate" | "allowUnassignWithEip";
  readonly reason: string;
  /** Whether `pulumi refresh` is the remedy. */
  readonly refreshHelps?: boolean;
}

/** @internal */
export interface Plan {
  readonly of: Kind;
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
  /** How many addresses or prefixes the cloud is to pick. */
  readonly pick: number;
  /** Owned, no longer wanted by this resource, but claimed by another one. */
  readonly left: readonly string[];
  /** On the ENI, of the kind that the resource manages, and neither wanted nor owned. */
  readonly unmanaged: readonly string[];
  /** In the order in which they run; empty when there is nothing to do or the plan is refused. */
  readonly steps: readonly Step[];
  readonly refusals: readonly Refusal[];
}

/**
 * Compares what is wanted with what is there. Pure: the same arguments give the same plan, and nothing is called.
 *
 * @internal
 */
export function planChanges(goal: Goal, observation: Observation): Plan {
  const { seen, claimed } = observation;
  const { of } = goal;
  const present = heldBy(seen, of);
  const { wanted, pick, surplus } = whatIsWanted(goal, observation);
  const assign = addressesOnlyIn(wanted, present);
  const dropped = addressesOnlyIn(addressesInBoth(goal.owned, heldBy(seen)), wanted, [seen.primaryIpAddress]);
  const unassign = addressesOnlyIn(dropped, claimed);
  const left = addressesInBoth(dropped, claimed);
  const unmanaged = addressesOnlyIn(present, wanted, goal.owned, claimed, observation.inherited);

  const refusals = [
    ...refusePrimary(goal, seen),
    ...refuseUnusable(goal, assign, observation.cidrBlock),
    ...refuseOverlap(goal, seen, assign, unassign),
    ...(goal.refuseOthers ? refuseOthers(goal, seen.id, unmanaged) : []),
    ...refuseSurplus(goal, seen, surplus),
    ...(assign.length + pick + unassign.length > 0 ? refuseServiceManaged(seen) : []),
    ...(unassign.length > 0 ? refuseUnknownPrimary(seen) : []),
    ...(goal.allowUnassignWithEip ? [] : refuseEipBound(addressesInBoth(unassign, seen.eipBoundAddresses))),
  ];
  const held = heldBy(seen).length;
  const capacity = observation.capacity ?? Infinity;
  const after = held + assign.length + pick - unassign.length;
  if (assign.length + pick > 0 && after > capacity) {
    refusals.push({
      property: propertyOf(goal),
      reason:
        `${seen.id} would hold ${after} secondary addresses and prefixes, but it can hold ${capacity} ` +
        `while it is ${seen.status}; want fewer, or spread them over more ENIs`,
    });
  }
  // An address makes room for the prefix around it only by going first, and the other way round.
  const unassignFirst = observation.contended || overlapping(assign, unassign).length > 0;
  const free = unassignFirst ? -Infinity : Math.min(capacity - held, observation.full ? 0 : Infinity);
  return {
    of,
    assign,
    unassign,
    pick,
    left,
    unmanaged,
    steps:
      refusals.length > 0
        ? []
        : orderSteps(
            assign,
            unassign,
            { batchSize: observation.batchSize, free },
            pickSteps(pick, of, observation.batchSize),
          ),
    refusals,
  };
}

function whatIsWanted(goal: Goal, { seen, claimed }: Observation) {
  if (goal.count === undefined) return { wanted: goal.wanted, pick: 0, surplus: [] };
  // Never one that the internet reaches: there are others to choose from.
  const mayGo = addressesOnlyIn(goal.owned, claimed, seen.eipBoundAddresses, [seen.primaryIpAddress]);
  const { kept, pick, surplus } = resolveCount(goal.count, heldBy(seen, goal.of), {
    mayGo,
    mustStay: seen.eipBoundAddresses,
  });
  return { wanted: kept, pick, surplus };
}

/** The input that says what the goal wants. @internal */
export function propertyOf({ of, count }: Pick<Goal, "of" | "count">): GoalProperty {
  if (of === "address") return count === undefined ? "privateIpAddresses" : "secondaryPrivateIpAddressCount";
  return count === undefined ? "ipv4Prefixes" : "ipv4PrefixCount";
}

const nounOf = { address: "secondary addresses", prefix: "prefixes" } as const;

/** Those that come which share addresses with what is there, with the first such one. */
function overlapping(coming: readonly string[], there: readonly string[]): (readonly [string, string])[] {
  return coming.flatMap((one) => {
    // All prefixes are of one length: two that differ share nothing.
    const otherKind = there.filter((candidate) => kindOf(candidate) !== kindOf(one));
    const other = otherKind.find((candidate) => overlap(one, candidate));
    return other === undefined ? [] : [[one, other] as const];
  });
}

function refuseSurplus(goal: Goal, seen: NetworkInterface, surplus: readonly string[]): Refusal[] {
  if (goal.count === undefined || surplus.length === 0) return [];
  const held = heldBy(seen, goal.of).length;
  const noun = nounOf[goal.of];
  const eipBound = addressesInBoth(surplus, seen.eipBoundAddresses);
  if (goal.refuseOthers && eipBound.length > 0) {
    return [
      {
        property: propertyOf(goal),
        reason:
          `${seen.id} already holds ${held} ${noun}, and ${propertyOf(goal)} is ${goal.count.of}; an EIP is bound to ` +
          `${eipBound.join(", ")}, which a count never unassigns. Want at least ${goal.count.of + eipBound.length}, or ` +
          `unbind it first`,
      },
    ];
  }
  if (goal.refuseOthers) {
    return [
      {
        property: "unassignOnCreate",
        reason:
          `${seen.id} already holds ${held} ${noun}, and ${propertyOf(goal)} is ${goal.count.of}. ` +
          `They may belong to something else, or be left over from a create that was killed. Want more, or allow some ` +
          `to be unassigned, such as unassignOnCreate: ${JSON.stringify(surplus)}`,
      },
    ];
  }
  return [
    {
      property: propertyOf(goal),
      reason:
        `${seen.id} holds ${held} ${noun}, and ${surplus.length} of them would have to go that may not: ` +
        `an EIP is bound to them, or they are not this resource's own (\`pulumi refresh\` makes them so)`,
      refreshHelps: true,
    },
  ];
}

function refusePrimary(goal: Goal, seen: NetworkInterface): Refusal[] {
  if (!goal.wanted.includes(seen.primaryIpAddress)) return refusePrefixAroundPrimary(goal, seen);
  return [
    {
      property: "privateIpAddresses",
      reason:
        `${seen.primaryIpAddress} is the primary address of ${seen.id}, which comes and goes with the ENI; ` +
        `list secondary addresses only`,
    },
  ];
}

function refusePrefixAroundPrimary(goal: Goal, seen: NetworkInterface): Refusal[] {
  if (seen.primaryIpAddress === "") return [];
  return overlapping(goal.wanted, [seen.primaryIpAddress]).map(([prefix]) => ({
    property: propertyOf(goal),
    reason: `${prefix} contains ${seen.primaryIpAddress}, the primary address of ${seen.id}; use another prefix`,
  }));
}

function refuseUnusable(goal: Goal, assign: readonly string[], cidrBlock: string | undefined): Refusal[] {
  if (cidrBlock === undefined) return [];
  return assign.flatMap((one) => {
    const why = whyUnusableInVSwitch(one, cidrBlock);
    return why === undefined ? [] : [{ property: propertyOf(goal), reason: `${one} ${why}` }];
  });
}

/** An ENI cannot hold an address by itself and within a prefix. */
function refuseOverlap(
  goal: Goal,
  seen: NetworkInterface,
  assign: readonly string[],
  unassign: readonly string[],
): Refusal[] {
  return overlapping(assign, addressesOnlyIn(heldBy(seen), unassign)).map(([one, there]) => ({
    property: propertyOf(goal),
    reason:
      `${one} shares addresses with ${there}, which ${seen.id} holds and this resource may not unassign; ` +
      `use another one, or let go of ${there} first`,
  }));
}

function refuseOthers(goal: Goal, networkInterfaceId: string, others: readonly string[]): Refusal[] {
  if (others.length === 0) return [];
  const property = propertyOf(goal);
  return [
    {
      property: "unassignOnCreate",
      reason:
        `${networkInterfaceId} already holds ${others.length} ${nounOf[goal.of]} that ${property} does ` +
        `not list. They may belong to something else, or be left over from a create that was killed. Add to ` +
        `${property} what is to stay, and allow the rest to be unassigned with ` +
        `unassignOnCreate: ${JSON.stringify(others)}. If another resource of this program, or this one before a rename ` +
        `or --replace, is about to release them, run \`pulumi up\` for that alone first, or use the option \`aliases\``,
    },
  ];
}

/** Without a primary address in the answer, one of the others could be it. */
function refuseUnknownPrimary(seen: NetworkInterface): Refusal[] {
  if (seen.primaryIpAddress !== "") return [];
  return [
    {
      property: "networkInterfaceId",
      reason: `the API does not say which address of ${seen.id} is the primary one; nothing is unassigned before it does`,
    },
  ];
}

function refuseEipBound(addresses: readonly string[]): Refusal[] {
  if (addresses.length === 0) return [];
  return [
    {
      property: "allowUnassignWithEip",
      reason:
        `an EIP is bound to ${addresses.join(", ")}, which would be unassigned; unbind it first, keep the address, or ` +
        `set allowUnassignWithEip: true`,
    },
  ];
}

function refuseServiceManaged(seen: NetworkInterface): Refusal[] {
  if (!seen.serviceManaged) return [];
  const named = seen.managingService === "" ? "" : `: "${seen.managingService}"`;
  const service = `an Alibaba Cloud service${named}`;
  return [
    {
      property: "networkInterfaceId",
      reason:
        `${seen.id} is managed by ${service}, which alone may change its addresses; ` +
        `use an ENI of your own`,
    },
  ];
}

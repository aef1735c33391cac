import { heldBy, kindOf, type Kind, type NetworkInterface } from "../ecs/port";
import { addressesInBoth, addressesOnlyIn, sortedAddresses } from "../shared/addresses";
import { overlapping, refusalsOf, type Refusal } from "./refusals";
import { makeChanges, orderSteps, peakOf, type Step } from "./steps";

/** The inputs that say what the ENI is to hold. @internal */
export type ModeInput =
  "privateIpAddresses" | "secondaryPrivateIpAddressCount" | "ipv4Prefixes" | "ipv4PrefixCount";

/** A row of the table of modes, which is in `resource/model.ts`. @internal */
export interface Mode {
  readonly input: ModeInput;
  /** What the resource manages. It ignores the other kind, except what it already owned. */
  readonly kind: Kind;
  readonly target: "list" | "count";
}

/** A number of addresses or prefixes, whichever they are. @internal */
export interface Count {
  readonly size: number;
  /** The addresses whose age the state records. */
  readonly oldestFirst: readonly string[];
  /** Whether the number must not appear in a message. */
  readonly secret?: boolean | undefined;
}

/**
 * What an operation has to reach on one ENI. The resource's own addresses and prefixes are `owned` and `wanted`. Nothing
 * else on the ENI is ever unassigned.
 * @internal
 */
export interface Goal {
  readonly mode: Mode;
  /** What the ENI holds in the end. Empty in the count modes. */
  readonly wanted: readonly string[];
  /** While inputs are not known: how many others the list has, whose values are not known yet. */
  readonly wantedOthers?: number;
  /** In the count modes: how many addresses or prefixes the ENI holds in the end. */
  readonly count?: Count | undefined;
  /**
   * What the resource owns by its state, or may unassign by `unassignOnCreate`. Of both kinds after a change from addresses
   * to prefixes, or back.
   */
  readonly owned: readonly string[];
  /** Whether check does not know everything that the resource owns. */
  readonly mayOwnMore?: boolean;
  /** Whether other addresses on the ENI are a reason to refuse, as they are when an ENI is taken over exclusively. */
  readonly refuseOthers: boolean;
  /** Whether other resources of the program may release what they hold on the ENI. An operation then waits for that. */
  readonly othersMayRelease?: boolean;
  /** Whether addresses with an EIP may be unassigned. */
  readonly allowUnassignWithEip: boolean;
}

/** A number of secondary addresses and prefixes that the API has refused to let the ENI hold. @internal */
export interface RefusedSize {
  readonly size: number;
  readonly error: Error;
  /** Whether the ENI has held that many during the operation. */
  readonly wasHeld?: boolean;
}

/** What is known when a plan is made. @internal */
export interface Observation {
  readonly seen: NetworkInterface;
  /** What resources of this process list on this ENI. A plan never unassigns it. */
  readonly claimed: readonly string[];
  /**
   * For a create: what the state of a resource on this ENI listed when this process began. In a replacement that is the
   * old resource, whose delete comes later.
   */
  readonly inherited: readonly string[];
  /** In a preview: what another resource of the program is about to unassign from this ENI. */
  readonly leaving: readonly string[];
  /** The vSwitch's CIDR block; `undefined` where it could not be read. */
  readonly cidrBlock: string | undefined;
  /** How many secondary addresses and prefixes the ENI can hold; `undefined` where it is not known. */
  readonly capacity: number | undefined;
  readonly refusedSize?: RefusedSize | undefined;
  /**
   * Whether another ENI holds a wanted address. Then the plan unassigns everything first, because that ENI may wait for
   * one of these addresses.
   */
  readonly contended: boolean;
  readonly batchSize: number;
  /** What the API has refused and is not requested now. */
  readonly setAside?: readonly string[];
  /** Each of these is a request of its own. */
  readonly apart?: readonly (readonly string[])[];
  /** What is left of the plan that ran before this reading. Its order is kept while the changes are the same. */
  readonly begun?: readonly Step[];
}

/** What a goal changes on an ENI. @internal */
export interface Changes {
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
  /** How many addresses or prefixes the cloud is asked to pick. */
  readonly pick: number;
  /** Owned, no longer wanted by this resource, but claimed by another one. */
  readonly left: readonly string[];
  /** On the ENI, of the kind that the resource manages, and neither wanted nor owned. */
  readonly unmanaged: readonly string[];
  /** More than the count, and not allowed to be unassigned. */
  readonly surplus: readonly string[];
}

/** @internal */
export interface Plan extends Changes {
  readonly kind: Kind;
  /** In the order in which they run. Empty when there is nothing to do, or when the plan is refused. */
  readonly steps: readonly Step[];
  /** How many calls the changes need. Also counted when the plan lacks only a permission or room on the ENI. */
  readonly calls: number;
  /** The most addresses and prefixes that the ENI holds during these calls. */
  readonly peak: number;
  readonly refusals: readonly Refusal[];
}

/** Plans the calls that bring an ENI to a goal. Pure: the same arguments give the same plan. @internal */
export function planChanges(goal: Goal, observation: Observation): Plan {
  const { seen, leaving } = observation;
  const changes = compare(goal, observation);
  // In a preview: what changes for certain, after others have released theirs. And the case that refuses least, in which
  // the resource also owns everything that it may own.
  const later = without(seen, leaving);
  const certain = leaving.length > 0 ? compare(goal, { ...observation, seen: later }) : changes;
  const atBest =
    goal.mayOwnMore === true
      ? compare({ ...goal, owned: heldBy(seen) }, { ...observation, seen: later })
      : certain;

  const refusals = refusalsOf(goal, observation, certain, { ...atBest, seen: later });
  // If the plan fits only after others have released theirs, plan for then. If it never fits, show its full size.
  const capacity = capacityAt(observation);
  const waits = !fits(changes, seen, capacity) && fits(certain, later, capacity);
  const shown = waits ? certain : changes;
  const { steps, peak } = schedule(shown, goal.mode.kind, { ...observation, seen: waits ? later : seen });
  const countable = refusals.every(({ cause }) => cause === "permission" || cause === "quota");
  return {
    ...shown,
    kind: goal.mode.kind,
    steps: refusals.length > 0 ? [] : steps,
    calls: countable ? steps.length : 0,
    peak,
    refusals,
  };
}

/** What a goal changes on the ENI. Needs no optional facts, so it tells which of them a plan needs. @internal */
export function compare(
  goal: Goal,
  { seen, claimed, inherited }: Pick<Observation, "seen" | "claimed" | "inherited">,
): Changes {
  const present = heldBy(seen, goal.mode.kind);
  const { wanted, pick, surplus } = resolveTarget(goal, seen, claimed, inherited);
  const dropped = addressesOnlyIn(addressesInBoth(goal.owned, heldBy(seen)), wanted, [seen.primaryIpAddress]);
  return {
    assign: addressesOnlyIn(wanted, present),
    unassign: addressesOnlyIn(dropped, claimed),
    pick,
    left: addressesInBoth(dropped, claimed),
    unmanaged: addressesOnlyIn(present, wanted, goal.owned, claimed, inherited),
    surplus,
  };
}

/** The ENI after these addresses and prefixes have left it. */
function without(eni: NetworkInterface, leaving: readonly string[]): NetworkInterface {
  return {
    ...eni,
    secondaryIpAddresses: addressesOnlyIn(eni.secondaryIpAddresses, leaving),
    ipv4Prefixes: addressesOnlyIn(eni.ipv4Prefixes, leaving),
  };
}

/** Whether the ENI has room for the changes, without a surplus or an overlap. */
function fits(changes: Changes, eni: NetworkInterface, capacity = Infinity): boolean {
  const { assign, unassign, surplus } = changes;
  const stays = addressesOnlyIn(heldBy(eni), unassign);
  return (
    surplus.length === 0 && sizeAfter(changes, eni) <= capacity && overlapping(assign, stays).length === 0
  );
}

function sizeAfter({ assign, pick, unassign }: Changes, eni: NetworkInterface): number {
  return heldBy(eni).length + assign.length + pick - unassign.length;
}

/** The most that the ENI may be able to hold. */
function capacityAt({ seen, capacity = Infinity, refusedSize }: Observation): number {
  // The ENI may have come to hold what was refused: then the refusal says nothing any more.
  const applies = refusedSize !== undefined && refusedSize.size > heldBy(seen).length;
  return applies ? Math.min(capacity, refusedSize.size - 1) : capacity;
}

/** The calls in their order, and the most that the ENI holds meanwhile. */
function schedule(
  changes: Changes,
  kind: Kind,
  observation: Observation,
): { readonly steps: Step[]; readonly peak: number } {
  const { seen, contended, batchSize, setAside = [], apart = [], begun = [] } = observation;
  const { capacity: known = Infinity } = observation;
  const assign = addressesOnlyIn(changes.assign, setAside);
  const unassign = addressesOnlyIn(changes.unassign, setAside);
  const held = heldBy(seen).length;
  const after = sizeAfter(changes, seen);
  const capacity = capacityAt(observation);
  // The API has refused more than the ENI holds, and it is not known how much more it accepts.
  const isUncertain = capacity < known && capacity > held;
  const picks = { kind, pick: changes.pick };
  if (isUncertain && after > held && after <= capacity) {
    // Nothing is unassigned for a plan that may not fit: half of the room shows whether it does.
    const size = Math.min(batchSize, Math.ceil((capacity - held) / 2));
    const probes = assign.filter((one) => overlapping([one], unassign).length === 0);
    const steps = orderSteps(probes, [], { batchSize: size, apart, free: Infinity }, picks).slice(0, 1);
    if (steps.length > 0) return { steps, peak: peakOf(steps, held) };
  }
  const free = isUncertain ? 0 : after <= capacity ? capacity - held : Infinity;
  // The addresses to unassign stay until all addresses that replace them have come. Others leave as far as these need room.
  const waits = !contended && assign.length < changes.assign.length;
  const leaving = waits ? leavingFor(assign, unassign, assign.length + changes.pick - free) : unassign;
  const goesOn =
    peakOf(begun, held) <= held + Math.max(free, 0) && makeChanges(begun, assign, leaving, picks);
  const limits = { batchSize, apart, free: contended ? -Infinity : free, isDoubtful: capacity < known };
  const steps = goesOn && !contended ? [...begun] : orderSteps(assign, leaving, limits, picks);
  return { steps, peak: peakOf(steps, held) };
}

/** What overlaps with the addresses to assign, and as many others as they need places. */
function leavingFor(assign: readonly string[], unassign: readonly string[], places: number): string[] {
  const overlaps = unassign.filter((one) => overlapping([one], assign).length > 0);
  return [...new Set([...overlaps, ...unassign])].slice(0, Math.max(places, overlaps.length));
}

interface ResolvedTarget {
  readonly wanted: readonly string[];
  readonly pick: number;
  readonly surplus: readonly string[];
}

/** Which addresses stay or come, how many the cloud picks, and which are too many but may not be unassigned. */
function resolveTarget(
  { wanted, count, owned, mode }: Goal,
  seen: NetworkInterface,
  claimed: readonly string[],
  inherited: readonly string[],
): ResolvedTarget {
  if (count === undefined) return { wanted, pick: 0, surplus: [] };
  const present = heldBy(seen, mode.kind);
  const excess = present.length - count.size;
  if (excess <= 0) {
    return { wanted: sortedAddresses(present), pick: count.size - present.length, surplus: [] };
  }
  // A count never drops an address with an EIP, whatever the inputs allow: it can choose others.
  const mayGo = addressesOnlyIn(owned, claimed, seen.eipBoundAddresses, [seen.primaryIpAddress]);
  const newestFirst = byAge(present, count.oldestFirst).reverse();
  const dropped = newestFirst.filter((address) => mayGo.includes(address)).slice(0, excess);
  const left = leftByCount(count, addressesOnlyIn(present, dropped), inherited, seen);
  const stuck = newestFirst.filter((address) => !mayGo.includes(address) && !left.includes(address));
  // Those with an EIP come last: the user can permit the others.
  const surplus = [
    ...stuck.filter((address) => !seen.eipBoundAddresses.includes(address)),
    ...stuck.filter((address) => seen.eipBoundAddresses.includes(address)),
  ].slice(0, excess - dropped.length - left.length);
  return { wanted: addressesOnlyIn(present, dropped, left), pick: 0, surplus: sortedAddresses(surplus) };
}

/**
 * More than the count, and to be unassigned by the delete of the resource that the ENI had before. Its delete refuses
 * addresses with an EIP.
 * @internal
 */
export function leftByCount(
  { size, oldestFirst }: Count,
  present: readonly string[],
  inherited: readonly string[],
  { eipBoundAddresses }: Pick<NetworkInterface, "eipBoundAddresses">,
): readonly string[] {
  const mayBeLeft = addressesOnlyIn(addressesInBoth(present, inherited), eipBoundAddresses);
  const newestFirst = byAge(present, oldestFirst).reverse();
  return newestFirst.filter((one) => mayBeLeft.includes(one)).slice(0, Math.max(0, present.length - size));
}

/**
 * The addresses by age: first those whose age is recorded, then the others. Of these the highest counts as the newest.
 * @internal
 */
export function byAge(addresses: readonly string[], oldestFirst: readonly string[]): string[] {
  const known = oldestFirst.filter((address) => addresses.includes(address));
  return [...new Set(known), ...addressesOnlyIn(addresses, known)];
}

/** What a sentence must not contain. @internal */
export interface Secrets {
  readonly isSecret: (address: string) => boolean;
  /** Whether the number of addresses is secret. */
  readonly count: boolean;
}

const noSecrets: Secrets = { isSecret: () => false, count: false };

/**
 * The plan in one sentence, such as `eni-x: assign 10.0.1.27 and 6 more, unassign 10.0.1.20 and 11 more, 3 calls,
 * peak 22 of 29`; `undefined` when it changes nothing. In place of secret addresses it has their number.
 * @internal
 */
export function describePlan(
  networkInterfaceId: string,
  plan: Plan,
  capacity: number | undefined,
  secrets = noSecrets,
): string | undefined {
  const { assign, pick, unassign, left, calls, peak } = plan;
  const nouns = pick === 1 && !secrets.count ? "prefix " : "prefixes ";
  const noun = plan.kind === "prefix" ? nouns : "";
  const size = secrets.count ? (noun === "" ? "addresses " : "") : `${pick} `;
  const name = (addresses: readonly string[]) => nameAll(addresses, secrets);
  const parts = [
    assign.length > 0 ? `assign ${name(assign)}` : undefined,
    pick > 0 ? `assign ${size}${noun}that the cloud picks` : undefined,
    unassign.length > 0 ? `unassign ${name(unassign)}` : undefined,
    left.length > 0 ? `leave ${name(left)} to another resource` : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  if (calls > 0 && !secrets.count) {
    const limit = capacity === undefined ? "" : ` of ${capacity}`;
    parts.push(`${calls} call${calls === 1 ? "" : "s"}`);
    parts.push(`peak ${peak}${limit}`);
  }
  return `${networkInterfaceId}: ${parts.join(", ")}`;
}

/** The first address and the number of the others, or the number of all where one of them is secret. @internal */
export function nameAll(addresses: readonly string[], { isSecret }: Pick<Secrets, "isSecret">): string {
  const [first, ...others] = addresses;
  if (addresses.some(isSecret)) {
    const prefixes = addresses.filter((one) => kindOf(one) === "prefix").length;
    const counts = [
      [addresses.length - prefixes, "address"],
      [prefixes, "prefix"],
    ] as const;
    return counts
      .filter(([count]) => count > 0)
      .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "es"}`)
      .join(" and ");
  }
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
}

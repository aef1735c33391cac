import fc from "fast-check";
import { heldBy, kindOf, onlyKind, type Kind } from "../ecs/port";
import { addressesOnlyIn, overlap } from "../shared/addresses";
import { networkInterface } from "../../../test/support/network-interface";
import { observationOf } from "../../../test/support/observation";
import { modes } from "../../../test/support/plans";
import { planChanges, type Goal, type Observation, type Plan } from "./plan";
import { peakOf } from "./steps";

const primary = "10.0.1.10";
const addresses = Array.from({ length: 36 }, (_unused, index) => `10.0.1.${index}`);
const secondary = addresses.filter((address) => address !== primary);
const prefixes = ["0.0", "1.0", "1.16", "1.32", "2.0", "2.16", "3.0"].map((tail) => `10.0.${tail}/28`);

/** Those that one ENI can hold at once: it holds no address both by itself and within a prefix. */
function compatible(mixed: readonly string[]): string[] {
  const taken = [primary];
  for (const one of mixed) if (!taken.some((other) => overlap(one, other))) taken.push(one);
  return taken.slice(1);
}

interface Situation {
  readonly goal: Goal;
  readonly observation: Observation;
}

const seen = fc
  .record({
    status: fc.constantFrom("Available", "InUse"),
    type: fc.constantFrom("Primary", "Secondary"),
    held: fc.oneof(fc.subarray(secondary), fc.shuffledSubarray([...secondary, ...prefixes]).map(compatible)),
    eipBoundAddresses: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(secondary)),
    serviceManaged: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, fc.constant(true)),
  })
  .map(({ held, ...rest }) =>
    networkInterface({
      ...rest,
      primaryIpAddress: primary,
      secondaryIpAddresses: onlyKind("address", held),
      ipv4Prefixes: onlyKind("prefix", held),
    }),
  );

/** Sometimes with the primary address, which a program may list by mistake. */
const wantedOf: Record<Kind, fc.Arbitrary<string[]>> = {
  address: fc.oneof({ weight: 9, arbitrary: fc.shuffledSubarray(secondary) }, fc.shuffledSubarray(addresses)),
  prefix: fc.shuffledSubarray(prefixes),
};
const both = [...addresses, ...prefixes];
const listModes = { address: modes.privateIpAddresses, prefix: modes.ipv4Prefixes };
const countModes = { address: modes.secondaryPrivateIpAddressCount, prefix: modes.ipv4PrefixCount };

const situation: fc.Arbitrary<Situation> = fc
  .constantFrom<Kind>("address", "address", "prefix")
  .chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      seen,
      wanted: wantedOf[kind],
      owned: fc.shuffledSubarray(both),
      others: fc.oneof(fc.constant([]), fc.subarray(both)),
      inherited: fc.oneof(fc.constant([]), fc.subarray(both)),
      allowUnassignWithEip: fc.boolean(),
      refuseOthers: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      cidrBlock: fc.constantFrom(undefined, undefined, "10.0.0.0/16", "10.0.1.0/24", "10.0.1.0/27"),
      capacity: fc.option(fc.integer({ min: 0, max: 45 }), { nil: undefined }),
      refusedSize: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      contended: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 12 }),
    }),
  )
  .map(
    ({ kind, wanted, owned, others, refuseOthers, allowUnassignWithEip, refusedSize, ...observation }) => ({
      goal: { mode: listModes[kind], wanted, owned, refuseOthers, allowUnassignWithEip },
      observation: {
        ...observation,
        leaving: [],
        // A resource claims what it wants before it plans.
        claimed: [...new Set([...others, ...wanted])],
        refusedSize:
          refusedSize === undefined ? undefined : { size: refusedSize, error: new Error("refused") },
      },
    }),
  );

/** Runs the calls on a model of the ENI, and checks each as the API would. Returns what the ENI holds in the end. */
function applyTo({ goal, observation }: Situation, plan: Plan): string[] {
  const held = new Set(heldBy(observation.seen));
  const before = held.size;
  let peak = before;
  for (const step of plan.steps) {
    expect(step.addresses.length).toBeGreaterThan(0);
    expect(step.addresses.length).toBeLessThanOrEqual(observation.batchSize);
    if (step.kind === "prefix") expect(step.addresses.length).toBeLessThanOrEqual(10);
    for (const address of step.addresses) {
      expect(kindOf(address)).toBe(step.kind);
      expect(overlap(address, primary)).toBe(false);
      expect(held.has(address)).toBe(step.action === "unassign");
      if (step.action === "assign") {
        expect(step.kind).toBe(goal.mode.kind);
        const overlapping = [...held].filter(
          (other) => kindOf(other) !== step.kind && overlap(address, other),
        );
        expect(overlapping).toEqual([]);
        held.add(address);
      } else {
        expect(goal.owned).toContain(address);
        expect(observation.claimed).not.toContain(address);
        if (!goal.allowUnassignWithEip) expect(observation.seen.eipBoundAddresses).not.toContain(address);
        held.delete(address);
      }
    }
    if (step.action === "assign") expect(held.size).toBeLessThanOrEqual(observation.capacity ?? Infinity);
    peak = Math.max(peak, held.size);
  }
  expect(peakOf(plan.steps, before)).toBe(peak);
  if (plan.refusals.length === 0) expect(plan).toMatchObject({ peak, calls: plan.steps.length });
  return [...held];
}

/** Plans and runs until nothing is left to do. A plan may only try how much the ENI can hold. */
function reach({ goal, observation }: Situation): string[] {
  for (let { seen: eni } = observation, round = 0; ; round += 1) {
    const now = { goal, observation: { ...observation, seen: eni } };
    const plan = planChanges(goal, now.observation);
    expect(plan.refusals).toEqual([]);
    const held = applyTo(now, plan);
    if (plan.steps.length === 0) return held;
    // Without a size that was refused, one plan reaches the goal.
    expect(round).toBeLessThan(observation.refusedSize === undefined ? 1 : 50);
    eni = {
      ...eni,
      secondaryIpAddresses: onlyKind("address", held),
      ipv4Prefixes: onlyKind("prefix", held),
    };
  }
}

/** The most that the ENI can hold by a refusal that says something. */
function limitBy({ seen: eni, refusedSize }: Observation): number {
  return refusedSize === undefined || refusedSize.size <= heldBy(eni).length
    ? Infinity
    : refusedSize.size - 1;
}

/** Whether something has to be unassigned before what overlaps with it is assigned. */
function replacesOverlap(plan: Plan): boolean {
  return plan.assign.some((one) => plan.unassign.some((other) => overlap(one, other)));
}

test("a plan: any goal on any ENI, reaches the goal within all limits, unassigns only owned addresses, leaves nothing to do", () => {
  const plansThatRan = { address: 0, prefix: 0, mixed: 0, replacingOverlap: 0 };
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const plan = planChanges(goal, observation);
      const before = heldBy(observation.seen);
      if (plan.refusals.length > 0) {
        expect(plan.steps).toEqual([]);
        return;
      }
      const after = reach({ goal, observation });
      if (plan.steps.length > 0) plansThatRan[goal.mode.kind] += 1;
      if (plan.steps.some(({ kind }) => kind !== goal.mode.kind)) plansThatRan.mixed += 1;
      if (replacesOverlap(plan)) plansThatRan.replacingOverlap += 1;

      expect(after).toEqual(expect.arrayContaining([...goal.wanted]));
      const dropped = addressesOnlyIn(goal.owned, goal.wanted, observation.claimed, [primary]);
      expect(addressesOnlyIn(after, goal.wanted)).toEqual(addressesOnlyIn(before, goal.wanted, dropped));

      const allAtOnce = before.length + plan.assign.length;
      const fits = allAtOnce <= (observation.capacity ?? Infinity) && limitBy(observation) === Infinity;
      if (!observation.contended && !replacesOverlap(plan) && fits) {
        const actions = plan.steps.map(({ action }) => action);
        expect(actions).toEqual([...actions].sort());
      }
    }),
    { numRuns: 4_000 },
  );
  expect(plansThatRan.address).toBeGreaterThan(200);
  expect(plansThatRan.prefix).toBeGreaterThan(200);
  expect(plansThatRan.mixed).toBeGreaterThan(50);
  expect(plansThatRan.replacingOverlap).toBeGreaterThan(20);
});

test("a plan: assigns and ends above the capacity, is refused for the quota; otherwise it is not", () => {
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const { assign, unassign, refusals } = planChanges(goal, observation);
      const after = heldBy(observation.seen).length + assign.length - unassign.length;
      const tooMany = after > Math.min(observation.capacity ?? Infinity, limitBy(observation));
      expect(refusals.some(({ cause }) => cause === "quota")).toBe(assign.length > 0 && tooMany);
    }),
    { numRuns: 1_000 },
  );
});

test("a plan: addresses in another order, is the same", () => {
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const reversed = { ...goal, wanted: [...goal.wanted].reverse(), owned: [...goal.owned].reverse() };
      expect(planChanges(reversed, observation)).toEqual(planChanges(goal, observation));
    }),
  );
});

test("a count: any ENI, is reached but for the surplus", () => {
  const pool = Array.from({ length: 12 }, (_unused, index) => `10.0.1.${index + 20}`);
  fc.assert(
    fc.property(
      fc.nat({ max: 14 }),
      fc.subarray(pool),
      fc.subarray(pool),
      fc.shuffledSubarray(pool),
      (size, present, owned, oldestFirst) => {
        const goal: Goal = {
          mode: countModes.address,
          wanted: [],
          count: { size, oldestFirst },
          owned,
          refuseOthers: false,
          allowUnassignWithEip: false,
        };
        const eni = networkInterface({ secondaryIpAddresses: present });
        const { assign, unassign, pick, surplus } = planChanges(goal, observationOf(eni));
        const kept = addressesOnlyIn(present, unassign);
        expect(kept.length + pick - surplus.length).toBe(size);
        expect(assign).toEqual([]);
        expect(owned).toEqual(expect.arrayContaining(unassign));
        expect(kept).toEqual(expect.arrayContaining([...surplus]));
        if (pick > 0) expect(unassign).toEqual([]);
      },
    ),
  );
});

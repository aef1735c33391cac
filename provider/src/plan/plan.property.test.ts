import fc from "fast-check";
import { addressesOnlyIn } from "../shared/addresses";
import { overlap } from "../shared/addresses";
import { heldBy, kindOf, onlyKind } from "../ecs/port";
import type { Kind } from "../ecs/port";
import { networkInterface } from "../testing/network-interface";
import { planChanges, type Goal, type Observation, type Plan } from "./plan";
import { peakOf } from "./steps";

const primary = "10.0.1.10";
const addresses = Array.from({ length: 36 }, (_unused, index) => `10.0.1.${index}`);
const secondary = addresses.filter((address) => address !== primary);
const prefixes = ["0.0", "1.0", "1.16", "1.32", "2.0", "2.16", "3.0"].map((tail) => `10.0.${tail}/28`);

/** The first of them that one ENI can hold at once: no address by itself and within a prefix. */
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

/** Now and then with the primary address, which a state or a program may name by mistake. */
const wantedOf: Record<Kind, fc.Arbitrary<string[]>> = {
  address: fc.oneof({ weight: 9, arbitrary: fc.shuffledSubarray(secondary) }, fc.shuffledSubarray(addresses)),
  prefix: fc.shuffledSubarray(prefixes),
};
const both = [...addresses, ...prefixes];

const situation: fc.Arbitrary<Situation> = fc
  .constantFrom<Kind>("address", "address", "prefix")
  .chain((of) =>
    fc.record({
      of: fc.constant(of),
      seen,
      wanted: wantedOf[of],
      owned: fc.shuffledSubarray(both),
      others: fc.oneof(fc.constant([]), fc.subarray(both)),
      inherited: fc.oneof(fc.constant([]), fc.subarray(both)),
      allowUnassignWithEip: fc.boolean(),
      refuseOthers: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      cidrBlock: fc.constantFrom(undefined, undefined, "10.0.0.0/16", "10.0.1.0/24", "10.0.1.0/27"),
      capacity: fc.option(fc.integer({ min: 0, max: 45 }), { nil: undefined }),
      full: fc.boolean(),
      contended: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 12 }),
    }),
  )
  .map(({ of, wanted, owned, others, refuseOthers, allowUnassignWithEip, ...observation }) => ({
    goal: { of, wanted, owned, refuseOthers, allowUnassignWithEip },
    // A resource claims what it wants before it plans.
    observation: { ...observation, claimed: [...new Set([...others, ...wanted])] },
  }));

/** An ENI that does what it is told, and refuses what the API would refuse. */
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
        expect(step.kind).toBe(goal.of);
        const inTheWay = [...held].filter((other) => kindOf(other) !== step.kind && overlap(address, other));
        expect(inTheWay).toEqual([]);
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
  return [...held];
}

/** What has to go before something else can come. */
function makesRoom(plan: Plan): boolean {
  return plan.assign.some((one) => plan.unassign.some((other) => overlap(one, other)));
}

test("a plan reaches its goal within every limit, touches nothing foreign, and leaves nothing to plan", () => {
  const plansThatRan = { address: 0, prefix: 0, mixed: 0, makingRoom: 0 };
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const plan = planChanges(goal, observation);
      const after = applyTo({ goal, observation }, plan);
      const before = heldBy(observation.seen);
      if (plan.refusals.length > 0) {
        expect(plan.steps).toEqual([]);
        return;
      }
      if (plan.steps.length > 0) plansThatRan[goal.of] += 1;
      if (plan.steps.some(({ kind }) => kind !== goal.of)) plansThatRan.mixed += 1;
      if (makesRoom(plan)) plansThatRan.makingRoom += 1;

      expect(after).toEqual(expect.arrayContaining([...goal.wanted]));
      const mayGo = addressesOnlyIn(goal.owned, goal.wanted, observation.claimed, [primary]);
      expect(addressesOnlyIn(after, goal.wanted)).toEqual(addressesOnlyIn(before, goal.wanted, mayGo));

      const allAtOnce = before.length + plan.assign.length;
      const fits = allAtOnce <= (observation.capacity ?? Infinity);
      if (!observation.full && !observation.contended && !makesRoom(plan) && fits) {
        const actions = plan.steps.map(({ action }) => action);
        expect(actions).toEqual([...actions].sort());
      }

      const seenAfter = {
        ...observation.seen,
        secondaryIpAddresses: onlyKind("address", after),
        ipv4Prefixes: onlyKind("prefix", after),
      };
      expect(planChanges(goal, { ...observation, seen: seenAfter }).steps).toEqual([]);
    }),
    { numRuns: 4_000 },
  );
  expect(plansThatRan.address).toBeGreaterThan(200);
  expect(plansThatRan.prefix).toBeGreaterThan(200);
  expect(plansThatRan.mixed).toBeGreaterThan(50);
  expect(plansThatRan.makingRoom).toBeGreaterThan(20);
});

test("a plan is refused for its size only when no order could fit it", () => {
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const { assign, unassign, refusals } = planChanges(goal, observation);
      const after = heldBy(observation.seen).length + assign.length - unassign.length;
      const tooMany = after > (observation.capacity ?? Infinity);
      expect(refusals.some(({ reason }) => reason.includes("can hold"))).toBe(assign.length > 0 && tooMany);
    }),
    { numRuns: 1_000 },
  );
});

test("the order in which addresses are given changes nothing", () => {
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const reversed = { ...goal, wanted: [...goal.wanted].reverse(), owned: [...goal.owned].reverse() };
      expect(planChanges(reversed, observation)).toEqual(planChanges(goal, observation));
    }),
  );
});

import fc from "fast-check";
import { addressesOnlyIn } from "../addresses/address-set";
import type { NetworkInterface } from "../ecs/port";
import { planChanges, type Goal, type Observation, type Plan } from "./plan";
import { peakOf } from "./steps";

const primary = "10.0.1.10";
const addresses = Array.from({ length: 36 }, (_unused, index) => `10.0.1.${index}`);
const secondary = addresses.filter((address) => address !== primary);

interface Situation {
  readonly goal: Goal;
  readonly observation: Observation;
}

const seen = fc.record<NetworkInterface>({
  id: fc.constant("eni-x"),
  status: fc.constantFrom("Available", "InUse"),
  type: fc.constantFrom("Primary", "Secondary"),
  instanceId: fc.constant(undefined),
  vpcId: fc.constant("vpc-1"),
  vSwitchId: fc.constant("vsw-1"),
  primaryIpAddress: fc.constant(primary),
  secondaryIpAddresses: fc.subarray(secondary),
  eipBoundAddresses: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(secondary)),
  ipv4PrefixCount: fc.nat({ max: 3 }),
  serviceManaged: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const situation: fc.Arbitrary<Situation> = fc
  .record({
    seen,
    // Now and then with the primary address, which a state or a program may name by mistake.
    wanted: fc.oneof(
      { weight: 9, arbitrary: fc.shuffledSubarray(secondary) },
      fc.shuffledSubarray(addresses),
    ),
    owned: fc.shuffledSubarray(addresses),
    others: fc.oneof(fc.constant([]), fc.subarray(addresses)),
    inherited: fc.oneof(fc.constant([]), fc.subarray(addresses)),
    allowUnassignWithEip: fc.boolean(),
    refuseOthers: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    cidrBlock: fc.constantFrom(undefined, undefined, "10.0.1.0/24", "10.0.1.0/27"),
    capacity: fc.option(fc.integer({ min: 0, max: 45 }), { nil: undefined }),
    full: fc.boolean(),
    contended: fc.boolean(),
    batchSize: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ wanted, owned, others, refuseOthers, allowUnassignWithEip, ...observation }) => ({
    goal: { wanted, owned, refuseOthers, allowUnassignWithEip },
    // A resource claims what it wants before it plans.
    observation: { ...observation, claimed: [...new Set([...others, ...wanted])] },
  }));

/** An ENI that does what it is told, and refuses what the API would refuse. */
function applyTo({ goal, observation }: Situation, plan: Plan): string[] {
  const held = new Set(observation.seen.secondaryIpAddresses);
  const before = held.size + observation.seen.ipv4PrefixCount;
  let peak = before;
  for (const step of plan.steps) {
    expect(step.addresses.length).toBeGreaterThan(0);
    expect(step.addresses.length).toBeLessThanOrEqual(observation.batchSize);
    for (const address of step.addresses) {
      expect(address).not.toBe(primary);
      expect(held.has(address)).toBe(step.kind === "unassign");
      if (step.kind === "assign") held.add(address);
      else {
        expect(goal.owned).toContain(address);
        expect(observation.claimed).not.toContain(address);
        if (!goal.allowUnassignWithEip) expect(observation.seen.eipBoundAddresses).not.toContain(address);
        held.delete(address);
      }
    }
    const holds = held.size + observation.seen.ipv4PrefixCount;
    if (step.kind === "assign") expect(holds).toBeLessThanOrEqual(observation.capacity ?? Infinity);
    peak = Math.max(peak, holds);
  }
  expect(peakOf(plan.steps, before)).toBe(peak);
  return [...held];
}

test("a plan reaches its goal within every limit, touches nothing foreign, and leaves nothing to plan", () => {
  let plansThatRan = 0;
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const plan = planChanges(goal, observation);
      const after = applyTo({ goal, observation }, plan);
      const { secondaryIpAddresses: before, ipv4PrefixCount } = observation.seen;
      if (plan.refusals.length > 0) {
        expect(plan.steps).toEqual([]);
        return;
      }
      plansThatRan += plan.steps.length > 0 ? 1 : 0;

      expect(after).toEqual(expect.arrayContaining([...goal.wanted]));
      const mayGo = addressesOnlyIn(goal.owned, goal.wanted, observation.claimed, [primary]);
      expect(addressesOnlyIn(after, goal.wanted)).toEqual(addressesOnlyIn(before, goal.wanted, mayGo));

      const allAtOnce = before.length + ipv4PrefixCount + plan.assign.length;
      if (!observation.full && !observation.contended && allAtOnce <= (observation.capacity ?? Infinity)) {
        const kinds = plan.steps.map(({ kind }) => kind);
        expect(kinds).toEqual([...kinds].sort());
      }

      const seenAfter = { ...observation.seen, secondaryIpAddresses: after };
      expect(planChanges(goal, { ...observation, seen: seenAfter }).steps).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(plansThatRan).toBeGreaterThan(200);
});

test("a plan is refused for its size only when no order could fit it", () => {
  fc.assert(
    fc.property(situation, ({ goal, observation }) => {
      const { assign, unassign, refusals } = planChanges(goal, observation);
      const held = observation.seen.secondaryIpAddresses.length + observation.seen.ipv4PrefixCount;
      const tooMany = held + assign.length - unassign.length > (observation.capacity ?? Infinity);
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

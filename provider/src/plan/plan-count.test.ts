import { at, planFor, range, refusalsIn, type ObservationParts } from "../../../test/support/plans";
import { byAge } from "./plan";

test.each([
  { what: "no age is recorded", addresses: at(30, 9, 20), recorded: [], ordered: at(9, 20, 30) },
  {
    what: "all ages are recorded",
    addresses: at(9, 20, 30),
    recorded: at(30, 9, 20),
    ordered: at(30, 9, 20),
  },
  {
    what: "some ages are recorded, the others follow",
    addresses: at(5, 9, 30, 20),
    recorded: at(30, 9),
    ordered: at(30, 9, 5, 20),
  },
  {
    what: "a recorded address is gone, leaves it out",
    addresses: at(9),
    recorded: at(30, 9),
    ordered: at(9),
  },
  {
    what: "an address is recorded twice, lists it once",
    addresses: at(9),
    recorded: at(9, 9),
    ordered: at(9),
  },
])("byAge: $what", ({ addresses, recorded, ordered }) => {
  expect(byAge(addresses, recorded)).toEqual(ordered);
});

const count = (size: number, oldestFirst: readonly string[] = []) =>
  ({ input: "secondaryPrivateIpAddressCount", count: { size, oldestFirst } }) as const;

const prefixCount = (size: number, oldestFirst: readonly string[] = []) =>
  ({ input: "ipv4PrefixCount", count: { size, oldestFirst } }) as const;

test.each([
  { what: "0 wanted and 0 present", size: 0, present: [], pick: 0 },
  { what: "3 wanted and 0 present", size: 3, present: [], pick: 3 },
  { what: "3 wanted and 1 present", size: 3, present: at(20), pick: 2 },
  { what: "2 wanted and 2 present", size: 2, present: at(20, 9), pick: 0 },
])("a count: $what, the cloud picks $pick and the present ones stay", ({ size, present, pick }) => {
  for (const owned of [present, []]) {
    expect(planFor({ ...count(size), owned }, present)).toMatchObject({
      assign: [],
      unassign: [],
      unmanaged: [],
      pick,
      surplus: [],
      refusals: [],
    });
  }
});

test.each([
  {
    what: "the newest addresses are unassigned",
    owned: at(20, 21, 22),
    oldestFirst: at(22),
    unassign: at(20, 21),
  },
  {
    what: "of unknown age the highest addresses are unassigned",
    owned: at(20, 21, 22),
    oldestFirst: [],
    unassign: at(21, 22),
  },
  {
    what: "older ones are unassigned in place of one that is not owned",
    owned: at(20, 21),
    oldestFirst: [],
    unassign: at(20, 21),
  },
])("a count that shrinks to 1: $what", ({ owned, oldestFirst, unassign }) => {
  expect(planFor({ ...count(1, oldestFirst), owned }, at(20, 21, 22))).toMatchObject({
    unassign,
    pick: 0,
    surplus: [],
    unmanaged: [],
    refusals: [],
  });
});

test("a count that shrinks: older ones are unassigned in place of one with an EIP, also if that is allowed", () => {
  for (const allowUnassignWithEip of [false, true]) {
    const goal = { ...count(1), owned: at(20, 21, 22), allowUnassignWithEip };
    const plan = planFor(goal, at(20, 21, 22), { seen: { eipBoundAddresses: at(22) } });
    expect(plan).toMatchObject({ unassign: at(20, 21), surplus: [], refusals: [] });
  }
});

test("a count that shrinks: an address that another resource claims stays", () => {
  const goal = { ...count(1), owned: at(20, 21, 22) };
  expect(planFor(goal, at(20, 21, 22), { claimed: at(22) })).toMatchObject({
    unassign: at(20, 21),
    left: [],
    surplus: [],
  });
});

test("a count that cannot shrink far enough: the newest addresses that may not be unassigned are the surplus", () => {
  expect(planFor({ ...count(1), owned: at(20) }, at(20, 21, 22))).toMatchObject({
    unassign: at(20),
    pick: 0,
    surplus: at(22),
    steps: [],
  });
  const several = planFor(count(1, at(22)), at(20, 21, 22));
  expect(several).toMatchObject({ unassign: [], surplus: at(20, 21) });
  expect(planFor({ ...count(1), owned: at(22) }, at(20, 21, 22))).toMatchObject({
    unassign: at(22),
    surplus: at(21),
  });
});

test("a count that cannot shrink far enough: addresses with an EIP are the last in the surplus", () => {
  const surplusOf = (size: number, eipBoundAddresses: readonly string[]) =>
    planFor(count(size), at(20, 21, 22), { seen: { eipBoundAddresses } }).surplus;
  expect(surplusOf(1, at(22))).toEqual(at(20, 21));
  expect(surplusOf(0, at(22))).toEqual(at(20, 21, 22));
  expect(surplusOf(0, at(20))).toEqual(at(20, 21, 22));
});

test("a count: the primary address is never unassigned, even if the state lists it", () => {
  const seen = { secondaryIpAddresses: at(10, 20) };
  expect(planFor({ ...count(0), owned: at(10, 20) }, at(10, 20), { seen }).unassign).toEqual(at(20));
  expect(planFor({ ...count(1, at(20)), owned: at(10, 20) }, at(10, 20), { seen })).toMatchObject({
    unassign: at(20),
    surplus: [],
  });
});

test("a count: picks are cut into calls, and counted in calls and peak", () => {
  const plan = planFor(count(15), at(20, 21, 22), { capacity: 29 });
  expect(plan.steps).toEqual([
    { action: "assign", kind: "address", addresses: [], pick: 10 },
    { action: "assign", kind: "address", addresses: [], pick: 2 },
  ]);
  expect(plan).toMatchObject({ pick: 12, calls: 2, peak: 15 });
});

test("a count: picks that exceed the capacity beside what is unassigned, shows the full peak", () => {
  const goal = { ...count(5), owned: ["10.0.1.32/28"] };
  const seen = { ipv4Prefixes: ["10.0.1.32/28"] };
  // From three, the ENI would get three more before the prefix is unassigned.
  expect(planFor(goal, at(20, 21), { capacity: 4, seen })).toMatchObject({
    refusals: [{ cause: "quota" }],
    calls: 2,
    peak: 6,
  });
  expect(planFor(goal, at(20, 21), { capacity: 5, seen })).toMatchObject({ refusals: [], calls: 3, peak: 5 });
});

test("a count: refused under its own input when it exceeds the capacity, planned when it fits", () => {
  expect(refusalsIn(planFor(count(6), at(20, 21), { capacity: 5 }))).toEqual([
    "secondaryPrivateIpAddressCount: eni-x would hold 6 secondary addresses and prefixes, but it can hold 5 while it is " +
      "Available; want fewer, or spread them over more ENIs",
  ]);
  expect(planFor(count(5), at(20, 21), { capacity: 5 })).toMatchObject({ refusals: [], pick: 3 });
});

test("a count: refused on an ENI that a service manages only when something changes", () => {
  const seen = { serviceManaged: true };
  expect(refusalsIn(planFor(count(2), [], { seen }))).toEqual([
    expect.stringContaining("networkInterfaceId: eni-x"),
  ]);
  expect(planFor(count(0), [], { seen })).toMatchObject({ refusals: [], steps: [] });
});

test("a count below what an update may unassign: the refusal names the number and the remedies", () => {
  const plan = planFor(count(1), at(20, 21));
  expect(refusalsIn(plan)).toEqual([
    "secondaryPrivateIpAddressCount: cannot shrink by 1: eni-x holds 2 secondary addresses, and the candidates have an EIP " +
      "or are not owned; unbind the EIP, or run `pulumi refresh` to adopt them",
  ]);
  expect(plan.refusals).toMatchObject([{ cause: "impossible", refreshHelps: true }]);
});

const takingOver = (size: number, eipBoundAddresses: readonly string[]) => {
  const observation: ObservationParts = { seen: { eipBoundAddresses } };
  return planFor({ ...count(size), refuseOthers: true }, at(20, 21, 22), observation);
};

test("a count below what a create finds: the refusal prints the newest addresses as unassignOnCreate", () => {
  const plan = planFor({ ...count(1), refuseOthers: true }, at(20, 21));
  expect(refusalsIn(plan)).toEqual([
    "unassignOnCreate: eni-x already holds 2 secondary addresses, and secondaryPrivateIpAddressCount is 1. They may belong " +
      "to something else, or be left over from a create that was killed. Want more, or allow some to be unassigned, such as " +
      'unassignOnCreate: ["10.0.1.21"]',
  ]);
  expect(plan).toMatchObject({ calls: 0, refusals: [{ cause: "impossible" }] });
  expect(plan.refusals[0]?.refreshHelps).toBeUndefined();
});

test("a count below what a create finds: the refusal prints addresses without an EIP before others", () => {
  expect(refusalsIn(takingOver(1, at(22)))).toEqual([
    expect.stringContaining('unassignOnCreate: ["10.0.1.20","10.0.1.21"]'),
  ]);
});

test("a count below the number of addresses with an EIP: a create is refused with the least count", () => {
  const plan = takingOver(0, at(22));
  expect(refusalsIn(plan)).toEqual([
    "secondaryPrivateIpAddressCount: eni-x already holds 3 secondary addresses, and secondaryPrivateIpAddressCount is 0; an " +
      "EIP is bound to 10.0.1.22, which a count never unassigns. Want at least 1, or unbind it first",
  ]);
  expect(plan.refusals).toMatchObject([{ cause: "impossible" }]);
  expect(refusalsIn(takingOver(1, range(20, 3)))).toEqual([
    expect.stringMatching(/bound to 10\.0\.1\.21, 10\.0\.1\.22, .* Want at least 3/),
  ]);
});

const held = ["10.0.1.32/28", "10.0.1.48/28"];

test("a count of prefixes: the cloud picks prefixes, and the newest are unassigned", () => {
  const seen = { ipv4Prefixes: held };
  expect(planFor(prefixCount(3), at(20), { seen })).toMatchObject({
    pick: 1,
    steps: [{ action: "assign", kind: "prefix", addresses: [], pick: 1 }],
  });
  const oldestFirst = [...held].reverse();
  expect(planFor({ ...prefixCount(1, oldestFirst), owned: held }, at(20), { seen })).toMatchObject({
    unassign: ["10.0.1.32/28"],
  });
});

test("a count of prefixes below what may be unassigned: the refusal calls them prefixes", () => {
  const seen = { ipv4Prefixes: held };
  expect(refusalsIn(planFor({ ...prefixCount(1), refuseOthers: true }, [], { seen }))).toEqual([
    expect.stringContaining("eni-x already holds 2 prefixes, and ipv4PrefixCount is 1."),
  ]);
  expect(refusalsIn(planFor(prefixCount(1), [], { seen }))).toEqual([
    expect.stringContaining(
      "ipv4PrefixCount: cannot shrink by 1: eni-x holds 2 prefixes, and the candidates",
    ),
  ]);
});

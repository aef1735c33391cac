import { at, callsIn, planFor, prefixRange, range, refusalsIn } from "../../../test/support/plans";
import type { Plan } from "./plan";

test.each([
  {
    what: "the ENI is empty",
    wanted: at(20, 21),
    owned: [],
    present: [],
    assign: at(20, 21),
    unassign: [],
  },
  {
    what: "all addresses are owned and present",
    wanted: at(20),
    owned: at(20),
    present: at(20),
    assign: [],
    unassign: [],
  },
  {
    what: "all addresses are present but not owned",
    wanted: at(20),
    owned: [],
    present: at(20),
    assign: [],
    unassign: [],
  },
  {
    what: "the list has changed",
    wanted: at(21),
    owned: at(20),
    present: at(20),
    assign: at(21),
    unassign: at(20),
  },
  {
    what: "one address is missing",
    wanted: at(20, 21),
    owned: at(20),
    present: at(20),
    assign: at(21),
    unassign: [],
  },
  {
    what: "an owned address is already unassigned",
    wanted: [],
    owned: at(20, 21),
    present: at(21),
    assign: [],
    unassign: at(21),
  },
  {
    what: "the list is empty",
    wanted: [],
    owned: at(20, 21),
    present: at(20, 21),
    assign: [],
    unassign: at(20, 21),
  },
  {
    what: "addresses are not in numerical order",
    wanted: at(100, 20),
    owned: at(9, 30),
    present: at(30, 9),
    assign: at(20, 100),
    unassign: at(9, 30),
  },
])(
  "a list: $what, assigns $assign and unassigns $unassign",
  ({ wanted, owned, present, assign, unassign }) => {
    const plan = planFor({ wanted, owned }, present);
    expect(plan).toMatchObject({
      assign,
      unassign,
      pick: 0,
      left: [],
      unmanaged: [],
      surplus: [],
      refusals: [],
    });
    expect(plan.steps.flatMap((step) => step.addresses)).toEqual([...assign, ...unassign]);
  },
);

test("an unmanaged address: an update reports it, and leaves it", () => {
  expect(planFor({ wanted: at(20), owned: at(20) }, at(20, 31, 30))).toMatchObject({
    unassign: [],
    unmanaged: at(30, 31),
    steps: [],
    refusals: [],
  });
});

test("an unmanaged address: a create that lists it in unassignOnCreate unassigns it, and no other one", () => {
  expect(planFor({ wanted: at(20), owned: at(30), refuseOthers: true }, at(30))).toMatchObject({
    assign: at(20),
    unassign: at(30),
    refusals: [],
  });
  expect(planFor({ wanted: at(20), owned: at(30), refuseOthers: true }, at(30, 31))).toMatchObject({
    unassign: at(30),
    unmanaged: at(31),
    steps: [],
    refusals: [{ property: "unassignOnCreate" }],
  });
});

test.each(["claimed", "inherited"])("an address that is %s: a create does not refuse it", (how) => {
  expect(planFor({ wanted: at(20), refuseOthers: true }, at(30), { [how]: at(30) })).toMatchObject({
    unassign: [],
    unmanaged: [],
    refusals: [],
  });
});

test("an address that another resource claims: is left although owned and no longer wanted", () => {
  expect(planFor({ owned: at(20, 21, 22) }, at(20, 21, 22), { claimed: at(21, 22, 40) })).toMatchObject({
    unassign: at(20),
    left: at(21, 22),
    unmanaged: [],
  });
});

test("an address that another resource claims: is assigned when wanted and missing", () => {
  expect(planFor({ wanted: at(20) }, [], { claimed: at(20) })).toMatchObject({ assign: at(20), left: [] });
});

test("an address that another resource claims: is not reported as left when the ENI does not hold it", () => {
  expect(planFor({ owned: at(20) }, [], { claimed: at(20) }).left).toEqual([]);
});

test("an inherited address: is unassigned when the resource itself owns it", () => {
  expect(planFor({ owned: at(20) }, at(20), { inherited: at(20) }).unassign).toEqual(at(20));
});

test("the primary address: is never unassigned, even if state and reading list it as a secondary one", () => {
  expect(planFor({ owned: at(10, 20) }, at(10, 20)).unassign).toEqual(at(20));
});

const inShort = (plan: Plan) =>
  callsIn(plan).map((call) => call.replace("unassign ", "-").replace("assign ", "+"));

test("the capacity: batches are unassigned only as far as the next call needs room", () => {
  const plan = planFor({ wanted: range(60, 30), owned: range(20, 30) }, range(20, 30), { capacity: 30 });
  expect(inShort(plan)).toEqual(["-8", "+8", "-8", "+8", "-8", "+8", "-6", "+6"]);
  expect(plan.peak).toBe(30);
});

test("the capacity: an ENI that holds more is not touched while nothing is assigned", () => {
  expect(
    planFor({ wanted: range(20, 50), owned: range(20, 50) }, range(20, 50), { capacity: 49 }),
  ).toMatchObject({ steps: [], refusals: [] });
  expect(planFor({ owned: range(20, 5) }, range(20, 55), { capacity: 49 })).toMatchObject({
    unassign: range(20, 5),
    refusals: [],
  });
});

test("another ENI holds a wanted address: everything is unassigned first, as that ENI may wait for one", () => {
  const plan = planFor({ wanted: range(60, 3), owned: range(20, 12) }, range(20, 12), { contended: true });
  expect(callsIn(plan)).toEqual(["unassign 10", "unassign 2", "assign 3"]);
});

describe("the API has refused a size of the ENI:", () => {
  const refused = (size: number) => ({ size, error: new Error("too many") });
  const oneFirst = ["-1", "+1", "-3", "+3", "-8"];

  test.each([
    { what: "the quota is not known", present: 12, capacity: undefined, calls: oneFirst },
    { what: "the quota promises room", present: 12, capacity: 40, calls: oneFirst },
    { what: "the ENI holds more", present: 20, capacity: 12, calls: ["-10", "+2", "-2", "+2"] },
  ])("$what, a plan that ends with no more than now: $calls", ({ present, capacity, calls }) => {
    const goal = { wanted: range(60, 4), owned: range(20, 12) };
    const plan = planFor(goal, range(20, present), { capacity, refusedSize: refused(present + 4) });
    expect(inShort(plan)).toEqual(calls);
  });

  const growing = { wanted: range(60, 12), owned: range(20, 4) };
  test.each([
    { size: 14, calls: ["+5"] },
    { size: 13, calls: ["+4"] },
    { size: 100, calls: ["+10"] },
  ])("a plan that grows, $size refused: half of the room is tried", ({ size, calls }) => {
    expect(inShort(planFor(growing, range(20, 4), { refusedSize: refused(size) }))).toEqual(calls);
  });

  test("a plan that grows over it: is refused with the sizes and the API's words", () => {
    const plan = planFor(growing, range(20, 4), { refusedSize: refused(12) });
    expect(plan.steps).toEqual([]);
    expect(refusalsIn(plan)).toEqual([
      "privateIpAddresses: eni-x would hold 12 secondary addresses and prefixes, but it holds 4, and the API has refused " +
        "12 while it is Available (too many); want fewer, or spread them over more ENIs",
    ]);
  });

  test("the quota is known and lower: it decides", () => {
    const plan = planFor(growing, range(20, 4), { refusedSize: refused(14), capacity: 12 });
    expect(inShort(plan)).toEqual(["+8", "-4", "+4"]);
    expect(refusalsIn(planFor(growing, range(20, 4), { refusedSize: refused(12), capacity: 9 }))).toEqual([
      expect.stringContaining("but it can hold 9 while it is Available"),
    ]);
  });

  test("a count: the cloud picks half of the room", () => {
    const input = "secondaryPrivateIpAddressCount";
    const count = { size: 12, oldestFirst: [] };
    const seen = { ipv4Prefixes: prefixRange(4) };
    const plan = planFor({ input, count, owned: prefixRange(4) }, [], { refusedSize: refused(14), seen });
    expect(inShort(plan)).toEqual(["+5"]);
  });

  test("a prefix around an address of the resource: waits until that has left, another one is tried", () => {
    const wanted = ["10.0.1.16/28", "10.0.1.32/28"];
    const goal = { input: "ipv4Prefixes", wanted, owned: at(20) } as const;
    const plan = planFor(goal, at(20), { refusedSize: refused(3) });
    expect(plan.steps).toEqual([{ action: "assign", kind: "prefix", addresses: ["10.0.1.32/28"] }]);
  });

  const swap = { wanted: range(60, 4), owned: range(20, 4) };
  const wasHeld = { ...refused(4), wasHeld: true };
  test("it has held that many: room does not help, and the remedy is said", () => {
    expect(refusalsIn(planFor(swap, range(20, 3), { refusedSize: wasHeld, capacity: 9 }))).toEqual([
      "privateIpAddresses: eni-x would hold 4 secondary addresses and prefixes, but it holds 3, and the API has refused 4 " +
        "while it is Available, although it held 4 (too many); remove what has to leave in one `pulumi up`, and add the " +
        "others in the next",
    ]);
  });

  test.each([
    { what: "the quota is known and explains it", more: { capacity: 3 }, goal: { ...swap, wanted: at(60) } },
    { what: "nothing is assigned", more: {}, goal: { ...swap, wanted: [] } },
  ])("it has held that many, $what: is not refused", ({ goal, more }) => {
    expect(refusalsIn(planFor(goal, range(20, 3), { refusedSize: wasHeld, ...more }))).toEqual([]);
  });

  test("the ENI holds that many meanwhile: the refusal says nothing any more", () => {
    const plan = planFor({ wanted: range(20, 6), owned: range(20, 4) }, range(20, 4), {
      refusedSize: refused(4),
    });
    expect(inShort(plan)).toEqual(["+2"]);
  });
});

describe("a plan that has begun:", () => {
  const goal = { wanted: range(100, 10), owned: range(20, 10) };
  const [first, ...begun] = planFor(goal, range(20, 10), { capacity: 19 }).steps;
  const present = [...range(20, 10), ...(first?.addresses ?? [])];

  test("nothing else has changed: keeps its order", () => {
    expect(inShort(planFor(goal, present, { capacity: 19, begun }))).toEqual(["-10", "+1"]);
    expect(inShort(planFor(goal, present, { capacity: 19 }))).toEqual(["-1", "+1", "-9"]);
  });

  test.each([
    { what: "an address is gone", seen: present.slice(1), capacity: 19, calls: ["+1", "-9"] },
    { what: "there is more room", seen: present, capacity: 49, calls: ["-10", "+1"] },
    { what: "another ENI holds it", seen: present, capacity: 49, contended: true, calls: ["-10", "+1"] },
  ])("$what: $calls", ({ seen, capacity, contended = false, calls }) => {
    expect(inShort(planFor(goal, seen, { capacity, contended, begun }))).toEqual(calls);
  });
});

describe("refused addresses:", () => {
  test("set aside: are not requested, and what they replace stays", () => {
    const goal = { wanted: range(60, 3), owned: range(20, 2) };
    const plan = planFor(goal, range(20, 2), { setAside: at(61) });
    expect(plan.steps).toEqual([{ action: "assign", kind: "address", addresses: at(60, 62) }]);
    expect(plan).toMatchObject({ assign: range(60, 3), unassign: range(20, 2) });
    const later = planFor(goal, [...range(20, 2), ...at(60, 62)], { setAside: at(61) });
    expect(later.steps).toEqual([]);
  });

  test("set aside, while another ENI holds one: everything is unassigned, as that ENI may wait for it", () => {
    const goal = { wanted: range(60, 3), owned: range(20, 2) };
    const plan = planFor(goal, range(20, 2), { setAside: at(61), contended: true });
    expect(callsIn(plan)).toEqual(["unassign 2", "assign 2"]);
  });

  test("set aside on a full ENI: as many leave as the others need", () => {
    const goal = { wanted: range(60, 12), owned: range(20, 12) };
    const plan = planFor(goal, range(20, 12), { setAside: at(60), capacity: 12 });
    expect(inShort(plan)).toEqual(["-4", "+4", "-4", "+4", "-3", "+3"]);
  });

  test("set aside of those to unassign: the others leave", () => {
    const plan = planFor({ owned: range(20, 3) }, range(20, 3), { setAside: at(21) });
    expect(plan.steps).toEqual([{ action: "unassign", kind: "address", addresses: at(20, 22) }]);
  });

  test("apart: each part has calls of its own, after the rest", () => {
    const plan = planFor({ wanted: range(60, 6) }, [], { apart: [at(61, 62), at(64), at(90)] });
    expect(plan.steps.map(({ addresses }) => addresses)).toEqual([at(60, 63, 65), at(61, 62), at(64)]);
  });
});

test("a batch size: no call changes more addresses", () => {
  const plan = planFor({ wanted: range(60, 3), owned: range(20, 5) }, range(20, 5), { batchSize: 2 });
  expect(callsIn(plan)).toEqual(["assign 2", "assign 1", "unassign 2", "unassign 2", "unassign 1"]);
});

test("calls and peak: counted over the whole plan", () => {
  const goal = { wanted: range(60, 7), owned: range(20, 12) };
  expect(planFor(goal, range(20, 15), { capacity: 29 })).toMatchObject({ calls: 3, peak: 22 });
  expect(planFor({ wanted: at(20), owned: at(20) }, at(20, 21))).toMatchObject({ calls: 0, peak: 2 });
});

test("calls and peak: counted when only a permission is missing", () => {
  const wanted = range(60, 12);
  const withEip = planFor({ wanted, owned: at(20) }, at(20), { seen: { eipBoundAddresses: at(20) } });
  expect(withEip).toMatchObject({
    steps: [],
    refusals: [{ property: "allowUnassignWithEip", cause: "permission" }],
    calls: 3,
    peak: 13,
  });
  expect(planFor({ wanted, refuseOthers: true }, at(20))).toMatchObject({
    steps: [],
    refusals: [{ property: "unassignOnCreate", cause: "permission" }],
    calls: 2,
    peak: 13,
  });
});

test("calls and peak: counted when only the quota is exceeded", () => {
  expect(planFor({ wanted: range(60, 12) }, at(20), { capacity: 5 })).toMatchObject({
    steps: [],
    refusals: [{ cause: "quota" }],
    calls: 2,
    peak: 13,
  });
});

test("calls: 0 when the plan is impossible, even if a permission is missing as well", () => {
  expect(planFor({ wanted: at(10, 20) })).toMatchObject({ steps: [], calls: 0 });
  const both = planFor({ wanted: at(10, 21), refuseOthers: true }, at(30));
  expect(both.refusals.map(({ cause }) => cause)).toEqual(["impossible", "permission"]);
  expect(both).toMatchObject({ steps: [], calls: 0 });
});

const held = { seen: { ipv4Prefixes: ["10.0.1.32/28", "10.0.1.48/28"] } };

test("a list of prefixes: is compared only with the prefixes of the ENI", () => {
  const goal = { wanted: ["10.0.1.32/28", "10.0.1.64/28"], owned: ["10.0.1.32/28", "10.0.1.48/28"] };
  expect(planFor({ input: "ipv4Prefixes", ...goal }, at(20), held)).toMatchObject({
    kind: "prefix",
    assign: ["10.0.1.64/28"],
    unassign: ["10.0.1.48/28"],
    unmanaged: [],
    refusals: [],
  });
});

test("the other kind: an address mode ignores prefixes, and a prefix mode ignores addresses", () => {
  expect(planFor({ wanted: at(20), refuseOthers: true }, at(20), held)).toMatchObject({
    kind: "address",
    unmanaged: [],
    steps: [],
    refusals: [],
  });
  const wanted = held.seen.ipv4Prefixes;
  expect(planFor({ input: "ipv4Prefixes", wanted, refuseOthers: true }, at(20), held)).toMatchObject({
    kind: "prefix",
    unmanaged: [],
    steps: [],
    refusals: [],
  });
});

test("a change from addresses to prefixes: unassigns the owned addresses in a call of their own", () => {
  const plan = planFor({ input: "ipv4Prefixes", wanted: ["10.0.1.64/28"], owned: at(20, 21) }, at(20, 21));
  expect(plan.steps).toEqual([
    { action: "assign", kind: "prefix", addresses: ["10.0.1.64/28"] },
    { action: "unassign", kind: "address", addresses: at(20, 21) },
  ]);
});

test("a prefix and an owned address within it: one is unassigned before the other one is assigned", () => {
  const kinds = ({ steps }: ReturnType<typeof planFor>) =>
    steps.map(({ action, kind }) => `${action} ${kind}`);
  const goal = { wanted: ["10.0.1.16/28"], owned: at(20, 40) };
  const toPrefix = planFor({ input: "ipv4Prefixes", ...goal }, at(20, 40));
  expect(kinds(toPrefix)).toEqual(["unassign address", "assign prefix", "unassign address"]);
  const toAddress = planFor({ wanted: at(50), owned: ["10.0.1.48/28"] }, [], held);
  expect(kinds(toAddress)).toEqual(["unassign prefix", "assign address"]);
  expect(refusalsIn(toAddress)).toEqual([]);
});

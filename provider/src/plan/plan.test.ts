import { at, callsIn, planFor, range, refusalsIn } from "../../../test/support/plans";

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

test("the capacity: batches are unassigned only as far as the next call needs room", () => {
  const plan = planFor({ wanted: range(60, 30), owned: range(20, 30) }, range(20, 30), { capacity: 30 });
  expect(plan.steps.map(({ action }) => action)).toEqual([
    "unassign",
    "assign",
    "unassign",
    "assign",
    "unassign",
    "assign",
  ]);
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

test.each([
  { what: "the quota is not known", present: 12, capacity: undefined, calls: ["-10", "+4", "-2"] },
  { what: "the quota promises room", present: 12, capacity: 40, calls: ["-10", "+4", "-2"] },
  { what: "one batch does not make enough room", present: 20, capacity: 12, calls: ["-10", "-2", "+4"] },
])("an ENI that the API called full: $what, calls $calls", ({ present, capacity, calls }) => {
  const goal = { wanted: range(60, 4), owned: range(20, 12) };
  const plan = planFor(goal, range(20, present), { capacity, full: true });
  expect(callsIn(plan).map((call) => call.replace("unassign ", "-").replace("assign ", "+"))).toEqual(calls);
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
  expect(kinds(toPrefix)).toEqual(["unassign address", "assign prefix"]);
  const toAddress = planFor({ wanted: at(50), owned: ["10.0.1.48/28"] }, [], held);
  expect(kinds(toAddress)).toEqual(["unassign prefix", "assign address"]);
  expect(refusalsIn(toAddress)).toEqual([]);
});

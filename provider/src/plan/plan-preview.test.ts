import {
  at,
  planFor,
  range,
  refusalsIn,
  type GoalParts,
  type ObservationParts,
} from "../../../test/support/plans";

/*
 * The resource may own more than a preview knows, and other resources of the program may release addresses before the
 * operation. A preview refuses only what the operation refuses in every case.
 */

/** The ENI holds 10.0.1.33, which has an EIP, and 10.0.1.50. */
const preview = (goal: GoalParts, { seen, ...observation }: ObservationParts = {}) =>
  planFor(goal, at(33, 50), { ...observation, seen: { eipBoundAddresses: at(33), ...seen } });

const refused = (goal: GoalParts, observation: ObservationParts = {}) =>
  preview(goal, observation).refusals.map(({ property }) => property);

const count = (size: number): GoalParts => ({
  input: "secondaryPrivateIpAddressCount",
  count: { size, oldestFirst: [] },
});

const around33: GoalParts = { input: "ipv4Prefixes", wanted: ["10.0.1.32/28"] };

test("mayOwnMore: an overlap is refused only when the resource certainly does not own the address", () => {
  expect(refused(around33)).toEqual(["ipv4Prefixes"]);
  expect(refused({ ...around33, mayOwnMore: false })).toEqual(["ipv4Prefixes"]);
  expect(refused({ ...around33, mayOwnMore: true })).toEqual([]);
});

test("mayOwnMore: an overlap with an address that another resource claims is refused", () => {
  expect(refused({ ...around33, mayOwnMore: true }, { claimed: at(33) })).toEqual(["ipv4Prefixes"]);
});

test("mayOwnMore: a takeover is refused only when everything owned is known", () => {
  expect(refused({ refuseOthers: true })).toEqual(["unassignOnCreate"]);
  expect(refused({ refuseOthers: true, mayOwnMore: true })).toEqual([]);
});

test("mayOwnMore: an EIP refuses what is certainly owned, not what may be owned", () => {
  expect(refused({ owned: at(33), mayOwnMore: true })).toEqual(["allowUnassignWithEip"]);
  expect(refused({ owned: at(50), mayOwnMore: true })).toEqual([]);
});

test("mayOwnMore: an ENI that a service manages is refused only when something certainly changes", () => {
  const managed = { seen: { serviceManaged: true } };
  expect(refused({ wanted: at(60), mayOwnMore: true }, managed)).toEqual(["networkInterfaceId"]);
  expect(refused({ wanted: at(50), mayOwnMore: true }, managed)).toEqual([]);
});

test("mayOwnMore: an unknown primary address refuses only what is certainly owned", () => {
  const unknown = { seen: { primaryIpAddress: "" } };
  expect(refused({ owned: at(50), mayOwnMore: true }, unknown)).toEqual(["networkInterfaceId"]);
  expect(refused({ wanted: at(60), mayOwnMore: true }, unknown)).toEqual([]);
});

test("mayOwnMore: the capacity is judged as if all other addresses were unassigned", () => {
  const three: GoalParts = { wanted: at(60, 61, 62) };
  expect(refused(three, { capacity: 3 })).toEqual(["privateIpAddresses"]);
  expect(refused({ ...three, mayOwnMore: true }, { capacity: 3 })).toEqual([]);
  expect(refused({ ...three, mayOwnMore: true }, { capacity: 2 })).toEqual(["privateIpAddresses"]);
});

test("mayOwnMore: a count that shrinks is refused only for addresses that can never be unassigned", () => {
  expect(preview(count(1)).refusals).toMatchObject([{ refreshHelps: true }]);
  expect(refused({ ...count(1), mayOwnMore: true })).toEqual([]);
  expect(refused({ ...count(0), mayOwnMore: true })).toEqual(["secondaryPrivateIpAddressCount"]);
  expect(refused({ ...count(1), mayOwnMore: true }, { claimed: at(50) })).toEqual([
    "secondaryPrivateIpAddressCount",
  ]);
});

test("mayOwnMore: the changes of the plan are those that are certain", () => {
  expect(preview({ wanted: at(60), owned: at(50), mayOwnMore: true })).toMatchObject({
    assign: at(60),
    unassign: at(50),
    unmanaged: at(33),
    calls: 2,
    peak: 3,
    refusals: [],
  });
});

test("leaving: an overlap with a leaving address or prefix is not refused", () => {
  expect(refused(around33, { leaving: at(33) })).toEqual([]);
  expect(refused(around33, { leaving: at(50) })).toEqual(["ipv4Prefixes"]);
  const within = { ipv4Prefixes: ["10.0.1.64/28"] };
  expect(refused({ wanted: at(70) }, { seen: within })).toEqual(["privateIpAddresses"]);
  expect(refused({ wanted: at(70) }, { seen: within, leaving: ["10.0.1.64/28"] })).toEqual([]);
});

test("leaving: a takeover is refused only for the addresses that stay", () => {
  expect(refused({ refuseOthers: true }, { leaving: at(33) })).toEqual(["unassignOnCreate"]);
  expect(refusalsIn(preview({ refuseOthers: true }, { leaving: at(33) }))).toEqual([
    expect.stringMatching(/already holds 1 .*unassignOnCreate: \["10\.0\.1\.50"\]/),
  ]);
  expect(refused({ refuseOthers: true }, { leaving: at(33, 50) })).toEqual([]);
});

test("leaving: the capacity counts the room that another resource makes", () => {
  const two: GoalParts = { wanted: at(60, 61) };
  expect(refused(two, { capacity: 3 })).toEqual(["privateIpAddresses"]);
  expect(refused(two, { leaving: at(50), capacity: 3 })).toEqual([]);
});

test("leaving: an address with an EIP is not refused, as this resource does not unassign it", () => {
  expect(preview({}, { leaving: at(33) })).toMatchObject({ unassign: [], refusals: [], calls: 0 });
});

const two: GoalParts = { wanted: at(60, 61) };

test("leaving: the peak counts it while the changes fit beside it", () => {
  expect(preview(two, { leaving: at(50), capacity: 4 })).toMatchObject({ calls: 1, peak: 4 });
  expect(preview(two, { leaving: at(50) })).toMatchObject({ calls: 1, peak: 4 });
});

test("leaving: the peak does not count it when the changes fit only after it is unassigned", () => {
  expect(preview(two, { leaving: at(50), capacity: 3 })).toMatchObject({ calls: 1, peak: 3 });
});

test("leaving: the peak does not count it when it overlaps with what is assigned", () => {
  expect(preview(around33, { leaving: at(33), capacity: 9 })).toMatchObject({ calls: 1, peak: 2 });
});

test("leaving: own addresses make room when the changes fit only after others have left", () => {
  const goal: GoalParts = { wanted: at(60, 61), owned: at(50) };
  // After 10.0.1.33 has left, the ENI holds one address, and has room for one more.
  const plan = preview(goal, { leaving: at(33), capacity: 2 });
  expect(plan).toMatchObject({ refusals: [], calls: 3, peak: 2 });
  expect(plan.steps.map(({ action }) => action)).toEqual(["assign", "unassign", "assign"]);
});

test("leaving: a plan that fits in no case shows its full peak", () => {
  const plan = preview({ wanted: range(60, 3), owned: at(50) }, { leaving: at(33), capacity: 2 });
  expect(plan).toMatchObject({ steps: [], calls: 2, peak: 5, refusals: [{ cause: "quota" }] });
  expect(refusalsIn(plan)).toEqual([expect.stringContaining("would hold 3 secondary addresses")]);
});

test("leaving: a count that is reached after the release needs no change, and is not refused", () => {
  const goal: GoalParts = { ...count(1), owned: at(50) };
  expect(refused(goal, { leaving: at(33), seen: { serviceManaged: true } })).toEqual([]);
  expect(refused(goal, { leaving: at(33), seen: { primaryIpAddress: "" } })).toEqual([]);
});

test("leaving: a count that fits only after others have released theirs shows the plan of then", () => {
  const made = planFor({ ...count(1), refuseOthers: true }, at(50, 51), { leaving: at(50, 51) });
  expect(made).toMatchObject({ refusals: [], surplus: [], pick: 1, calls: 1, peak: 1 });
});

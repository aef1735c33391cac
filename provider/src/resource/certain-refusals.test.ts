import type { Goal, Observation } from "../plan/plan";
import { networkInterface } from "../testing/network-interface";
import { observationOf } from "../testing/observation";
import { certainRefusals, type Doubt } from "./certain-refusals";

const eni = networkInterface({
  status: "Available",
  instanceId: undefined,
  secondaryIpAddresses: ["10.0.1.33", "10.0.1.50"],
  eipBoundAddresses: ["10.0.1.33"],
});

function refused(
  goal: Partial<Goal>,
  doubt: Partial<Doubt> = {},
  { seen = eni, ...observed }: Partial<Observation> = {},
) {
  const refusals = certainRefusals(
    { of: "address", wanted: [], owned: [], refuseOthers: false, allowUnassignWithEip: false, ...goal },
    observationOf(seen, observed),
    { ownsMore: false, leaving: [], ...doubt },
  );
  return refusals.map(({ property }) => property);
}

const around: Partial<Goal> = { of: "prefix", wanted: ["10.0.1.32/28"] };

test("what shares addresses with what is wanted stands in the way, unless it may be the resource's own", () => {
  expect(refused(around)).toEqual(["ipv4Prefixes"]);
  expect(refused(around, { ownsMore: true })).toEqual([]);
});

test("what another resource claims stands in the way, whatever else is owned", () => {
  expect(refused(around, { ownsMore: true }, { claimed: ["10.0.1.33"] })).toEqual(["ipv4Prefixes"]);
});

test("what another resource lets go of does not stand in the way", () => {
  expect(refused(around, { leaving: ["10.0.1.33"] })).toEqual([]);
  expect(refused({ refuseOthers: true }, { leaving: ["10.0.1.33"] })).toEqual(["unassignOnCreate"]);
  expect(refused({ refuseOthers: true }, { leaving: ["10.0.1.33", "10.0.1.50"] })).toEqual([]);
});

test("a takeover is refused only where everything owned is known", () => {
  expect(refused({ refuseOthers: true })).toEqual(["unassignOnCreate"]);
  expect(refused({ refuseOthers: true }, { ownsMore: true })).toEqual([]);
});

test("an EIP stands in the way of what is owned for certain, and of nothing that only may be", () => {
  expect(refused({ owned: ["10.0.1.33"] }, { ownsMore: true })).toEqual(["allowUnassignWithEip"]);
  expect(refused({ owned: ["10.0.1.50"] }, { ownsMore: true })).toEqual([]);
});

test("room that another resource makes counts", () => {
  const two: Partial<Goal> = { wanted: ["10.0.1.60", "10.0.1.61"] };
  expect(refused(two, {}, { capacity: 3 })).toEqual(["privateIpAddresses"]);
  expect(refused(two, { leaving: ["10.0.1.50"] }, { capacity: 3 })).toEqual([]);
});

test("an ENI of a service is refused only where something changes for certain", () => {
  const managed = { seen: { ...eni, serviceManaged: true } };
  expect(refused({ wanted: ["10.0.1.60"] }, { ownsMore: true }, managed)).toEqual(["networkInterfaceId"]);
  expect(refused({ wanted: ["10.0.1.50"] }, { ownsMore: true }, managed)).toEqual([]);
});

import { eventually } from "../support/ecs-client";
import {
  addressRange,
  eniId,
  otherEniId as other,
  privateIpSets,
  twoEnis,
  world,
} from "../support/eni-world";
import { GateClock } from "../support/gate-clock";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (networkInterfaceId: string, privateIpAddresses: string[]) => ({
  networkInterfaceId,
  privateIpAddresses,
});
const state = (privateIpAddresses: string[]) => ({
  ...args(eniId, privateIpAddresses),
  region: "cn-hangzhou",
});

test("one ENI: concurrent updates and a delete run one after another", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.30"]));
  // The emulator answers a second concurrent write with Operation.Conflict.
  scenario.emulator.control.setBehaviour({ latencyMs: 150 });
  await Promise.all([
    scenario.provider.update(eniId, state(["10.0.1.30"]), state(["10.0.1.30", ...addressRange(40, 12)])),
    scenario.provider.delete(eniId, state(["10.0.1.30"])),
    scenario.provider.update(eniId, state(["10.0.1.30"]), state(["10.0.1.30", ...addressRange(60, 12)])),
  ]);
  const codes = scenario.emulator.control.calls().map((call) => call.code);
  expect(codes.filter((code) => code !== null)).toEqual([]);
  expect(scenario.writes).toHaveLength(4);
});

test("two ENIs: a create does not wait for a slow create on the other ENI", async () => {
  const clock = new GateClock();
  // At real pace: at a faster one the provider would soon give up the held call.
  const env = { ALICLOUD_SECONDARY_IPS_PACE: "1" };
  scenario = await Scenario.start(twoEnis(["10.0.1.30"]), { clock, env });
  scenario.emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    match: { networkInterfaceId: eniId },
    effect: { delayMs: 1 },
  });
  const held = scenario.provider.create(args(eniId, ["10.0.1.30", "10.0.1.31"]));
  await eventually(() => clock.waiting > 0);
  // A create that waited would begin after the held call is given up, and exceed this time-out.
  const __internal = { name: "other", timeouts: { create: "20s" } };
  await scenario.provider.create({ ...args(other, ["10.0.1.40"]), __internal });
  expect(scenario.held(other)).toEqual(["10.0.1.40"]);
  expect(clock.waiting).toBe(1);
  clock.open();
  await held;
  expect(scenario.held()).toEqual(["10.0.1.30", "10.0.1.31"]);
});

test("reads: two creates at the same moment share one call", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.30"]));
  await Promise.all([
    scenario.provider.create(args(eniId, ["10.0.1.30"])),
    scenario.provider.create(args(other, [])),
  ]);
  const reads = scenario.emulator.control.calls();
  expect(reads.map((call) => call.action)).toEqual(["DescribeNetworkInterfaces"]);
  expect(reads[0]?.params).toMatchObject({ "NetworkInterfaceId.1": eniId, "NetworkInterfaceId.2": other });
});

test("refresh: 60 ENIs need at most two reads", async () => {
  const many = Array.from({ length: 60 }, (_unused, index) => ({
    NetworkInterfaceId: `eni-${index}`,
    PrivateIpAddress: `10.0.1.${10 + index}`,
    PrivateIpSets: privateIpSets([], `10.0.1.${10 + index}`),
  }));
  scenario = await Scenario.start(world(...many));
  const reads = await Promise.all(
    many.map(({ NetworkInterfaceId: id }) =>
      scenario.provider.read(id, { ...state([]), networkInterfaceId: id }),
    ),
  );
  expect(reads.map(({ id }) => id)).toEqual(many.map((eni) => eni.NetworkInterfaceId));
  expect(scenario.actions.length).toBeLessThanOrEqual(2);
});

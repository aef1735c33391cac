import { addressRange, eniId, primaryAddress, setByHand, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[]) => ({ networkInterfaceId: eniId, privateIpAddresses });

test("create: missing addresses are assigned in batches, the outputs describe the ENI", async () => {
  scenario = await Scenario.start(worldWith());
  const wanted = addressRange(20, 15);
  const { id, outputs } = await scenario.create(args(wanted));
  expect(id).toBe(eniId);
  expect(outputs).toMatchObject({
    networkInterfaceId: eniId,
    region: "cn-hangzhou",
    privateIpAddresses: wanted,
    primaryIpAddress: primaryAddress,
    vswitchId: "vsw-1",
    unmanagedPrivateIpAddresses: [],
    ipv4Prefixes: [],
  });
  expect(scenario.held()).toEqual(wanted);
  expect(scenario.actions).toEqual([
    "DescribeNetworkInterfaces",
    "AssignPrivateIpAddresses",
    "AssignPrivateIpAddresses",
    "DescribeNetworkInterfaces",
  ]);
});

test("create: addresses in the request and in the outputs are in numerical order", async () => {
  scenario = await Scenario.start(worldWith());
  const { outputs } = await scenario.create(args(["10.0.1.100", "10.0.1.9", "10.0.1.20"]));
  expect(outputs.privateIpAddresses).toEqual(["10.0.1.9", "10.0.1.20", "10.0.1.100"]);
  const assign = scenario.emulator.control.calls().find((call) => call.action === "AssignPrivateIpAddresses");
  expect(assign?.params).toMatchObject({
    "PrivateIpAddress.1": "10.0.1.9",
    "PrivateIpAddress.2": "10.0.1.20",
    "PrivateIpAddress.3": "10.0.1.100",
  });
});

test("create: existing addresses are adopted without a write", async () => {
  const wanted = addressRange(20, 3);
  scenario = await Scenario.start(worldWith(wanted));
  const { outputs } = await scenario.create(args(wanted));
  expect(outputs.privateIpAddresses).toEqual(wanted);
  expect(scenario.writes).toEqual([]);
});

test("update: 12 addresses removed and 7 added, one assign, two unassigns and two reads of the ENI", async () => {
  scenario = await Scenario.start(worldWith());
  const before = addressRange(20, 15);
  const after = [...before.slice(12), ...addressRange(60, 7)];
  const saved = await scenario.create(args(before));
  await scenario.nextCommand();
  const { outputs } = await scenario.up(saved, args(after));
  expect(outputs.privateIpAddresses).toEqual(after);
  expect(scenario.held()).toEqual(after);
  expect(scenario.actions).toEqual([
    "DescribeNetworkInterfaces",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "DescribeNetworkInterfaces",
  ]);
});

test("second up: the same list in another order, no write", async () => {
  scenario = await Scenario.start(worldWith());
  const wanted = addressRange(20, 3);
  const saved = await scenario.create(args(wanted));
  await scenario.nextCommand();
  await scenario.up(saved, args([...wanted].reverse()));
  expect(scenario.writes).toEqual([]);
});

test("update: an empty list unassigns all addresses", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(addressRange(20, 2)));
  await scenario.nextCommand();
  const { outputs } = await scenario.up(saved, args([]));
  expect(outputs.privateIpAddresses).toEqual([]);
  expect(scenario.held()).toEqual([]);
});

test("diff: another ENI replaces, with the delete first", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), networkInterfaceId: "eni-other", region: "cn-hangzhou" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toEqual({
    changes: true,
    replaces: ["networkInterfaceId"],
    deleteBeforeReplace: true,
  });
});

test("diff: an unknown ENI replaces, with the delete first", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { ...args(["10.0.1.20"]), networkInterfaceId: unknown, region: "cn-hangzhou" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toMatchObject({
    replaces: ["networkInterfaceId"],
    deleteBeforeReplace: true,
  });
});

test("diff: another region replaces, with the create first", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), region: "cn-beijing" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toEqual({
    changes: true,
    replaces: ["region"],
    deleteBeforeReplace: false,
  });
});

test("diff: an explicit region equal to the configured one is no change", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), region: "cn-hangzhou" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toMatchObject({
    changes: false,
    replaces: [],
  });
});

test("check: unknown values at any depth pass, without an API call", async () => {
  scenario = await Scenario.start(worldWith());
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { networkInterfaceId: unknown, privateIpAddresses: ["10.0.1.30", unknown], region: unknown };
  const { inputs, failures } = await scenario.provider.check(news);
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject(news);
  expect(scenario.actions).toEqual([]);
});

test("delete: recorded addresses are unassigned, others stay", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  setByHand(scenario.emulator, ["10.0.1.20", "10.0.1.99"]);
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(scenario.held()).toEqual(["10.0.1.99"]);
  expect(scenario.writes).toHaveLength(1);
});

test("delete: succeeds for a deleted ENI, without a write", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  await scenario.nextCommand();
  scenario.emulator.control.putState({});
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(scenario.writes).toEqual([]);
});

test("delete: a second delete succeeds without a write", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const provider = await scenario.nextCommand();
  await provider.delete(saved.id, saved.outputs);
  await provider.delete(saved.id, saved.outputs);
  expect(scenario.writes).toEqual(["UnassignPrivateIpAddresses"]);
});

test("get: returns the addresses of the ENI in the given region", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  const { id, outputs } = await scenario.provider.read(eniId, { region: "cn-hangzhou" });
  expect(id).toBe(eniId);
  expect(outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"], primaryIpAddress: primaryAddress });
});

test("get: a missing ENI is an error", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(scenario.provider.read("eni-missing", {})).rejects.toThrow(
    "ENI eni-missing does not exist in region cn-hangzhou",
  );
});

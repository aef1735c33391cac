import { addressRange, eniId, primaryAddress, setByHand, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[]) => ({ networkInterfaceId: eniId, privateIpAddresses });

test("create assigns what is missing in batches, and says what the ENI is", async () => {
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
    "DescribeVSwitches",
    "AssignPrivateIpAddresses",
    "AssignPrivateIpAddresses",
    "DescribeNetworkInterfaces",
  ]);
});

test("the addresses of a request, and those of the outputs, are in numerical order", async () => {
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

test("create adopts what is already there without a write", async () => {
  const wanted = addressRange(20, 3);
  scenario = await Scenario.start(worldWith(wanted));
  const { outputs } = await scenario.create(args(wanted));
  expect(outputs.privateIpAddresses).toEqual(wanted);
  expect(scenario.writes).toEqual([]);
});

test("an update that drops 12 addresses and adds 7 takes one assign, two unassigns and two reads", async () => {
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
    "DescribeVSwitches",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "DescribeNetworkInterfaces",
  ]);
});

test("an unchanged second up writes nothing", async () => {
  scenario = await Scenario.start(worldWith());
  const wanted = addressRange(20, 3);
  const saved = await scenario.create(args(wanted));
  await scenario.nextCommand();
  await scenario.up(saved, args([...wanted].reverse()));
  expect(scenario.writes).toEqual([]);
});

test("an empty list is a set as good as any", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(addressRange(20, 2)));
  await scenario.nextCommand();
  const { outputs } = await scenario.up(saved, args([]));
  expect(outputs.privateIpAddresses).toEqual([]);
  expect(scenario.held()).toEqual([]);
});

test("changing customTimeouts alone updates the state without an API call", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const provider = await scenario.nextCommand();
  const news = { ...args(["10.0.1.20"]), region: "cn-hangzhou", __internal: { timeouts: { delete: "20m" } } };
  expect(await provider.diff(eniId, saved.outputs, news)).toMatchObject({ changes: true, replaces: [] });
  const outputs = await provider.update(eniId, saved.outputs, news);
  expect(outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.20"],
    __internal: { timeouts: { delete: "20m" } },
  });
  expect(scenario.actions).toEqual([]);
});

test("a time-out that is written out and one that is left at its default are the same", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), region: "cn-hangzhou", __internal: { timeouts: { delete: "10m" } } };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toMatchObject({ changes: false });
});

test("another ENI replaces, and lets go of the old one's addresses first", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), networkInterfaceId: "eni-other", region: "cn-hangzhou" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toEqual({
    changes: true,
    replaces: ["networkInterfaceId"],
    deleteBeforeReplace: true,
  });
});

test("an ENI that is not known yet replaces in the same way", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { ...args(["10.0.1.20"]), networkInterfaceId: unknown, region: "cn-hangzhou" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toMatchObject({
    replaces: ["networkInterfaceId"],
    deleteBeforeReplace: true,
  });
});

test("another region replaces, and creates first", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), region: "cn-beijing" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toEqual({
    changes: true,
    replaces: ["region"],
    deleteBeforeReplace: false,
  });
});

test("to write out the region that was configured changes nothing", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const news = { ...args(["10.0.1.20"]), region: "cn-hangzhou" };
  expect(await scenario.provider.diff(eniId, saved.outputs, news)).toMatchObject({
    changes: false,
    replaces: [],
  });
});

test("values that are not known yet pass through check, at any depth", async () => {
  scenario = await Scenario.start(worldWith());
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const news = { networkInterfaceId: unknown, privateIpAddresses: ["10.0.1.30", unknown], region: unknown };
  const { inputs, failures } = await scenario.provider.check(news);
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject(news);
  expect(scenario.actions).toEqual([]);
});

test("delete unassigns what the state lists, and leaves the rest", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  setByHand(scenario.emulator, ["10.0.1.20", "10.0.1.99"]);
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(scenario.held()).toEqual(["10.0.1.99"]);
  expect(scenario.writes).toHaveLength(1);
});

test("delete of an ENI that is gone is done", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  await scenario.nextCommand();
  scenario.emulator.control.putState({});
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(scenario.writes).toEqual([]);
});

test("delete can be repeated", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  const provider = await scenario.nextCommand();
  await provider.delete(saved.id, saved.outputs);
  await provider.delete(saved.id, saved.outputs);
  expect(scenario.writes).toEqual(["UnassignPrivateIpAddresses"]);
});

test("get reads what is there, in the region that it is told", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  const { id, outputs } = await scenario.provider.read(eniId, { region: "cn-hangzhou" });
  expect(id).toBe(eniId);
  expect(outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"], primaryIpAddress: primaryAddress });
});

test("get of an ENI that does not exist fails", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(scenario.provider.read("eni-missing", {})).rejects.toThrow(
    "ENI eni-missing does not exist in region cn-hangzhou",
  );
});

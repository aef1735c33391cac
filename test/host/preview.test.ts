import {
  addressRange,
  eniId,
  eniWith,
  otherEniId as other,
  primaryAddress,
  privateIpSets,
  region,
  twoEnis,
  world,
} from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const args = (networkInterfaceId: string, privateIpAddresses: unknown, more: Properties = {}) => ({
  networkInterfaceId,
  privateIpAddresses,
  region,
  __internal: { name: networkInterfaceId, timeouts: {}, preview: true },
  ...more,
});

/** What a preview checks: nothing may fail. */
async function check(news: Properties, olds: Properties = {}): Promise<Properties> {
  const { inputs, failures } = await scenario.provider.check(news, olds);
  expect(failures).toEqual([]);
  return inputs;
}

/** What was asked for, each with those parameters that tell a bulk read from a small one. */
function asked(): string[] {
  const telling = ["NetworkInterfaceId.1", "PrivateIpAddress.1", "InstanceIds", "MaxResults"];
  return scenario.emulator.control
    .calls()
    .map(({ action, params }) => [action, ...telling.filter((key) => key in params)].join(" "));
}

async function warnings(): Promise<string[]> {
  return (await scenario.provider.printed()).filter((line) => line.startsWith("warning:"));
}

describe("an address that another ENI holds", () => {
  test("is a warning that names the ENI, at one small call for a resource alone", async () => {
    scenario = await Scenario.start(twoEnis([], ["10.0.1.20"]));
    await check(args(eniId, ["10.0.1.20", "10.0.1.21"]));
    expect(scenario.actions).toEqual([
      "DescribeNetworkInterfaces",
      "DescribeVSwitches",
      "DescribeNetworkInterfaces",
    ]);
    expect(await warnings()).toEqual([
      `warning: ${eniId}: 10.0.1.20 is held by ${other}, which has to release it in the same \`pulumi up\`, or before`,
    ]);
  });

  test("costs nothing where nothing is to be assigned, or in an update", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.21"]));
    await check(args(eniId, ["10.0.1.20"]), args(eniId, ["10.0.1.20"]));
    await check(args(eniId, ["10.0.1.21"], { __internal: { name: eniId } }), args(eniId, ["10.0.1.20"]));
    expect(scenario.actions.filter((action) => action === "DescribeNetworkInterfaces")).toHaveLength(1);
    expect(await warnings()).toEqual([]);
  });

  test("is found by the look ahead that several resources share, as a primary address too", async () => {
    scenario = await Scenario.start(twoEnis([], []));
    await check(args(eniId, []));
    await check(args(other, [primaryAddress]));
    expect(await warnings()).toEqual([
      `warning: ${other}: ${primaryAddress} is the primary address of ${eniId}, which keeps it as long as it exists`,
    ]);
  });

  test("is not mentioned when the holder's resource was checked and lets go of it", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21"], []));
    await check(args(eniId, ["10.0.1.21"]), args(eniId, ["10.0.1.20", "10.0.1.21"]));
    await check(args(other, ["10.0.1.20"]), args(other, []));
    expect(await warnings()).toEqual([]);
  });

  test("is not mentioned when the holder's resource moves to another ENI", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
    await check(args(other, ["10.0.1.20"]), args(eniId, ["10.0.1.20"]));
    expect(await warnings()).toEqual([]);
  });

  test("is listed twice when the holder's resource was checked and keeps it", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
    await check(args(eniId, ["10.0.1.20"]), args(eniId, ["10.0.1.20"]));
    await check(args(other, ["10.0.1.20"]), args(other, []));
    expect(await warnings()).toEqual([
      `warning: ${other}: 10.0.1.20 is held by ${eniId}, where a resource of this program lists it as well: list it once`,
    ]);
  });
});

describe("a replacement", () => {
  const moved = async (outputs: Properties) => {
    const state = {
      networkInterfaceId: eniId,
      privateIpAddresses: ["10.0.1.20", "10.0.1.21"],
      region,
      ...outputs,
    };
    const inputs = await check(args(other, ["10.0.1.20", "10.0.1.21"]), state);
    const { replaces } = await scenario.provider.diff(eniId, state, inputs);
    expect(replaces).toEqual(["networkInterfaceId"]);
    return scenario.provider.printed();
  };

  test("says what the old ENI loses, and what the new one gets", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21", "10.0.1.99"], []));
    expect(await moved({})).toEqual([
      `${other}: ${other}: assign 10.0.1.20 and 1 more, 1 call, peak 2 of 49`,
      `${other}: ${eniId}: unassign 10.0.1.20 and 1 more, 1 call, peak 3 of 49`,
    ]);
  });

  test("that an EIP stands in the way of is warned of, and one whose old ENI is gone is not", async () => {
    scenario = await Scenario.start({
      ...twoEnis(["10.0.1.20", "10.0.1.21"], []),
      eips: [{ AllocationId: "eip-1", InstanceId: eniId, PrivateIpAddress: "10.0.1.21" }],
    });
    expect((await moved({})).at(-1)).toMatch(
      /^warning: eni-other: as things are, `pulumi up` would refuse to replace it: an EIP is bound to 10\.0\.1\.21/,
    );
    await scenario.nextCommand();
    expect(await moved({ networkInterfaceId: "eni-gone" })).toHaveLength(2);
  });
});

test("that a program runs for a preview stays in the preview: the inputs are those of the update", async () => {
  scenario = await Scenario.start(twoEnis([], []));
  const inputs = await check(args(eniId, ["10.0.1.20"]));
  expect(inputs.__internal).toEqual({ name: eniId, timeouts: {} });
});

test("30 resources in one VPC take one shared bulk read, and two small ones for the first of them", async () => {
  const enis = Array.from({ length: 30 }, (_unused, index) => ({
    NetworkInterfaceId: `eni-${index}`,
    PrivateIpAddress: `10.0.1.${10 + index}`,
    PrivateIpSets: privateIpSets([], `10.0.1.${10 + index}`),
  }));
  scenario = await Scenario.start(world(...enis));
  for (const [index, { NetworkInterfaceId: id }] of enis.entries())
    await check(args(id, addressRange(100 + index, 1)));
  expect(asked()).toEqual([
    "DescribeNetworkInterfaces NetworkInterfaceId.1 MaxResults",
    "DescribeVSwitches",
    "DescribeNetworkInterfaces PrivateIpAddress.1 MaxResults",
    "DescribeNetworkInterfaces MaxResults",
  ]);
});

test("30 resources on ENIs of as many instances take two reads of instances more, and one of their type", async () => {
  const numbers = Array.from({ length: 30 }, (_unused, index) => index);
  const enis = numbers.map((number) => ({
    ...eniWith(`eni-${number}`, `10.0.1.${10 + number}`),
    InstanceId: `i-${number}`,
    Status: "InUse" as const,
  }));
  const instances = numbers.map((number) => ({
    InstanceId: `i-${number}`,
    RegionId: region,
    InstanceType: "ecs.g6.large",
    VpcAttributes: { VpcId: "vpc-1", VSwitchId: "vsw-1" },
  }));
  scenario = await Scenario.start({ ...world(...enis), instances });
  for (const number of numbers) await check(args(`eni-${number}`, addressRange(100 + number, 1)));
  expect(asked()).toEqual([
    "DescribeNetworkInterfaces NetworkInterfaceId.1 MaxResults",
    "DescribeVSwitches",
    "DescribeInstances InstanceIds MaxResults",
    "DescribeInstanceTypes",
    "DescribeNetworkInterfaces PrivateIpAddress.1 MaxResults",
    "DescribeNetworkInterfaces MaxResults",
    "DescribeInstances MaxResults",
  ]);
  // The quota of each is known: 5 beside the primary address.
  const said = (await scenario.provider.printed()).filter((line) => line.endsWith("peak 1 of 5"));
  expect(said).toHaveLength(30);
});

describe("what is not known yet passes, and so does what is known", () => {
  const good: Properties = {
    networkInterfaceId: eniId,
    privateIpAddresses: ["10.0.1.20"],
    ownership: "exclusive",
    unassignOnCreate: ["10.0.1.30"],
    allowUnassignWithEip: false,
    region,
  };
  test.each<[string, Properties]>([
    ["networkInterfaceId", { ...good, networkInterfaceId: unknown }],
    ["privateIpAddresses", { ...good, privateIpAddresses: unknown }],
    ["an element of privateIpAddresses", { ...good, privateIpAddresses: ["10.0.1.20", unknown] }],
    ["every element of privateIpAddresses", { ...good, privateIpAddresses: [unknown, unknown] }],
    ["ownership", { ...good, ownership: unknown, unassignOnCreate: undefined }],
    ["unassignOnCreate", { ...good, unassignOnCreate: unknown }],
    ["an element of unassignOnCreate", { ...good, unassignOnCreate: ["10.0.1.30", unknown] }],
    ["allowUnassignWithEip", { ...good, allowUnassignWithEip: unknown }],
    ["region", { ...good, region: unknown }],
    [
      "secondaryPrivateIpAddressCount",
      { networkInterfaceId: eniId, secondaryPrivateIpAddressCount: unknown, region },
    ],
    ["ipv4Prefixes", { networkInterfaceId: eniId, ipv4Prefixes: unknown, region }],
    [
      "an element of ipv4Prefixes",
      { networkInterfaceId: eniId, ipv4Prefixes: ["10.0.1.32/28", unknown], region },
    ],
    ["ipv4PrefixCount", { networkInterfaceId: eniId, ipv4PrefixCount: unknown, region }],
    [
      "all of it",
      {
        networkInterfaceId: unknown,
        privateIpAddresses: unknown,
        ownership: unknown,
        allowUnassignWithEip: unknown,
        region: unknown,
      },
    ],
  ])("%s, in check and in diff", async (_what, given) => {
    const news = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
    const inputs = await check(news);
    expect(inputs).toEqual({ ...inputs, ...news });
    const state = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"], region };
    expect(await check(news, state)).toEqual({ ...inputs, ...news });
    const { replaces } = await scenario.provider.diff(eniId, state, inputs);
    expect(replaces).toEqual(["networkInterfaceId", "region"].filter((name) => news[name] === unknown));
    expect(scenario.writes).toEqual([]);
  });
});

test("a network that refuses connections is warned of once, and nothing fails", async () => {
  scenario = await Scenario.start(twoEnis([], []), {
    env: { ECS_ENDPOINT: "http://127.0.0.1:9", ALICLOUD_SECONDARY_IPS_PACE: "0.01" },
  });
  await check(args(eniId, ["10.0.1.20"]));
  await check(args(other, ["10.0.1.21"]));
  expect(await warnings()).toEqual([
    expect.stringMatching(
      /^warning: eni-edge: the plan could not be compared with the ENIs as they are: .*ECONNREFUSED/,
    ),
  ]);
});

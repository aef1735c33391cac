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
  worldWith,
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

/** Checks as a preview does. No failure is expected. */
async function check(news: Properties, olds: Properties = {}): Promise<Properties> {
  const { inputs, failures } = await scenario.provider.check(news, olds);
  expect(failures).toEqual([]);
  return inputs;
}

/** The calls, each with the parameters that distinguish a bulk read from a small one. */
function readCalls(): string[] {
  const distinguishing = ["NetworkInterfaceId.1", "PrivateIpAddress.1", "InstanceIds", "MaxResults"];
  return scenario.emulator.control
    .calls()
    .map(({ action, params }) => [action, ...distinguishing.filter((key) => key in params)].join(" "));
}

async function warnings(): Promise<string[]> {
  return (await scenario.provider.printed()).filter((line) => line.startsWith("warning:"));
}

describe("preview, an address that another ENI holds:", () => {
  test("for one resource, one more read and a warning that names the ENI", async () => {
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

  test("without an assign or outside a preview, no read of the holder", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.21"]));
    await check(args(eniId, ["10.0.1.20"]), args(eniId, ["10.0.1.20"]));
    await check(args(eniId, ["10.0.1.21"], { __internal: { name: eniId } }), args(eniId, ["10.0.1.20"]));
    expect(scenario.actions.filter((action) => action === "DescribeNetworkInterfaces")).toHaveLength(1);
    expect(await warnings()).toEqual([]);
  });

  test("for several resources, the shared read finds also a primary address", async () => {
    scenario = await Scenario.start(twoEnis([], []));
    await check(args(eniId, []));
    await check(args(other, [primaryAddress]));
    expect(await warnings()).toEqual([
      `warning: ${other}: ${primaryAddress} is the primary address of ${eniId}, which keeps it as long as it exists`,
    ]);
  });

  test("a checked resource releases it, no warning", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21"], []));
    await check(args(eniId, ["10.0.1.21"]), args(eniId, ["10.0.1.20", "10.0.1.21"]));
    await check(args(other, ["10.0.1.20"]), args(other, []));
    expect(await warnings()).toEqual([]);
  });

  test("the resource of that ENI moves to another ENI, no warning", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
    await check(args(other, ["10.0.1.20"]), args(eniId, ["10.0.1.20"]));
    expect(await warnings()).toEqual([]);
  });

  test("a checked resource keeps it, a warning that it is listed twice", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
    await check(args(eniId, ["10.0.1.20"]), args(eniId, ["10.0.1.20"]));
    await check(args(other, ["10.0.1.20"]), args(other, []));
    expect(await warnings()).toEqual([
      `warning: ${other}: 10.0.1.20 is held by ${eniId}, where a resource of this program lists it as well: list it once`,
    ]);
  });
});

describe("preview of a replacement:", () => {
  const previewReplacement = async (outputs: Properties) => {
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

  test("prints a plan for the new ENI and one for the old ENI", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21", "10.0.1.99"], []));
    expect(await previewReplacement({})).toEqual([
      `${other}: ${other}: assign 10.0.1.20 and 1 more, 1 call, peak 2 of 49`,
      `${other}: ${eniId}: unassign 10.0.1.20 and 1 more, 1 call, peak 3 of 49, before ${other} changes`,
    ]);
  });

  test("an EIP on the old ENI is a warning, a deleted old ENI is none", async () => {
    scenario = await Scenario.start({
      ...twoEnis(["10.0.1.20", "10.0.1.21"], []),
      eips: [{ AllocationId: "eip-1", InstanceId: eniId, PrivateIpAddress: "10.0.1.21" }],
    });
    expect((await previewReplacement({})).at(-1)).toMatch(
      /^warning: eni-other: as things are, `pulumi up` would refuse to replace it: an EIP is bound to 10\.0\.1\.21/,
    );
    await scenario.nextCommand();
    expect(await previewReplacement({ networkInterfaceId: "eni-gone" })).toHaveLength(2);
  });
});

test("check: inputs are the same in a preview and in an update", async () => {
  scenario = await Scenario.start(twoEnis([], []));
  const inputs = await check(args(eniId, ["10.0.1.20"]));
  expect(inputs.__internal).toEqual({ name: eniId, timeouts: {} });
});

test("preview: 30 resources in one VPC share one bulk read after the small reads of the first one", async () => {
  const enis = Array.from({ length: 30 }, (_unused, index) => ({
    NetworkInterfaceId: `eni-${index}`,
    PrivateIpAddress: `10.0.1.${10 + index}`,
    PrivateIpSets: privateIpSets([], `10.0.1.${10 + index}`),
  }));
  scenario = await Scenario.start(world(...enis));
  for (const [index, { NetworkInterfaceId: id }] of enis.entries())
    await check(args(id, addressRange(100 + index, 1)));
  expect(readCalls()).toEqual([
    "DescribeNetworkInterfaces NetworkInterfaceId.1 MaxResults",
    "DescribeVSwitches",
    "DescribeNetworkInterfaces PrivateIpAddress.1 MaxResults",
    "DescribeNetworkInterfaces MaxResults",
  ]);
});

test("preview: 30 resources on 30 instances share two more reads of instances and one of their type", async () => {
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
  expect(readCalls()).toEqual([
    "DescribeNetworkInterfaces NetworkInterfaceId.1 MaxResults",
    "DescribeVSwitches",
    "DescribeInstances InstanceIds MaxResults",
    "DescribeInstanceTypes",
    "DescribeNetworkInterfaces PrivateIpAddress.1 MaxResults",
    "DescribeNetworkInterfaces MaxResults",
    "DescribeInstances MaxResults",
  ]);
  // The quota of each ENI is known: 5 secondary addresses.
  const plans = (await scenario.provider.printed()).filter((line) => line.endsWith("peak 1 of 5"));
  expect(plans).toHaveLength(30);
});

describe("preview while inputs are not known:", () => {
  const held = ["10.0.1.20", "10.0.1.21"];
  const outputs = (privateIpAddresses: string[], more: Properties = {}) => ({
    networkInterfaceId: eniId,
    privateIpAddresses,
    region,
    ...more,
  });

  /** Checks, and compares with the state if there is one. */
  const preview = async (news: Properties, state?: Properties) => {
    const { inputs, failures } = await scenario.provider.check(news, state);
    if (state !== undefined && failures.length === 0) await scenario.provider.diff(eniId, state, inputs);
    return { failures, printed: await scenario.provider.printed() };
  };

  test("create, unknown list: status, room and unmanaged addresses, and which ones the list has to contain", async () => {
    scenario = await Scenario.start(worldWith(held));
    expect(await preview(args(eniId, unknown))).toEqual({
      failures: [],
      printed: [
        `${eniId}: ${eniId}: Available, holds 2 of 49, unmanaged 10.0.1.20 and 1 more; not known yet: privateIpAddresses`,
        `warning: ${eniId}: as things are, \`pulumi up\` would refuse this: privateIpAddresses: ${eniId} holds 10.0.1.20, ` +
          `10.0.1.21, which privateIpAddresses or unassignOnCreate has to list`,
      ],
    });
  });

  test.each<[string, Properties]>([
    ["an additive resource", { ownership: "additive" }],
    ["unassignOnCreate lists them", { unassignOnCreate: held }],
    ["unassignOnCreate is unknown", { unassignOnCreate: unknown }],
    ["unknown ownership", { ownership: unknown }],
  ])("create, unknown list, %s: no warning of unmanaged addresses", async (_what, more) => {
    scenario = await Scenario.start(worldWith(held));
    await check(args(eniId, unknown, more));
    expect(await warnings()).toEqual([]);
  });

  test("create, a list with an unknown element: the known ones are planned, and looked for on other ENIs", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.30"]));
    expect(await preview(args(eniId, ["10.0.1.20", "10.0.1.30", unknown]))).toEqual({
      failures: [],
      printed: [
        `warning: ${eniId}: 10.0.1.30 is held by ${other}, which has to release it in the same \`pulumi up\`, or before`,
        `${eniId}: ${eniId}: Available, holds 1 of 49, assign at least 10.0.1.30; not known yet: privateIpAddresses (1 of 3)`,
      ],
    });
  });

  test.each<[string, unknown, Properties, string]>([
    [
      "a final status",
      unknown,
      { Status: "Deleting" },
      "ENI eni-edge is Deleting, and its addresses can change only",
    ],
    [
      "the primary address",
      [primaryAddress, unknown],
      {},
      `${primaryAddress} is the primary address of eni-edge`,
    ],
    [
      "an address outside the vSwitch",
      ["10.9.0.1", unknown],
      {},
      "10.9.0.1 is outside the vSwitch's CIDR block",
    ],
    [
      "an address to assign on an ENI of a service",
      ["10.0.1.30", unknown],
      { ServiceManaged: true },
      "eni-edge is managed by an Alibaba Cloud service",
    ],
    [
      "more elements than the ENI has room for",
      Array.from({ length: 50 }, () => unknown),
      {},
      "eni-edge would hold 50 secondary addresses and prefixes, but it can hold 49 while it is Available",
    ],
  ])("create, %s: refused with every value of the unknown elements", async (_what, list, eni, reason) => {
    scenario = await Scenario.start(worldWith([], eni));
    const { failures } = await preview(args(eniId, list));
    expect(failures).toEqual([expect.stringContaining(reason)]);
  });

  test("create, unknown list, an ENI of a service with nothing known to assign: no refusal", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20"], { ServiceManaged: true }));
    expect(await preview(args(eniId, ["10.0.1.20", unknown]))).toEqual({
      failures: [],
      printed: [
        `${eniId}: ${eniId}: Available, managed by an Alibaba Cloud service, holds 1 of 49; not known yet: privateIpAddresses (1 of 2)`,
      ],
    });
  });

  test("update, unknown list: what the resource owns, and no plan to unassign", async () => {
    scenario = await Scenario.start(worldWith([...held, "10.0.1.99"]));
    expect(await preview(args(eniId, [unknown]), outputs(held))).toEqual({
      failures: [],
      printed: [
        `${eniId}: ${eniId}: Available, holds 3 of 49, owned 10.0.1.20 and 1 more, unmanaged 10.0.1.99; ` +
          `not known yet: privateIpAddresses`,
      ],
    });
  });

  test("update, more elements than the ENI has room for: warns", async () => {
    scenario = await Scenario.start(worldWith(held));
    const { failures, printed } = await preview(
      args(
        eniId,
        Array.from({ length: 50 }, () => unknown),
      ),
      outputs(held),
    );
    expect(failures).toEqual([]);
    expect(printed).toEqual([
      `${eniId}: ${eniId}: Available, holds 2 of 49, owned 10.0.1.20 and 1 more; not known yet: privateIpAddresses`,
      expect.stringMatching(
        /would refuse this: privateIpAddresses: eni-edge would hold 50 secondary addresses/,
      ),
    ]);
  });

  test("update, the primary address in a list with an unknown element: refused", async () => {
    scenario = await Scenario.start(worldWith(held));
    const { failures } = await preview(args(eniId, [primaryAddress, unknown]), outputs(held));
    expect(failures).toEqual([
      expect.stringContaining(`${primaryAddress} is the primary address of eni-edge`),
    ]);
  });

  test.each<[string, unknown]>([
    ["unknown", unknown],
    ["with an unknown element", ["10.0.1.20", unknown]],
  ])(
    "a secret list, %s: no address of the ENI is shown, each may be one of the list",
    async (_what, list) => {
      scenario = await Scenario.start(worldWith(held));
      const hidden = { __internal: { name: "edge", preview: true, secretInputs: ["privateIpAddresses"] } };
      const { failures, printed } = await preview(args(eniId, list, hidden));
      expect(failures).toEqual([]);
      expect(printed.join("\n")).toMatch(/^edge: eni-edge: Available, .*; not known yet: privateIpAddresses/);
      expect(printed.join("\n")).not.toContain("10.0.1.");
    },
  );

  test("unknown count: the room; a secret count shows no number", async () => {
    scenario = await Scenario.start(worldWith(held));
    const counted = (more: Properties) => ({
      networkInterfaceId: eniId,
      secondaryPrivateIpAddressCount: unknown,
      region,
      __internal: { name: "edge", preview: true, ...more },
    });
    expect((await preview(counted({}))).printed).toEqual([
      `edge: ${eniId}: Available, holds 2 of 49, unmanaged 10.0.1.20 and 1 more; not known yet: secondaryPrivateIpAddressCount`,
    ]);
    await scenario.nextCommand();
    const secret = counted({ secretInputs: ["secondaryPrivateIpAddressCount"] });
    expect((await preview(secret)).printed).toEqual([
      `edge: ${eniId}: Available; not known yet: secondaryPrivateIpAddressCount`,
    ]);
  });

  test("unknown ENI: what a new ENI gets, without a read", async () => {
    scenario = await Scenario.start(worldWith());
    const list = args(unknown, addressRange(20, 12), { __internal: { name: "edge", preview: true } });
    expect((await preview(list)).printed).toEqual([
      "edge: if the ENI is new: assign 10.0.1.20 and 11 more, 2 calls, peak 12; not known yet: networkInterfaceId",
    ]);
    expect(scenario.actions).toEqual([]);
  });

  test.each<[string, Properties, string]>([
    [
      "ENI and list",
      { networkInterfaceId: unknown, privateIpAddresses: unknown },
      "networkInterfaceId, privateIpAddresses",
    ],
    ["region", { region: unknown }, "region"],
  ])("unknown %s: says what has to be known first", async (_what, more, names) => {
    scenario = await Scenario.start(worldWith());
    const { printed } = await preview({ ...args(eniId, ["10.0.1.20"]), ...more });
    expect(printed).toEqual([`${eniId}: \`pulumi up\` reads the ENI; not known yet: ${names}`]);
  });
});

describe("check and diff:", () => {
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
      "every input",
      {
        networkInterfaceId: unknown,
        privateIpAddresses: unknown,
        ownership: unknown,
        allowUnassignWithEip: unknown,
        region: unknown,
      },
    ],
  ])("%s may be unknown, all values pass unchanged", async (_what, given) => {
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

test("preview: an ENI that is not visible causes one warning and no failure", async () => {
  scenario = await Scenario.start(twoEnis([], []));
  await check(args("eni-missing", ["10.0.1.20"]));
  expect(await warnings()).toEqual([
    `warning: eni-missing: eni-missing is not visible in region ${region}; if it was created just now, \`pulumi up\` waits for ` +
      `it, else check the id, the region and the account of the credentials`,
  ]);
});

test("preview: refused connections cause one warning and no failure", async () => {
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

import { attachedWorldWith, addressRange, eniId, region } from "../support/eni-world";
import { failure, forever } from "../support/faults";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[]) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  region,
  __internal: { name: "edge" },
});

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";

/** An ENI of an ecs.g6.large, which allows 6 addresses on an ENI, including the primary one. */
const attached = (secondary: string[]) => attachedWorldWith(secondary, {}, { InstanceType: "ecs.g6.large" });

const refuse = (action: string) => {
  scenario.emulator.control.addFault({
    action,
    times: forever,
    effect: failure(403, "Forbidden.RAM", "User not authorized."),
  });
};

test("preview: prints the peak and the quota of the instance type, with one read each", async () => {
  scenario = await Scenario.start(attached(["10.0.1.20"]));
  const { provider } = scenario;
  const state = args(["10.0.1.20"]);
  await provider.check(args(["10.0.1.30"]), state);
  await provider.diff(eniId, state, args(["10.0.1.30"]));
  expect(scenario.actions).toEqual([
    "DescribeNetworkInterfaces",
    "DescribeVSwitches",
    "DescribeInstances",
    "DescribeInstanceTypes",
  ]);
  expect(await provider.printed()).toEqual([
    `edge: ${eniId}: assign 10.0.1.30, unassign 10.0.1.20, 2 calls, peak 2 of 5`,
  ]);
});

test("create: addresses over the quota are refused by check and before the first write", async () => {
  scenario = await Scenario.start(attached([]));
  const tooMany = args(addressRange(20, 6));
  const expected = "would hold 6 secondary addresses and prefixes, but it can hold 5 while it is InUse";
  expect((await scenario.provider.check(tooMany)).failures).toEqual([expect.stringContaining(expected)]);
  await expect(scenario.provider.create(tooMany)).rejects.toThrow(expected);
  expect(scenario.writes).toEqual([]);
});

test.each([
  [{ secondaryPrivateIpAddressCount: 12 }, "would hold 12"],
  [{ ipv4PrefixCount: 6 }, "would hold 6"],
  [{ privateIpAddresses: addressRange(20, 6), ownership: "additive" }, "would hold 6"],
])(
  "create: %j is over the quota, refused by check and before the first write",
  async (declared, expected) => {
    scenario = await Scenario.start(attached([]));
    const { privateIpAddresses: _listed, ...others } = args([]);
    const tooMany = { ...others, ...declared };
    expect((await scenario.provider.check(tooMany)).failures).toEqual([
      expect.stringContaining(`${expected} secondary addresses and prefixes, but it can hold 5`),
    ]);
    await expect(scenario.provider.create(tooMany)).rejects.toThrow(expected);
    expect(scenario.writes).toEqual([]);
  },
);

test("check: an additive create may use the room that another resource of the program releases", async () => {
  scenario = await Scenario.start(attached([]));
  const additive = (name: string, list: string[]) => ({
    ...args(list),
    ownership: "additive",
    __internal: { name, preview: true },
  });
  const giving = await scenario.create(additive("giving", addressRange(20, 4)));
  const provider = await scenario.nextCommand();
  const taking = additive("taking", addressRange(50, 4));
  expect((await provider.check(taking)).failures).toEqual([]);
  await provider.check(additive("giving", ["10.0.1.20"]), giving.inputs);
  expect(
    (await provider.check({ ...taking, __internal: { name: "later", preview: true } })).failures,
  ).toEqual([]);
  const warnings = (await provider.printed()).filter((line) => line.startsWith("warning"));
  expect(warnings).toEqual([expect.stringMatching(/^warning: taking: as things are, .*would hold 8/)]);
});

test("update: a count over the quota is a warning in the preview, refused before the first write", async () => {
  scenario = await Scenario.start(attached([]));
  const { privateIpAddresses: _listed, ...others } = args([]);
  const count = (secondaryPrivateIpAddressCount: number) => ({
    ...others,
    secondaryPrivateIpAddressCount,
    __internal: { name: "edge", preview: true },
  });
  const saved = await scenario.create(count(2));
  const provider = await scenario.nextCommand();
  const { inputs } = await provider.check(count(12), saved.inputs);
  await provider.diff(saved.id, saved.outputs, inputs);
  await expect(provider.update(saved.id, saved.outputs, inputs)).rejects.toThrow("would hold 12");
  expect(await provider.printed()).toContainEqual(
    expect.stringMatching(/^warning: edge: .*secondaryPrivateIpAddressCount: eni-edge would hold 12/),
  );
  expect(scenario.writes).toEqual([]);
});

test("update: if old and new addresses exceed the quota together, unassign comes first", async () => {
  scenario = await Scenario.start(attached(addressRange(20, 4)));
  const saved = await scenario.create(args(addressRange(20, 4)));
  await scenario.nextCommand();
  await scenario.up(saved, args(["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)]));
  expect(scenario.held()).toEqual(["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)]);
  expect(scenario.writes).toEqual([unassign, assign]);
  // The printed plan has the calls that were made.
  expect(await scenario.provider.printed()).toEqual([
    `edge: ${eniId}: assign 10.0.1.60 and 2 more, unassign 10.0.1.20 and 1 more, 2 calls, peak 5 of 5`,
  ]);
});

test("preview: an update over the quota prints the peak and the quota", async () => {
  scenario = await Scenario.start(attached(["10.0.1.20"]));
  const state = args(["10.0.1.20"]);
  const tooMany = args(addressRange(20, 7));
  await scenario.provider.check(tooMany, state);
  await scenario.provider.diff(eniId, state, tooMany);
  expect(await scenario.provider.printed()).toEqual([
    `edge: ${eniId}: assign 10.0.1.21 and 5 more, 1 call, peak 7 of 5`,
  ]);
});

test("update: without permission to read the quota, unassign follows the API's refusal, with one warning", async () => {
  scenario = await Scenario.start(attached(addressRange(20, 4)));
  refuse("DescribeInstances");
  const saved = await scenario.create(args(addressRange(20, 4)));
  const provider = await scenario.nextCommand();
  await scenario.up(saved, args(["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)]));
  expect(scenario.held()).toEqual(["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)]);
  expect(scenario.writes).toEqual([assign, unassign, assign]);
  const warnings = (await provider.printed()).filter((line) => line.includes("Forbidden.RAM"));
  expect(warnings).toEqual([
    expect.stringContaining(
      "cannot read the instance type of an attached ENI; the address quota is not checked in advance",
    ),
  ]);
});

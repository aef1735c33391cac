import { attachedWorldWith, addressRange, eniId, region } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import type { StateDocument } from "alicloud-ecs-emulator";
import { Scenario, type Saved } from "../support/scenario";

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
  const news = { ...args(["10.0.1.30"]), __internal: { name: "edge", preview: true } };
  await provider.check(news, state);
  await provider.diff(eniId, state, news);
  expect(scenario.actions).toEqual([
    "DescribeNetworkInterfaces",
    "DescribeVSwitches",
    "DescribeInstances",
    "DescribeInstanceTypes",
    // Whether another ENI of the VPC holds the address.
    "DescribeNetworkInterfaces",
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

test("update: if old and new addresses exceed the quota together, what fits is assigned first", async () => {
  scenario = await Scenario.start(attached(addressRange(20, 4)));
  const saved = await scenario.create(args(addressRange(20, 4)));
  await scenario.nextCommand();
  await scenario.up(saved, args(["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)]));
  expect(scenario.held()).toEqual(["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)]);
  expect(scenario.writes).toEqual([assign, unassign, assign]);
  // The printed plan has the calls that were made.
  expect(await scenario.provider.printed()).toEqual([
    `edge: ${eniId}: assign 10.0.1.60 and 2 more, unassign 10.0.1.20 and 1 more, 3 calls, peak 5 of 5`,
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

describe("update: without permission to read the quota,", () => {
  const before = addressRange(20, 4);
  let saved: Saved;
  beforeEach(async () => {
    scenario = await Scenario.start(attached(before));
    refuse("DescribeInstances");
    saved = await scenario.create(args(before));
    await scenario.nextCommand();
  });

  test("a plan that keeps the size: unassign follows the API's refusal, with one warning", async () => {
    const wanted = ["10.0.1.23", ...addressRange(60, 3)];
    await scenario.up(saved, args(wanted));
    expect(scenario.held()).toEqual(wanted);
    // One address shows that room helps.
    expect(scenario.writes).toEqual([assign, unassign, assign, unassign, assign]);
    const warnings = (await scenario.provider.printed()).filter((line) => line.includes("Forbidden.RAM"));
    expect(warnings).toEqual([
      expect.stringContaining(
        "cannot read the instance type of an attached ENI; the address quota is not checked in advance",
      ),
    ]);
  });

  test("a plan that grows and fits: smaller requests find the room before anything is unassigned", async () => {
    const wanted = ["10.0.1.22", "10.0.1.23", ...addressRange(60, 3)];
    await scenario.up(saved, args(wanted));
    expect(scenario.held()).toEqual(wanted);
    // The ENI has room for one more, and then holds as many as in the end.
    expect(scenario.writes).toEqual([assign, assign, unassign, assign, unassign, assign]);
  });

  test("a plan that does not fit: nothing is unassigned, and the error has the sizes seen", async () => {
    const wanted = addressRange(60, 12);
    const partial = await scenario.recordedBy(scenario.up(saved, args(wanted)));
    expect(scenario.writes).not.toContain(unassign);
    expect(scenario.held()).toEqual(before);
    expect(partial.outputs.privateIpAddresses).toEqual(before);
    expect(partial.reasons[0]).toMatch(
      /eni-edge would hold 12 secondary addresses and prefixes, but it holds 4, and the API has refused 9 while it is InUse.*Ipv4CountExceeded.*RequestId.*want fewer/,
    );
    // Ten at once, then five: with nine on the ENI refused, twelve never fit.
    expect(scenario.writes).toEqual([assign, assign]);
  });
});

test("update: a batch is carried out in part and refused, and the read after it lags: what came is recorded", async () => {
  const before = addressRange(20, 4);
  scenario = await Scenario.start(attached(before), { behaviour: { batch: "partial" } });
  refuse("DescribeInstances");
  const saved = await scenario.create(args(before));
  await scenario.nextCommand();
  disturb(scenario.emulator, assign, failure(403, "InvalidOperation.Ipv4CountExceeded"));
  disturb(scenario.emulator, assign, { staleReads: 1 });
  const failed = await scenario.recordedBy(scenario.up(saved, args(addressRange(60, 12))));
  expect(scenario.held()).toEqual([...before, "10.0.1.60"]);
  expect(failed.outputs.privateIpAddresses).toEqual(scenario.held());
});

describe("update: the API refuses for the quota what the instance type allows,", () => {
  const before = addressRange(20, 10);
  async function start(held: string[]): Promise<Saved> {
    scenario = await Scenario.start(attachedWorldWith(held));
    const saved = await scenario.create(args(held));
    await scenario.nextCommand();
    const effect = failure(403, "InvalidOperation.Ipv4CountExceeded", "The limit is exceeded.");
    scenario.emulator.control.addFault({ action: assign, times: forever, effect });
    return saved;
  }

  test("a plan that grows: all addresses stay", async () => {
    const saved = await start(before);
    await expect(scenario.up(saved, args(addressRange(100, 12)))).rejects.toThrow("would hold 12");
    expect(scenario.held()).toEqual(before);
    expect(scenario.writes).not.toContain(unassign);
  });

  test("a plan that keeps the size: one address shows that room does not help", async () => {
    const saved = await start(before);
    const wanted = addressRange(100, 10);
    await expect(scenario.up(saved, args(wanted))).rejects.toThrow(
      "the API has refused 10 while it is InUse, although it held 10",
    );
    expect(scenario.held()).toEqual(before.slice(1));
    expect(scenario.writes).toEqual([assign, unassign, assign]);
  });

  test("its remedy: remove them in one update, add the others in the next", async () => {
    const saved = await start(before);
    const { outputs } = await scenario.recordedBy(scenario.up(saved, args(addressRange(100, 10))));
    const removed = await scenario.up({ ...saved, outputs }, args([]));
    scenario.emulator.control.clearFaults();
    await scenario.up(removed, args(addressRange(100, 10)));
    expect(scenario.held()).toEqual(addressRange(100, 10));
  });
});

describe("update: what fits together only in part", () => {
  /** The sizes of the calls, such as `+9 -10 +1`. */
  const calls = () =>
    scenario.emulator.control
      .calls()
      .filter(({ action }) => action === assign || action === unassign)
      .map(({ action, params }) => {
        const size = Object.keys(params).filter((name) => /^(PrivateIpAddress|Ipv4Prefix)\.\d+$/.test(name));
        return `${action === assign ? "+" : "-"}${size.length}`;
      })
      .join(" ");

  test.each([
    { held: 10, wanted: 10, expected: "+9 -10 +1", sentence: "3 calls, peak 19 of 19" },
    { held: 15, wanted: 7, expected: "+4 -5 +3 -10", sentence: "4 calls, peak 19 of 19" },
    { held: 19, wanted: 10, expected: "-5 +5 -5 +5 -9", sentence: "5 calls, peak 19 of 19" },
  ])("$held addresses, $wanted others: $expected, as the preview says", async (row) => {
    scenario = await Scenario.start(attachedWorldWith(addressRange(20, row.held)));
    const saved = await scenario.create(args(addressRange(20, row.held)));
    await scenario.nextCommand();
    await scenario.up(saved, args(addressRange(100, row.wanted)));
    expect(scenario.held()).toEqual(addressRange(100, row.wanted));
    expect(calls()).toBe(row.expected);
    expect((await scenario.provider.printed()).join()).toContain(row.sentence);
  });

  test("ten addresses and the prefix around one of them: the other nine stay until it has come", async () => {
    scenario = await Scenario.start(attachedWorldWith(addressRange(24, 10)));
    const saved = await scenario.create(args(addressRange(24, 10)));
    await scenario.nextCommand();
    const { privateIpAddresses: _listed, ...others } = args([]);
    await scenario.up(saved, { ...others, ipv4Prefixes: ["10.0.1.32/28"] });
    expect(calls()).toBe("-2 +1 -8");
  });
});

describe("the world changes after the quota was read:", () => {
  /** Another instance, whose type allows 5 secondary addresses; i-1 has a type that allows 19. */
  async function start(secondary: string[], { type = "ecs.g6.4xlarge" } = {}): Promise<Saved> {
    const seed = attachedWorldWith(secondary, {}, { InstanceType: type });
    const [instance] = seed.instances ?? [];
    const small = { ...instance, InstanceId: "i-2", InstanceType: "ecs.g6.large" };
    scenario = await Scenario.start({ ...seed, instances: [...(seed.instances ?? []), small] });
    const saved = await scenario.create(args(secondary));
    await scenario.nextCommand();
    return saved;
  }

  /** Runs an update; the change comes after check and diff. */
  async function update(saved: Saved, wanted: string[], change: StateDocument): Promise<void> {
    const { inputs } = await scenario.provider.check(args(wanted), saved.inputs);
    await scenario.provider.diff(saved.id, saved.outputs, inputs);
    scenario.emulator.control.patchState(change);
    await scenario.provider.update(saved.id, saved.outputs, inputs);
  }

  const eniBecomes = (eni: object): StateDocument => ({
    networkInterfaces: [{ NetworkInterfaceId: eniId, ...eni }],
  });
  const typeBecomes = (InstanceType: string): StateDocument => ({
    instances: [{ InstanceId: "i-1", InstanceType }],
  });
  const four = addressRange(20, 4);

  test("the ENI moves to a smaller instance in the middle: nothing is unassigned for a plan that cannot fit", async () => {
    const saved = await start(four);
    disturb(scenario.emulator, assign, { patch: eniBecomes({ InstanceId: "i-2" }) });
    await expect(scenario.up(saved, args(addressRange(60, 12)))).rejects.toThrow(
      "would hold 12 secondary addresses and prefixes, but it can hold 5 while it is InUse",
    );
    expect(scenario.held()).toEqual(four);
    expect(scenario.writes).toEqual([assign]);
  });

  test("the ENI moves to a smaller instance in the middle: a plan that fits there is done", async () => {
    const saved = await start(four);
    disturb(scenario.emulator, assign, { patch: eniBecomes({ InstanceId: "i-2" }) });
    await scenario.up(saved, args(addressRange(60, 5)));
    expect(scenario.held()).toEqual(addressRange(60, 5));
    expect(scenario.writes).toEqual([assign, assign, unassign, assign]);
  });

  test("the instance gets a smaller type: nothing is unassigned for a plan that cannot fit", async () => {
    const saved = await start(addressRange(20, 14));
    await expect(update(saved, addressRange(60, 19), typeBecomes("ecs.g7.xlarge"))).rejects.toThrow(
      "would hold 19 secondary addresses and prefixes, but it can hold 14",
    );
    expect(scenario.held()).toEqual(addressRange(20, 14));
    expect(scenario.writes).toEqual([assign]);
  });

  const ten = addressRange(20, 10);
  test.each([
    ["the instance gets a smaller type", typeBecomes("ecs.g6.large")],
    ["the ENI is on a smaller instance", eniBecomes({ InstanceId: "i-2" })],
  ])("%s: ten addresses stay that ten others cannot replace", async (_what, change) => {
    const saved = await start(ten);
    await expect(update(saved, addressRange(100, 10), change)).rejects.toThrow(
      "would hold 10 secondary addresses and prefixes, but it can hold 5 while it is InUse",
    );
    expect(scenario.held()).toEqual(ten);
    expect(scenario.writes).toEqual([assign]);
  });

  test("the full ENI is on a smaller instance: it is read again, and nothing is written", async () => {
    const saved = await start(addressRange(20, 19));
    const change = eniBecomes({ InstanceId: "i-2" });
    await expect(update(saved, addressRange(100, 19), change)).rejects.toThrow("but it can hold 5");
    expect(scenario.writes).toEqual([]);
  });

  test("the instance of the full ENI gets a smaller type: prefixes do not replace the addresses", async () => {
    const saved = await start(addressRange(20, 19));
    const { privateIpAddresses: _listed, ...others } = args([]);
    const wanted = { ...others, ipv4PrefixCount: 12 };
    const { inputs } = await scenario.provider.check(wanted, saved.inputs);
    scenario.emulator.control.patchState(typeBecomes("ecs.g6.large"));
    await expect(scenario.provider.update(saved.id, saved.outputs, inputs)).rejects.toThrow(
      "would hold 12 secondary addresses and prefixes, but it can hold 5",
    );
    expect(scenario.writes).toEqual([]);
  });

  test("the instance gets a larger type: what did not fit before is assigned", async () => {
    const saved = await start(four, { type: "ecs.g6.large" });
    await update(saved, addressRange(60, 12), typeBecomes("ecs.g6.4xlarge"));
    expect(scenario.held()).toEqual(addressRange(60, 12));
  });

  test("the ENI is being detached: its old quota refuses nothing, and then it can hold 49", async () => {
    const saved = await start(four, { type: "ecs.g6.large" });
    const detaching = eniBecomes({
      Status: "Detaching",
      StatusTransition: { to: "Available", afterMs: 300 },
    });
    await update(saved, addressRange(60, 30), detaching);
    expect(scenario.held()).toEqual(addressRange(60, 30));
  });

  test("the quota refused an operation of this run: the next one, on another instance, has the new quota", async () => {
    const saved = await start(four, { type: "ecs.g6.large" });
    const wanted = addressRange(60, 12);
    await expect(scenario.up(saved, args(wanted))).rejects.toThrow("would hold 12");
    scenario.emulator.control.patchState({
      instances: [{ InstanceId: "i-2", InstanceType: "ecs.g6.4xlarge" }],
    });
    scenario.emulator.control.patchState(eniBecomes({ InstanceId: "i-2" }));
    await scenario.up(saved, args(wanted));
    expect(scenario.held()).toEqual(wanted);
  });
});

test("update: an operation without a check before it reads the quota before it exchanges addresses", async () => {
  scenario = await Scenario.start(attached(addressRange(20, 4)));
  const state = args(addressRange(20, 4));
  await expect(scenario.provider.update(eniId, state, args(addressRange(60, 12)))).rejects.toThrow(
    "would hold 12 secondary addresses and prefixes, but it can hold 5",
  );
  expect(scenario.writes).toEqual([]);
  await scenario.provider.update(eniId, state, args(addressRange(60, 5)));
  expect(scenario.writes).toEqual([assign, unassign, assign]);
});

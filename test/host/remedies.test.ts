import type { Emulator, StateDocument } from "alicloud-ecs-emulator";
import {
  addressRange,
  eniId,
  eniWith,
  otherEniId,
  otherPrimaryAddress,
  primaryAddress,
  setByHand,
  twoEnis,
  world,
  worldWith,
} from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

/* A message names what to do. Each test does it, and the operation then succeeds. */

let scenario: Scenario;
afterEach(() => scenario.stop());

const listed = (privateIpAddresses: string[], more: Properties = {}) => ({ privateIpAddresses, ...more });
const count = (secondaryPrivateIpAddressCount: number, more: Properties = {}) => ({
  secondaryPrivateIpAddressCount,
  ...more,
});

const eip = { AllocationId: "eip-1", InstanceType: "NetworkInterface" as const };
const withEip = (secondary: string[]): StateDocument => ({
  ...twoEnis(secondary),
  eips: [{ ...eip, InstanceId: eniId, PrivateIpAddress: "10.0.1.20" }],
});
function unbindEip({ control }: Emulator): void {
  const elsewhere = { InstanceId: otherEniId, PrivateIpAddress: otherPrimaryAddress };
  control.patchState({ eips: [{ ...eip, ...elsewhere }] });
}
const withStatus = (Status: "Available" | "InUse") => ({
  networkInterfaces: [{ NetworkInterfaceId: eniId, Status }],
});

type Named = readonly string[];
/** Does what the message says: changes the cloud, or returns other inputs. `named` is what the pattern captures. */
type Remedy = (named: Named, emulator: Emulator) => Properties | undefined;

const asJson = (text = "") => JSON.parse(text) as string[];
const taken = ["10.0.1.20", "10.0.1.21", "10.0.1.22"];

async function refusalOf(inputs: Properties, olds: Properties = {}): Promise<string> {
  const { failures } = await scenario.provider.check(inputs, olds);
  return failures.join("\n");
}

function follow(pattern: RegExp, remedy: Remedy, message: string, inputs: Properties): Properties {
  const [, ...named] = pattern.exec(message) ?? [];
  expect(message).toMatch(pattern);
  const right = { ...inputs, ...remedy(named, scenario.emulator) };
  return Object.fromEntries(Object.entries(right).filter(([, value]) => value !== undefined));
}

describe("a create that check refuses:", () => {
  test.each<[string, StateDocument, Properties, RegExp, Remedy]>([
    [
      "too many for the ENI: fewer",
      worldWith(),
      listed(addressRange(20, 60)),
      /it can hold (\d+) while it is Available; want fewer/,
      ([most]) => listed(addressRange(20, Number(most))),
    ],
    [
      "too many for the ENI: the rest on another ENI",
      twoEnis(),
      listed(addressRange(20, 60)),
      /want fewer, or spread them over more ENIs/,
      () => listed(addressRange(20, 11), { networkInterfaceId: otherEniId }),
    ],
    [
      "others on the ENI: list what has to stay",
      worldWith(taken),
      listed(["10.0.1.20"]),
      /Add to privateIpAddresses what has to stay, .*unassignOnCreate: (\[.*?\])/,
      ([others]) => listed(["10.0.1.20", ...asJson(others)]),
    ],
    [
      "others on the ENI: the list of the message as unassignOnCreate",
      worldWith(taken),
      listed(["10.0.1.20"]),
      /allow the rest to be unassigned with unassignOnCreate: (\[.*?\])/,
      ([others]) => ({ unassignOnCreate: asJson(others) }),
    ],
    [
      "more than the count: the list of the message as unassignOnCreate",
      worldWith(taken),
      count(1),
      /such as unassignOnCreate: (\[.*?\])/,
      ([others]) => ({ unassignOnCreate: asJson(others) }),
    ],
    [
      "more than the count: want more",
      worldWith(taken),
      count(1),
      /already holds (\d+) secondary addresses.* Want more/,
      ([held]) => count(Number(held)),
    ],
    [
      "an EIP on the ENI of a count: as many as are bound",
      withEip(["10.0.1.20"]),
      count(0, { unassignOnCreate: ["10.0.1.20"] }),
      /Want at least (\d+), or unbind it first/,
      ([least]) => count(Number(least)),
    ],
    [
      "an EIP on the ENI of a count: unbind it",
      withEip(["10.0.1.20"]),
      count(0, { unassignOnCreate: ["10.0.1.20"] }),
      /Want at least \d+, or unbind it first/,
      (_named, emulator) => {
        unbindEip(emulator);
        return undefined;
      },
    ],
    [
      "an EIP on an address to unassign: unbind it",
      withEip(["10.0.1.20"]),
      listed([], { unassignOnCreate: ["10.0.1.20"] }),
      /an EIP is bound to 10\.0\.1\.20, which would be unassigned; unbind it first/,
      (_named, emulator) => {
        unbindEip(emulator);
        return undefined;
      },
    ],
    [
      "an EIP on an address to unassign: keep the address",
      withEip(["10.0.1.20"]),
      listed([], { unassignOnCreate: ["10.0.1.20"] }),
      /an EIP is bound to (\S+), .*keep the address/,
      ([address = ""]) => listed([address], { unassignOnCreate: [] }),
    ],
    [
      "an EIP on an address to unassign: allow it",
      withEip(["10.0.1.20"]),
      listed([], { unassignOnCreate: ["10.0.1.20"] }),
      /or set allowUnassignWithEip: (true)/,
      ([value = ""]) => ({ allowUnassignWithEip: JSON.parse(value) as boolean }),
    ],
    [
      "the primary address: secondary addresses only",
      worldWith(),
      listed([primaryAddress, "10.0.1.20"]),
      /(\S+) is the primary address of .*list secondary addresses only/,
      ([primary]) => listed([primaryAddress, "10.0.1.20"].filter((one) => one !== primary)),
    ],
    [
      "a prefix around the primary address: another prefix",
      worldWith(),
      { ipv4Prefixes: ["10.0.1.0/28"] },
      /contains 10\.0\.1\.10, the primary address of .*; use another prefix/,
      () => ({ ipv4Prefixes: ["10.0.1.32/28"] }),
    ],
    [
      "a prefix around an address that stays: another prefix",
      worldWith(["10.0.1.33"]),
      { ipv4Prefixes: ["10.0.1.32/28"] },
      /shares addresses with 10\.0\.1\.33, .*use another one/,
      () => ({ ipv4Prefixes: ["10.0.1.48/28"] }),
    ],
    [
      "a prefix around an address that stays: unassign that first",
      worldWith(["10.0.1.33"]),
      { ipv4Prefixes: ["10.0.1.32/28"] },
      /or unassign 10\.0\.1\.33 first/,
      (_named, emulator) => {
        setByHand(emulator, []);
        return undefined;
      },
    ],
    [
      "an ENI of a service: an ENI of your own",
      world({ ServiceManaged: true }, eniWith(otherEniId, otherPrimaryAddress)),
      listed(["10.0.1.20"]),
      /use an ENI of your own/,
      () => ({ networkInterfaceId: otherEniId }),
    ],
    [
      "a prefix that does not begin at its first address: the block of the message",
      worldWith(),
      { ipv4Prefixes: ["10.0.1.40/28"] },
      /the block that contains it is (\S+);/,
      ([block]) => ({ ipv4Prefixes: [block] }),
    ],
    [
      "an address that is listed twice: list it once",
      worldWith(),
      listed(["10.0.1.20", "10.0.1.21", "10.0.1.20"]),
      /\[(\d)\] is "10\.0\.1\.20": already listed at \[0\]; list each one once/,
      ([index]) => listed(["10.0.1.20", "10.0.1.21", "10.0.1.20"].filter((_one, at) => at !== Number(index))),
    ],
    [
      "an additive count: a list",
      worldWith(),
      count(1, { ownership: "additive" }),
      /use a list instead/,
      () => listed(["10.0.1.20"], { secondaryPrivateIpAddressCount: undefined }),
    ],
    [
      "additive with unassignOnCreate: leave it out",
      worldWith(taken),
      listed(["10.0.1.20"], { ownership: "additive", unassignOnCreate: ["10.0.1.21"] }),
      /takes an ENI over; leave it out/,
      () => ({ unassignOnCreate: undefined }),
    ],
    [
      "additive with unassignOnCreate: the other ownership",
      worldWith(taken),
      listed(["10.0.1.20"], { ownership: "additive", unassignOnCreate: ["10.0.1.21", "10.0.1.22"] }),
      /only a resource with ownership "(exclusive)" .* or change the ownership/,
      ([ownership]) => ({ ownership }),
    ],
    [
      "an address both listed and in unassignOnCreate: remove it from one of the two",
      worldWith(["10.0.1.20"]),
      listed(["10.0.1.20"], { unassignOnCreate: ["10.0.1.20"] }),
      /remove it from one of the two/,
      () => ({ unassignOnCreate: [] }),
    ],
    [
      "two modes: exactly one",
      worldWith(),
      listed(["10.0.1.20"], { ipv4PrefixCount: 1 }),
      /(\S+): conflicts with privateIpAddresses; set exactly one of/,
      ([name = ""]) => ({ [name]: undefined }),
    ],
    [
      "no mode: the list may be empty",
      worldWith(),
      {},
      /(\S+): no list and no count is given; .*The list may be empty/,
      ([name = ""]) => ({ [name]: [] }),
    ],
    [
      "a final status of the ENI: bring it into an accepted one",
      worldWith([], { Status: "CreateFailed" }),
      listed(["10.0.1.20"]),
      /is CreateFailed, .*only while it is Available or InUse; bring it into one of these states/,
      (_named, { control }) => {
        control.patchState(withStatus("Available"));
        return undefined;
      },
    ],
  ])("%s", async (_title, seed, wrong, pattern, remedy) => {
    scenario = await Scenario.start(seed);
    const inputs = { networkInterfaceId: eniId, ...wrong };
    const right = follow(pattern, remedy, await refusalOf(inputs), inputs);
    await scenario.nextCommand();
    const created = await scenario.create(right);
    // It is the end of the way: another `pulumi up` has nothing to do.
    await scenario.nextCommand();
    expect(await scenario.up(created, right)).toEqual(created);
    expect(scenario.writes).toEqual([]);
  });
});

describe("an update that is refused:", () => {
  test.each<[string, StateDocument, Properties, Properties, RegExp, Remedy, string[]]>([
    [
      "a count among addresses with an EIP: unbind it",
      withEip(["10.0.1.20"]),
      count(1),
      count(0),
      /cannot shrink by 1: .*unbind the EIP/,
      (_named, emulator) => {
        unbindEip(emulator);
        return undefined;
      },
      [],
    ],
    [
      "an address with an EIP: allow it",
      withEip(["10.0.1.20"]),
      listed(["10.0.1.20"]),
      listed([]),
      /set allowUnassignWithEip: true/,
      () => ({ allowUnassignWithEip: true }),
      [],
    ],
    [
      "from additive to exclusive beside others: the list of the message as unassignOnCreate",
      worldWith(["10.0.1.20", "10.0.1.99"]),
      listed(["10.0.1.20"], { ownership: "additive" }),
      listed(["10.0.1.20"]),
      /unassignOnCreate: (\[.*?\])/,
      ([others]) => ({ unassignOnCreate: asJson(others) }),
      ["10.0.1.20"],
    ],
  ])("%s", async (_title, seed, before, wrong, pattern, remedy, expected) => {
    scenario = await Scenario.start(seed);
    const on = { networkInterfaceId: eniId };
    const saved = await scenario.create({ ...on, ...before });
    await scenario.nextCommand();
    const inputs = { ...on, region: "cn-hangzhou", ...wrong };
    const message = await scenario.provider.update(eniId, saved.outputs, inputs).then(String, String);
    const right = follow(pattern, remedy, message, inputs);
    await scenario.nextCommand();
    await scenario.up(saved, right);
    expect(scenario.held()).toEqual(expected);
  });

  test("a count among addresses that it does not own: a refresh makes them its own", async () => {
    scenario = await Scenario.start(worldWith());
    const args = (size: number) => ({ networkInterfaceId: eniId, region: "cn-hangzhou", ...count(size) });
    const saved = await scenario.create(args(1));
    setByHand(scenario.emulator, taken);
    await scenario.nextCommand();
    await expect(scenario.provider.update(eniId, saved.outputs, args(0))).rejects.toThrow(
      "or run `pulumi refresh` to adopt them",
    );
    await scenario.nextCommand();
    const refreshed = (await scenario.refresh(saved)) as Saved;
    await scenario.up(refreshed, args(0));
    expect(scenario.held()).toEqual([]);
  });

  test("an ENI that stays in a passing status: up again, once the status has passed", async () => {
    scenario = await Scenario.start(worldWith([], { Status: "Attaching" }));
    const inputs = {
      networkInterfaceId: eniId,
      region: "cn-hangzhou",
      ...listed(["10.0.1.20"], { __internal: { timeouts: { create: "1s" } } }),
    };
    await expect(scenario.provider.create(inputs)).rejects.toThrow(
      "gave up after 1 s. Run `pulumi up` again, or raise customTimeouts",
    );
    scenario.emulator.control.patchState(withStatus("Available"));
    await scenario.nextCommand();
    await scenario.create(inputs);
    expect(scenario.held()).toEqual(["10.0.1.20"]);
  });
});

test("ignoreChanges of an index after an import: up without it once", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.9", "10.0.1.20"]));
  const inputs = (list: string[]) => ({ networkInterfaceId: eniId, region: "cn-hangzhou", ...listed(list) });
  // The import file has numerical order, the program another one. The engine puts the state's [0] into the list.
  const imported = await scenario.create(inputs(["10.0.1.9", "10.0.1.20"]));
  const merged = inputs(["10.0.1.9", "10.0.1.9"]);
  expect(await refusalOf(merged, imported.inputs)).toMatch(
    /`ignoreChanges` .*: run `pulumi up` once without it/,
  );
  const once = await scenario.up(imported, inputs(["10.0.1.20", "10.0.1.9"]));
  expect(once.inputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.9"]);
  expect(scenario.writes).toEqual([]);
});

test("an address that an ENI of no program holds: unassign it there", async () => {
  scenario = await Scenario.start(twoEnis([], ["10.0.1.20"]), {
    env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" },
  });
  const inputs = { networkInterfaceId: eniId, ...listed(["10.0.1.20", "10.0.1.21"]) };
  const saved = await scenario.recordedBy(scenario.create(inputs));
  expect(saved.reasons[0]).toMatch(/10\.0\.1\.20 is held by eni-other; .* or unassign it there/);
  scenario.emulator.control.patchState({ networkInterfaces: [eniWith(otherEniId, otherPrimaryAddress)] });
  await scenario.nextCommand();
  await scenario.up(saved, inputs);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
});

describe("two resources on one ENI:", () => {
  const named = (name: string, more: Properties) => ({
    networkInterfaceId: eniId,
    ...more,
    __internal: { name },
  });

  async function refuseSecond(): Promise<void> {
    scenario = await Scenario.start(worldWith());
    await scenario.provider.check(named("one", listed(["10.0.1.20"])));
    expect(await refusalOf(named("two", listed(["10.0.1.21"])))).toMatch(
      /already managed by the resource "one" .*: merge the two, or give each a list and ownership "additive"$/,
    );
    await scenario.nextCommand();
  }

  test("merge them", async () => {
    await refuseSecond();
    await scenario.create(named("one", listed(["10.0.1.20", "10.0.1.21"])));
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
  });

  test("a list and additive ownership for each", async () => {
    await refuseSecond();
    for (const [name, address] of [
      ["one", "10.0.1.20"],
      ["two", "10.0.1.21"],
    ] as const)
      await scenario.create(named(name, listed([address], { ownership: "additive" })));
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
  });
});

describe("an ENI to take over, with addresses of a resource that the program no longer has:", () => {
  const pace = { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } };
  const on = { networkInterfaceId: eniId };
  const additive = (address: string) => ({ ...on, ...listed([address], { ownership: "additive" }) });

  test("an update: up without its change first", async () => {
    scenario = await Scenario.start(worldWith(), pace);
    await scenario.upAll({ edge: additive("10.0.1.20"), removed: additive("10.0.1.21") });
    const exclusive = { edge: { ...on, ...listed(["10.0.1.20"]) } };
    expect(await scenario.upAll(exclusive)).toEqual([
      expect.stringMatching(
        /^edge: update: .* If the program no longer has the resource .*`pulumi up` without the change of this one first/,
      ),
    ]);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
    expect(await scenario.upAll({ edge: additive("10.0.1.20") })).toEqual([]);
    expect(await scenario.upAll(exclusive)).toEqual([]);
    expect(scenario.held()).toEqual(["10.0.1.20"]);
  });

  test("a create: up without it first", async () => {
    scenario = await Scenario.start(worldWith(), pace);
    await scenario.upAll({ removed: { ...on, ...listed(["10.0.1.21"]) } });
    const created = { edge: { ...on, ...listed(["10.0.1.20"]) } };
    expect(await scenario.upAll(created)).toEqual([
      expect.stringMatching(/^edge: check: .*`pulumi up` without the change of this one first/),
    ]);
    expect(await scenario.upAll({})).toEqual([]);
    expect(await scenario.upAll(created)).toEqual([]);
    expect(scenario.held()).toEqual(["10.0.1.20"]);
  });
});

test("a time-out that is too short: a longer one in customTimeouts", async () => {
  scenario = await Scenario.start(worldWith([], { Status: "Attaching" }));
  const edge = (create: string) => ({
    networkInterfaceId: eniId,
    ...listed(["10.0.1.20"], { __internal: { timeouts: { create } } }),
  });
  expect(await scenario.upAll({ edge: edge("200ms") })).toEqual([
    expect.stringMatching(/gave up after 0\.2 s\. Run `pulumi up` again, or raise customTimeouts/),
  ]);
  scenario.emulator.control.addFault({
    action: "DescribeNetworkInterfaces",
    skip: 6,
    times: 1,
    effect: { patch: withStatus("Available") },
  });
  expect(await scenario.upAll({ edge: edge("60s") })).toEqual([]);
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

describe("another operation on the ENI takes too long:", () => {
  const on = { networkInterfaceId: eniId, ownership: "additive" };
  const within = (create: string) => ({ __internal: { timeouts: { create } } });
  const slow = { action: "AssignPrivateIpAddresses", times: 1, effect: { delayMs: 1_000 } } as const;

  async function refuseSecond(): Promise<void> {
    scenario = await Scenario.start(worldWith());
    scenario.emulator.control.addFault(slow);
    const failed = await scenario.upAll(
      {
        first: { ...on, ...listed(["10.0.1.20"]) },
        second: { ...on, ...listed(["10.0.1.21"], within("300ms")) },
      },
      { continuesOnError: true },
    );
    expect(failed).toEqual([
      expect.stringMatching(
        /^second: create: another operation on eni-edge did not end .*; raise customTimeouts, or use one resource for this ENI/,
      ),
    ]);
    scenario.emulator.control.addFault(slow);
  }

  test("a longer time-out", async () => {
    await refuseSecond();
    const longer = listed(["10.0.1.21"], within("60s"));
    expect(
      await scenario.upAll({
        first: { ...on, ...listed(["10.0.1.20", "10.0.1.22"]) },
        second: { ...on, ...longer },
      }),
    ).toEqual([]);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21", "10.0.1.22"]);
  });

  test("one resource for the ENI", async () => {
    await refuseSecond();
    expect(await scenario.upAll({ first: { ...on, ...listed(["10.0.1.20", "10.0.1.21"]) } })).toEqual([]);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
  });
});

test("get of an ENI that does not exist: another id", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  await expect(scenario.provider.read("eni-missing", {})).rejects.toThrow(/check the id/);
  expect((await scenario.provider.read(eniId, {})).outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.20"],
  });
});

test("no region: the ways that the message names", async () => {
  scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_REGION: "" } });
  const inputs = { networkInterfaceId: eniId, ...listed(["10.0.1.20"]) };
  const message = await refusalOf(inputs);
  expect(message).toMatch(/^region: /);
  expect(message).toContain("ALICLOUD_REGION");
  expect(await refusalOf({ ...inputs, region: "cn-hangzhou" })).toBe("");
});

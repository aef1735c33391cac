import { eventually } from "../support/ecs-client";
import { addressRange, eniId, otherEniId, privateIpSets, world, worldWith } from "../support/eni-world";
import { Scenario, type Saved } from "../support/scenario";
import { AnswerDroppingProxy } from "../support/answer-dropping-proxy";

let scenario: Scenario;
afterEach(() => scenario.stop());

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";

type Declared = Record<string, unknown>;
const args = (declared: Declared, name = "edge") => ({
  networkInterfaceId: eniId,
  ...declared,
  region: "cn-hangzhou",
  __internal: { name },
});
const listed = (...ipv4Prefixes: string[]) => args({ ipv4Prefixes });

/** This number of prefixes, from 10.0.1.32/28 on. */
const prefixRange = (count: number) =>
  Array.from({ length: count }, (_unused, index) => `10.0.1.${32 + 16 * index}/28`);
const prefixSets = (prefixes: readonly string[]) => ({
  Ipv4PrefixSet: prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix })),
});
const worldHolding = (prefixes: readonly string[], addresses: readonly string[] = []) =>
  worldWith(addresses, { Ipv4PrefixSets: prefixSets(prefixes) });

function heldPrefixes(): string[] {
  const [eni] = scenario.emulator.control.state().networkInterfaces;
  return (eni?.Ipv4PrefixSets.Ipv4PrefixSet ?? []).map((set) => set.Ipv4Prefix).sort();
}

/** The write calls, each as `+` or `-`, the parameter and the number of its values. */
function changes(): string[] {
  return scenario.emulator.control
    .calls()
    .filter(({ action }) => action === assign || action === unassign)
    .map(({ action, params }) => {
      const parameters = Object.keys(params).filter((name) =>
        /^(PrivateIpAddress|Ipv4Prefix|Secondary)/.test(name),
      );
      return `${action === assign ? "+" : "-"} ${[...new Set(parameters.map((name) => name.replace(/\.\d+$/, "")))].join(" and ")} ${parameters.length}`;
    });
}

/** The up after a change of the program, in a new process. */
async function nextUp(saved: Saved, next: Declared): Promise<Saved> {
  await scenario.nextCommand();
  return scenario.up(saved, next);
}

test("listed prefixes: create assigns and delete unassigns them in batches, addresses stay", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  const saved = await scenario.create(listed(...prefixRange(12)));
  expect(heldPrefixes()).toEqual([...prefixRange(12)].sort());
  expect(saved.outputs).toMatchObject({
    ipv4Prefixes: prefixRange(12),
    privateIpAddresses: [],
    unmanagedPrivateIpAddresses: [],
  });
  expect(changes()).toEqual(["+ Ipv4Prefix 10", "+ Ipv4Prefix 2"]);
  await nextUp(saved, listed(...prefixRange(12)));
  expect(scenario.writes).toEqual([]);
  await scenario.nextCommand();
  await scenario.provider.delete(saved.id, saved.outputs);
  expect(changes()).toEqual(["- Ipv4Prefix 10", "- Ipv4Prefix 2"]);
  expect(heldPrefixes()).toEqual([]);
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("update: added prefixes are assigned before removed ones are unassigned", async () => {
  scenario = await Scenario.start(worldHolding(prefixRange(2)));
  const saved = await scenario.create(listed(...prefixRange(2)));
  expect(scenario.writes).toEqual([]);
  const after = await nextUp(saved, listed(...prefixRange(3).slice(1)));
  expect(changes()).toEqual(["+ Ipv4Prefix 1", "- Ipv4Prefix 1"]);
  expect(after.outputs.ipv4Prefixes).toEqual(prefixRange(3).slice(1));
});

test("create: after a lost assign answer, prefixes are not picked twice", async () => {
  scenario = await Scenario.start(worldWith(addressRange(20, 3)));
  scenario.emulator.control.addFault({ action: assign, effect: { drop: "after" } });
  const saved = await scenario.create(args({ ipv4PrefixCount: 3 }));
  expect(heldPrefixes()).toHaveLength(3);
  expect(saved.outputs.ipv4PrefixCount).toBe(3);
  expect(saved.outputs.ipv4Prefixes).toHaveLength(3);
  expect(changes()).toEqual(["+ Ipv4PrefixCount 1"]);
  const shrunk = await nextUp(saved, args({ ipv4PrefixCount: 1 }));
  expect(heldPrefixes()).toEqual(shrunk.outputs.ipv4Prefixes);
  expect(changes()).toEqual(["- Ipv4Prefix 2"]);
});

test("create: an assign answer without prefixes and stale reads, no second assign", async () => {
  const proxy = await AnswerDroppingProxy.start();
  try {
    scenario = await Scenario.start(worldWith(), { env: { ECS_ENDPOINT: proxy.url } });
    proxy.emulator = scenario.emulator;
    scenario.emulator.control.addFault({ action: assign, effect: { staleReads: 2 } });
    await scenario.create(args({ ipv4PrefixCount: 2 }));
    expect(proxy.emptiedAnswers).toBe(1);
    expect(heldPrefixes()).toHaveLength(2);
    expect(changes()).toEqual(["+ Ipv4PrefixCount 1"]);
  } finally {
    await proxy.stop();
  }
});

test("update: a growing prefix count keeps an address with an EIP", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  const saved = await scenario.create(args({ ipv4PrefixCount: 1 }));
  scenario.emulator.control.patchState({
    eips: [
      {
        AllocationId: "eip-1",
        InstanceId: eniId,
        InstanceType: "NetworkInterface",
        PrivateIpAddress: "10.0.1.20",
      },
    ],
  });
  await nextUp(saved, args({ ipv4PrefixCount: 2 }));
  expect(changes()).toEqual(["+ Ipv4PrefixCount 1"]);
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("refresh: only drift of prefixes is shown, the next up repairs it", async () => {
  scenario = await Scenario.start(worldHolding(prefixRange(2)));
  const saved = await scenario.create(listed(...prefixRange(2)));
  await scenario.nextCommand();
  scenario.emulator.control.patchState({
    networkInterfaces: [
      {
        NetworkInterfaceId: eniId,
        PrivateIpSets: privateIpSets(["10.0.1.20"]),
        Ipv4PrefixSets: prefixSets(prefixRange(3).slice(1)),
      },
    ],
  });
  const { inputs } = await scenario.provider.read(saved.id, saved.outputs);
  // The new one takes the place of the one that is gone.
  expect(inputs).toMatchObject({ ipv4Prefixes: prefixRange(3).slice(1).reverse() });
  expect(inputs).not.toHaveProperty("privateIpAddresses");
  const refreshed = await scenario.refresh(saved);
  if (refreshed === undefined) throw new Error("the resource is gone");
  expect(refreshed.outputs.privateIpAddresses).toEqual([]);
  await nextUp(refreshed, listed(...prefixRange(2)));
  expect(heldPrefixes()).toEqual(prefixRange(2));
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test("update: a prefix that another client assigned is reported as unmanaged and stays", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(listed("10.0.1.32/28"));
  await scenario.nextCommand();
  scenario.emulator.control.patchState({
    networkInterfaces: [
      { NetworkInterfaceId: eniId, Ipv4PrefixSets: prefixSets(["10.0.1.32/28", "10.0.1.96/28"]) },
    ],
  });
  const { outputs } = await scenario.up(saved, listed("10.0.1.48/28"));
  expect(outputs).toMatchObject({
    ipv4Prefixes: ["10.0.1.48/28"],
    unmanagedPrivateIpAddresses: ["10.0.1.96/28"],
  });
  expect(heldPrefixes()).toEqual(["10.0.1.48/28", "10.0.1.96/28"]);
});

test("create: other prefixes are refused, those in unassignOnCreate are unassigned", async () => {
  scenario = await Scenario.start(worldHolding(prefixRange(2), ["10.0.1.20"]));
  await expect(scenario.create(listed("10.0.1.32/28"))).rejects.toThrow('unassignOnCreate: ["10.0.1.48/28"]');
  expect(scenario.writes).toEqual([]);
  await scenario.create({ ...listed("10.0.1.32/28"), unassignOnCreate: ["10.0.1.48/28"] });
  expect(heldPrefixes()).toEqual(["10.0.1.32/28"]);
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

describe("change of mode:", () => {
  test("from a list to an equal count and back, no write", async () => {
    scenario = await Scenario.start(worldHolding(prefixRange(2)));
    const byList = await scenario.create(listed(...prefixRange(2)));
    const byCount = await nextUp(byList, args({ ipv4PrefixCount: 2 }));
    expect(scenario.writes).toEqual([]);
    expect(byCount.outputs).toMatchObject({ ipv4PrefixCount: 2, ipv4Prefixes: prefixRange(2) });
    const back = await nextUp(byCount, listed(...prefixRange(2)));
    expect(scenario.writes).toEqual([]);
    expect(back.outputs).not.toHaveProperty("ipv4PrefixCount");
  });

  test("from addresses to prefixes and back, each call has one kind", async () => {
    scenario = await Scenario.start(worldWith());
    const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.100", "10.0.1.101"] }));
    const after = await nextUp(saved, listed("10.0.1.32/28"));
    expect(changes()).toEqual(["+ Ipv4Prefix 1", "- PrivateIpAddress 2"]);
    expect(after.outputs).toMatchObject({ privateIpAddresses: [], ipv4Prefixes: ["10.0.1.32/28"] });
    expect(scenario.held()).toEqual([]);
    await nextUp(after, args({ secondaryPrivateIpAddressCount: 2 }));
    expect(changes()).toEqual(["+ SecondaryPrivateIpAddressCount 1", "- Ipv4Prefix 1"]);
    expect(heldPrefixes()).toEqual([]);
    expect(scenario.held()).toHaveLength(2);
  });

  test("to a prefix count without a free prefix in the vSwitch, all addresses stay", async () => {
    const oneInEachPrefix = Array.from({ length: 16 }, (_unused, index) => `10.0.1.${16 * index + 5}`);
    scenario = await Scenario.start(
      world(
        {},
        {
          NetworkInterfaceId: "eni-other",
          PrivateIpAddress: "10.0.1.11",
          PrivateIpSets: privateIpSets(oneInEachPrefix, "10.0.1.11"),
        },
      ),
    );
    const saved = await scenario.create(args({ privateIpAddresses: addressRange(60, 5) }));
    await scenario.nextCommand();
    const failed = await scenario.recordedBy(scenario.up(saved, args({ ipv4PrefixCount: 1 })));
    expect(failed.reasons.join()).toContain("InvalidVSwitchId.IpNotEnough");
    expect(scenario.held()).toEqual(addressRange(60, 5));
    expect(failed.outputs).toMatchObject({ privateIpAddresses: addressRange(60, 5), ipv4Prefixes: [] });
    await nextUp(failed, args({ privateIpAddresses: addressRange(60, 5) }));
    expect(scenario.writes).toEqual([]);
  });

  test("to fewer prefixes than are unmanaged on the ENI, refused until a refresh adopts them", async () => {
    scenario = await Scenario.start(worldHolding(prefixRange(2)));
    const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.100"] }));
    const one = args({ ipv4PrefixCount: 1 });
    await scenario.nextCommand();
    const failed = await scenario.recordedBy(scenario.up(saved, one));
    expect(failed.reasons.join()).toContain("or run `pulumi refresh` to adopt them");
    expect(scenario.writes).toEqual([]);
    expect(failed.outputs).toMatchObject({ privateIpAddresses: ["10.0.1.100"], ipv4Prefixes: [] });
    await scenario.nextCommand();
    const refreshed = await scenario.refresh(failed);
    if (refreshed === undefined) throw new Error("the resource is gone");
    await nextUp(refreshed, one);
    expect(heldPrefixes()).toHaveLength(1);
    expect(scenario.held()).toEqual([]);
  });

  test("to the prefix around one of its addresses, only this one is unassigned first", async () => {
    scenario = await Scenario.start(worldWith());
    const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.33", "10.0.1.101"] }));
    await nextUp(saved, listed("10.0.1.32/28"));
    expect(changes()).toEqual(["- PrivateIpAddress 1", "+ Ipv4Prefix 1", "- PrivateIpAddress 1"]);
    expect(heldPrefixes()).toEqual(["10.0.1.32/28"]);
  });

  test("a failed unassign records both kinds, the next up unassigns the addresses", async () => {
    scenario = await Scenario.start(worldWith());
    const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.100", "10.0.1.101"] }));
    await scenario.nextCommand();
    const { control } = scenario.emulator;
    control.addFault({
      action: unassign,
      effect: { error: { status: 403, code: "Forbidden.RAM", message: "no" } },
    });
    const failed = await scenario.recordedBy(scenario.up(saved, listed("10.0.1.32/28")));
    expect(failed.outputs).toMatchObject({
      privateIpAddresses: ["10.0.1.100", "10.0.1.101"],
      ipv4Prefixes: ["10.0.1.32/28"],
    });
    control.clearFaults();
    await scenario.nextCommand();
    const refreshed = await scenario.refresh(failed);
    expect(refreshed?.outputs).toMatchObject({
      privateIpAddresses: ["10.0.1.100", "10.0.1.101"],
      ipv4Prefixes: ["10.0.1.32/28"],
    });
    const finished = await nextUp(refreshed ?? failed, listed("10.0.1.32/28"));
    expect(changes()).toEqual(["- PrivateIpAddress 2"]);
    expect(finished.outputs).toMatchObject({ privateIpAddresses: [], ipv4Prefixes: ["10.0.1.32/28"] });
    await nextUp(finished, listed("10.0.1.32/28"));
    expect(scenario.writes).toEqual([]);
  });
});

test("additive resources: both kinds share an ENI, a delete unassigns only its own", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.99"]));
  const addresses = await scenario.create(
    args({ privateIpAddresses: ["10.0.1.100"], ownership: "additive" }, "addresses"),
  );
  const prefixes = await scenario.create(
    args({ ipv4Prefixes: ["10.0.1.32/28"], ownership: "additive" }, "prefixes"),
  );
  expect(addresses.outputs.unmanagedPrivateIpAddresses).toEqual(["10.0.1.99"]);
  await scenario.nextCommand();
  await scenario.provider.delete(prefixes.id, prefixes.outputs);
  expect(heldPrefixes()).toEqual([]);
  expect(scenario.held()).toEqual(["10.0.1.100", "10.0.1.99"].sort());
});

test("create: the error names the ENIs that hold a prefix or an address in it", async () => {
  const other = (more: Record<string, unknown>, PrivateIpAddress: string, id: string) => ({
    NetworkInterfaceId: id,
    VSwitchId: "vsw-1",
    PrivateIpAddress,
    ...more,
  });
  scenario = await Scenario.start(
    world(
      {},
      other({ Ipv4PrefixSets: prefixSets(["10.0.1.32/28"]) }, "10.0.1.11", "eni-holder"),
      other({ PrivateIpSets: privateIpSets(["10.0.1.50"], "10.0.1.12") }, "10.0.1.12", "eni-neighbour"),
    ),
    { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.005" } },
  );
  const { inputs } = await scenario.provider.check(listed(...prefixRange(2)));
  const message = await scenario.provider.create(inputs).then(String, String);
  expect(message).toContain("10.0.1.32/28 is held by eni-holder");
  expect(message).toContain("10.0.1.48/28 is held by eni-neighbour");
});

describe("two ENIs in one up:", () => {
  const both = (mine: Partial<{ addresses: string[]; prefixes: string[] }>, theirs: typeof mine) =>
    world(
      ...[mine, theirs].map(({ addresses = [], prefixes = [] }, index) => ({
        NetworkInterfaceId: index === 0 ? eniId : otherEniId,
        PrivateIpAddress: `10.0.1.${10 + index}`,
        PrivateIpSets: privateIpSets(addresses, `10.0.1.${10 + index}`),
        Ipv4PrefixSets: prefixSets(prefixes),
      })),
    );
  const on = (networkInterfaceId: string, declared: Declared) => ({
    ...args(declared, networkInterfaceId),
    networkInterfaceId,
  });

  test("an address in a prefix that another ENI holds is an error that names the ENI", async () => {
    scenario = await Scenario.start(both({}, { prefixes: ["10.0.1.32/28"] }), {
      env: { ALICLOUD_SECONDARY_IPS_PACE: "0.005" },
    });
    await expect(scenario.create(on(eniId, { privateIpAddresses: ["10.0.1.33"] }))).rejects.toThrow(
      `10.0.1.33 is held by ${otherEniId}`,
    );
  });

  test.each([
    ["an address in a prefix", { prefixes: ["10.0.1.32/28"] }, { privateIpAddresses: ["10.0.1.33"] }],
    [
      "a prefix that contains two addresses",
      { addresses: ["10.0.1.33", "10.0.1.34"] },
      { ipv4Prefixes: ["10.0.1.32/28"] },
    ],
  ])("%s is waited for until the other ENI releases it", async (_what, held, wanted) => {
    scenario = await Scenario.start(both({}, held));
    const giving = await scenario.create(
      on(otherEniId, {
        ...("prefixes" in held ? { ipv4Prefixes: held.prefixes } : { privateIpAddresses: held.addresses }),
      }),
    );
    await scenario.nextCommand();
    const { provider } = scenario;
    const { inputs } = await provider.check(on(eniId, wanted));
    const none = "prefixes" in held ? { ipv4Prefixes: [] } : { privateIpAddresses: [] };
    const emptied = await provider.check(on(otherEniId, none), giving.inputs);
    const taking = provider.create(inputs);
    await eventually(() => scenario.writes.length > 0);
    await provider.update(giving.id, giving.outputs, emptied.inputs);
    expect((await taking).outputs).toMatchObject(wanted);
  });
});

test("get: returns addresses and prefixes", async () => {
  scenario = await Scenario.start(worldHolding(prefixRange(1), ["10.0.1.20"]));
  const { outputs } = await scenario.provider.read(eniId, { region: "cn-hangzhou" });
  expect(outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: prefixRange(1) });
});

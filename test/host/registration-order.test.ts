import type { StateDocument } from "alicloud-ecs-emulator";
import { eventually } from "../support/ecs-client";
import {
  addressRange,
  attachedWorldWith,
  eniId,
  eniWith,
  otherEniId,
  otherPrimaryAddress,
  privateIpSets,
  region,
  twoEnis,
  world,
  worldWith,
} from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import type { Properties } from "../support/provider-host";
import { Scenario, type Saved } from "../support/scenario";

/*
 * The engine checks independent resources in the order of their registration, which may differ from run to run, and runs
 * their operations in any order. Each program must succeed in every order.
 */

let scenario: Scenario;
afterEach(() => scenario.stop());

/** A resource of the program: what it says now, and what the state holds of it, if it is in the state. */
interface Resource {
  readonly now: Properties;
  readonly before?: Properties;
}

interface Case {
  readonly what: string;
  readonly world: () => StateDocument;
  /** The resources by their names. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** Whether the provider may not read the quota, and learns it only from the API's refusals. */
  readonly hidesQuota?: boolean;
  /** What the ENIs hold in the end: addresses, prefixes, or how many. */
  readonly expected: Readonly<Record<string, readonly string[] | number>>;
}

const on = (networkInterfaceId: string, declared: Properties): Properties => ({
  networkInterfaceId,
  ...declared,
});
const additive = (declared: Properties, id = eniId) => on(id, { ...declared, ownership: "additive" });
const list = (...hosts: number[]) => ({ privateIpAddresses: hosts.map((host) => `10.0.1.${host}`) });
const prefixes = (...ipv4Prefixes: string[]) => ({ ipv4Prefixes });
const count = (secondaryPrivateIpAddressCount: number) => ({ secondaryPrivateIpAddressCount });

/** An ENI of an ecs.g6.large, which allows 5 secondary addresses on an ENI. */
const roomForFive = () => attachedWorldWith([], {}, { InstanceType: "ecs.g6.large" });
const ring = [eniId, otherEniId, "eni-third"] as const;
const threeEnis = () =>
  world(
    { PrivateIpSets: privateIpSets([]) },
    eniWith(otherEniId, otherPrimaryAddress),
    eniWith("eni-third", "10.0.1.12"),
  );

const cases: readonly Case[] = [
  {
    what: "an address is given up, a new resource takes the prefix around it",
    world: () => worldWith(),
    resources: {
      a: { before: additive(list(20, 40)), now: additive(list(40)) },
      b: { now: additive(prefixes("10.0.1.16/28")) },
    },
    expected: { [eniId]: ["10.0.1.16/28", "10.0.1.40"] },
  },
  {
    what: "an address is given up, an update takes the prefix around it",
    world: () => worldWith(),
    resources: {
      a: { before: additive(list(20)), now: additive(list()) },
      b: { before: additive(prefixes()), now: additive(prefixes("10.0.1.16/28")) },
    },
    expected: { [eniId]: ["10.0.1.16/28"] },
  },
  {
    what: "a prefix is given up, a new resource takes an address within it",
    world: () => worldWith(),
    resources: {
      a: { before: additive(prefixes("10.0.1.16/28")), now: additive(prefixes()) },
      b: { now: additive(list(20)) },
    },
    expected: { [eniId]: ["10.0.1.20"] },
  },
  {
    what: "a prefix is given up, an update takes an address within it",
    world: () => worldWith(),
    resources: {
      a: {
        before: additive(prefixes("10.0.1.16/28", "10.0.1.64/28")),
        now: additive(prefixes("10.0.1.64/28")),
      },
      b: { before: additive(list(50)), now: additive(list(20, 50)) },
    },
    expected: { [eniId]: ["10.0.1.20", "10.0.1.50", "10.0.1.64/28"] },
  },
  {
    what: "both give an address up and take the prefix around the other's",
    world: () => worldWith(),
    resources: {
      a: {
        before: additive({ ...list(20) }),
        now: additive(prefixes("10.0.1.32/28")),
      },
      b: { before: additive(list(33)), now: additive(prefixes("10.0.1.16/28")) },
    },
    expected: { [eniId]: ["10.0.1.16/28", "10.0.1.32/28"] },
  },
  {
    what: "a full ENI, three addresses are given up, a new resource takes three",
    world: roomForFive,
    resources: {
      a: { before: additive(list(20, 21, 22, 23, 24)), now: additive(list(20, 21)) },
      b: { now: additive(list(50, 51, 52)) },
    },
    expected: { [eniId]: [...addressRange(20, 2), ...addressRange(50, 3)] },
  },
  {
    what: "a full ENI, three addresses are given up, an update takes three",
    world: roomForFive,
    resources: {
      a: { before: additive(list(20, 21, 22, 23)), now: additive(list(20)) },
      b: { before: additive(list(50)), now: additive(list(50, 51, 52, 53)) },
    },
    expected: { [eniId]: ["10.0.1.20", ...addressRange(50, 4)] },
  },
  {
    what: "a full ENI whose quota is hidden, three addresses are given up, a new resource takes three",
    world: roomForFive,
    hidesQuota: true,
    resources: {
      a: { before: additive(list(20, 21, 22, 23, 24)), now: additive(list(20, 21)) },
      b: { now: additive(list(50, 51, 52)) },
    },
    expected: { [eniId]: [...addressRange(20, 2), ...addressRange(50, 3)] },
  },
  {
    what: "a full ENI whose quota is hidden, three addresses are given up, an update takes three",
    world: roomForFive,
    hidesQuota: true,
    resources: {
      a: { before: additive(list(20, 21, 22, 23)), now: additive(list(20)) },
      b: { before: additive(list(50)), now: additive(list(50, 51, 52, 53)) },
    },
    expected: { [eniId]: ["10.0.1.20", ...addressRange(50, 4)] },
  },
  {
    what: "an additive resource leaves the ENI, the other one takes it over",
    world: () => twoEnis(),
    resources: {
      a: { before: additive(list(20)), now: additive(list(20), otherEniId) },
      b: { before: additive(list(50)), now: on(eniId, list(50)) },
    },
    expected: { [eniId]: ["10.0.1.50"], [otherEniId]: ["10.0.1.20"] },
  },
  {
    what: "two exclusive resources swap their ENIs and keep their addresses",
    world: () => twoEnis(),
    resources: {
      a: { before: on(eniId, list(20, 21)), now: on(otherEniId, list(20, 21)) },
      b: { before: on(otherEniId, list(30)), now: on(eniId, list(30)) },
    },
    expected: { [eniId]: ["10.0.1.30"], [otherEniId]: addressRange(20, 2) },
  },
  {
    what: "two exclusive resources swap their ENIs and change their addresses",
    world: () => twoEnis(),
    resources: {
      a: { before: on(eniId, list(20)), now: on(otherEniId, list(40)) },
      b: { before: on(otherEniId, list(30)), now: on(eniId, list(50)) },
    },
    expected: { [eniId]: ["10.0.1.50"], [otherEniId]: ["10.0.1.40"] },
  },
  {
    what: "two counts swap their ENIs",
    world: () => twoEnis(),
    resources: {
      a: { before: on(eniId, count(2)), now: on(otherEniId, count(2)) },
      b: { before: on(otherEniId, count(4)), now: on(eniId, count(4)) },
    },
    expected: { [eniId]: 4, [otherEniId]: 2 },
  },
  {
    what: "three exclusive resources change their ENIs in a ring",
    world: threeEnis,
    resources: {
      a: { before: on(ring[0], list(20)), now: on(ring[1], list(20)) },
      b: { before: on(ring[1], list(30)), now: on(ring[2], list(30)) },
      c: { before: on(ring[2], list(40)), now: on(ring[0], list(40)) },
    },
    expected: { [ring[0]]: ["10.0.1.40"], [ring[1]]: ["10.0.1.20"], [ring[2]]: ["10.0.1.30"] },
  },
];

/** How the operations run: one after the other has waited or ended, both at once, or before the next check. */
const ways = ["in this order", "at once", "each before the next check"] as const;

const all = cases.flatMap((one) =>
  permutations(Object.keys(one.resources)).flatMap((order) =>
    ways.map((way) => ({ ...one, order, names: order.join(", "), way })),
  ),
);

test.each(all)("$what: $names, $way", async ({ resources, expected, order, way, ...one }) => {
  scenario = await Scenario.start(one.world(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.05" } });
  if (one.hidesQuota === true)
    disturb(scenario.emulator, "DescribeInstances", failure(403, "Forbidden.RAM"), { times: forever });
  const saved = new Map<string, Saved>();
  for (const [name, { before }] of Object.entries(resources))
    if (before !== undefined) saved.set(name, await scenario.create(named(name, before)));

  await scenario.nextCommand();
  for (const name of order) await check(name, named(name, nowOf(resources, name), true), saved.get(name));

  await scenario.nextCommand();
  const late: (() => Promise<unknown>)[] = [];
  const running: Promise<unknown>[] = [];
  const start = (name: string) => {
    const operation = run(name, named(name, nowOf(resources, name)), saved, late);
    running.push(operation);
    operation.catch(() => undefined);
    return operation;
  };
  if (way === "each before the next check") {
    for (const name of order) {
      await check(name, named(name, nowOf(resources, name)), saved.get(name));
      await waitsOrEnds(start(name));
    }
  } else {
    for (const name of order) await check(name, named(name, nowOf(resources, name)), saved.get(name));
    for (const name of order) {
      const operation = start(name);
      if (way === "in this order") await waitsOrEnds(operation);
    }
  }
  await Promise.all(running);
  for (const remove of late) await remove();
  expectHeld(expected);

  await scenario.nextCommand();
  for (const name of order) {
    const before = saved.get(name);
    if (before !== undefined) await scenario.up(before, named(name, nowOf(resources, name)));
  }
  expect(scenario.writes).toEqual([]);
});

function nowOf(resources: Case["resources"], name: string): Properties {
  return resources[name]?.now ?? {};
}

function named(name: string, declared: Properties, preview?: true): Properties {
  return { ...declared, region, __internal: { name, ...(preview && { preview }) } };
}

/** check as the engine calls it: for a replacement it compares, and checks again without the old inputs. */
async function check(name: string, news: Properties, before: Saved | undefined): Promise<boolean> {
  const { inputs, failures } = await scenario.provider.check(news, before?.inputs);
  expect({ name, failures }).toEqual({ name, failures: [] });
  if (before === undefined) return false;
  const { replaces, deleteBeforeReplace } = await scenario.provider.diff(before.id, before.outputs, inputs);
  if (replaces.length > 0) {
    const again = await scenario.provider.check(news);
    expect({ name, failures: again.failures }).toEqual({ name, failures: [] });
  }
  return replaces.length > 0 && deleteBeforeReplace;
}

/** create, update or replace. The engine deletes at the end what it has not deleted first. */
async function run(
  name: string,
  inputs: Properties,
  saved: Map<string, Saved>,
  late: (() => Promise<unknown>)[],
): Promise<void> {
  const { provider } = scenario;
  const before = saved.get(name);
  if (before === undefined) {
    saved.set(name, { ...(await provider.create(inputs)), inputs });
    return;
  }
  const { changes, replaces, deleteBeforeReplace } = await provider.diff(before.id, before.outputs, inputs);
  if (replaces.length > 0) {
    const remove = () => provider.delete(before.id, before.outputs);
    if (deleteBeforeReplace) await remove();
    else late.push(remove);
    saved.set(name, { ...(await provider.create(inputs)), inputs });
  } else if (changes) {
    saved.set(name, { ...before, outputs: await provider.update(before.id, before.outputs, inputs), inputs });
  }
}

/** Resolves when the operation has ended, or has made as many calls as it makes only while it waits. */
async function waitsOrEnds(operation: Promise<unknown>): Promise<void> {
  const before = scenario.actions.length;
  let ended = false;
  const end = () => {
    ended = true;
  };
  operation.then(end, end);
  await eventually(() => ended || scenario.actions.length > before + 8);
}

function expectHeld(expected: Case["expected"]): void {
  for (const eni of scenario.emulator.control.state().networkInterfaces) {
    const id = eni.NetworkInterfaceId;
    const wanted = expected[id] ?? [];
    const prefixesHeld = eni.Ipv4PrefixSets.Ipv4PrefixSet.map((set) => set.Ipv4Prefix);
    const held = [...scenario.held(id), ...prefixesHeld].sort();
    if (typeof wanted === "number") expect(held).toHaveLength(wanted);
    else expect(held).toEqual([...wanted].sort());
  }
}

function permutations(names: readonly string[]): string[][] {
  if (names.length <= 1) return [[...names]];
  return names.flatMap((first) =>
    permutations(names.filter((name) => name !== first)).map((rest) => [first, ...rest]),
  );
}

describe("a new exclusive resource on an ENI that another one leaves:", () => {
  const before = { list: list(20, 21), count: count(2) };

  test.each(["list", "count"] as const)("accepted if a %s is registered before it", async (mode) => {
    scenario = await Scenario.start(twoEnis());
    const saved = new Map([["old", await scenario.create(named("old", on(eniId, before[mode])))]]);
    const moved = named("old", on(otherEniId, before[mode]));
    const fresh = named("new", on(eniId, list(50)));
    await scenario.nextCommand();
    await check("old", { ...moved, __internal: { name: "old", preview: true } }, saved.get("old"));
    await check("new", { ...fresh, __internal: { name: "new", preview: true } }, undefined);

    await scenario.nextCommand();
    const late: (() => Promise<unknown>)[] = [];
    await check("old", moved, saved.get("old"));
    await run("old", moved, saved, late);
    await check("new", fresh, undefined);
    await run("new", fresh, saved, late);
    for (const remove of late) await remove();
    expect(scenario.held()).toEqual(["10.0.1.50"]);
    expect(scenario.held(otherEniId)).toHaveLength(2);
  });

  test("refused if it is registered before it, the error names dependsOn", async () => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"]));
    const { failures } = await scenario.provider.check(named("new", on(eniId, list(50)), true));
    expect(failures).toEqual([
      expect.stringMatching(/If another resource of this program leaves the ENI, .*`dependsOn`/),
    ]);
  });
});

describe("a release that does not come:", () => {
  const quick = { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } };
  const around = "10.0.1.16/28 shares addresses with 10.0.1.20";

  /** Two additive resources: `a` holds 10.0.1.20, and `b` holds 10.0.1.50. */
  async function twoAdditive(): Promise<{ a: Saved; b: Saved }> {
    scenario = await Scenario.start(worldWith(), quick);
    const a = await scenario.create(named("a", additive(list(20))));
    const b = await scenario.create(named("b", additive(list(50))));
    await scenario.nextCommand();
    return { a, b };
  }

  test("no resource announces it: the update is refused in time and changes nothing", async () => {
    const { a, b } = await twoAdditive();
    await scenario.up(a, named("a", additive(list(20))));
    await expect(scenario.up(b, named("b", additive(prefixes("10.0.1.16/28"))))).rejects.toThrow(
      new RegExp(
        `${around}.*; no other resource of this program released what blocks this one in time; .*dependsOn`,
      ),
    );
    expect(scenario.writes).toEqual([]);
    expect(await scenario.provider.printed()).toContainEqual(
      expect.stringMatching(new RegExp(`${around}.*; trying again for up to 1 s$`)),
    );
  });

  test("as with --parallel 1: the update fails in time, the next up finishes", async () => {
    const { a, b } = await twoAdditive();
    const now = { a: named("a", additive(list())), b: named("b", additive(prefixes("10.0.1.16/28"))) };
    await scenario.provider.check(now.a, a.inputs);
    const partial = await scenario.recordedBy(scenario.up(b, now.b));
    // It has given up its own address first: the other resource could have waited for that.
    expect(scenario.held()).toEqual(["10.0.1.20"]);
    const gave = await scenario.up(a, now.a);
    await scenario.nextCommand();
    await scenario.up(gave, now.a);
    await scenario.up({ ...partial, inputs: b.inputs }, now.b);
    expectHeld({ [eniId]: ["10.0.1.16/28"] });
  });

  test("own demand exceeds the capacity: refused at once", async () => {
    scenario = await Scenario.start(roomForFive());
    const six = named("a", additive({ privateIpAddresses: addressRange(20, 6) }));
    expect((await scenario.provider.check(six)).failures).toEqual([expect.stringContaining("would hold 6")]);
    await expect(scenario.provider.create(six)).rejects.toThrow(
      /it can hold 5 while it is InUse; want fewer[^;]*$/,
    );
    expect(scenario.writes).toEqual([]);
  });
});

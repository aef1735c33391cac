import type { FaultEffect } from "alicloud-ecs-emulator";
import { randomUUID } from "node:crypto";
import { Deadline } from "../../provider/src/shared/deadline";
import { ecsAt } from "../support/ecs-client";
import { eniId, privateIpSets, region, setByHand, world, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { Scenario, type Saved } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const describeEnis = "DescribeNetworkInterfaces";
const unassign = "UnassignPrivateIpAddresses";
const assign = "AssignPrivateIpAddresses";
const notFound = failure(404, "InvalidEniId.NotFound", "The specified EniId is not found.");

const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;
const args = (privateIpAddresses: readonly string[], more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  ...more,
});
const additive = { ownership: "additive" };

/** The next reads show only these addresses, although the ENI holds more. */
async function readsLag(shown: readonly string[], times = 1, id = eniId): Promise<void> {
  const { control, url } = scenario.emulator;
  const all = scenario.held(id);
  control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: id, PrivateIpSets: privateIpSets(shown) }],
  });
  disturb(scenario.emulator, assign, { staleReads: times });
  await ecsAt(url).assignPrivateIpAddresses(
    id,
    { kind: "address", addresses: all.filter((one) => !shown.includes(one)) },
    randomUUID(),
    { deadline: Deadline.after(5_000), beforeSending: () => Promise.resolve() },
  );
  expect(scenario.held(id)).toEqual(all);
  control.clearCalls();
}

/** Before each of the next reads, another client changes the addresses to these. */
function readsShow(...answers: readonly (readonly string[])[]): void {
  for (const secondary of answers) {
    const networkInterfaces = [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(secondary) }];
    disturb(scenario.emulator, describeEnis, { patch: { networkInterfaces } });
  }
}

/** The calls that read a page of the VPC. */
const pages = () =>
  scenario.emulator.control.calls().filter(({ params }) => params["NetworkInterfaceId.1"] === undefined)
    .length;
const reads = () => scenario.actions.filter((action) => action === describeEnis).length;

const ids = Array.from({ length: 100 }, (_unused, index) => `eni-${index}`);

/** 100 ENIs without secondary addresses, and a provider with the waits that users have. */
function startWith100(): Promise<Scenario> {
  const enis = ids.map((id, index) => ({ NetworkInterfaceId: id, PrivateIpAddress: `10.0.1.${10 + index}` }));
  return Scenario.start(world(...enis), { env: { ALICLOUD_SECONDARY_IPS_PACE: "1" } });
}

/** A resource that was created, and a new command. */
async function created(inputs: Record<string, unknown>, seed = worldWith()): Promise<Saved> {
  scenario = await Scenario.start(seed);
  const saved = await scenario.create(inputs);
  await scenario.nextCommand();
  return saved;
}

describe("delete:", () => {
  test("one read lags, the addresses are unassigned", async () => {
    const saved = await created(args([a, b]));
    await readsLag([]);
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.held()).toEqual([]);
    expect(scenario.writes).toEqual([unassign]);
  });

  test("two replicas answer in turn and one lags, the addresses are unassigned", async () => {
    const saved = await created(args([a, b, c]));
    readsShow([a], [a, b, c], [], [b], []);
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.held()).toEqual([]);
    expect(scenario.writes.length).toBeGreaterThan(0);
  });

  test("the addresses are gone, two reads confirm it", async () => {
    const saved = await created(args([a, b]));
    setByHand(scenario.emulator, []);
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.actions).toEqual([describeEnis, describeEnis]);
  });

  test("nothing is missing, one read before and one after the unassign", async () => {
    const saved = await created(args([a, b]));
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.actions).toEqual([describeEnis, unassign, describeEnis]);
  });

  test("100 ENIs without their addresses, one more read confirms it for all", async () => {
    scenario = await startWith100();
    await Promise.all(
      ids.map((id) =>
        scenario.provider.delete(id, {
          ...args(["10.0.1.200"]),
          networkInterfaceId: id,
          region,
        }),
      ),
    );
    expect(pages()).toBe(1);
    expect(scenario.actions.length).toBeLessThan(10);
  });
});

describe("update:", () => {
  test.each([
    ["an exclusive list", {}],
    ["an additive list", additive],
  ])("%s becomes empty and one read lags, the address is unassigned", async (_what, more) => {
    const saved = await created(args([a], more));
    await readsLag([]);
    const outputs = await scenario.provider.update(eniId, saved.outputs, { ...args([], more), region });
    expect(outputs.privateIpAddresses).toEqual([]);
    expect(scenario.held()).toEqual([]);
    expect(scenario.writes).toEqual([unassign]);
  });

  test("a prefix is dropped and one read lags, it is unassigned", async () => {
    const prefixes = ["10.0.1.32/28", "10.0.1.48/28"];
    const declare = (ipv4Prefixes: string[]) => ({ networkInterfaceId: eniId, ipv4Prefixes });
    const saved = await created(declare(prefixes));
    disturb(scenario.emulator, describeEnis, { leaveOut: "Ipv4PrefixSets" });
    await scenario.provider.update(eniId, saved.outputs, { ...declare([]), region });
    expect(scenario.emulator.control.state().networkInterfaces[0]?.Ipv4PrefixSets.Ipv4PrefixSet).toEqual([]);
    expect(scenario.writes).toEqual([unassign]);
  });

  test("a count grows and one read lags, no address is picked for one that is there", async () => {
    const declare = (secondaryPrivateIpAddressCount: number) => ({
      networkInterfaceId: eniId,
      secondaryPrivateIpAddressCount,
    });
    const saved = await created(declare(3));
    const held = scenario.held();
    await readsLag([]);
    const { outputs } = await scenario.up(saved, declare(4));
    expect(outputs.privateIpAddresses).toHaveLength(4);
    expect(outputs.privateIpAddresses).toEqual(expect.arrayContaining(held));
    expect(scenario.held()).toHaveLength(4);
    expect(scenario.writes).toEqual([assign]);
  });

  test("a final failure and one lagging read after it, the record keeps the address", async () => {
    const saved = await created(args([a, b]));
    disturb(scenario.emulator, assign, failure(403, "Forbidden.RAM"), { times: forever });
    readsShow([a, b], [a], [a, b]);
    const partial = await scenario.recordedBy(scenario.up(saved, args([a, c])));
    expect(partial.outputs.privateIpAddresses).toEqual([a, b]);
  });

  test("a final failure and an address that is gone, the record drops it after a second read", async () => {
    const saved = await created(args([a, b]));
    setByHand(scenario.emulator, [a]);
    disturb(scenario.emulator, assign, failure(403, "Forbidden.RAM"), { times: forever });
    const partial = await scenario.recordedBy(scenario.up(saved, args([a, c])));
    expect(partial.outputs.privateIpAddresses).toEqual([a]);
  });
});

describe("refresh:", () => {
  test.each([
    ["an exclusive list", {}],
    ["an additive list", additive],
  ])("%s and one lagging read, the addresses stay recorded", async (_what, more) => {
    const saved = await created(args([a, b], more));
    await readsLag([a]);
    const refreshed = await scenario.refresh(saved);
    expect(refreshed?.outputs.privateIpAddresses).toEqual([a, b]);
    expect(reads()).toBe(2);
  });

  test("two replicas answer in turn, the addresses stay recorded", async () => {
    const saved = await created(args([a, b, c]));
    readsShow([a], [b, c], [a, b, c]);
    const refreshed = await scenario.refresh(saved);
    expect(refreshed?.outputs.privateIpAddresses).toEqual([a, b, c]);
  });

  test("nothing is missing, one read", async () => {
    const saved = await created(args([a, b]));
    await scenario.refresh(saved);
    expect(scenario.actions).toEqual([describeEnis]);
  });

  test("100 ENIs of which each has lost an address, one more read confirms it for all", async () => {
    scenario = await startWith100();
    const state = { ...args(["10.0.1.200"]), region };
    // The engine has eight reads in flight.
    for (let first = 0; first < 100; first += 8) {
      const some = ids.slice(first, first + 8);
      const answers = await Promise.all(
        some.map((id) => scenario.provider.read(id, { ...state, networkInterfaceId: id })),
      );
      for (const { outputs } of answers) expect(outputs.privateIpAddresses).toEqual([]);
    }
    // The first ENI, a page of the others, and the page again.
    expect(pages()).toBe(2);
    expect(scenario.actions).toHaveLength(3);
  });

  test("one InvalidEniId.NotFound, the resource stays", async () => {
    const saved = await created(args([a]));
    disturb(scenario.emulator, describeEnis, notFound);
    const refreshed = await scenario.refresh(saved);
    expect(refreshed?.outputs.privateIpAddresses).toEqual([a]);
  });
});

test("reads of two replicas, one of them lags: no command loses an address or leaves one behind", async () => {
  scenario = await Scenario.start(worldWith(), { behaviour: { replicaLagReads: 3 } });
  const saved = await scenario.create(args([a, b]));
  expect((await scenario.refresh(saved))?.outputs.privateIpAddresses).toEqual([a, b]);
  await scenario.nextCommand();
  const changed = await scenario.up(saved, args([b, c]));
  await scenario.nextCommand();
  expect((await scenario.refresh(changed))?.outputs.privateIpAddresses).toEqual([b, c]);
  await scenario.nextCommand();
  disturb(scenario.emulator, unassign, failure(403, "Forbidden.RAM"), { times: forever });
  const failed = await scenario.recordedBy(scenario.up(changed, args([a, c])));
  expect(failed.outputs.privateIpAddresses).toEqual([a, b, c]);
  scenario.emulator.control.clearFaults();
  await scenario.nextCommand();
  await scenario.provider.delete(failed.id, failed.outputs);
  expect(scenario.held()).toEqual([]);
});

describe("an answer that does not list the ENI's addresses:", () => {
  const withoutList: readonly FaultEffect[] = [{ leaveOut: "PrivateIpSets" }, { leaveOut: "primaryAddress" }];

  test.each(withoutList)("%j once, it is read again", async (effect) => {
    const saved = await created(args([a]));
    disturb(scenario.emulator, describeEnis, effect);
    const refreshed = await scenario.refresh(saved);
    expect(refreshed?.outputs.privateIpAddresses).toEqual([a]);
    await scenario.nextCommand();
    disturb(scenario.emulator, describeEnis, effect, { times: 2 });
    await scenario.up(saved, args([]));
    expect(scenario.held()).toEqual([]);
    expect(scenario.writes).toEqual([unassign]);
  });

  test.each(withoutList)(
    "%j for ever, refresh, update and delete fail and record nothing",
    async (effect) => {
      const saved = await created(args([a]));
      disturb(scenario.emulator, describeEnis, effect, { times: forever });
      const message = "the answer does not list all addresses of eni-edge, or does not name its primary one";
      await expect(scenario.refresh(saved)).rejects.toThrow(message);
      const news = { ...args([]), region };
      await expect(scenario.recordedBy(scenario.provider.update(eniId, saved.outputs, news))).rejects.toThrow(
        message,
      );
      await expect(scenario.provider.delete(eniId, saved.outputs)).rejects.toThrow(message);
      expect(scenario.writes).toEqual([]);
    },
  );

  test("for ever after the first call of a failing update, the record holds what the calls reached", async () => {
    const saved = await created(args([a, b]));
    disturb(scenario.emulator, describeEnis, { leaveOut: "PrivateIpSets" }, { skip: 1, times: forever });
    const partial = await scenario.recordedBy(scenario.up(saved, args([a, c])));
    expect(partial.outputs.privateIpAddresses).toEqual([a, c]);
    expect(partial.reasons.join()).toContain("does not list all addresses");
  });
});

describe("no answer lists the prefixes:", () => {
  const [p32, p48, p64] = ["10.0.1.32/28", "10.0.1.48/28", "10.0.1.64/28"] as const;
  const listed = (...ipv4Prefixes: string[]) => ({ networkInterfaceId: eniId, ipv4Prefixes });
  const counted = (ipv4PrefixCount: number) => ({ networkInterfaceId: eniId, ipv4PrefixCount });
  const onEni = () =>
    scenario.emulator.control
      .state()
      .networkInterfaces[0]?.Ipv4PrefixSets.Ipv4PrefixSet.map(({ Ipv4Prefix }) => Ipv4Prefix);
  const hide = () => {
    disturb(scenario.emulator, describeEnis, { leaveOut: "Ipv4PrefixSets" }, { times: forever });
  };
  const setPrefixes = (...prefixes: string[]) => {
    const Ipv4PrefixSet = prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix }));
    const networkInterfaces = [{ NetworkInterfaceId: eniId, Ipv4PrefixSets: { Ipv4PrefixSet } }];
    scenario.emulator.control.patchState({ networkInterfaces });
  };

  test.each<[string, Record<string, unknown>]>([
    ["a list", listed(p32, p48)],
    ["an additive list", { ...listed(p32, p48), ...additive }],
    ["a count", counted(2)],
  ])("refresh of %s, the prefixes stay recorded", async (_what, declared) => {
    const saved = await created(declared);
    hide();
    const refreshed = await scenario.refresh(saved);
    expect(refreshed?.outputs.ipv4Prefixes).toEqual(saved.outputs.ipv4Prefixes);
    expect((await scenario.provider.printed()).join()).toContain(
      "the API does not list the prefixes of eni-edge",
    );
  });

  test("delete, the prefixes are unassigned", async () => {
    const saved = await created(listed(p32, p48));
    hide();
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(onEni()).toEqual([]);
    expect(scenario.writes).toEqual([unassign]);
  });

  test("delete after they are gone, the API's refusals confirm it one by one", async () => {
    const saved = await created(listed(p32, p48, p64));
    setPrefixes(p48);
    hide();
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(onEni()).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ["a list becomes empty", listed(p32, p48), listed(), []],
    ["a list loses one", listed(p32, p48), listed(p48), [p48]],
    ["a list gets one more", listed(p32), listed(p32, p48), [p32, p48]],
    ["a list becomes a count", listed(p32, p48), counted(2), [p32, p48]],
    ["an additive list becomes empty", { ...listed(p32), ...additive }, { ...listed(), ...additive }, []],
  ])("update: %s, only the difference is changed and recorded", async (_what, before, after, left) => {
    const saved = await created(before);
    hide();
    const { outputs } = await scenario.up(saved, after);
    expect(onEni()).toEqual(left);
    expect(outputs.ipv4Prefixes).toEqual(left);
    expect(scenario.writes.length).toBeLessThan(2);
  });

  test("update: a count grows, no prefix is picked for one that is there", async () => {
    const saved = await created(counted(2));
    hide();
    const { outputs } = await scenario.up(saved, counted(3));
    expect(new Set(outputs.ipv4Prefixes as string[])).toEqual(new Set(onEni()));
    expect(onEni()).toHaveLength(3);
    expect(scenario.writes).toEqual([assign]);
  });

  test("update that fails, the prefixes stay recorded", async () => {
    const saved = await created(listed(p32, p48));
    hide();
    disturb(scenario.emulator, unassign, failure(403, "Forbidden.RAM"), { times: forever });
    const partial = await scenario.recordedBy(scenario.up(saved, listed()));
    expect(partial.outputs.ipv4Prefixes).toEqual([p32, p48]);
  });

  test("the preview of an update says what it unassigns", async () => {
    const saved = await created(listed(p32, p48));
    hide();
    const news = { ...listed(), region, __internal: { name: "ips", timeouts: {}, preview: true } };
    const { inputs } = await scenario.provider.check(news, saved.inputs);
    await scenario.provider.diff(saved.id, saved.outputs, inputs);
    expect((await scenario.provider.printed()).join()).toContain(`unassign ${p32} and 1 more`);
  });
});

describe("the account:", () => {
  const refreshOf = async (saved: Saved): Promise<Saved> => {
    const refreshed = await scenario.refresh(saved);
    if (refreshed === undefined) throw new Error("the resource is gone");
    return refreshed;
  };
  const accountOf = ({ outputs }: Saved) =>
    ((outputs.__recorded ?? outputs.__internal) as { account?: string }).account;

  test("create records it, hidden and in the outputs only, and nothing differs because of it", async () => {
    const saved = await created(args([a]));
    expect(accountOf(saved)).toBe("1000000000000000");
    const refreshed = await refreshOf(saved);
    expect(accountOf(refreshed)).toBe("1000000000000000");
    expect(JSON.stringify(refreshed.inputs)).not.toContain("1000000000000000");
    expect(await refreshOf(refreshed)).toEqual(refreshed);
    expect(await scenario.up(saved, args([a]))).toEqual(saved);
  });

  test("a state of an older release, the first refresh adds it and changes nothing else", async () => {
    const saved = await created(args([a]));
    const { account: _account, ...older } = saved.outputs.__internal as { account?: string };
    const refreshed = await refreshOf({ ...saved, outputs: { ...saved.outputs, __internal: older } });
    expect(refreshed).toEqual(await refreshOf(saved));
    expect(await refreshOf(refreshed)).toEqual(refreshed);
  });

  test("an answer without it, the state keeps it", async () => {
    const saved = await created(args([a]));
    disturb(scenario.emulator, describeEnis, { leaveOut: "OwnerId" }, { times: forever });
    expect(accountOf(await refreshOf(saved))).toBe("1000000000000000");
  });
});

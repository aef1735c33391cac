import { addressRange, eniWith, privateIpSets, world, type Eni } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";

// A change of `networkInterfaceId` replaces the resource. The old ENI loses its addresses first only where the new one lists one
// of them. Otherwise its delete comes at the end of the run, after all other resources have claimed their addresses.

let scenario: Scenario;
afterEach(() => scenario.stop());

const orders = ["together", "serial"] as const;
const [a, b, c, d] = ["eni-a", "eni-b", "eni-c", "eni-d"] as const;
const enis: readonly string[] = [a, b, c, d];

/** Not the lowest free ones: what is lost does not come back by luck. */
const heldOn = (eni: string) => addressRange(100 + 10 * enis.indexOf(eni), 3);
async function start(...full: string[]): Promise<void> {
  const seed = enis.map((eni, index) =>
    eniWith(eni, `10.0.1.${10 + index}`, full.includes(eni) ? heldOn(eni) : []),
  );
  scenario = await Scenario.start(world(...seed), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
}

const modes: Record<string, (eni: string) => Properties> = {
  "an exclusive list": (eni) => ({ networkInterfaceId: eni, privateIpAddresses: heldOn(eni) }),
  "an additive list": (eni) => ({
    networkInterfaceId: eni,
    privateIpAddresses: heldOn(eni),
    ownership: "additive",
  }),
  "a count": (eni) => ({ networkInterfaceId: eni, secondaryPrivateIpAddressCount: 3 }),
};
const forEach = (list: readonly string[], inputs: (eni: string) => Properties) =>
  Object.fromEntries(list.map((eni, index) => [`ips-${index}`, inputs(eni)]));

const shifts: [string, string[], string[]][] = [
  ["an ENI inserted at the front", [a, b, c], [d, a, b, c]],
  ["an ENI removed at the front", [a, b, c], [b, c]],
  ["the ENIs rotated", [a, b, c], [b, c, a]],
  ["two ENIs swapped", [a, b], [b, a]],
];

describe.each(shifts)("one resource for each ENI of a list, %s:", (_what, before, after) => {
  const unchanged = before.filter((eni) => after.includes(eni));
  const rows = Object.entries(modes).flatMap(([mode, inputs]) =>
    orders.map((order) => [mode, order, inputs] as const),
  );

  test.each(rows)(
    "%s, checked %s, no address of an unchanged ENI is unassigned",
    async (_mode, order, inputs) => {
      await start(...before);
      expect(await scenario.upAll(forEach(before, inputs))).toEqual([]);
      const failed = await scenario.upAll(forEach(after, inputs), { order });
      const sent = scenario.emulator.control
        .calls()
        .filter(({ action }) => action?.startsWith("Describe") === false);
      expect(failed).toEqual([]);
      for (const eni of unchanged) {
        expect(scenario.held(eni)).toEqual(heldOn(eni));
        expect(sent.filter(({ params }) => params.NetworkInterfaceId === eni)).toEqual([]);
      }
      for (const eni of before.filter((one) => !after.includes(one))) expect(scenario.held(eni)).toEqual([]);
      for (const [index, eni] of after.entries())
        expect(scenario.state.get(`ips-${index}`)?.outputs.privateIpAddresses).toEqual(scenario.held(eni));
      expect(scenario.state.size).toBe(after.length);
      expect(await scenario.upAll(forEach(after, inputs))).toEqual([]);
      expect(scenario.writes).toEqual([]);
    },
  );
});

test.each(orders)(
  "two counts of different size swap their ENIs, checked %s, no address is lost",
  async (order) => {
    await start(a, b);
    const count = (networkInterfaceId: string, secondaryPrivateIpAddressCount: number) => ({
      networkInterfaceId,
      secondaryPrivateIpAddressCount,
    });
    await scenario.upAll({ first: count(a, 3), second: count(b, 3) });
    const swapped = { second: count(a, 3), first: count(b, 1) };
    expect(await scenario.upAll(swapped, { order })).toEqual([]);
    expect(scenario.writes).toEqual(["UnassignPrivateIpAddresses"]);
    expect([scenario.held(a), scenario.held(b)]).toEqual([heldOn(a), heldOn(b).slice(0, 1)]);
    expect(await scenario.upAll(swapped)).toEqual([]);
    expect(scenario.writes).toEqual([]);
  },
);

describe("a new ENI that refuses the assign:", () => {
  const wanted = { privateIpAddresses: addressRange(150, 3) };

  test.each([
    ["outside the CIDR block", { status: 400, code: "InvalidVSwitchId.IpInvalid", message: "any" }],
    ["over the quota", { status: 403, code: "InvalidOperation.Ipv4CountExceeded", message: "any" }],
    ["a status in which nothing is possible", { status: 400, code: "InvalidEniState", message: "any" }],
    ["a missing permission", { status: 403, code: "Forbidden.RAM", message: "any" }],
  ])("%s, the old ENI and the state keep everything", async (_why, error) => {
    await start(a);
    await scenario.upAll({ edge: modes["a count"]?.(a) ?? {} });
    scenario.emulator.control.addFault({
      action: "AssignPrivateIpAddresses",
      times: 1000,
      effect: { error },
    });
    const moved = { ...wanted, networkInterfaceId: b, __internal: { timeouts: { create: "1s" } } };
    const failed = await scenario.upAll({ edge: moved });
    expect(failed).toEqual([expect.stringMatching(/^edge: create: /)]);
    expect(scenario.held(a)).toEqual(heldOn(a));
    expect(scenario.owned()).toEqual({ edge: heldOn(a) });
    scenario.emulator.control.clearFaults();
    expect(await scenario.upAll({ edge: moved })).toEqual([]);
    expect([scenario.held(a), scenario.held(b)]).toEqual([[], wanted.privateIpAddresses]);
    expect(scenario.owned()).toEqual({ edge: wanted.privateIpAddresses });
  });
});

describe("the new ENI lists an address of the old one:", () => {
  const list = (networkInterfaceId: string, privateIpAddresses: string[]) => ({
    networkInterfaceId,
    privateIpAddresses,
  });

  test.each([
    ["the same list", heldOn(a)],
    ["another list with one address of the old one", [...heldOn(a).slice(0, 1), "10.0.1.150"]],
  ])("%s, the old ENI releases first", async (_what, wanted) => {
    await start(a);
    await scenario.upAll({ edge: list(a, heldOn(a)) });
    expect(await scenario.upAll({ edge: list(b, wanted) })).toEqual([]);
    expect(scenario.writes).toEqual(["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"]);
    expect([scenario.held(a), scenario.held(b)]).toEqual([[], wanted]);
  });

  test.each(orders)("a list and a count swap their ENIs, checked %s, both succeed", async (order) => {
    await start(a, b);
    const count = (networkInterfaceId: string) => ({ networkInterfaceId, secondaryPrivateIpAddressCount: 3 });
    await scenario.upAll({ edge: list(a, heldOn(a)), count: count(b) });
    const swapped = { edge: { ...list(b, heldOn(a)), unassignOnCreate: heldOn(b) }, count: count(a) };
    expect(await scenario.upAll(swapped, { order })).toEqual([]);
    expect(scenario.held(b)).toEqual(heldOn(a));
    expect(scenario.held(a)).toHaveLength(3);
  });

  describe.each(orders)("and the create would be refused, checked %s:", (order) => {
    const patch = (eni: Partial<Eni>) => {
      scenario.emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: b, ...eni }] });
    };
    const smallInstance = {
      InstanceId: "i-1",
      RegionId: "cn-hangzhou",
      InstanceType: "ecs.g6.large",
      VpcAttributes: { VpcId: "vpc-1", VSwitchId: "vsw-1" },
    };
    const foreign = addressRange(200, 4);

    test.each<[string, () => void, Properties, Properties, () => void, RegExp]>([
      [
        "the new ENI holds other addresses",
        () => {
          patch({ PrivateIpSets: privateIpSets(foreign, "10.0.1.11") });
        },
        {},
        { unassignOnCreate: foreign },
        () => undefined,
        /unassignOnCreate: eni-b already holds 4 secondary addresses/,
      ],
      [
        "the new ENI has too little room beside other addresses",
        () => {
          scenario.emulator.control.patchState({ instances: [smallInstance] });
          patch({
            PrivateIpSets: privateIpSets(foreign, "10.0.1.11"),
            InstanceId: "i-1",
            Status: "InUse",
          });
        },
        { ownership: "additive" },
        { ownership: "additive" },
        () => {
          patch({ PrivateIpSets: privateIpSets([], "10.0.1.11") });
        },
        /privateIpAddresses: eni-b would hold 7 secondary addresses and prefixes, but it can hold 5/,
      ],
      [
        "the new ENI is being deleted",
        () => {
          patch({ Status: "Deleting" });
        },
        {},
        {},
        () => {
          patch({ Status: "Available" });
        },
        /ENI eni-b is Deleting/,
      ],
      [
        "the new ENI does not exist",
        () => undefined,
        { networkInterfaceId: "eni-bb" },
        {},
        () => undefined,
        /ENI eni-bb does not exist in region cn-hangzhou/,
      ],
      [
        "a third ENI holds one of the addresses",
        () => {
          scenario.emulator.control.patchState({
            networkInterfaces: [
              { NetworkInterfaceId: c, PrivateIpSets: privateIpSets(["10.0.1.150"], "10.0.1.12") },
            ],
          });
        },
        { privateIpAddresses: [...heldOn(a), "10.0.1.150"] },
        {},
        () => undefined,
        /10\.0\.1\.150 is held by eni-c/,
      ],
      [
        "the option deleteBeforeReplace, and the lists share nothing",
        () => {
          patch({ PrivateIpSets: privateIpSets(foreign, "10.0.1.11") });
        },
        { privateIpAddresses: addressRange(150, 3), __internal: { deleteBeforeReplace: true } },
        {},
        () => {
          patch({ PrivateIpSets: privateIpSets([], "10.0.1.11") });
        },
        /unassignOnCreate: eni-b already holds 4 secondary addresses/,
      ],
    ])(
      "%s, the old ENI keeps everything, and the remedy helps",
      async (_what, spoil, first, second, mend, why) => {
        await start(a);
        await scenario.upAll({ edge: list(a, heldOn(a)) });
        spoil();
        const moved = list(b, heldOn(a));
        const failed = await scenario.upAll(
          { edge: { ...moved, ...first } },
          { order, continuesOnError: true },
        );
        expect(failed).toEqual([expect.stringMatching(/^edge: (?:check|delete): /)]);
        expect(failed).toEqual([expect.stringMatching(why)]);
        expect(scenario.writes).toEqual([]);
        expect(scenario.held(a)).toEqual(heldOn(a));
        expect(scenario.owned()).toEqual({ edge: heldOn(a) });
        mend();
        expect(await scenario.upAll({ edge: { ...moved, ...second } })).toEqual([]);
        expect([scenario.held(a), scenario.held(b)]).toEqual([[], heldOn(a)]);
        expect(scenario.owned()).toEqual({ edge: heldOn(a) });
      },
    );
  });

  test("a list leaves the ENI of a count that comes, the count keeps what it can", async () => {
    await start(a, c);
    await scenario.upAll({
      edge: list(a, heldOn(a)),
      count: { networkInterfaceId: c, secondaryPrivateIpAddressCount: 3 },
    });
    const [moving = "", ...staying] = heldOn(a);
    const moved = {
      edge: list(b, [moving]),
      count: { networkInterfaceId: a, secondaryPrivateIpAddressCount: 3 },
    };
    expect(await scenario.upAll(moved)).toEqual([]);
    expect(scenario.held(b)).toEqual([moving]);
    expect(scenario.held(a)).toEqual(expect.arrayContaining(staying));
  });
});

test("update: a count that shrinks is not blocked by its own claim, an EIP makes an older address go", async () => {
  await start(a);
  const count = (size: number) => ({ networkInterfaceId: a, secondaryPrivateIpAddressCount: size });
  await scenario.upAll({ edge: count(3) });
  const [first, , newest] = heldOn(a);
  scenario.emulator.control.patchState({
    eips: [
      { AllocationId: "eip-1", InstanceId: a, InstanceType: "NetworkInterface", PrivateIpAddress: newest },
    ],
  });
  expect(await scenario.upAll({ edge: count(2) })).toEqual([]);
  expect(scenario.held(a)).toEqual([first, newest]);
});

test("a count takes over an ENI that another resource leaves: it records what stays", async () => {
  await start();
  const prefixes = ["10.0.1.32/28", "10.0.1.96/28"];
  const additive = { networkInterfaceId: a, ownership: "additive" };
  const leaves = { ...additive, ipv4Prefixes: prefixes };
  await scenario.upAll({ stays: { ...additive, privateIpAddresses: ["10.0.1.200"] }, leaves });
  const taken = {
    stays: { networkInterfaceId: a, ipv4PrefixCount: 1 },
    leaves: { networkInterfaceId: b, privateIpAddresses: [] },
  };
  expect(await scenario.upAll(taken)).toEqual([]);
  expect(scenario.state.get("stays")?.outputs.ipv4Prefixes).toEqual(prefixes.slice(0, 1));
  const { id, outputs } = await scenario.provider.read(a, scenario.state.get("stays")?.outputs ?? {});
  expect([id, outputs.ipv4Prefixes]).toEqual([a, prefixes.slice(0, 1)]);
  expect(await scenario.upAll(taken)).toEqual([]);
  expect(scenario.writes).toEqual([]);
});

test("two full ENIs swap their lists: refused one after the other, without --parallel 1 both succeed", async () => {
  const full = [addressRange(100, 49), addressRange(150, 49)] as const;
  const seed = [a, b].map((eni, index) => eniWith(eni, `10.0.1.${10 + index}`, full[index]));
  scenario = await Scenario.start(world(...seed), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
  const lists = (first: string, second: string) => ({
    first: { networkInterfaceId: first, privateIpAddresses: full[0] },
    second: { networkInterfaceId: second, privateIpAddresses: full[1] },
  });
  expect(await scenario.upAll(lists(a, b))).toEqual([]);
  expect(await scenario.upAll(lists(b, a), { order: "serial", continuesOnError: true })).toEqual([
    expect.stringMatching(/^first: delete: eni-a keeps its addresses/),
    expect.stringMatching(/^second: delete: eni-b keeps its addresses.*do not use `--parallel 1`/),
  ]);
  expect([scenario.held(a), scenario.held(b)]).toEqual(full);
  expect(await scenario.upAll(lists(b, a))).toEqual([]);
  expect([scenario.held(b), scenario.held(a)]).toEqual(full);
});

test("a rename without alias and moved ENIs: the addresses of all used ENIs stay", async () => {
  await start(a, b, c);
  const inputs = modes["an exclusive list"] ?? (() => ({}));
  await scenario.upAll({ first: inputs(a), second: inputs(b), third: inputs(c) });
  expect(await scenario.upAll({ renamed: inputs(a), second: inputs(c), third: inputs(b) })).toEqual([]);
  expect(scenario.writes).toEqual([]);
  expect([a, b, c].map((eni) => scenario.held(eni))).toEqual([a, b, c].map(heldOn));
});

describe("preview of a change of the ENI:", () => {
  async function previewed(news: Properties): Promise<readonly string[]> {
    await start(a);
    const saved = await scenario.create({
      networkInterfaceId: a,
      privateIpAddresses: heldOn(a),
      __internal: {},
    });
    await scenario.nextCommand();
    const hidden = { name: "edge", preview: true };
    const { inputs } = await scenario.provider.check({ ...news, __internal: hidden }, saved.inputs);
    await scenario.provider.diff(saved.id, saved.outputs, inputs);
    return scenario.provider.printed();
  }
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const old = `edge: ${a}: unassign 10.0.1.100 and 2 more, 1 call, peak 3 of 49`;

  test.each([
    [
      "shared addresses, the old ENI comes first",
      { networkInterfaceId: b, privateIpAddresses: heldOn(a) },
      `${old}, before ${b} changes`,
    ],
    [
      "shared addresses on an unknown ENI, the old ENI comes first",
      { networkInterfaceId: unknown, privateIpAddresses: heldOn(a) },
      `${old}, before the new ENI changes`,
    ],
    [
      "other addresses, the old ENI comes last",
      { networkInterfaceId: b, privateIpAddresses: heldOn(b) },
      `${old}, at the end of the run, except what another resource of this program lists or counts by then`,
    ],
    [
      "unknown addresses, both are possible",
      { networkInterfaceId: b, privateIpAddresses: unknown },
      `${old}, at the end of the run, or before the new ENI changes if that lists one of them`,
    ],
  ])("%s", async (_what, news, sentence) => {
    expect(await previewed(news)).toContain(sentence);
  });
});

describe("diff: the order of a replacement,", () => {
  test.each([
    ["the same addresses in another region, create first", { region: "cn-beijing" }, false],
    ["a prefix around an address of the old ENI, delete first", { ipv4Prefixes: ["10.0.1.96/28"] }, true],
    ["a prefix beside them, create first", { ipv4Prefixes: ["10.0.1.16/28"] }, false],
    ["a count, create first", { secondaryPrivateIpAddressCount: 3 }, false],
  ])("%s", async (_what, more, deleteBeforeReplace) => {
    await start(a);
    const list = { networkInterfaceId: a, privateIpAddresses: heldOn(a), region: "cn-hangzhou" };
    const saved = await scenario.create(list);
    const { privateIpAddresses, ...rest } = list;
    const news = {
      ...rest,
      ...("region" in more ? { privateIpAddresses } : {}),
      ...more,
      networkInterfaceId: b,
    };
    expect(await scenario.provider.diff(saved.id, saved.outputs, news)).toMatchObject({
      deleteBeforeReplace,
    });
  });
});

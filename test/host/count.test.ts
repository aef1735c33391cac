import { addressRange, eniId, privateIpSets, setByHand, worldWith } from "../support/eni-world";
import { conflict, disturb, forever } from "../support/faults";
import { Scenario, type Saved } from "../support/scenario";
import { AnswerDroppingProxy } from "../support/answer-dropping-proxy";

let scenario: Scenario;
afterEach(() => scenario.stop());

const describeEnis = "DescribeNetworkInterfaces";
const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";

const args = (secondaryPrivateIpAddressCount: number, more = {}) => ({
  networkInterfaceId: eniId,
  secondaryPrivateIpAddressCount,
  region: "cn-hangzhou",
  __internal: { name: "edge", ...more },
});
const listed = (privateIpAddresses: string[]) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  region: "cn-hangzhou",
  __internal: { name: "edge" },
});

const tokens = () =>
  scenario.emulator.control
    .calls()
    .filter((call) => call.action === assign)
    .map((call) => call.params.ClientToken);

const addressesOf = ({ outputs }: Saved) => outputs.privateIpAddresses as string[];

test("create: the cloud picks 13 addresses, the state lists them", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(13));
  expect(addressesOf(saved)).toHaveLength(13);
  expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
  expect(saved.outputs.secondaryPrivateIpAddressCount).toBe(13);
  expect(scenario.writes).toEqual([assign, assign]);
  await scenario.nextCommand();
  await scenario.up(saved, args(13));
  expect(scenario.writes).toEqual([]);
});

test("create: picked addresses are read before the next assign", async () => {
  scenario = await Scenario.start(worldWith());
  await scenario.create(args(13));
  expect(scenario.actions).toEqual([describeEnis, assign, describeEnis, assign, describeEnis]);
});

test("update: picked prefixes are read before the addresses they replace are unassigned", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(listed(addressRange(20, 2)));
  await scenario.nextCommand();
  const { secondaryPrivateIpAddressCount: _count, ...others } = args(0);
  await scenario.up(saved, { ...others, ipv4PrefixCount: 1 });
  expect(scenario.actions).toEqual([describeEnis, assign, describeEnis, unassign, describeEnis]);
});

test("create: existing addresses are adopted up to the count", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.50", "10.0.1.51"]));
  const saved = await scenario.create(args(3));
  expect(addressesOf(saved)).toEqual(expect.arrayContaining(["10.0.1.50", "10.0.1.51"]));
  expect(scenario.held()).toHaveLength(3);
});

test("create: an ENI with more addresses than the count is refused, the error lists unassignOnCreate", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.50", "10.0.1.51", "10.0.1.9"]));
  await expect(scenario.create(args(2))).rejects.toThrow('unassignOnCreate: ["10.0.1.51"]');
  expect(scenario.writes).toEqual([]);
  const saved = await scenario.create({ ...args(2), unassignOnCreate: ["10.0.1.50"] });
  expect(addressesOf(saved)).toEqual(["10.0.1.9", "10.0.1.51"]);
});

test("update: growth keeps existing addresses, shrinking unassigns the newest first", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.200"]));
  const one = await scenario.create(args(1));
  await scenario.nextCommand();
  const three = await scenario.up(one, args(3));
  expect(addressesOf(three)).toContain("10.0.1.200");
  await scenario.nextCommand();
  // The two newer addresses are lower. They are unassigned nevertheless.
  const shrunk = await scenario.up(three, args(1));
  expect(addressesOf(shrunk)).toEqual(["10.0.1.200"]);
  expect(scenario.held()).toEqual(["10.0.1.200"]);
});

test("create: after a lost assign answer, addresses are not picked twice", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: { drop: "after" } });
  const saved = await scenario.create(args(5));
  expect(addressesOf(saved)).toHaveLength(5);
  expect(scenario.held()).toHaveLength(5);
  expect(scenario.writes).toEqual([assign]);
});

test("create: a lost assign answer and stale reads, the retry has the same token and picks no more addresses", async () => {
  scenario = await Scenario.start(worldWith());
  // A call gets only one effect, so the read before the assign makes the reads after it stale.
  disturb(scenario.emulator, describeEnis, { staleReads: 2 });
  disturb(scenario.emulator, assign, { drop: "after" });
  const saved = await scenario.create(args(5));
  expect(tokens()).toHaveLength(2);
  expect(new Set(tokens()).size).toBe(1);
  expect(scenario.held()).toHaveLength(5);
  expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
});

test("create: stale reads after an assign are waited for, without a second assign", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, { staleReads: 2 });
  const saved = await scenario.create(args(5));
  expect(scenario.held()).toHaveLength(5);
  expect(addressesOf(saved)).toHaveLength(5);
  expect(scenario.writes).toEqual([assign]);
});

test("create: an assign answer without addresses and stale reads, no second assign", async () => {
  const proxy = await AnswerDroppingProxy.start();
  try {
    scenario = await Scenario.start(worldWith(addressRange(50, 2)), { env: { ECS_ENDPOINT: proxy.url } });
    proxy.emulator = scenario.emulator;
    disturb(scenario.emulator, assign, { staleReads: 2 });
    const saved = await scenario.create(args(5));
    expect(proxy.emptiedAnswers).toBe(1);
    expect(scenario.writes).toEqual([assign]);
    expect(scenario.held()).toHaveLength(5);
    expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
  } finally {
    await proxy.stop();
  }
});

test("create: reads that stay stale, the retry has the same token and picks no more addresses", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: { staleReads: 40 } });
  const saved = await scenario.create(args(5));
  expect(tokens().length).toBeGreaterThan(1);
  expect(new Set(tokens()).size).toBe(1);
  expect(scenario.held()).toHaveLength(5);
  expect(addressesOf(saved)).toHaveLength(5);
});

test("create: the cloud picks addresses that another client just unassigned, a second assign picks the rest", async () => {
  // The lowest addresses of the vSwitch: with `lowest` the emulator picks them first.
  const held = addressRange(1, 2);
  scenario = await Scenario.start(worldWith(held), { behaviour: { pick: "lowest" } });
  scenario.emulator.control.addFault({
    action: assign,
    effect: {
      patch: { networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets([]) }] },
    },
  });
  const saved = await scenario.create(args(4));
  // After the first call the ENI holds the same addresses as before.
  const [first] = scenario.emulator.control.calls().filter((call) => call.action === assign);
  expect(first?.params.SecondaryPrivateIpAddressCount).toBe("2");
  expect(scenario.held()).toEqual(expect.arrayContaining(held));
  expect(scenario.held()).toHaveLength(4);
  expect(addressesOf(saved)).toHaveLength(4);
  expect(scenario.writes).toEqual([assign, assign]);
});

test("create: an assign that was lost before it was executed is repeated with the same token", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: { drop: "before" } });
  await scenario.create(args(5));
  expect(tokens()).toHaveLength(2);
  expect(new Set(tokens()).size).toBe(1);
  expect(scenario.held()).toHaveLength(5);
});

test("update: growth adopts an address that another client assigned, without a write", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(2));
  await scenario.nextCommand();
  setByHand(scenario.emulator, [...addressesOf(saved), "10.0.1.99"]);
  const grown = await scenario.up(saved, args(3));
  expect(scenario.writes).toEqual([]);
  expect(addressesOf(grown)).toContain("10.0.1.99");
});

test("update: shrinking keeps an address that another client assigned", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(3));
  await scenario.nextCommand();
  setByHand(scenario.emulator, [...addressesOf(saved), "10.0.1.99"]);
  const shrunk = await scenario.up(saved, args(2));
  expect(scenario.held()).toHaveLength(2);
  expect(scenario.held()).toContain("10.0.1.99");
  expect(addressesOf(shrunk)).toHaveLength(2);
});

test("refresh: the number of addresses becomes the input, the next up restores the desired count", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(3));
  await scenario.nextCommand();
  setByHand(scenario.emulator, addressesOf(saved).slice(0, 1));
  const { inputs } = await scenario.provider.read(saved.id, saved.outputs);
  expect(inputs).toMatchObject({ secondaryPrivateIpAddressCount: 1 });
  expect(inputs).not.toHaveProperty("privateIpAddresses");
  const refreshed = await scenario.refresh(saved);
  if (refreshed === undefined) throw new Error("the resource is gone");
  await scenario.nextCommand();
  await scenario.up(refreshed, args(3));
  expect(scenario.held()).toHaveLength(3);
});

test("update: shrinking keeps an address with an EIP, and is refused if no other is left", async () => {
  scenario = await Scenario.start(worldWith(addressRange(20, 3)));
  const saved = await scenario.create(args(3));
  await scenario.nextCommand();
  scenario.emulator.control.patchState({
    eips: [{ AllocationId: "eip-1", InstanceId: eniId, PrivateIpAddress: "10.0.1.22" }],
  });
  await scenario.up(saved, args(1));
  expect(scenario.held()).toEqual(["10.0.1.22"]);
  await expect(
    scenario.up({ ...saved, outputs: { ...saved.outputs, privateIpAddresses: ["10.0.1.22"] } }, args(0)),
  ).rejects.toThrow(
    "cannot shrink by 1: eni-edge holds 1 secondary address, and the candidates have an EIP or are not owned",
  );
});

test("update: a count becomes a list, listed addresses stay", async () => {
  scenario = await Scenario.start(worldWith(addressRange(20, 3)));
  const saved = await scenario.create(args(3));
  await scenario.nextCommand();
  const { outputs } = await scenario.up(saved, listed(["10.0.1.21", "10.0.1.60"]));
  expect(outputs.privateIpAddresses).toEqual(["10.0.1.21", "10.0.1.60"]);
  expect(outputs).not.toHaveProperty("secondaryPrivateIpAddressCount");
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.60"]);
});

test("update: a list becomes a count without a write, shrinking unassigns the highest of unknown age", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(listed(addressRange(20, 3)));
  await scenario.nextCommand();
  const same = await scenario.up(saved, args(3));
  expect(scenario.writes).toEqual([]);
  expect(same.outputs).toMatchObject({ secondaryPrivateIpAddressCount: 3 });
  await scenario.nextCommand();
  await scenario.up(same, args(2));
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
  expect(scenario.writes).toEqual([unassign]);
});

test("update: shrinking treats listed addresses as older than addresses picked later", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(listed(["10.0.1.118"]));
  await scenario.nextCommand();
  const grown = await scenario.up(saved, args(3));
  expect(scenario.held()).toContain("10.0.1.118");
  await scenario.nextCommand();
  await scenario.up(grown, args(1));
  expect(scenario.held()).toEqual(["10.0.1.118"]);
});

test("rename: picked addresses stay, without a write", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create(args(4));
  const before = scenario.held();
  const provider = await scenario.nextCommand();
  await scenario.create(args(4, { name: "renamed" }));
  await provider.delete(old.id, old.outputs);
  expect(scenario.held()).toEqual(before);
  expect(scenario.writes).toEqual([]);
});

test("late delete: addresses of the old resource that an unchanged count adopted stay", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create({ ...listed(addressRange(20, 2)), ownership: "additive" });
  await scenario.nextCommand();
  const saved = await scenario.create(args(2, { name: "renamed" }));
  // The delete of the old resource failed. The next command repeats it.
  const provider = await scenario.nextCommand();
  await scenario.up(saved, args(2, { name: "renamed" }));
  await provider.delete(old.id, old.outputs);
  expect(scenario.held()).toEqual(addressRange(20, 2));
});

test("create: a failure after the first batch records that batch, the next up assigns the rest", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({
    action: assign,
    skip: 1,
    times: forever,
    effect: conflict,
  });
  const partial = await scenario.recordedBy(scenario.create(args(25, { timeouts: { create: "2s" } })));
  expect(addressesOf(partial)).toHaveLength(10);
  expect(partial.outputs.secondaryPrivateIpAddressCount).toBe(10);
  scenario.emulator.control.clearFaults();
  await scenario.nextCommand();
  await scenario.up(partial, args(25));
  expect(scenario.held()).toHaveLength(25);
});

test.each([
  [
    { secondaryPrivateIpAddressCount: -1 },
    "secondaryPrivateIpAddressCount: -1: expected a whole number, 0 or more",
  ],
  [{ secondaryPrivateIpAddressCount: 1.5 }, "secondaryPrivateIpAddressCount: 1.5: expected a whole number"],
  [
    { privateIpAddresses: ["10.0.1.20"] },
    "secondaryPrivateIpAddressCount: conflicts with privateIpAddresses; set exactly one of",
  ],
  [
    { ownership: "additive" },
    "ownership: a count needs exclusive ownership, because it counts everything on the ENI",
  ],
])("check: a count with %j is refused", async (more, expected) => {
  scenario = await Scenario.start(worldWith());
  const { failures } = await scenario.provider.check({ ...args(2), ...more });
  expect(failures).toEqual([expect.stringContaining(expected)]);
});

test("update: only an option of a count changes, the old resource's delete unassigns nothing", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(3));
  const old = { ...saved.outputs, __internal: { ...(saved.outputs.__internal as object), name: "old" } };
  await scenario.nextCommand();
  await scenario.up(saved, { ...args(3), allowUnassignWithEip: true });
  await scenario.provider.delete(saved.id, old);
  expect(scenario.writes).toEqual([]);
  expect(scenario.held()).toHaveLength(3);
});

describe("another client assigns an address during a pick:", () => {
  const assignDuringPick = (addresses: string[]) => {
    scenario.emulator.control.addFault({
      action: assign,
      effect: {
        patch: {
          networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(addresses) }],
        },
      },
    });
  };

  test("update unassigns one new address and keeps the existing ones", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.200", "10.0.1.201"]));
    const saved = await scenario.create(args(2));
    await scenario.nextCommand();
    assignDuringPick(["10.0.1.99", "10.0.1.200", "10.0.1.201"]);
    const grown = await scenario.up(saved, args(5));
    expect(scenario.held()).toHaveLength(5);
    expect(scenario.held()).toEqual(expect.arrayContaining(["10.0.1.99", "10.0.1.200", "10.0.1.201"]));
    expect([...addressesOf(grown)].sort()).toEqual(scenario.held());
  });

  test("create reaches exactly the count", async () => {
    scenario = await Scenario.start(worldWith());
    assignDuringPick(["10.0.1.99"]);
    const saved = await scenario.create(args(3));
    expect(scenario.held()).toHaveLength(3);
    expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
  });

  test("update records its picked addresses if the surplus one cannot be unassigned", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.200", "10.0.1.201"]));
    const saved = await scenario.create(args(2));
    await scenario.nextCommand();
    assignDuringPick(["10.0.1.99", "10.0.1.200", "10.0.1.201"]);
    const error = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
    scenario.emulator.control.addFault({ action: unassign, times: 100, effect: { error } });
    const failed = await scenario.recordedBy(scenario.up(saved, args(5)));
    const all = scenario.held();
    expect(all).toHaveLength(6);
    expect([...addressesOf(failed)].sort()).toEqual(all.filter((address) => address !== "10.0.1.99"));
  });
});

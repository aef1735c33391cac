import { addressRange, eniId, privateIpSets, setByHand, worldWith } from "../support/eni-world";
import { conflict, disturb, forever } from "../support/faults";
import { Scenario, type Saved } from "../support/scenario";
import { SilentFront } from "../support/silent-front";

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

test("the cloud picks so many addresses, and the state says which", async () => {
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

test("what the cloud has picked is read before anything else is asked for", async () => {
  scenario = await Scenario.start(worldWith());
  await scenario.create(args(13));
  expect(scenario.actions).toEqual([describeEnis, assign, describeEnis, assign, describeEnis]);
});

test("prefixes that the cloud has picked are read before the addresses go that they replace", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(listed(addressRange(20, 2)));
  await scenario.nextCommand();
  const { secondaryPrivateIpAddressCount: _count, ...others } = args(0);
  await scenario.up(saved, { ...others, ipv4PrefixCount: 1 });
  expect(scenario.actions).toEqual([describeEnis, assign, describeEnis, unassign, describeEnis]);
});

test("what is there is adopted up to the count", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.50", "10.0.1.51"]));
  const saved = await scenario.create(args(3));
  expect(addressesOf(saved)).toEqual(expect.arrayContaining(["10.0.1.50", "10.0.1.51"]));
  expect(scenario.held()).toHaveLength(3);
});

test("an ENI that holds more than the count is refused at create, and the list that would do is printed", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.50", "10.0.1.51", "10.0.1.9"]));
  await expect(scenario.create(args(2))).rejects.toThrow('unassignOnCreate: ["10.0.1.51"]');
  expect(scenario.writes).toEqual([]);
  const saved = await scenario.create({ ...args(2), unassignOnCreate: ["10.0.1.50"] });
  expect(addressesOf(saved)).toEqual(["10.0.1.9", "10.0.1.51"]);
});

test("growth keeps what is there, and shrinking drops the newest first", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.200"]));
  const one = await scenario.create(args(1));
  await scenario.nextCommand();
  const three = await scenario.up(one, args(3));
  expect(addressesOf(three)).toContain("10.0.1.200");
  await scenario.nextCommand();
  // The two newer ones are lower, and go all the same.
  const shrunk = await scenario.up(three, args(1));
  expect(addressesOf(shrunk)).toEqual(["10.0.1.200"]);
  expect(scenario.held()).toEqual(["10.0.1.200"]);
});

test("growth whose answer is lost does not allocate twice", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: { drop: "after" } });
  const saved = await scenario.create(args(5));
  expect(addressesOf(saved)).toHaveLength(5);
  expect(scenario.held()).toHaveLength(5);
  expect(scenario.writes).toEqual([assign]);
});

test("growth whose answer is lost, while reads lag behind, repeats its token and does not allocate twice", async () => {
  scenario = await Scenario.start(worldWith());
  // A call gets one effect: what the reads after the lost answer show is settled by the read before it.
  disturb(scenario.emulator, describeEnis, { staleReads: 2 });
  disturb(scenario.emulator, assign, { drop: "after" });
  const saved = await scenario.create(args(5));
  expect(tokens()).toHaveLength(2);
  expect(new Set(tokens()).size).toBe(1);
  expect(scenario.held()).toHaveLength(5);
  expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
});

test("growth that reads do not show yet is waited for", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, assign, { staleReads: 2 });
  const saved = await scenario.create(args(5));
  expect(scenario.held()).toHaveLength(5);
  expect(addressesOf(saved)).toHaveLength(5);
  expect(scenario.writes).toEqual([assign]);
});

test("growth of which the answer names nothing is waited for, while reads do not show it", async () => {
  const front = await SilentFront.start();
  try {
    scenario = await Scenario.start(worldWith(addressRange(50, 2)), { env: { ECS_ENDPOINT: front.url } });
    front.behind = scenario.emulator;
    disturb(scenario.emulator, assign, { staleReads: 2 });
    const saved = await scenario.create(args(5));
    expect(front.silenced).toBe(1);
    expect(scenario.writes).toEqual([assign]);
    expect(scenario.held()).toHaveLength(5);
    expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
  } finally {
    await front.stop();
  }
});

test("growth that reads do not show for long is asked for again with its token, and does not allocate twice", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: { staleReads: 40 } });
  const saved = await scenario.create(args(5));
  expect(tokens().length).toBeGreaterThan(1);
  expect(new Set(tokens()).size).toBe(1);
  expect(scenario.held()).toHaveLength(5);
  expect(addressesOf(saved)).toHaveLength(5);
});

test("growth for which the cloud picks what somebody has just unassigned is asked for again with another token", async () => {
  // The lowest of the vSwitch, which the emulator picks first.
  const held = addressRange(1, 2);
  scenario = await Scenario.start(worldWith(held));
  scenario.emulator.control.addFault({
    action: assign,
    effect: {
      patch: { networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets([]) }] },
    },
  });
  const saved = await scenario.create(args(4));
  // The ENI holds after the first call what it held before.
  const [first] = scenario.emulator.control.calls().filter((call) => call.action === assign);
  expect(first?.params.SecondaryPrivateIpAddressCount).toBe("2");
  expect(scenario.held()).toEqual(expect.arrayContaining(held));
  expect(scenario.held()).toHaveLength(4);
  expect(addressesOf(saved)).toHaveLength(4);
  expect(scenario.writes).toEqual([assign, assign]);
});

test("growth that never reached the cloud is asked for again with its token", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: { drop: "before" } });
  await scenario.create(args(5));
  expect(tokens()).toHaveLength(2);
  expect(new Set(tokens()).size).toBe(1);
  expect(scenario.held()).toHaveLength(5);
});

test("what somebody adds by hand counts, and is adopted by the next growth", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(2));
  await scenario.nextCommand();
  setByHand(scenario.emulator, [...addressesOf(saved), "10.0.1.99"]);
  const grown = await scenario.up(saved, args(3));
  expect(scenario.writes).toEqual([]);
  expect(addressesOf(grown)).toContain("10.0.1.99");
});

test("what somebody adds by hand is not what shrinking drops", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(3));
  await scenario.nextCommand();
  setByHand(scenario.emulator, [...addressesOf(saved), "10.0.1.99"]);
  const shrunk = await scenario.up(saved, args(2));
  expect(scenario.held()).toHaveLength(2);
  expect(scenario.held()).toContain("10.0.1.99");
  expect(addressesOf(shrunk)).toHaveLength(2);
});

test("refresh shows how many there are, and the next up brings the number back", async () => {
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

test("shrinking spares an address that an EIP is bound to", async () => {
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
    "cannot shrink by 1: eni-edge holds 1 secondary addresses, and the candidates have an EIP or are not owned",
  );
});

test("to list the addresses instead of counting them keeps those that both want", async () => {
  scenario = await Scenario.start(worldWith(addressRange(20, 3)));
  const saved = await scenario.create(args(3));
  await scenario.nextCommand();
  const { outputs } = await scenario.up(saved, listed(["10.0.1.21", "10.0.1.60"]));
  expect(outputs.privateIpAddresses).toEqual(["10.0.1.21", "10.0.1.60"]);
  expect(outputs).not.toHaveProperty("secondaryPrivateIpAddressCount");
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.60"]);
});

test("to count the addresses instead of listing them keeps them, and drops the highest where their age is not known", async () => {
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

test("what was listed is older than what the cloud picks beside it", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(listed(["10.0.1.118"]));
  await scenario.nextCommand();
  const grown = await scenario.up(saved, args(3));
  expect(scenario.held()).toContain("10.0.1.118");
  await scenario.nextCommand();
  await scenario.up(grown, args(1));
  expect(scenario.held()).toEqual(["10.0.1.118"]);
});

test("a rename leaves the addresses that the cloud picked", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create(args(4));
  const before = scenario.held();
  const provider = await scenario.nextCommand();
  await scenario.create(args(4, { name: "renamed" }));
  await provider.delete(old.id, old.outputs);
  expect(scenario.held()).toEqual(before);
  expect(scenario.writes).toEqual([]);
});

test("the late delete of an old resource leaves what a count has adopted from it, although the count is unchanged", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create({ ...listed(addressRange(20, 2)), ownership: "additive" });
  await scenario.nextCommand();
  const saved = await scenario.create(args(2, { name: "renamed" }));
  // The delete of the old one has failed, and is tried again by the next command.
  const provider = await scenario.nextCommand();
  await scenario.up(saved, args(2, { name: "renamed" }));
  await provider.delete(old.id, old.outputs);
  expect(scenario.held()).toEqual(addressRange(20, 2));
});

test("a failure in the middle is recorded as far as it came, and the next up finishes", async () => {
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
])("check refuses %j", async (more, expected) => {
  scenario = await Scenario.start(worldWith());
  const { failures } = await scenario.provider.check({ ...args(2), ...more });
  expect(failures).toEqual([expect.stringContaining(expected)]);
});

test("a count of which only options change keeps what an old resource's delete would unassign", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(3));
  const old = { ...saved.outputs, __internal: { ...(saved.outputs.__internal as object), name: "old" } };
  await scenario.nextCommand();
  await scenario.up(saved, { ...args(3), allowUnassignWithEip: true });
  await scenario.provider.delete(saved.id, old);
  expect(scenario.writes).toEqual([]);
  expect(scenario.held()).toHaveLength(3);
});

describe("somebody assigns one at the moment of a pick", () => {
  const beside = (addresses: string[]) => {
    scenario.emulator.control.addFault({
      action: assign,
      effect: {
        patch: {
          networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(addresses) }],
        },
      },
    });
  };

  test("growth lets one of the new ones go, and none that was in use", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.200", "10.0.1.201"]));
    const saved = await scenario.create(args(2));
    await scenario.nextCommand();
    beside(["10.0.1.99", "10.0.1.200", "10.0.1.201"]);
    const grown = await scenario.up(saved, args(5));
    expect(scenario.held()).toHaveLength(5);
    expect(scenario.held()).toEqual(expect.arrayContaining(["10.0.1.99", "10.0.1.200", "10.0.1.201"]));
    expect([...addressesOf(grown)].sort()).toEqual(scenario.held());
  });

  test("a create succeeds with what it picked", async () => {
    scenario = await Scenario.start(worldWith());
    beside(["10.0.1.99"]);
    const saved = await scenario.create(args(3));
    expect(scenario.held()).toHaveLength(3);
    expect([...addressesOf(saved)].sort()).toEqual(scenario.held());
  });

  test("what was picked is recorded when the one too many could not go", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.200", "10.0.1.201"]));
    const saved = await scenario.create(args(2));
    await scenario.nextCommand();
    beside(["10.0.1.99", "10.0.1.200", "10.0.1.201"]);
    const error = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
    scenario.emulator.control.addFault({ action: unassign, times: 100, effect: { error } });
    const failed = await scenario.recordedBy(scenario.up(saved, args(5)));
    const all = scenario.held();
    expect(all).toHaveLength(6);
    expect([...addressesOf(failed)].sort()).toEqual(all.filter((address) => address !== "10.0.1.99"));
  });
});

import { eniId, privateIpSets, worldWith } from "../support/eni-world";
import { Scenario, type Saved } from "../support/scenario";

// A change of the program fails, and its author takes it back: nothing foreign may go because of that.

let scenario: Scenario;
afterEach(() => scenario.stop());

const exclusive = (privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  region: "cn-hangzhou",
  __internal: { name: "edge" },
  ...more,
});
const additive = (privateIpAddresses: string[]) => exclusive(privateIpAddresses, { ownership: "additive" });

function refuse(action: string): void {
  const error = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
  scenario.emulator.control.addFault({ action, times: 100, effect: { error } });
}

/** The up that fails, and then the one with the program of before, a refresh between them or not. */
async function takeBack(saved: Saved, failing: object, before: Record<string, unknown>, refreshes = false) {
  await scenario.nextCommand();
  const failed = await scenario.recordedBy(scenario.up(saved, { ...failing }));
  scenario.emulator.control.clearFaults();
  await scenario.nextCommand();
  const state = refreshes ? await scenario.refresh(failed) : failed;
  if (state === undefined) throw new Error("the resource is gone");
  await scenario.nextCommand();
  return { failed, after: await scenario.up(state, before) };
}

test.each([
  { refreshes: false, title: "" },
  { refreshes: true, title: " and a refresh" },
])("after a takeover that failed$title the resource is as additive as before", async ({ refreshes }) => {
  scenario = await Scenario.start(worldWith(["10.0.1.99"]));
  const saved = await scenario.create(additive(["10.0.1.20"]));
  refuse("AssignPrivateIpAddresses");
  const takeover = exclusive(["10.0.1.20", "10.0.1.21"], { unassignOnCreate: ["10.0.1.99"] });
  const { failed } = await takeBack(saved, takeover, additive(["10.0.1.20"]), refreshes);
  expect(failed.outputs).toMatchObject({
    ownership: "additive",
    privateIpAddresses: ["10.0.1.20"],
    unmanagedPrivateIpAddresses: ["10.0.1.99"],
  });
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.99"]);
});

test("a takeover that failed half way is finished by the next up", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.99"]));
  const saved = await scenario.create(additive(["10.0.1.20"]));
  await scenario.nextCommand();
  refuse("UnassignPrivateIpAddresses");
  const takeover = exclusive(["10.0.1.20", "10.0.1.21"], { unassignOnCreate: ["10.0.1.99"] });
  const failed = await scenario.recordedBy(scenario.up(saved, takeover));
  expect(failed.outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.21"]);
  scenario.emulator.control.clearFaults();
  await scenario.nextCommand();
  const finished = await scenario.up(failed, takeover);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
  expect(finished.outputs.ownership).toBe("exclusive");
});

test("a takeover by a count that failed keeps what the cloud picked for it, and nothing else", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.99"]));
  const saved = await scenario.create(additive(["10.0.1.20"]));
  await scenario.nextCommand();
  scenario.emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    skip: 1,
    effect: { error: { status: 403, code: "Forbidden.RAM", message: "User not authorized." } },
  });
  const { privateIpAddresses: _listed, ...count } = exclusive([], { secondaryPrivateIpAddressCount: 13 });
  const failed = await scenario.recordedBy(scenario.up(saved, count));
  const own = scenario.held().filter((address) => address !== "10.0.1.99");
  expect(own).toHaveLength(11);
  expect([...(failed.outputs.privateIpAddresses as string[])].sort()).toEqual(own);
});

describe("a create that failed before all that it may unassign was gone", () => {
  const takingOver = (more = {}) => exclusive(["10.0.1.20"], { unassignOnCreate: ["10.0.1.99"], ...more });

  async function failHalfWay(args: Record<string, unknown> = takingOver()) {
    scenario = await Scenario.start(worldWith(["10.0.1.99"]));
    refuse("UnassignPrivateIpAddresses");
    const failed = await scenario.recordedBy(scenario.create(args));
    scenario.emulator.control.clearFaults();
    await scenario.nextCommand();
    return failed;
  }

  test("records what it assigned, and the rest as nobody's", async () => {
    const { outputs } = await failHalfWay();
    expect(outputs).toMatchObject({
      ownership: "additive",
      privateIpAddresses: ["10.0.1.20"],
      unmanagedPrivateIpAddresses: ["10.0.1.99"],
    });
  });

  test.each([{ refreshes: false }, { refreshes: true }])(
    "is finished by the next up (after a refresh: $refreshes)",
    async ({ refreshes }) => {
      const failed = await failHalfWay();
      const state = refreshes ? await scenario.refresh(failed) : failed;
      const { outputs } = await scenario.up(state ?? failed, takingOver());
      expect(scenario.held()).toEqual(["10.0.1.20"]);
      expect(outputs.ownership).toBe("exclusive");
    },
  );

  test("is refused when nothing is allowed to go any more, as it would have been at first", async () => {
    const failed = await failHalfWay();
    await expect(scenario.up(failed, exclusive(["10.0.1.20"]))).rejects.toThrow(
      'unassignOnCreate: ["10.0.1.99"]',
    );
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.99"]);
  });

  test("leaves to others what is theirs when it becomes additive, and when it goes", async () => {
    const failed = await failHalfWay();
    const saved = await scenario.up(failed, additive(["10.0.1.20"]));
    await scenario.nextCommand();
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.held()).toEqual(["10.0.1.99"]);
  });
});

test("a change to a count of prefixes that did not come to begin leaves the mode as it was", async () => {
  const prefixes = { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.32/28" }] };
  scenario = await Scenario.start(worldWith([], { Ipv4PrefixSets: prefixes }));
  const saved = await scenario.create(exclusive(["10.0.1.20"]));
  await scenario.nextCommand();
  scenario.emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Attaching", StatusTransition: null }],
  });
  const { privateIpAddresses: _listed, ...counting } = exclusive([], {
    ipv4PrefixCount: 2,
    __internal: { name: "edge", timeouts: { update: "1s" } },
  });
  const failed = await scenario.recordedBy(scenario.up(saved, counting));
  scenario.emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Available", StatusTransition: null }],
  });
  await scenario.nextCommand();
  const refreshed = await scenario.refresh(failed);
  // What somebody else has there has not become the resource's.
  expect(refreshed?.outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: [] });
  await scenario.up(refreshed ?? failed, exclusive(["10.0.1.20"]));
  expect(scenario.writes).toEqual([]);
});

describe("a pick whose answer was lost", () => {
  test("is recorded by a takeover that failed, and goes when the program is taken back", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.99"]));
    const saved = await scenario.create(additive(["10.0.1.20"]));
    scenario.emulator.control.addFault({ action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
    refuse("UnassignPrivateIpAddresses");
    const { privateIpAddresses: _listed, ...counting } = exclusive([], { ipv4PrefixCount: 2 });
    const { failed } = await takeBack(saved, counting, additive(["10.0.1.20"]));
    expect(failed.outputs).toMatchObject({ ownership: "additive", privateIpAddresses: ["10.0.1.20"] });
    expect(failed.outputs.ipv4Prefixes).toHaveLength(2);
    const [eni] = scenario.emulator.control.state().networkInterfaces;
    expect(eni?.Ipv4PrefixSets.Ipv4PrefixSet).toEqual([]);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.99"]);
  });

  test("is recorded beside the next one, which was refused", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.99"]));
    const saved = await scenario.create(additive(["10.0.1.20"]));
    await scenario.nextCommand();
    scenario.emulator.control.addFault({ action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
    refuse("AssignPrivateIpAddresses");
    const { privateIpAddresses: _listed, ...counting } = exclusive([], {
      secondaryPrivateIpAddressCount: 13,
    });
    const failed = await scenario.recordedBy(scenario.up(saved, counting));
    const own = scenario.held().filter((address) => address !== "10.0.1.99");
    expect(own).toHaveLength(11);
    expect([...(failed.outputs.privateIpAddresses as string[])].sort()).toEqual(own);
  });
});

test("an update that was refused before its first call has adopted nothing", async () => {
  const attached = worldWith(["10.0.1.50", "10.0.1.51", "10.0.1.52"], {
    InstanceId: "i-1",
    Status: "InUse",
  });
  scenario = await Scenario.start({
    ...attached,
    instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large" }],
  });
  const saved = await scenario.create(additive(["10.0.1.20"]));
  const tooMany = additive(["10.0.1.20", "10.0.1.50", "10.0.1.60", "10.0.1.61"]);
  const { failed } = await takeBack(saved, tooMany, additive(["10.0.1.20"]));
  expect(failed.reasons.join()).toMatch(/would hold 6 .* can hold 5/);
  expect(failed.reasons.join()).not.toContain("is recorded");
  expect(failed.outputs.privateIpAddresses).toEqual(["10.0.1.20"]);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.50", "10.0.1.51", "10.0.1.52"]);
});

test("what is gone by hand is not recorded either when an update is refused", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(exclusive(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  scenario.emulator.control.patchState({
    networkInterfaces: [
      { NetworkInterfaceId: eniId, ServiceManaged: true, PrivateIpSets: privateIpSets(["10.0.1.20"]) },
    ],
  });
  // Check sees the ENI as it is, and refuses; an operation may find it so later.
  const { inputs } = await scenario.provider.check(exclusive(["10.0.1.20", "10.0.1.30"]), saved.inputs);
  const failed = await scenario.recordedBy(scenario.provider.update(saved.id, saved.outputs, inputs));
  expect(failed.outputs.privateIpAddresses).toEqual(["10.0.1.20"]);
});

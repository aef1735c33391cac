import { eniId, privateIpSets, worldWith } from "../support/eni-world";
import { Scenario, type Saved } from "../support/scenario";

// A change of the program fails, and the user reverts it. Unmanaged addresses must stay.

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

/** An up that fails, then perhaps a refresh, then an up with the old program. */
async function failAndRevert(
  saved: Saved,
  failing: object,
  before: Record<string, unknown>,
  refreshes = false,
) {
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
  { refreshes: false, title: "at once" },
  { refreshes: true, title: "after a refresh" },
])("takeover: failed and reverted $title, the resource is additive as before", async ({ refreshes }) => {
  scenario = await Scenario.start(worldWith(["10.0.1.99"]));
  const saved = await scenario.create(additive(["10.0.1.20"]));
  refuse("AssignPrivateIpAddresses");
  const takeover = exclusive(["10.0.1.20", "10.0.1.21"], { unassignOnCreate: ["10.0.1.99"] });
  const { failed } = await failAndRevert(saved, takeover, additive(["10.0.1.20"]), refreshes);
  expect(failed.outputs).toMatchObject({
    ownership: "additive",
    privateIpAddresses: ["10.0.1.20"],
    unmanagedPrivateIpAddresses: ["10.0.1.99"],
  });
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.99"]);
});

test("takeover: failed at the unassign, the next up finishes it", async () => {
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

test("takeover by a count: a failure records the picked addresses and no unmanaged one", async () => {
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

describe("create that failed at the unassign of unassignOnCreate:", () => {
  const takingOver = (more = {}) => exclusive(["10.0.1.20"], { unassignOnCreate: ["10.0.1.99"], ...more });

  async function createFailedAtUnassign(args: Record<string, unknown> = takingOver()) {
    scenario = await Scenario.start(worldWith(["10.0.1.99"]));
    refuse("UnassignPrivateIpAddresses");
    const failed = await scenario.recordedBy(scenario.create(args));
    scenario.emulator.control.clearFaults();
    await scenario.nextCommand();
    return failed;
  }

  test("the assigned address is recorded, the other one is unmanaged", async () => {
    const { outputs } = await createFailedAtUnassign();
    expect(outputs).toMatchObject({
      ownership: "additive",
      privateIpAddresses: ["10.0.1.20"],
      unmanagedPrivateIpAddresses: ["10.0.1.99"],
    });
  });

  test.each([
    { refreshes: false, title: "at once" },
    { refreshes: true, title: "after a refresh" },
  ])("an up $title finishes it", async ({ refreshes }) => {
    const failed = await createFailedAtUnassign();
    const state = refreshes ? await scenario.refresh(failed) : failed;
    const { outputs } = await scenario.up(state ?? failed, takingOver());
    expect(scenario.held()).toEqual(["10.0.1.20"]);
    expect(outputs.ownership).toBe("exclusive");
  });

  test("an up without unassignOnCreate is refused", async () => {
    const failed = await createFailedAtUnassign();
    await expect(scenario.up(failed, exclusive(["10.0.1.20"]))).rejects.toThrow(
      'unassignOnCreate: ["10.0.1.99"]',
    );
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.99"]);
  });

  test("an additive up and a delete keep the unmanaged address", async () => {
    const failed = await createFailedAtUnassign();
    const saved = await scenario.up(failed, additive(["10.0.1.20"]));
    await scenario.nextCommand();
    await scenario.provider.delete(saved.id, saved.outputs);
    expect(scenario.held()).toEqual(["10.0.1.99"]);
  });
});

test("update: a change to a prefix count fails before its first write, the mode stays", async () => {
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
  // The prefix of another client is not owned.
  expect(refreshed?.outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: [] });
  await scenario.up(refreshed ?? failed, exclusive(["10.0.1.20"]));
  expect(scenario.writes).toEqual([]);
});

describe("lost answer of a pick:", () => {
  test("a failed takeover records the picked prefixes, a revert unassigns them", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.99"]));
    const saved = await scenario.create(additive(["10.0.1.20"]));
    scenario.emulator.control.addFault({ action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
    refuse("UnassignPrivateIpAddresses");
    const { privateIpAddresses: _listed, ...counting } = exclusive([], { ipv4PrefixCount: 2 });
    const { failed } = await failAndRevert(saved, counting, additive(["10.0.1.20"]));
    expect(failed.outputs).toMatchObject({ ownership: "additive", privateIpAddresses: ["10.0.1.20"] });
    expect(failed.outputs.ipv4Prefixes).toHaveLength(2);
    const [eni] = scenario.emulator.control.state().networkInterfaces;
    expect(eni?.Ipv4PrefixSets.Ipv4PrefixSet).toEqual([]);
    expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.99"]);
  });

  test("the next pick is refused, the addresses of the first one are recorded", async () => {
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

test("update: refused before its first write, no address is adopted", async () => {
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
  const { failed } = await failAndRevert(saved, tooMany, additive(["10.0.1.20"]));
  expect(failed.reasons.join()).toMatch(/would hold 6 .* can hold 5/);
  expect(failed.reasons.join()).not.toContain("is recorded");
  expect(failed.outputs.privateIpAddresses).toEqual(["10.0.1.20"]);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.50", "10.0.1.51", "10.0.1.52"]);
});

test("update: refused, an address that another client unassigned is not recorded", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(exclusive(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  scenario.emulator.control.patchState({
    networkInterfaces: [
      { NetworkInterfaceId: eniId, ServiceManaged: true, PrivateIpSets: privateIpSets(["10.0.1.20"]) },
    ],
  });
  // Check refuses too, but the ENI may also change after check. Therefore its failures are ignored here.
  const { inputs } = await scenario.provider.check(exclusive(["10.0.1.20", "10.0.1.30"]), saved.inputs);
  const failed = await scenario.recordedBy(scenario.provider.update(saved.id, saved.outputs, inputs));
  expect(failed.outputs.privateIpAddresses).toEqual(["10.0.1.20"]);
});

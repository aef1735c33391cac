import { eventually } from "../support/ecs-client";
import {
  eniId,
  eniWith,
  otherEniId as other,
  otherPrimaryAddress,
  privateIpSets,
  twoEnis,
  world,
} from "../support/eni-world";
import { conflict, forever } from "../support/faults";
import { GateClock } from "../support/gate-clock";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (networkInterfaceId: string, privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId,
  privateIpAddresses,
  region: "cn-hangzhou",
  ...more,
});

const update = (id: string, before: string[], after: string[], more = {}) =>
  scenario.provider.update(id, args(id, before), args(id, after, more));

test("update: an address moves between two ENIs in concurrent updates", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21"], ["10.0.1.30"]));
  await Promise.all([
    update(other, ["10.0.1.30"], ["10.0.1.20", "10.0.1.30"]),
    update(eniId, ["10.0.1.20", "10.0.1.21"], ["10.0.1.21"]),
  ]);
  expect(scenario.held()).toEqual(["10.0.1.21"]);
  expect(scenario.held(other)).toEqual(["10.0.1.20", "10.0.1.30"]);
});

test("update: an address is waited for until a later update of the other ENI unassigns it", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
  const taking = update(other, [], ["10.0.1.20"]);
  while (scenario.writes.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await update(eniId, ["10.0.1.20"], []);
  expect(await taking).toMatchObject({ privateIpAddresses: ["10.0.1.20"] });
  expect(scenario.held(other)).toEqual(["10.0.1.20"]);
});

test("update: two ENIs swap their addresses in concurrent updates", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.30"]));
  await Promise.all([
    update(eniId, ["10.0.1.20"], ["10.0.1.30"]),
    update(other, ["10.0.1.30"], ["10.0.1.20"]),
  ]);
  expect(scenario.held()).toEqual(["10.0.1.30"]);
  expect(scenario.held(other)).toEqual(["10.0.1.20"]);
});

test.each([
  ["each ENI gets the address of the next one", (index: number) => (index + 1) % 3],
  ["each ENI gets the address of the previous one", (index: number) => (index + 2) % 3],
])("update: three ENIs exchange addresses in a ring, %s", async (_which, from) => {
  const ring = [eniId, other, "eni-third"];
  const address = (index: number) => `10.0.1.${20 + index}`;
  const enis = ring.map((id, index) => eniWith(id, `10.0.1.${10 + index}`, [address(index)]));
  scenario = await Scenario.start(world(...enis));
  await Promise.all(ring.map((id, index) => update(id, [address(index)], [address(from(index))])));
  expect(ring.map((id) => scenario.held(id))).toEqual(ring.map((_id, index) => [address(from(index))]));
});

describe("an address that another ENI releases late:", () => {
  const quick = { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } };

  /** Waits until an unannounced release would be given up: a third search for the holder means that the wait goes on. */
  async function unannouncedWaitIsOver(): Promise<void> {
    const holderSearches = () =>
      scenario.emulator.control
        .calls()
        .filter(({ params }) => "PrivateIpAddress.1" in params && "VpcId" in params);
    while (holderSearches().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Makes every unassign on an ENI fail until the faults are cleared. */
  function refuseUnassigns(networkInterfaceId: string): void {
    scenario.emulator.control.addFault({
      action: "UnassignPrivateIpAddresses",
      match: { networkInterfaceId },
      times: forever,
      effect: conflict,
    });
  }

  /** Starts another operation of this process. It occupies one of the engine's workers until `done` is called. */
  function occupyWorker(): { done: () => Promise<unknown> } {
    refuseUnassigns("eni-third");
    const working = update("eni-third", ["10.0.1.40"], []);
    return {
      done: () => {
        scenario.emulator.control.clearFaults();
        return working;
      },
    };
  }

  const threeEnis = () =>
    world(
      { PrivateIpSets: privateIpSets(["10.0.1.20"]) },
      eniWith(other, otherPrimaryAddress),
      eniWith("eni-third", "10.0.1.12", ["10.0.1.40"]),
    );

  test("is waited for if a running operation of this process will unassign it", async () => {
    scenario = await Scenario.start(threeEnis(), quick);
    refuseUnassigns(eniId);
    const releasing = update(eniId, ["10.0.1.20"], []);
    const taking = update(other, [], ["10.0.1.20"]);
    await unannouncedWaitIsOver();
    scenario.emulator.control.clearFaults();
    await Promise.all([releasing, taking]);
    expect(scenario.held(other)).toEqual(["10.0.1.20"]);
  });

  test("is requested again if it is released between the API's refusal and the search for its holder", async () => {
    const clock = new GateClock();
    scenario = await Scenario.start(threeEnis(), { ...quick, clock });
    const { control } = scenario.emulator;
    refuseUnassigns(eniId);
    const releasing = update(eniId, ["10.0.1.20"], []);
    const taking = update(other, [], ["10.0.1.20"]);
    await unannouncedWaitIsOver();
    // Reads of the two ENIs pass. The search for the holder names no ENI and is held.
    const reading = "DescribeNetworkInterfaces";
    for (const networkInterfaceId of [eniId, other])
      control.addFault({
        action: reading,
        match: { networkInterfaceId },
        times: forever,
        effect: { patch: {} },
      });
    control.addFault({ action: reading, effect: { delayMs: 1 } });
    await eventually(() => clock.waiting > 0);
    control.clearFaults();
    await releasing;
    clock.open();
    await taking;
    expect(scenario.held(other)).toEqual(["10.0.1.20"]);
  });

  test("is waited for if check announced the release and an engine worker may become free", async () => {
    scenario = await Scenario.start(threeEnis(), quick);
    await scenario.provider.check(args(eniId, []), args(eniId, ["10.0.1.20"]));
    const busy = occupyWorker();
    const taking = update(other, [], ["10.0.1.20"]);
    await unannouncedWaitIsOver();
    await update(eniId, ["10.0.1.20"], []);
    await Promise.all([taking, busy.done()]);
    expect(scenario.held(other)).toEqual(["10.0.1.20"]);
  });

  test.each([
    ["no resource announced the release", false, true],
    ["all running operations wait for an address", true, false],
  ])("is given up if %s", async (_why, checked, working) => {
    scenario = await Scenario.start(threeEnis(), quick);
    if (checked) await scenario.provider.check(args(eniId, []), args(eniId, ["10.0.1.20"]));
    const busy = working ? occupyWorker() : undefined;
    const partial = await scenario.recordedBy(update(other, [], ["10.0.1.20"]));
    expect(partial.reasons[0]).toContain(`10.0.1.20 is held by ${eniId}`);
    await busy?.done();
    expect((await scenario.provider.printed()).join("\n")).toMatch(
      new RegExp(`${other}: 10.0.1.20 is held by ${eniId}; trying again for up to 1 s`),
    );
  });
});

test("update: waiting for an address does not block another update of the same ENI", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
  const additive = { ownership: "additive" };
  const taking = update(other, [], ["10.0.1.20"], additive);
  while (scenario.writes.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await update(other, [], ["10.0.1.40"], additive);
  expect(scenario.held(other)).toEqual(["10.0.1.40"]);
  await update(eniId, ["10.0.1.20"], []);
  await taking;
  expect(scenario.held(other)).toEqual(["10.0.1.20", "10.0.1.40"]);
});

describe("update, an address that stays on another ENI:", () => {
  test.each([
    ["secondary", "10.0.1.20"],
    ["primary", "10.0.1.10"],
  ])("a %s address is an error with remedies, the free address is assigned", async (_what, address) => {
    scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.30"]), {
      env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" },
    });
    const partial = await scenario.recordedBy(update(other, ["10.0.1.30"], [address, "10.0.1.31"]));
    expect(partial.reasons[0]).toContain(
      `${address} is held by ${eniId}; the address did not become free in time`,
    );
    expect(partial.reasons[0]).toContain("`dependsOn`");
    expect(partial.reasons[0]).toContain("`--parallel 1`");
    expect(partial.reasons[0]).toContain("`--continue-on-error`");
    expect(partial.reasons[0]).toContain("an empty list for one `pulumi up`");
    expect(scenario.held()).toEqual(["10.0.1.20"]);
    // The free address was assigned without waiting for the other one.
    expect(scenario.held(other)).toEqual(["10.0.1.31"]);
    expect(partial.outputs.privateIpAddresses).toEqual(["10.0.1.31"]);
  });
});

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

test("an address moves between two ENIs while both are updated, whichever begins", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20", "10.0.1.21"], ["10.0.1.30"]));
  await Promise.all([
    update(other, ["10.0.1.30"], ["10.0.1.20", "10.0.1.30"]),
    update(eniId, ["10.0.1.20", "10.0.1.21"], ["10.0.1.21"]),
  ]);
  expect(scenario.held()).toEqual(["10.0.1.21"]);
  expect(scenario.held(other)).toEqual(["10.0.1.20", "10.0.1.30"]);
});

test("a resource that waits for an address gets it when its holder lets go later", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], []));
  const taking = update(other, [], ["10.0.1.20"]);
  while (scenario.writes.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await update(eniId, ["10.0.1.20"], []);
  expect(await taking).toMatchObject({ privateIpAddresses: ["10.0.1.20"] });
  expect(scenario.held(other)).toEqual(["10.0.1.20"]);
});

test("two ENIs swap their addresses: each lets go of its own before it waits", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"], ["10.0.1.30"]));
  await Promise.all([
    update(eniId, ["10.0.1.20"], ["10.0.1.30"]),
    update(other, ["10.0.1.30"], ["10.0.1.20"]),
  ]);
  expect(scenario.held()).toEqual(["10.0.1.30"]);
  expect(scenario.held(other)).toEqual(["10.0.1.20"]);
});

test.each([
  ["each takes from the next one", (index: number) => (index + 1) % 3],
  ["each takes from the one before", (index: number) => (index + 2) % 3],
])("three ENIs pass their addresses on in a ring: %s", async (_which, from) => {
  const ring = [eniId, other, "eni-third"];
  const address = (index: number) => `10.0.1.${20 + index}`;
  const enis = ring.map((id, index) => eniWith(id, `10.0.1.${10 + index}`, [address(index)]));
  scenario = await Scenario.start(world(...enis));
  await Promise.all(ring.map((id, index) => update(id, [address(index)], [address(from(index))])));
  expect(ring.map((id) => scenario.held(id))).toEqual(ring.map((_id, index) => [address(from(index))]));
});

describe("an address whose holder lets go of it long after", () => {
  const quick = { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } };

  /** Until the wait for a release that nobody has announced would be over: who waits on looks for the holder again. */
  async function longAfter(): Promise<void> {
    const looks = () =>
      scenario.emulator.control
        .calls()
        .filter(({ params }) => "PrivateIpAddress.1" in params && "VpcId" in params);
    while (looks().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Keeps addresses on an ENI until the faults are cleared. */
  function refuseUnassigns(networkInterfaceId: string): void {
    scenario.emulator.control.addFault({
      action: "UnassignPrivateIpAddresses",
      match: { networkInterfaceId },
      times: forever,
      effect: conflict,
    });
  }

  /** Another operation of this process, which keeps one of the engine's workers until it is released. */
  function work(): { done: () => Promise<unknown> } {
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

  test("is waited for when an operation of this process that has begun is to unassign it", async () => {
    scenario = await Scenario.start(threeEnis(), quick);
    refuseUnassigns(eniId);
    const letting = update(eniId, ["10.0.1.20"], []);
    const taking = update(other, [], ["10.0.1.20"]);
    await longAfter();
    scenario.emulator.control.clearFaults();
    await Promise.all([letting, taking]);
    expect(scenario.held(other)).toEqual(["10.0.1.20"]);
  });

  test("is asked for once more when it became free between the API's refusal and the look for its holder", async () => {
    const clock = new GateClock();
    scenario = await Scenario.start(threeEnis(), { ...quick, clock });
    const { control } = scenario.emulator;
    refuseUnassigns(eniId);
    const letting = update(eniId, ["10.0.1.20"], []);
    const taking = update(other, [], ["10.0.1.20"]);
    await longAfter();
    // Reads of the two ENIs go by; the look for the holder, which names no ENI, is held.
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
    await letting;
    clock.open();
    await taking;
    expect(scenario.held(other)).toEqual(["10.0.1.20"]);
  });

  test("is waited for when check has found that it goes, as long as the engine may get a worker free", async () => {
    scenario = await Scenario.start(threeEnis(), quick);
    await scenario.provider.check(args(eniId, []), args(eniId, ["10.0.1.20"]));
    const busy = work();
    const taking = update(other, [], ["10.0.1.20"]);
    await longAfter();
    await update(eniId, ["10.0.1.20"], []);
    await Promise.all([taking, busy.done()]);
    expect(scenario.held(other)).toEqual(["10.0.1.20"]);
  });

  test.each([
    ["nobody has announced it", false, true],
    ["all that is under way waits like this", true, false],
  ])("is given up when %s", async (_why, checked, working) => {
    scenario = await Scenario.start(threeEnis(), quick);
    if (checked) await scenario.provider.check(args(eniId, []), args(eniId, ["10.0.1.20"]));
    const busy = working ? work() : undefined;
    const partial = await scenario.recordedBy(update(other, [], ["10.0.1.20"]));
    expect(partial.reasons[0]).toContain(`10.0.1.20 is held by ${eniId}`);
    await busy?.done();
    expect((await scenario.provider.printed()).join("\n")).toMatch(
      new RegExp(`${other}: 10.0.1.20 is held by ${eniId}; trying again for up to 1 s`),
    );
  });
});

test("an operation that waits for an address keeps no other operation from its ENI", async () => {
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

describe("an address that does not become free", () => {
  test.each([
    ["a secondary", "10.0.1.20"],
    ["the primary", "10.0.1.10"],
  ])(
    "as %s address of another ENI ends in an error that names it, and both ENIs are whole",
    async (_what, address) => {
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
      // The address that was free has not waited for the one that was not.
      expect(scenario.held(other)).toEqual(["10.0.1.31"]);
      expect(partial.outputs.privateIpAddresses).toEqual(["10.0.1.31"]);
    },
  );
});

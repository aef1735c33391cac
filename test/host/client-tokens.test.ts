import { eventually, ecsAt, writing } from "../support/ecs-client";
import { addressRange, eniId, privateIpSets, worldWith } from "../support/eni-world";
import { conflict, failure, forever } from "../support/faults";
import { GateClock } from "../support/gate-clock";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";

const args = (privateIpAddresses: string[]) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  __internal: { name: "edge" },
});

/** The assigns so far: with which token, and how they were answered. */
const assigns = () =>
  scenario.emulator.control
    .calls()
    .filter(({ action }) => action === assign)
    .map(({ params, code }) => ({ token: params.ClientToken, code }));

const tokens = () => assigns().map(({ token }) => token);

/** A create whose first assign is answered in this way. */
async function createAfter(status: number, code: string): Promise<void> {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: failure(status, code) });
  await scenario.create(args(addressRange(20, 3)));
  expect(scenario.held()).toEqual(addressRange(20, 3));
}

describe("an assign that fails once is asked for again", () => {
  test.each([
    [403, "Operation.Conflict"],
    [409, "OperationConflict"],
    [400, "Throttling.User"],
    [503, "ServiceUnavailable"],
    [403, "LastTokenProcessing"],
    [400, "IdempotentProcessing"],
  ])("with the same ClientToken after %d %s", async (status, code) => {
    await createAfter(status, code);
    const [first, second, ...more] = tokens();
    expect(second).toBe(first);
    expect(more).toEqual([]);
  });

  test.each([
    [400, "IdempotentFailed"],
    [400, "IdempotentParameterMismatch"],
    [403, "InvalidIdempotenceParameter.Mismatch"],
    [403, "InvalidIp.IpAssigned"],
    [400, "InvalidPrivateIpAddress.Duplicated"],
    [400, "InvalidOperation.InvalidEniState"],
  ])("with another ClientToken after %d %s", async (status, code) => {
    await createAfter(status, code);
    expect(new Set(tokens()).size).toBe(2);
    expect(tokens()).toHaveLength(2);
  });

  test("however long conflicts last that burn each token", async () => {
    // What the API refuses for good is given up after 60 s, which are 600 ms here: these take some 5,000.
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
    for (let times = 0; times < 60; times++) {
      scenario.emulator.control.addFault({ action: assign, effect: conflict });
      scenario.emulator.control.addFault({ action: assign, effect: failure(400, "IdempotentFailed") });
    }
    await scenario.create(args(addressRange(20, 3)));
    expect(scenario.held()).toEqual(addressRange(20, 3));
    expect(new Set(tokens()).size).toBe(61);
  });

  test("not for ever where no token is taken", async () => {
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.002" } });
    scenario.emulator.control.addFault({
      action: assign,
      times: forever,
      effect: failure(400, "IdempotentFailed"),
    });
    await expect(scenario.create(args(addressRange(20, 3)))).rejects.toThrow("new tokens did not help");
  });
});

test("after a final answer, the next create comes with another ClientToken", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: failure(403, "Forbidden.RAM") });
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow("Forbidden.RAM");
  await scenario.create(args(["10.0.1.20"]));
  expect(scenario.held()).toEqual(["10.0.1.20"]);
  expect(new Set(tokens()).size).toBe(2);
});

// Both were seen, and no documentation says which errors burn a token: the outcome has to be the same.
describe.each(["reusable", "burnt"] as const)(
  "where the token of a failed call is %s",
  (failedClientTokens) => {
    const behaviour = { failedClientTokens };

    test("a create outlasts a conflict", async () => {
      const clock = new GateClock();
      scenario = await Scenario.start(worldWith(["10.0.1.90"]), { behaviour, clock });
      const { control, url } = scenario.emulator;
      control.addFault({ action: unassign, effect: { delayMs: 1 } });
      const other = ecsAt(url).unassignPrivateIpAddresses(
        eniId,
        { kind: "address", addresses: ["10.0.1.90"] },
        writing(),
      );
      await eventually(() => clock.waiting === 1);
      const creating = scenario.create({ ...args(addressRange(20, 3)), ownership: "additive" });
      const waitedFor = failedClientTokens === "burnt" ? "IdempotentFailed" : "Operation.Conflict";
      await eventually(() => assigns().filter(({ code }) => code === waitedFor).length > 0);
      clock.open();
      await Promise.all([other, creating]);
      expect(scenario.held()).toEqual(addressRange(20, 3));
      const [first, second] = assigns();
      expect(first?.code).toBe("Operation.Conflict");
      expect(second?.token).toBe(first?.token);
      expect(assigns().at(-1)?.code).toBeNull();
      expect(new Set(tokens()).size === 1).toBe(failedClientTokens === "reusable");
    });

    test("a create outlasts a status of the ENI that is passing", async () => {
      scenario = await Scenario.start(worldWith(), { behaviour });
      scenario.emulator.control.addFault({
        action: assign,
        effect: {
          patch: {
            networkInterfaces: [
              {
                NetworkInterfaceId: eniId,
                Status: "Detaching",
                StatusTransition: { to: "Available", afterMs: 50 },
              },
            ],
          },
        },
      });
      await scenario.create(args(addressRange(20, 3)));
      expect(scenario.held()).toEqual(addressRange(20, 3));
      expect(assigns().map(({ code }) => code)).toEqual(["InvalidOperation.InvalidEniState", null]);
      expect(new Set(tokens()).size).toBe(2);
    });

    test("a create whose batch was refused, and done in part, goes by what is there", async () => {
      scenario = await Scenario.start(worldWith(), { behaviour: { ...behaviour, batch: "partial" } });
      const PrivateIpSets = privateIpSets(["10.0.1.20"]);
      scenario.emulator.control.addFault({
        action: assign,
        effect: { patch: { networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets }] } },
      });
      await scenario.create(args(addressRange(20, 3)));
      expect(scenario.held()).toEqual(addressRange(20, 3));
      expect(assigns().map(({ code }) => code)).toEqual(["InvalidIp.IpAssigned"]);
    });
  },
);

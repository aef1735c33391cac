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

/** The assign calls so far: the token and the code of the answer. */
const assigns = () =>
  scenario.emulator.control
    .calls()
    .filter(({ action }) => action === assign)
    .map(({ params, code }) => ({ token: params.ClientToken, code }));

const tokens = () => assigns().map(({ token }) => token);

/** Creates three addresses. The first assign fails with this code. */
async function createAfterFailure(status: number, code: string): Promise<void> {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: failure(status, code) });
  await scenario.create(args(addressRange(20, 3)));
  expect(scenario.held()).toEqual(addressRange(20, 3));
}

describe("assign:", () => {
  test.each([
    [403, "Operation.Conflict"],
    [409, "OperationConflict"],
    [400, "Throttling.User"],
    [503, "ServiceUnavailable"],
    [403, "LastTokenProcessing"],
    [400, "IdempotentProcessing"],
  ])("after %d %s, the retry has the same ClientToken", async (status, code) => {
    await createAfterFailure(status, code);
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
  ])("after %d %s, the retry has a new ClientToken", async (status, code) => {
    await createAfterFailure(status, code);
    expect(new Set(tokens()).size).toBe(2);
    expect(tokens()).toHaveLength(2);
  });

  test("conflicts that burn 60 tokens are retried until one succeeds", async () => {
    // The provider gives up final refusals after 60 s, at this pace 600 ms. These conflicts take about 5,000 ms.
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
    for (let times = 0; times < 60; times++) {
      scenario.emulator.control.addFault({ action: assign, effect: conflict });
      scenario.emulator.control.addFault({ action: assign, effect: failure(400, "IdempotentFailed") });
    }
    await scenario.create(args(addressRange(20, 3)));
    expect(scenario.held()).toEqual(addressRange(20, 3));
    expect(new Set(tokens()).size).toBe(61);
  });

  test("every token is refused, the retries end with an error", async () => {
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.002" } });
    scenario.emulator.control.addFault({
      action: assign,
      times: forever,
      effect: failure(400, "IdempotentFailed"),
    });
    await expect(scenario.create(args(addressRange(20, 3)))).rejects.toThrow("new tokens did not help");
  });
});

test("create: after a final refusal, the next create has a new ClientToken", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({ action: assign, effect: failure(403, "Forbidden.RAM") });
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow("Forbidden.RAM");
  await scenario.create(args(["10.0.1.20"]));
  expect(scenario.held()).toEqual(["10.0.1.20"]);
  expect(new Set(tokens()).size).toBe(2);
});

// Both were observed. No documentation says which errors burn a token. The outcome must be the same.
describe.each(["reusable", "burnt"] as const)(
  "create, tokens of failed calls are %s:",
  (failedClientTokens) => {
    const behaviour = { failedClientTokens };

    test("a conflict is retried", async () => {
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

    test("a passing ENI status is waited for", async () => {
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

    test("a refused batch that was partly executed is not repeated", async () => {
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

import type { FaultEffect } from "alicloud-ecs-emulator";
import { addressRange, eniId, region, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const timeoutMs = 1_000;
/** The time limit for the last read, which shows what was reached. */
const lastReadMs = 5_000;

const state = (privateIpAddresses: string[]) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  region,
  __internal: { name: "edge", timeouts: { create: "1s", update: "1s", delete: "1s" } },
});

const operations = {
  create: () => scenario.provider.create(state(["10.0.1.20", "10.0.1.21"])),
  update: () => scenario.provider.update(eniId, state(["10.0.1.20"]), state(["10.0.1.21"])),
  delete: () => scenario.provider.delete(eniId, state(["10.0.1.20"])),
} as const;

const all = ["*"];
const writes = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];
const unavailable = failure(503, "ServiceUnavailable");
const throttled = failure(400, "Throttling.User");

describe.each(Object.keys(operations) as (keyof typeof operations)[])("%s:", (operation) => {
  test.each<[string, readonly string[], FaultEffect, string]>([
    ["no call is answered", all, { hang: true }, "CallTimeout"],
    ["no write is answered", writes, { hang: true }, "CallTimeout"],
    ["every call is answered with 503", all, unavailable, "ServiceUnavailable"],
    ["every call is throttled", all, throttled, "Throttling.User"],
    ["every write is throttled", writes, throttled, "Throttling.User"],
  ])("if %s, it ends at its time-out and says why", async (_what, actions, effect, code) => {
    scenario = await Scenario.start(worldWith(["10.0.1.20"]));
    for (const action of actions) disturb(scenario.emulator, action, effect, { times: forever });
    const begunMs = Date.now();
    const failed = operations[operation]();
    await expect(failed).rejects.toThrow("it kept failing until the time-out of 1 s");
    await expect(failed).rejects.toThrow(code);
    // What did not answer is named.
    if (code === "CallTimeout") await expect(failed).rejects.toThrow(` at ${scenario.emulator.url}`);
    const arrivals = scenario.emulator.control.calls().map(({ atMs }) => atMs - begunMs);
    expect(arrivals).not.toEqual([]);
    expect(Math.max(...arrivals)).toBeLessThanOrEqual(timeoutMs + lastReadMs);
    expect(scenario.held()).toEqual(["10.0.1.20"]);
  });
});

test("delete in a replacement: it ends at the program's time-out", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  disturb(scenario.emulator, "UnassignPrivateIpAddresses", unavailable, { times: forever });
  const additive = { ...state(["10.0.1.20"]), ownership: "additive" };
  const recorded = { ...additive, __internal: { name: "edge", timeouts: { delete: "5m" } } };
  await scenario.provider.check({ ...additive, privateIpAddresses: [] }, recorded);
  await expect(scenario.provider.delete(eniId, recorded)).rejects.toThrow("until the time-out of 1 s");
});

describe("a dynamic provider learns of customTimeouts by the hidden key:", () => {
  const news = (timeout: string) => ({
    ...state(["10.0.1.20"]),
    __internal: { timeouts: { delete: timeout } },
  });
  const create = () => scenario.create({ ...state(["10.0.1.20"]), __internal: {} });

  test("only they change, an update without an API call", async () => {
    scenario = await Scenario.start(worldWith());
    const saved = await create();
    const provider = await scenario.nextCommand();
    expect(await provider.diff(eniId, saved.outputs, news("20m"))).toMatchObject({
      changes: true,
      replaces: [],
    });
    const outputs = await provider.update(eniId, saved.outputs, news("20m"));
    expect(outputs).toMatchObject({
      privateIpAddresses: ["10.0.1.20"],
      __internal: { timeouts: { delete: "20m" } },
    });
    expect(scenario.actions).toEqual([]);
  });

  test("one that is no duration is refused, one as in the message is not", async () => {
    scenario = await Scenario.start(worldWith());
    const { failures } = await scenario.provider.check(news("5 minutes"));
    const [, duration = ""] = /expected something like 30s, 5m or (\S+)$/.exec(failures[0] ?? "") ?? [];
    expect((await scenario.provider.check(news(duration))).failures).toEqual([]);
  });

  test("an explicit default time-out is no change", async () => {
    scenario = await Scenario.start(worldWith());
    const saved = await create();
    expect(await scenario.provider.diff(eniId, saved.outputs, news("10m"))).toMatchObject({ changes: false });
  });
});

test("a dynamic provider's partial result has the provider text, which later operations need", async () => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, "AssignPrivateIpAddresses", unavailable, { skip: 1, times: forever });
  const partial = await scenario.recordedBy(scenario.create(state(addressRange(20, 15))));
  expect(partial.outputs.__provider).toContain("exports.handler");
});

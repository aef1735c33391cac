import { eniId, otherEniId, setByHand, twoEnis, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { withoutSecrets, type Properties } from "../support/provider-host";
import { ProviderProcess } from "../support/provider-process";
import { Scenario, type Saved } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

/** Inputs whose list is secret, unless the names say otherwise. The class passes the names. */
const args = (more: Properties, secretInputs: readonly string[] = ["privateIpAddresses"]) => ({
  networkInterfaceId: eniId,
  region: "cn-hangzhou",
  ...more,
  __internal: { name: "edge", resource: "edge", secretInputs },
});
const plain = (more: Properties) => {
  const { __internal: _secret, ...others } = args(more);
  return { ...others, __internal: { name: "edge", resource: "edge" } };
};

/** What the engine would write in plain text. */
function inPlainText(value: unknown): string {
  if (Array.isArray(value)) return value.map(inPlainText).join();
  if (typeof value !== "object" || value === null) return String(value);
  if ("4dabf18193072939515e22adb298388d" in value) return "[secret]";
  return Object.entries(value)
    .map(([key, one]) => `${key}: ${inPlainText(one)}`)
    .join();
}

/** Ends the command. Expects that nothing that it printed contains these addresses, and returns it. */
async function printedWithout(...addresses: string[]): Promise<string> {
  const printed = (await scenario.provider.printed()).join("\n");
  for (const address of addresses) expect(printed).not.toContain(address);
  return printed;
}

test("a secret list, no output and no sentence contains an address", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.20", "10.0.1.21"] }));
  expect(inPlainText(saved.outputs)).not.toContain("10.0.1.2");
  expect(await printedWithout("10.0.1.20", "10.0.1.21")).toContain("eni-edge: assign 2 addresses, 1 call");
  await scenario.nextCommand();
  await scenario.up(saved, args({ privateIpAddresses: ["10.0.1.21"] }));
  expect(await printedWithout("10.0.1.20")).toContain("eni-edge: unassign 1 address, 1 call");
});

test("refresh: addresses of a secret list stay secret, wherever they are", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.30"]));
  const additive = { ownership: "additive" };
  const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.20", "10.0.1.21"], ...additive }));
  // Without drift, the engine keeps the inputs.
  setByHand(scenario.emulator, ["10.0.1.20", "10.0.1.30"]);
  await scenario.nextCommand();
  const refreshed = (await scenario.refresh(saved)) as Saved;
  expect(withoutSecrets(refreshed.inputs)).toMatchObject({ privateIpAddresses: ["10.0.1.20"] });
  for (const properties of [refreshed.outputs, refreshed.inputs])
    expect(inPlainText(properties)).not.toContain("10.0.1.20");
  expect(refreshed.outputs).toMatchObject({ unmanagedPrivateIpAddresses: ["10.0.1.30"] });
});

test("from a secret list to a count, the addresses stay secret until they have left", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.20", "10.0.1.21"] }));
  await scenario.nextCommand();
  const counted = await scenario.up(saved, plain({ secondaryPrivateIpAddressCount: 2 }));
  expect(inPlainText(counted.outputs)).not.toContain("10.0.1.2");
  await scenario.nextCommand();
  const shrunk = await scenario.up(counted, plain({ secondaryPrivateIpAddressCount: 1 }));
  // The newest leaves first, by the recorded ages.
  expect(scenario.held()).toEqual(["10.0.1.20"]);
  expect(await printedWithout("10.0.1.20", "10.0.1.21")).toContain("unassign 1 address");
  setByHand(scenario.emulator, ["10.0.1.40"]);
  await scenario.nextCommand();
  const refreshed = (await scenario.refresh(shrunk)) as Saved;
  expect(refreshed.outputs).toMatchObject({ privateIpAddresses: ["10.0.1.40"] });
});

test("from a secret list to the same list in plain text, the next update makes it plain", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args({ privateIpAddresses: ["10.0.1.20"] }));
  await scenario.nextCommand();
  const same = await scenario.up(saved, plain({ privateIpAddresses: ["10.0.1.20"] }));
  expect(inPlainText(same.outputs)).not.toContain("10.0.1.20");
  const changed = await scenario.up(saved, plain({ privateIpAddresses: ["10.0.1.20", "10.0.1.21"] }));
  expect(changed.outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20", "10.0.1.21"] });
});

test("from a list in plain text to a secret one, an update without a call makes it secret", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(plain({ privateIpAddresses: ["10.0.1.20"] }));
  await scenario.nextCommand();
  const changed = await scenario.up(saved, args({ privateIpAddresses: ["10.0.1.20"] }));
  expect(inPlainText(changed.outputs)).not.toContain("10.0.1.20");
  expect(scenario.actions).not.toContain("AssignPrivateIpAddresses");
  expect(
    await scenario.provider.diff(eniId, changed.outputs, args({ privateIpAddresses: ["10.0.1.20"] })),
  ).toMatchObject({
    changes: false,
  });
});

test("from a list in plain text to a secret one, an update fails before any call: the old list is secret from then on", async () => {
  scenario = await Scenario.start(worldWith());
  const inputs = plain({ privateIpAddresses: ["10.0.1.20"] });
  const saved = await scenario.create(inputs);
  const secret = args({ privateIpAddresses: ["10.0.1.21"] });
  scenario.emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, ServiceManaged: true }],
  });
  await scenario.nextCommand();
  const failed = await scenario.recordedBy(scenario.provider.update(eniId, saved.outputs, secret));
  expect(inPlainText(failed.outputs)).not.toContain("10.0.1.2");
  await scenario.nextCommand();
  const refreshed = (await scenario.refresh({ ...failed, inputs })) as Saved;
  expect(inPlainText(refreshed.outputs)).not.toContain("10.0.1.20");
});

test("secret unassignOnCreate, a failed create keeps what it owns secret", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20", "10.0.1.21"]));
  const code = failure(403, "Forbidden.RAM", "10.0.1.20 may not be unassigned");
  disturb(scenario.emulator, "UnassignPrivateIpAddresses", code, { times: forever });
  const unassignOnCreate = ["10.0.1.20", "10.0.1.21"];
  const inputs = args({ privateIpAddresses: ["10.0.1.30"], unassignOnCreate }, ["unassignOnCreate"]);
  const recorded = await scenario.recordedBy(scenario.create(inputs));
  for (const text of [inPlainText(recorded.outputs), ...recorded.reasons])
    expect(text).not.toContain("10.0.1.2");
  await printedWithout("10.0.1.20", "10.0.1.21");
});

test.each<[string, Properties, string[], string]>([
  [
    "a wrong item",
    { privateIpAddresses: ["10.0.7.020"] },
    ["privateIpAddresses"],
    ": privateIpAddresses: [0] is [secret]: expected an IPv4 address",
  ],
  [
    "a wrong prefix",
    { ipv4Prefixes: ["10.0.7.17/28"] },
    ["ipv4Prefixes"],
    ": ipv4Prefixes: [0] is [secret]: expected an IPv4 prefix",
  ],
  [
    "an item in both lists",
    { privateIpAddresses: ["10.0.1.20"], unassignOnCreate: ["10.0.1.20"] },
    ["unassignOnCreate"],
    ": unassignOnCreate: 1 secret address is in privateIpAddresses too",
  ],
  [
    "a wrong count",
    { secondaryPrivateIpAddressCount: -7777 },
    ["secondaryPrivateIpAddressCount"],
    ": secondaryPrivateIpAddressCount: [secret]: expected a whole number",
  ],
  [
    "a count below what is held",
    { secondaryPrivateIpAddressCount: 1 },
    ["secondaryPrivateIpAddressCount"],
    "unassignOnCreate: eni-edge already holds 2 secondary addresses, and secondaryPrivateIpAddressCount is [secret].",
  ],
])(
  "check: %s of a secret input is not shown, nor the property's value",
  async (_what, more, names, problem) => {
    scenario = await Scenario.start(worldWith(["10.0.1.30", "10.0.1.31"]));
    const { failures } = await scenario.provider.check(args(more, names));
    expect(failures[0]).toMatch(problem);
    expect(failures[0]).not.toMatch(/10\.0\.7|7777|10\.0\.1\.20 is in/);
  },
);

test("a secret ENI and region are in no message", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.30"]));
  const names = ["networkInterfaceId", "region"];
  const { failures } = await scenario.provider.check(args({ privateIpAddresses: ["10.0.1.20"] }, names));
  expect(failures[0]).toContain("[secret] already holds 1 secondary address");
  await scenario.provider.check(args({ networkInterfaceId: "eni-gone", privateIpAddresses: [] }, names));
  await printedWithout(eniId, "eni-gone");
});

test("a secret address that another resource sees, its outputs, sentences and errors do not contain it", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.20"]));
  const moved = args({
    networkInterfaceId: otherEniId,
    privateIpAddresses: ["10.0.1.20"],
    ownership: "additive",
  });
  const { failures: none } = await scenario.provider.check(moved);
  expect(none).toEqual([]);
  const other = {
    networkInterfaceId: eniId,
    region: "cn-hangzhou",
    privateIpAddresses: ["10.0.1.40"],
    __internal: { name: "other", resource: "other" },
  };
  const { failures } = await scenario.provider.check(other);
  expect(failures[0]).toContain("unassignOnCreate: [1 secret address]");
  const { outputs } = await scenario.provider.create({ ...other, ownership: "additive" });
  expect(inPlainText(outputs)).not.toContain("10.0.1.20");
  expect(outputs).toMatchObject({ privateIpAddresses: ["10.0.1.40"] });
  expect(withoutSecrets(outputs)).toMatchObject({ unmanagedPrivateIpAddresses: ["10.0.1.20"] });
});

test("DEBUG: trace lines do not contain secret addresses", async () => {
  scenario = await Scenario.start(worldWith());
  const env = {
    ECS_ENDPOINT: scenario.emulator.url,
    ALICLOUD_ACCESS_KEY: "test",
    ALICLOUD_SECRET_KEY: "test",
  };
  const host = await ProviderProcess.start({ env: { ...env, DEBUG: "alicloud-secondary-ips:*" } });
  await host.create(args({ privateIpAddresses: ["10.0.1.20", "10.0.1.21"] }));
  const printed = (await host.printed()).join("\n");
  expect(printed).toMatch(/AssignPrivateIpAddresses eni-edge 2 secret addresses, attempt 1: ok/);
  expect(printed).not.toContain("10.0.1.2");
});

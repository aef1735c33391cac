import { eniId, region, worldWith } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests, type State } from "./requests";

/* The states that an alias hands from the dynamic resource to the plugin, and back. */

let scenario: Scenario;
afterEach(() => scenario.stop());

const requests = () => new Requests(pluginOf(scenario));
const args = (more: Properties) => ({ networkInterfaceId: eniId, region, ...more });

/** What the dynamic provider leaves in the state. */
async function stateOfDynamic(env: NodeJS.ProcessEnv, program: Properties): Promise<State> {
  const host = await InProcessHost.start({ env });
  const { inputs } = await host.check({ ...program, __internal: { name: "edge", resource: "edge" } });
  const { outputs } = await host.create(inputs);
  await host.stop();
  return { inputs, outputs };
}

const env = () => ({
  ECS_ENDPOINT: scenario.emulator.url,
  ALICLOUD_ACCESS_KEY: "test",
  ALICLOUD_SECRET_KEY: "test",
  ALICLOUD_SECONDARY_IPS_PACE: "0.1",
});

test.each<[string, Properties]>([
  ["a list in any order", { privateIpAddresses: ["10.0.1.30", "10.0.1.20"] }],
  ["a count", { secondaryPrivateIpAddressCount: 3 }],
  ["a count of prefixes", { ipv4PrefixCount: 2 }],
  ["an additive list", { privateIpAddresses: ["10.0.1.20"], ownership: "additive" }],
])(
  "%s: nothing differs, the refresh drops the hidden keys and changes nothing else",
  async (_what, program) => {
    scenario = await Scenario.start(worldWith());
    const state = await stateOfDynamic(env(), args(program));
    scenario.emulator.control.clearCalls();
    const { inputs: checked, failures } = await requests().check(args(program), state.inputs);
    expect(failures).toEqual([]);
    expect(await requests().diff(state, checked)).toMatchObject({ changes: false, paths: {} });
    const { inputs, outputs } = await requests().read(eniId, state);
    const { __provider, __internal, ...visible } = state.outputs;
    expect(outputs).toMatchObject(visible);
    expect(Object.keys(outputs).filter((name) => name.startsWith("__"))).toEqual(["__recorded"]);
    expect(inputs).toEqual(args(program));
    expect(scenario.writes).toEqual([]);
  },
);

test("a count that shrinks: the order of the dynamic state decides", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.200"]));
  const counted = (secondaryPrivateIpAddressCount: number) => args({ secondaryPrivateIpAddressCount });
  const host = await InProcessHost.start({ env: env() });
  const created = await host.create({ ...counted(1), __internal: { name: "edge" } });
  const grown = { ...counted(3), __internal: { name: "edge" } };
  const outputs = await host.update(eniId, created.outputs, grown);
  await host.stop();
  await requests().update({ inputs: grown, outputs }, counted(1));
  expect(scenario.held()).toEqual(["10.0.1.200"]);
});

test.each<[string, Properties]>([
  ["a list in any order", { privateIpAddresses: ["10.0.1.30", "10.0.1.20"] }],
  ["an empty list", { privateIpAddresses: [] }],
  ["a count", { secondaryPrivateIpAddressCount: 3 }],
  ["prefixes", { ipv4Prefixes: ["10.0.1.64/28", "10.0.1.32/28"] }],
  ["a count of prefixes", { ipv4PrefixCount: 2 }],
  ["an additive list", { privateIpAddresses: ["10.0.1.20"], ownership: "additive" }],
])("%s, back to the dynamic resource: one update without a call that writes", async (_what, program) => {
  scenario = await Scenario.start(worldWith());
  const inputs = args(program);
  const { outputs } = await requests().create(inputs);
  scenario.emulator.control.clearCalls();
  const host = await InProcessHost.start({ env: env() });
  const hidden = { name: "edge", resource: "edge", timeouts: {} };
  const { inputs: checked, failures } = await host.check({ ...inputs, __internal: hidden }, inputs);
  expect(failures).toEqual([]);
  expect(await host.diff(eniId, outputs, checked)).toMatchObject({ changes: true, replaces: [] });
  const updated = await host.update(eniId, outputs, checked);
  const { __recorded, ...visible } = outputs;
  expect(updated).toMatchObject(visible);
  expect(updated).not.toHaveProperty("__recorded");
  expect(await host.diff(eniId, updated, checked)).toMatchObject({ changes: false });
  await host.stop();
  expect(scenario.writes).toEqual([]);
});

test("a count that shrinks, back to the dynamic resource: the order of the plugin's state decides", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.200"]));
  const counted = (secondaryPrivateIpAddressCount: number) => args({ secondaryPrivateIpAddressCount });
  const created = await requests().create(counted(1));
  const { outputs } = await requests().update({ inputs: counted(1), ...created }, counted(3));
  const host = await InProcessHost.start({ env: env() });
  await host.update(eniId, outputs, { ...counted(1), __internal: { name: "edge" } });
  await host.stop();
  expect(scenario.held()).toEqual(["10.0.1.200"]);
});

test.each(["__recorded", "__internal"])("a state of a newer release in %s: refused", async (key) => {
  scenario = await Scenario.start(worldWith());
  const inputs = args({ privateIpAddresses: ["10.0.1.20"] });
  const { outputs } = await requests().create(inputs);
  const { __recorded, ...visible } = outputs;
  const newer = {
    inputs,
    outputs: { ...visible, [key]: { ...(__recorded as Properties), schemaVersion: 3 } },
  };
  const refusal = /^the state has schema version 3, which a newer release/;
  await expect(requests().diff(newer, inputs)).rejects.toThrow(refusal);
  await expect(requests().update(newer, inputs)).rejects.toThrow(refusal);
  await expect(requests().read(eniId, newer)).rejects.toThrow(refusal);
  await expect(requests().delete(newer)).rejects.toThrow(refusal);
});

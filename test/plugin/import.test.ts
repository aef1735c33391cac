import { eniId, otherEniId, region, twoEnis, worldWith } from "../support/eni-world";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests, unknown } from "./requests";

let scenario: Scenario;
afterEach(() => scenario.stop());

const requests = () => new Requests(pluginOf(scenario));
const [a, b] = ["10.0.1.20", "10.0.1.21"];
const prefixes = ["10.0.1.32/28", "10.0.1.64/28"];
const withPrefixes = {
  Ipv4PrefixSets: { Ipv4PrefixSet: prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix })) },
};
const eni = { networkInterfaceId: eniId, region };

/** An import, and what the engine does with the program's inputs after it. */
async function importFor(id: string, program: Properties) {
  scenario = await Scenario.start(worldWith([a, b], withPrefixes));
  const { inputs = {}, outputs } = await requests().read(id);
  const news = { ...eni, ...program };
  expect((await requests().check(news, inputs)).failures).toEqual([]);
  const { changes } = await requests().diff({ inputs, outputs }, news);
  if (!changes) return { inputs, outputs };
  const updated = await requests().update({ inputs, outputs }, news);
  return { inputs: news, outputs: updated.outputs };
}

test("an import by the id of the ENI: the inputs are its addresses, the outputs have no prefix", async () => {
  const program = { privateIpAddresses: [b, a] };
  const imported = await importFor(eniId, program);
  expect(imported).toMatchObject({
    inputs: { ...eni, privateIpAddresses: [a, b] },
    outputs: { privateIpAddresses: [a, b], ipv4Prefixes: [] },
  });
  expect(scenario.writes).toEqual([]);
});

test.each<[string, Properties, Properties]>([
  ["secondaryPrivateIpAddressCount", { secondaryPrivateIpAddressCount: 2 }, { privateIpAddresses: [a, b] }],
  ["ipv4Prefixes", { ipv4Prefixes: prefixes }, { ipv4Prefixes: prefixes, privateIpAddresses: [] }],
  ["ipv4PrefixCount", { ipv4PrefixCount: 2 }, { ipv4Prefixes: prefixes, privateIpAddresses: [] }],
])("an import by the id and :%s: nothing differs from the program", async (mode, program, expected) => {
  const imported = await importFor(`${eniId}:${mode}`, program);
  expect(imported).toMatchObject({ inputs: { ...eni, ...program }, outputs: { ...program, ...expected } });
  expect(await requests().diff(imported, { ...eni, ...program })).toMatchObject({ changes: false });
  expect(scenario.writes).toEqual([]);
});

test.each<[string, Properties, Properties]>([
  ["a count", { secondaryPrivateIpAddressCount: 2 }, { privateIpAddresses: [a, b] }],
  ["prefixes", { ipv4Prefixes: prefixes }, { ipv4Prefixes: prefixes, privateIpAddresses: [] }],
  ["a count of prefixes", { ipv4PrefixCount: 2 }, { ipv4Prefixes: prefixes, privateIpAddresses: [] }],
  [
    "an additive list",
    { privateIpAddresses: [a], ownership: "additive" },
    { privateIpAddresses: [a], unmanagedPrivateIpAddresses: [b] },
  ],
])(
  "the program wants %s of an ENI that was imported by its id: no address is unassigned",
  async (_what, program, expected) => {
    const imported = await importFor(eniId, program);
    expect(imported.outputs).toMatchObject(expected);
    expect(imported.inputs).not.toHaveProperty("__imported");
    expect(await requests().diff(imported, { ...eni, ...program })).toMatchObject({ changes: false });
    expect(scenario.writes).toEqual([]);
    expect(scenario.held()).toEqual([a, b]);
  },
);

test.each<[string, Properties]>([
  ["prefixes", { ipv4Prefixes: ["10.0.1.96/28"] }],
  ["an additive list", { privateIpAddresses: [a], ownership: "additive" }],
])("an import, a refresh, and a program that wants %s: no address is unassigned", async (_what, program) => {
  scenario = await Scenario.start(worldWith([a, b]));
  const { inputs: imported = {}, outputs: first } = await requests().read(eniId);
  const { inputs = imported, outputs } = await requests().read(eniId, { inputs: imported, outputs: first });
  const news = { ...eni, ...program };
  await requests().check(news, inputs);
  await requests().diff({ inputs, outputs }, news);
  await requests().update({ inputs, outputs }, news);
  expect(scenario.held()).toEqual([a, b]);
});

test.each<[string, Properties]>([
  ["a shorter list", { privateIpAddresses: [a] }],
  ["a lower count", { secondaryPrivateIpAddressCount: 1 }],
])(
  "an exclusive program wants %s than was imported: refused until unassignOnCreate lists the rest",
  async (_what, program) => {
    scenario = await Scenario.start(worldWith([a, b]));
    const { inputs = {}, outputs } = await requests().read(eniId);
    const saved = { inputs, outputs };
    const news = { ...eni, ...program };
    expect(await requests().diff(saved, news)).toMatchObject({ changes: true });
    await expect(requests().update(saved, news)).rejects.toThrow(/already holds .*unassignOnCreate/);
    expect(scenario.held()).toEqual([a, b]);
    await scenario.nextCommand();
    const permitted = { ...news, unassignOnCreate: "privateIpAddresses" in program ? [b] : [a, b] };
    await requests().check(permitted, inputs);
    await requests().diff(saved, permitted);
    await requests().update(saved, permitted);
    expect(scenario.held()).toHaveLength(1);
  },
);

test("an import that a program lists as it is: the import is over, and a shorter list needs no consent", async () => {
  scenario = await Scenario.start(worldWith([a, b]));
  const { inputs: imported = {}, outputs } = await requests().read(eniId);
  const program = { ...eni, privateIpAddresses: [b, a] };
  const { inputs } = await requests().check(program, imported);
  expect(await requests().diff({ inputs: imported, outputs }, inputs)).toMatchObject({ changes: false });
  await scenario.nextCommand();
  // The engine has recorded the inputs of the program.
  const news = { ...eni, privateIpAddresses: [a] };
  await requests().check(news, inputs);
  await requests().update({ inputs, outputs }, news);
  expect(scenario.held()).toEqual([a]);
});

test("an import by `pulumi import`: a check of what was read keeps it an import", async () => {
  scenario = await Scenario.start(worldWith([a, b]));
  const { inputs = {} } = await requests().read(eniId);
  expect((await requests().check(inputs, inputs)).inputs).toEqual(inputs);
});

test("an additive program of an import: the addresses that stay are no change", async () => {
  scenario = await Scenario.start(worldWith([a, b]));
  const { inputs = {}, outputs } = await requests().read(eniId);
  const news = { ...eni, privateIpAddresses: [b], ownership: "additive" };
  expect((await requests().diff({ inputs, outputs }, news)).paths).toEqual({ ownership: "ADD" });
});

test("an import whose program does not know the ENI yet: nothing differs", async () => {
  scenario = await Scenario.start(worldWith([a, b]));
  const { inputs = {}, outputs } = await requests().read(eniId);
  const news = { networkInterfaceId: unknown, region, privateIpAddresses: [b, a] };
  expect(await requests().diff({ inputs, outputs }, news)).toMatchObject({ changes: false, replaces: [] });
});

test("a refresh of inputs without outputs, an additive list: the other addresses and the prefixes stay", async () => {
  scenario = await Scenario.start(worldWith([a, b], withPrefixes));
  const program = { ...eni, privateIpAddresses: [a], ownership: "additive" };
  const { inputs = program, outputs } = await requests().read(eniId, { inputs: program, outputs: {} });
  await requests().check(program, inputs);
  await requests().diff({ inputs, outputs }, program);
  await requests().update({ inputs, outputs }, program);
  expect(scenario.writes).toEqual([]);
});

test("an import that an additive list on another ENI replaces: the other addresses stay", async () => {
  scenario = await Scenario.start(twoEnis([a, b]));
  const { inputs = {}, outputs } = await requests().read(eniId);
  const news = { networkInterfaceId: otherEniId, region, privateIpAddresses: [a], ownership: "additive" };
  await requests().check(news, inputs);
  expect(await requests().diff({ inputs, outputs }, news)).toMatchObject({ changes: true });
  await requests().delete({ inputs, outputs });
  expect(scenario.held()).toEqual([b]);
});

test("an id with another input is refused, an ENI that does not exist is an error", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(requests().read(`${eniId}:addresses`)).rejects.toThrow(
    /^cannot import "eni-edge:addresses": expected the id of an ENI, alone or with a colon and one of privateIpAddresses, /,
  );
  await expect(requests().read("eni-missing")).rejects.toThrow("ENI eni-missing does not exist");
});

test("get by an id with an input: refused with the id to use", async () => {
  scenario = await Scenario.start(worldWith());
  await expect(requests().read(`${eniId}:ipv4Prefixes`, { inputs: { region } })).rejects.toThrow(
    `cannot read "${eniId}:ipv4Prefixes": expected the id of an ENI alone, because only an import names an input after a ` +
      `colon; use ${eniId}`,
  );
});

test("get: both kinds are read, and there are no inputs", async () => {
  scenario = await Scenario.start(worldWith([a], withPrefixes));
  const { outputs, inputs } = await requests().read(eniId, { inputs: { region } });
  expect(outputs).toMatchObject({ privateIpAddresses: [a], ipv4Prefixes: prefixes });
  expect(inputs).toBeUndefined();
  expect(await requests().read(eniId, { inputs: { region }, outputs })).toMatchObject({ outputs });
});

import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { eniId, region, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests } from "./requests";

let scenario: Scenario;
afterEach(() => scenario.stop());

const inputs = { networkInterfaceId: eniId, region, privateIpAddresses: ["10.0.1.21", "10.0.1.20"] };

test("handshake: secrets and resources are accepted, outputs are not", async () => {
  scenario = await Scenario.start(worldWith());
  const answer = await pluginOf(scenario).send<messages.ProviderHandshakeResponse>(
    "handshake",
    new messages.ProviderHandshakeRequest(),
  );
  expect(answer.toObject()).toMatchObject({
    acceptSecrets: true,
    acceptResources: true,
    acceptOutputs: false,
  });
});

test("the version and the schema", async () => {
  scenario = await Scenario.start(worldWith());
  const host = pluginOf(scenario);
  expect((await host.send<PluginInfo>("getPluginInfo", new Empty())).getVersion()).toBe("0.0.0-test");
  const schema = await host.send<messages.GetSchemaResponse>("getSchema", new messages.GetSchemaRequest());
  expect(schema.getSchema()).toBe("{}");
  const other = new messages.GetSchemaRequest().setVersion(7);
  await expect(host.send("getSchema", other)).rejects.toThrow("no schema of version 7");
});

test.each([
  ["invoke", new messages.InvokeRequest()],
  ["call", new messages.CallRequest()],
  ["construct", new messages.ConstructRequest()],
  ["parameterize", new messages.ParameterizeRequest()],
] as const)("%s: is not implemented", async (method, request) => {
  scenario = await Scenario.start(worldWith());
  await expect(pluginOf(scenario).send(method, request)).rejects.toThrow(
    /^\w+ is not implemented: the package has resources only$/,
  );
});

test("a state has the outputs of the schema, and one hidden key with its version, the name and the account", async () => {
  scenario = await Scenario.start(worldWith());
  const { outputs } = await new Requests(pluginOf(scenario)).create(inputs);
  expect(outputs).toEqual({
    networkInterfaceId: eniId,
    privateIpAddresses: ["10.0.1.20", "10.0.1.21"],
    ipv4Prefixes: [],
    ownership: "exclusive",
    allowUnassignWithEip: false,
    region,
    primaryIpAddress: "10.0.1.10",
    vswitchId: "vsw-1",
    unmanagedPrivateIpAddresses: [],
    __recorded: { schemaVersion: 2, resource: "edge", account: "1000000000000000" },
  });
});

test("the state of a count also has the order in which its addresses were assigned", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.200"]));
  const requests = () => new Requests(pluginOf(scenario));
  const one = { networkInterfaceId: eniId, region, secondaryPrivateIpAddressCount: 1 };
  const three = { ...one, secondaryPrivateIpAddressCount: 3 };
  const created = await requests().create(one);
  await scenario.nextCommand();
  const { outputs } = await requests().update({ inputs: one, outputs: created.outputs }, three);
  const { oldestFirst } = outputs.__recorded as { readonly oldestFirst: readonly number[] };
  const oldest = oldestFirst.map((index) => (outputs.privateIpAddresses as string[])[index]);
  expect(oldest).toHaveLength(3);
  expect(oldest[0]).toBe("10.0.1.200");
  await scenario.nextCommand();
  await requests().update({ inputs: three, outputs }, one);
  expect(scenario.held()).toEqual(["10.0.1.200"]);
});

test("check: the inputs stay as the program wrote them, with the region", async () => {
  scenario = await Scenario.start(worldWith());
  const requests = new Requests(pluginOf(scenario));
  const { region: _configured, ...given } = inputs;
  expect(await requests.check(given)).toEqual({ inputs, failures: [] });
});

test("refresh: without drift, the inputs stay in the program's order; with drift, they are what the ENI has", async () => {
  scenario = await Scenario.start(worldWith());
  const requests = () => new Requests(pluginOf(scenario));
  const { outputs } = await requests().create(inputs);
  await scenario.nextCommand();
  const same = await requests().read(eniId, { inputs, outputs });
  expect(same).toMatchObject({ inputs, outputs });
  scenario.emulator.control.patchState(worldWith(["10.0.1.21", "10.0.1.99"]));
  await scenario.nextCommand();
  const drifted = await requests().read(eniId, { inputs, outputs });
  expect(drifted.inputs?.privateIpAddresses).toEqual(["10.0.1.21", "10.0.1.99"]);
});

test.each([1e-9, 1e21])(
  "a time-out of %d s: is accepted, and bounds the operation",
  async (timeoutSeconds) => {
    scenario = await Scenario.start(worldWith([], timeoutSeconds < 1 ? { Status: "Creating" } : {}));
    const create = new Requests(pluginOf(scenario)).create(inputs, { timeoutSeconds });
    if (timeoutSeconds < 1)
      await expect(create).rejects.toThrow(/(?:gave up after|time-out of) 0(?:\.001)? s/);
    else expect(await create).toMatchObject({ id: eniId });
  },
);

test("an operation ends at the time-out of its request", async () => {
  scenario = await Scenario.start(worldWith([], { Status: "Creating" }));
  const create = new Requests(pluginOf(scenario)).create(inputs, { timeoutSeconds: 1.5 });
  await expect(create).rejects.toThrow(/(?:gave up after|time-out of) 1\.5 s/);
});

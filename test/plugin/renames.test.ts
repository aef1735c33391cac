import { eniId, otherEniId, region, twoEnis, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests } from "./requests";

/* What the engine's requests tell of a resource in another half of its life: under an old name, or before its replacement. */

let scenario: Scenario;
afterEach(() => scenario.stop());

const requests = (name?: string) => new Requests(pluginOf(scenario), name);
const [a, b] = ["10.0.1.20", "10.0.1.21"];
const additive = (privateIpAddresses: string[], networkInterfaceId = eniId) => ({
  ...{ networkInterfaceId, region, privateIpAddresses, ownership: "additive" },
});

test("a rename with an alias in an up that refreshes first: a dropped additive address is unassigned", async () => {
  scenario = await Scenario.start(worldWith());
  const inputs = additive([a, b]);
  const { outputs } = await requests("old").create(inputs);
  await scenario.nextCommand();
  const refreshed = await requests("old").read(eniId, { inputs, outputs });
  const state = { inputs, outputs: refreshed.outputs };
  await requests("old").diff(state, inputs);
  const news = additive([a]);
  await requests("new").check(news, inputs);
  await requests("new").diff(state, news);
  await requests("new").update(state, news);
  expect(scenario.held()).toEqual([a]);
  expect(await scenario.provider.printed()).toEqual([`new: ${eniId}: unassign ${b}, 1 call, peak 2 of 49`]);
});

test("the delete of a replaced resource ends at the time-out of its request", async () => {
  scenario = await Scenario.start(twoEnis());
  const inputs = additive([a]);
  const { outputs } = await requests().create(inputs);
  scenario.emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Attaching" }],
  });
  await scenario.nextCommand();
  const news = additive([b], otherEniId);
  await requests().check(news, inputs);
  expect(await requests().diff({ inputs, outputs }, news)).toMatchObject({
    replaces: ["networkInterfaceId"],
  });
  const deleting = requests().delete({ inputs, outputs }, { timeoutSeconds: 1.5 });
  await expect(deleting).rejects.toThrow(/(?:gave up after|time-out of) 1\.5 s/);
});

test("a delete of a resource whose name another one had before: its own allowUnassignWithEip holds", async () => {
  const eip = { AllocationId: "eip-1", InstanceId: eniId, PrivateIpAddress: b };
  scenario = await Scenario.start({
    ...worldWith([a, b]),
    eips: [{ ...eip, InstanceType: "NetworkInterface" }],
  });
  const former = { ...additive([a]), allowUnassignWithEip: true };
  const renamed = { inputs: former, outputs: (await requests("edge").create(former)).outputs };
  await scenario.nextCommand();
  const removed = additive([b]);
  const { outputs } = await requests("edge").create(removed);
  await scenario.nextCommand();
  // The first one has an alias, and its state has the former name.
  await requests("renamed").check(former, former);
  await requests("renamed").diff(renamed, former);
  await expect(requests("edge").delete({ inputs: removed, outputs })).rejects.toThrow("an EIP is bound to");
  expect(scenario.held()).toEqual([a, b]);
});

test("a delete of a renamed resource that is replaced: allowUnassignWithEip of the program holds", async () => {
  const eip = { AllocationId: "eip-1", InstanceId: eniId, PrivateIpAddress: a };
  scenario = await Scenario.start({ ...twoEnis([a]), eips: [{ ...eip, InstanceType: "NetworkInterface" }] });
  const inputs = additive([a]);
  const state = { inputs, outputs: (await requests("old").create(inputs)).outputs };
  await scenario.nextCommand();
  const news = { ...additive([b], otherEniId), allowUnassignWithEip: true };
  await requests("new").check(news, inputs);
  await requests("new").diff(state, news);
  await requests("new").create(news);
  await requests("old").delete(state);
  expect(scenario.held()).toEqual([]);
});

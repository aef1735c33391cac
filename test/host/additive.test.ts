import { eniId, setByHand, worldWith } from "../support/eni-world";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (name: string, privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  ownership: "additive",
  __internal: { name },
  ...more,
});

test("additive resource: create, update and delete touch only its own addresses", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.90"]));
  const saved = await scenario.create(args("edge", ["10.0.1.20", "10.0.1.21"]));
  expect(saved.outputs).toMatchObject({
    ownership: "additive",
    privateIpAddresses: ["10.0.1.20", "10.0.1.21"],
    unmanagedPrivateIpAddresses: ["10.0.1.90"],
  });
  await scenario.nextCommand();
  const changed = await scenario.up(saved, args("edge", ["10.0.1.21", "10.0.1.22"]));
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.22", "10.0.1.90"]);
  const provider = await scenario.nextCommand();
  await provider.delete(changed.id, changed.outputs);
  expect(scenario.held()).toEqual(["10.0.1.90"]);
});

test("refresh: an additive resource drops missing addresses and adopts none", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args("edge", ["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  setByHand(scenario.emulator, ["10.0.1.21", "10.0.1.99"]);
  const refreshed = await scenario.refresh(saved);
  expect(refreshed?.outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.21"],
    unmanagedPrivateIpAddresses: ["10.0.1.99"],
  });
});

test("additive resources: two share one ENI, deleting one keeps the other's address", async () => {
  scenario = await Scenario.start(worldWith());
  await scenario.create(args("first", ["10.0.1.20"]));
  const second = await scenario.create(args("second", ["10.0.1.30"]));
  await scenario.nextCommand();
  await scenario.provider.delete(second.id, second.outputs);
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test.each([
  ["exclusive", "additive"],
  ["additive", "exclusive"],
])("check: an %s and an %s resource on one ENI are refused", async (ownership, ownershipOfSecond) => {
  scenario = await Scenario.start(worldWith());
  const first = args("first", ["10.0.1.20"], { ownership });
  expect((await scenario.provider.check(first)).failures).toEqual([]);
  const second = args("second", ["10.0.1.30"], { ownership: ownershipOfSecond });
  const { failures } = await scenario.provider.check(second);
  expect(failures).toEqual([
    expect.stringContaining('already managed by the resource "first" of this program'),
  ]);
});

test("update: an address that moves between additive resources stays on the ENI, without a write", async () => {
  scenario = await Scenario.start(worldWith());
  const giving = await scenario.create(args("giving", ["10.0.1.20", "10.0.1.21"]));
  const taking = await scenario.create(args("taking", ["10.0.1.30"]));
  await scenario.nextCommand();
  // The engine checks both resources before it updates the second one. It may update the first one earlier.
  await scenario.provider.check(args("taking", ["10.0.1.20", "10.0.1.30"]), taking.outputs);
  const gave = await scenario.up(giving, args("giving", ["10.0.1.21"]));
  const took = await scenario.up(taking, args("taking", ["10.0.1.20", "10.0.1.30"]));
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21", "10.0.1.30"]);
  expect(scenario.writes).toEqual([]);
  expect(gave.outputs.privateIpAddresses).toEqual(["10.0.1.21"]);
  expect(took.outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.30"]);
});

test("update: exclusive becomes additive, without an API call", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args("edge", ["10.0.1.20"], { ownership: "exclusive" }));
  const provider = await scenario.nextCommand();
  const news = args("edge", ["10.0.1.20"], { region: "cn-hangzhou" });
  expect(await provider.diff(eniId, saved.outputs, news)).toMatchObject({ changes: true, replaces: [] });
  expect(await provider.update(eniId, saved.outputs, news)).toMatchObject({ ownership: "additive" });
  expect(scenario.actions).toEqual([]);
});

test("update: additive becomes exclusive, needs unassignOnCreate as a create does", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.90"]));
  const saved = await scenario.create(args("edge", ["10.0.1.20"]));
  await scenario.nextCommand();
  const exclusive = args("edge", ["10.0.1.20"], { ownership: "exclusive" });
  await expect(scenario.up(saved, exclusive)).rejects.toThrow('unassignOnCreate: ["10.0.1.90"]');
  expect(scenario.writes).toEqual([]);
  const { outputs } = await scenario.up(saved, { ...exclusive, unassignOnCreate: ["10.0.1.90"] });
  expect(outputs).toMatchObject({ ownership: "exclusive", unmanagedPrivateIpAddresses: [] });
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test.each([
  [{ ownership: "shared" }, 'ownership: "shared": expected "exclusive" (the default) or "additive"'],
  [{ allowUnassignWithEip: "yes" }, 'allowUnassignWithEip: "yes": expected true or false (the default)'],
  [
    { unassignOnCreate: ["10.0.1.30"] },
    'unassignOnCreate: only a resource with ownership "exclusive" takes an ENI over; leave it out, or change the ownership',
  ],
])("check: an additive resource with %j is refused", async (more, expected) => {
  scenario = await Scenario.start(worldWith());
  expect((await scenario.provider.check(args("edge", ["10.0.1.20"], more))).failures).toEqual([expected]);
});

test.each<[string, object]>([
  ["a second mode", { secondaryPrivateIpAddressCount: 0 }],
  ["an entry that is no prefix", { ipv4Prefixes: ["10.0.1.32/28", "10.0.1.48"] }],
])("update: keeps a prefix of a resource whose check failed for %s", async (_what, wrong) => {
  const prefix = "10.0.1.32/28";
  scenario = await Scenario.start(
    worldWith([], { Ipv4PrefixSets: { Ipv4PrefixSet: [{ Ipv4Prefix: prefix }] } }),
  );
  const sharing = (name: string, ipv4Prefixes: string[]) => ({
    networkInterfaceId: eniId,
    ownership: "additive",
    ipv4Prefixes,
    __internal: { name },
  });
  const saved = await scenario.create(sharing("one", [prefix]));
  const other = await scenario.create(sharing("two", [prefix]));
  const provider = await scenario.nextCommand();
  // With `pulumi up --continue-on-error` the engine goes on after the check that fails.
  const { failures } = await provider.check({ ...sharing("two", [prefix]), ...wrong }, other.inputs);
  expect(failures).not.toEqual([]);
  await scenario.up(saved, sharing("one", []));
  expect(scenario.writes).toEqual([]);
});

import { eventually } from "../support/ecs-client";
import { eniId, otherEniId, primaryAddress, setByHand, twoEnis, worldWith } from "../support/eni-world";
import { GateClock } from "../support/gate-clock";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (privateIpAddresses: string[], more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  ...more,
});

test("create: an ENI with other addresses is refused, the error lists unassignOnCreate", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.50", "10.0.1.9"]));
  const { failures } = await scenario.provider.check(args(["10.0.1.20"]));
  expect(failures).toEqual([expect.stringContaining('unassignOnCreate: ["10.0.1.9","10.0.1.50"]')]);
  expect(failures[0]).toContain("left over from a create that was killed");
  await expect(scenario.provider.create(args(["10.0.1.20"]))).rejects.toThrow("unassignOnCreate");
  expect(scenario.writes).toEqual([]);
});

test("create: only addresses in unassignOnCreate are unassigned", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.50", "10.0.1.51"]));
  const { outputs } = await scenario.create(
    args(["10.0.1.20", "10.0.1.51"], { unassignOnCreate: ["10.0.1.50", "10.0.1.77"] }),
  );
  expect(outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.51"]);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.51"]);
});

test("update: an address that another client assigned is reported as unmanaged and stays", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  await scenario.nextCommand();
  setByHand(scenario.emulator, ["10.0.1.20", "10.0.1.99"]);
  const { outputs } = await scenario.up(saved, args(["10.0.1.21"]));
  expect(outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.21"],
    unmanagedPrivateIpAddresses: ["10.0.1.99"],
  });
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.99"]);
});

test("refresh: an address that another client assigned becomes owned, the next up unassigns it", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  setByHand(scenario.emulator, ["10.0.1.21", "10.0.1.99"]);
  const refreshed = await scenario.refresh(saved);
  expect(refreshed?.outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.21", "10.0.1.99"],
    unmanagedPrivateIpAddresses: [],
  });
  await scenario.nextCommand();
  if (refreshed === undefined) throw new Error("the resource is gone");
  const { outputs } = await scenario.up(refreshed, args(["10.0.1.20", "10.0.1.21"]));
  expect(outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.21"]);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
});

test("refresh: prints no plan", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  setByHand(scenario.emulator, ["10.0.1.99"]);
  const provider = await scenario.nextCommand();
  const { id, outputs } = await provider.read(saved.id, saved.outputs);
  await provider.diff(id, outputs, saved.outputs);
  expect(await provider.printed()).toEqual([]);
});

test("refresh: the returned inputs show the drift", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  setByHand(scenario.emulator, ["10.0.1.99"]);
  const provider = await scenario.nextCommand();
  const { inputs, outputs } = await provider.read(saved.id, saved.outputs);
  expect(inputs).toMatchObject({
    networkInterfaceId: eniId,
    privateIpAddresses: ["10.0.1.99"],
    region: "cn-hangzhou",
  });
  expect(inputs).not.toHaveProperty("primaryIpAddress");
  expect(inputs?.__provider).toBe(outputs.__provider);
});

test("refresh: a deleted ENI removes the resource from the state", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  await scenario.nextCommand();
  scenario.emulator.control.putState({});
  expect(await scenario.refresh(saved)).toBeUndefined();
});

test("refresh: a refused read is an error, the ENI does not count as deleted", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args(["10.0.1.20"]));
  await scenario.nextCommand();
  scenario.emulator.control.addFault({
    action: "DescribeNetworkInterfaces",
    times: 1000,
    effect: { error: { status: 403, code: "Forbidden.RAM", message: "User not authorized." } },
  });
  await expect(scenario.refresh(saved)).rejects.toThrow(/Forbidden\.RAM, HTTP 403: User not authorized/);
});

test("delete: a primary address in the state is not unassigned", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  const forged = {
    networkInterfaceId: eniId,
    region: "cn-hangzhou",
    privateIpAddresses: [primaryAddress, "10.0.1.20"],
  };
  await scenario.provider.delete(eniId, forged);
  const [unassign] = scenario.emulator.control
    .calls()
    .filter((call) => call.action === "UnassignPrivateIpAddresses");
  expect(unassign?.params).toMatchObject({ "PrivateIpAddress.1": "10.0.1.20" });
  expect(unassign?.params).not.toHaveProperty(["PrivateIpAddress.2"]);
});

test("rename: all addresses stay, without a write", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create(args(["10.0.1.20", "10.0.1.21"], { __internal: { name: "before" } }));
  const provider = await scenario.nextCommand();
  await scenario.create(args(["10.0.1.20", "10.0.1.21"], { __internal: { name: "after" } }));
  await provider.delete(old.id, old.outputs);
  expect(scenario.writes).toEqual([]);
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21"]);
});

test("replacement: with a changed list, listed addresses stay and removed ones are unassigned", async () => {
  scenario = await Scenario.start(worldWith());
  const old = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  const provider = await scenario.nextCommand();
  const news = args(["10.0.1.21", "10.0.1.22"]);
  // The engine's order for a replacement by `replaceOnChanges`: check with the old inputs, check without them, create, delete
  // the old resource.
  await provider.check(news, old.outputs);
  const { inputs, failures } = await provider.check(news);
  expect(failures).toEqual([]);
  const { outputs } = await provider.create(inputs);
  expect(outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.21", "10.0.1.22"],
    unmanagedPrivateIpAddresses: [],
  });
  await provider.delete(old.id, old.outputs);
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.22"]);
});

test("check: two exclusive resources on one ENI are refused", async () => {
  scenario = await Scenario.start(worldWith());
  const first = args(["10.0.1.20"], { __internal: { name: "first" } });
  expect((await scenario.provider.check(first)).failures).toEqual([]);
  const { failures } = await scenario.provider.check(args(["10.0.1.21"], { __internal: { name: "second" } }));
  expect(failures).toEqual([
    expect.stringContaining('networkInterfaceId: eni-edge is already managed by the resource "first"'),
  ]);
});

test("check: two components with a resource of the same name on one ENI are refused", async () => {
  scenario = await Scenario.start(worldWith());
  const inComponent = (component: string) => ({ __internal: { name: "ips", resource: `${component}/ips` } });
  await scenario.provider.check(args(["10.0.1.20"], inComponent("a")));
  const { failures } = await scenario.provider.check(args(["10.0.1.21"], inComponent("b")));
  expect(failures).toEqual([expect.stringContaining('already managed by the resource "a/ips"')]);
});

test("delete: addresses that another resource claims during the delete stay", async () => {
  const owned = Array.from({ length: 25 }, (_unused, index) => `10.0.1.${20 + index}`);
  const clock = new GateClock();
  // At real pace: at a faster one the provider would soon give up the held call.
  scenario = await Scenario.start(worldWith(owned), { clock, env: { ALICLOUD_SECONDARY_IPS_PACE: "1" } });
  const { provider, emulator } = scenario;
  emulator.control.addFault({ action: "UnassignPrivateIpAddresses", effect: { delayMs: 1 } });
  const deleting = provider.delete(eniId, { ...args(owned), region: "cn-hangzhou" });
  await eventually(() => clock.waiting > 0);
  await provider.check(args(owned, { __internal: { name: "after" } }));
  clock.open();
  await deleting;
  expect(scenario.held()).toEqual(owned.slice(10));
});

test("delete: prints the addresses left to another resource", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.20"]));
  await scenario.provider.check(args(["10.0.1.20"], { __internal: { name: "after" } }));
  await scenario.provider.delete(eniId, { ...args(["10.0.1.20"]), region: "cn-hangzhou" });
  expect(await scenario.provider.printed()).toContainEqual(
    `EniSecondaryIps: ${eniId}: leave 10.0.1.20 to another resource of this program`,
  );
});

test("check: addresses that were unassigned since the last read do not refuse a create", async () => {
  scenario = await Scenario.start(twoEnis(["10.0.1.50"]));
  const { provider } = scenario;
  // After two reads the provider reads ahead and caches all ENIs.
  for (const id of [otherEniId, eniId])
    await provider.read(id, { networkInterfaceId: id, region: "cn-hangzhou" });
  setByHand(scenario.emulator, []);
  expect((await provider.check(args(["10.0.1.20"]))).failures).toEqual([]);
  const read = await provider.read(eniId, { region: "cn-hangzhou" });
  expect(read.outputs.privateIpAddresses).toEqual([]);
});

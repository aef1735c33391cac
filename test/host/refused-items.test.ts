import {
  addressRange,
  eniId,
  eniWith,
  otherEniId,
  privateIpSets,
  twoEnis,
  worldWith,
} from "../support/eni-world";
import { ecsAt, patient } from "../support/ecs-client";
import { disturb, failure, forever } from "../support/faults";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";

/*
 * The API refuses a request because of one address and does not say which one.
 */

let scenario: Scenario;
afterEach(() => scenario.stop());

const assign = "AssignPrivateIpAddresses";
const unassign = "UnassignPrivateIpAddresses";
const pace = { ALICLOUD_SECONDARY_IPS_PACE: "0.01" };

const args = (privateIpAddresses: string[], more: Properties = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  __internal: { name: "edge" },
  ...more,
});

/** A world in which something that is no ENI uses these addresses and prefixes. */
async function startWith(occupied: readonly string[], batch: "atomic" | "partial" = "atomic"): Promise<void> {
  const seed = { ...worldWith(), ...occupy(...occupied) };
  scenario = await Scenario.start(seed, { behaviour: { batch }, env: pace });
}

/** Only these addresses and prefixes are in use. */
const occupy = (...addresses: string[]) => ({
  occupiedAddresses: addresses.map((Address) => ({ Address, By: "RDS" })),
});

/** Each assign with its addresses or prefixes, and whether the API has accepted it. */
function assigns() {
  return scenario.emulator.control
    .calls()
    .filter(({ action }) => action === assign)
    .map(({ params, code }) => ({
      list: Object.entries(params)
        .filter(([name]) => /^(PrivateIpAddress|Ipv4Prefix)\.\d+$/.test(name))
        .map(([, value]) => value),
      accepted: code === null,
    }));
}

const without = (all: readonly string[], ...some: string[]) => all.filter((one) => !some.includes(one));
const ten = addressRange(20, 10);

test.each(["atomic", "partial"] as const)(
  "create, %s batches: one of ten addresses is in use, nine are assigned at once, the tenth is named",
  async (batch) => {
    await startWith(["10.0.1.27"], batch);
    const partial = await scenario.recordedBy(scenario.create(args(ten)));
    expect(scenario.held()).toEqual(without(ten, "10.0.1.27"));
    expect(partial.outputs.privateIpAddresses).toEqual(without(ten, "10.0.1.27"));
    const [message] = partial.reasons;
    expect(message).toMatch(
      /10\.0\.1\.27 is in use, but no ENI holds it; something else in the vSwitch \(such as RDS or SLB\) may use it; remove it from privateIpAddresses, choose another address, or release it there, and run `pulumi up` again/,
    );
    expect(message).toMatch(/InvalidPrivateIpAddress\.Duplicated.*RequestId/);
    expect(message).not.toMatch(/dependsOn|10\.0\.1\.2[0-689]/);
    // The nine do not wait for the tenth.
    const calls = assigns();
    const lastAccepted = calls.findLastIndex(({ accepted }) => accepted);
    const firstAlone = calls.findIndex(({ list }) => list.join() === "10.0.1.27");
    const retries = calls.slice(firstAlone + 1).findIndex(({ list }) => list.join() === "10.0.1.27");
    expect(lastAccepted).toBeLessThan(firstAlone + 1 + retries);
  },
);

test("create: several of 40 addresses are in use, the calls stay few and all bad ones are named", async () => {
  const bad = ["10.0.1.23", "10.0.1.24", "10.0.1.41", "10.0.1.59"];
  const wanted = addressRange(20, 40);
  await startWith(bad);
  const partial = await scenario.recordedBy(scenario.create(args(wanted)));
  expect(scenario.held()).toEqual(without(wanted, ...bad));
  expect(partial.reasons[0]).toMatch(
    /10\.0\.1\.23, 10\.0\.1\.24, 10\.0\.1\.41, 10\.0\.1\.59 are in use, but no ENI/,
  );
  const searched = assigns().findLastIndex(({ accepted }) => accepted) + 1;
  // Four requests without bad addresses; each bad one costs up to 2·log2(10) more, and one refusal is repeated.
  expect(searched).toBeLessThanOrEqual(4 + 1 + 2 * bad.length * Math.ceil(Math.log2(10)));
});

test("create: one of six prefixes is in use, the others are assigned and it is named", async () => {
  const wanted = [32, 48, 64, 80, 96, 112].map((host) => `10.0.1.${host}/28`);
  await startWith(["10.0.1.80/28"]);
  const { privateIpAddresses: _none, ...others } = args([]);
  const partial = await scenario.recordedBy(scenario.create({ ...others, ipv4Prefixes: wanted }));
  expect(partial.outputs.ipv4Prefixes).toEqual(without(wanted, "10.0.1.80/28"));
  expect(partial.reasons[0]).toMatch(
    /10\.0\.1\.80\/28 is in use, but no ENI holds it.*remove it from ipv4Prefixes/,
  );
});

test("create: another ENI holds one address and no ENI another one, both are named with their remedies", async () => {
  await startWith(["10.0.1.28"]);
  scenario.emulator.control.patchState({
    networkInterfaces: [{ ...eniWith(otherEniId, "10.0.1.11", ["10.0.1.22"]), VSwitchId: "vsw-1" }],
  });
  const partial = await scenario.recordedBy(scenario.create(args(ten)));
  expect(scenario.held()).toEqual(without(ten, "10.0.1.22", "10.0.1.28"));
  const [message] = partial.reasons;
  expect(message).toMatch(/10\.0\.1\.22 is held by eni-other.*dependsOn/);
  expect(message).toMatch(/10\.0\.1\.28 is in use, but no ENI holds it/);
});

test("create: two other ENIs hold addresses and one releases its own, that one arrives", async () => {
  scenario = await Scenario.start(twoEnis([], ["10.0.1.22", "10.0.1.23"]), { env: pace });
  scenario.emulator.control.addFault({
    action: assign,
    match: { networkInterfaceId: eniId },
    skip: 3,
    effect: {
      patch: {
        networkInterfaces: [
          { NetworkInterfaceId: otherEniId, PrivateIpSets: privateIpSets(["10.0.1.23"], "10.0.1.11") },
        ],
      },
    },
  });
  const partial = await scenario.recordedBy(scenario.create(args(ten)));
  expect(scenario.held()).toEqual(without(ten, "10.0.1.23"));
  expect(partial.reasons[0]).toMatch(/10\.0\.1\.23 is held by eni-other/);
  expect(partial.reasons[0]).not.toContain("10.0.1.22");
});

test("create: a single address is in use, it is waited for and named", async () => {
  await startWith(["10.0.1.20"]);
  await expect(scenario.create(args(["10.0.1.20"]))).rejects.toThrow(
    /10\.0\.1\.20 is in use, but no ENI holds it/,
  );
  expect(assigns().length).toBeGreaterThan(3);
  expect((await scenario.provider.printed()).join("\n")).toMatch(
    /10\.0\.1\.20 is in use, but no ENI holds it; trying again for up to 1 s/,
  );
});

test("create: one address becomes free during the wait and another does not, the first one arrives", async () => {
  await startWith(["10.0.1.22", "10.0.1.27"]);
  disturb(scenario.emulator, assign, { patch: occupy("10.0.1.27") }, { skip: 14 });
  const partial = await scenario.recordedBy(scenario.create(args(ten)));
  expect(scenario.held()).toEqual(without(ten, "10.0.1.27"));
  expect(partial.reasons[0]).toMatch(/10\.0\.1\.27 is in use/);
  expect(partial.reasons[0]).not.toContain("10.0.1.22");
});

test("create: an address that was freed a moment ago arrives after a wait", async () => {
  await startWith(["10.0.1.27"]);
  disturb(scenario.emulator, assign, { patch: occupy() }, { skip: 11 });
  const { outputs } = await scenario.create(args(ten));
  expect(outputs.privateIpAddresses).toEqual(ten);
});

test("update: the address to be replaced stays while its replacement is in use; each remedy of the error works", async () => {
  await startWith(["10.0.1.27"]);
  const saved = await scenario.create(args(["10.0.1.20", "10.0.1.21"]));
  await scenario.nextCommand();
  const partial = await scenario.recordedBy(
    scenario.up(saved, args(["10.0.1.21", "10.0.1.27", "10.0.1.30"])),
  );
  expect(scenario.held()).toEqual(["10.0.1.20", "10.0.1.21", "10.0.1.30"]);
  expect(scenario.writes).not.toContain(unassign);
  // Remove it from the list.
  await scenario.nextCommand();
  const removed = await scenario.up(partial, args(["10.0.1.21", "10.0.1.30"]));
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.30"]);
  // Choose another address.
  await scenario.nextCommand();
  const other = await scenario.up(removed, args(["10.0.1.21", "10.0.1.28", "10.0.1.30"]));
  expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.28", "10.0.1.30"]);
  // Release it there.
  scenario.emulator.control.patchState(occupy());
  await scenario.nextCommand();
  const released = await scenario.up(other, args(["10.0.1.21", "10.0.1.27"]));
  expect(released.outputs.privateIpAddresses).toEqual(["10.0.1.21", "10.0.1.27"]);
});

test("update without a preview: one address is outside the vSwitch, which is not read, and nothing is unassigned", async () => {
  await startWith([]);
  const saved = await scenario.create(args(ten));
  await scenario.nextCommand();
  await expect(scenario.up(saved, args([...ten.slice(1), "10.0.7.7"]))).rejects.toThrow(
    "10.0.7.7 is outside the vSwitch's CIDR block 10.0.1.0/24",
  );
  expect(scenario.held()).toEqual(ten);
  const before = scenario.actions.slice(0, scenario.actions.indexOf("AssignPrivateIpAddresses"));
  expect(before).not.toContain("DescribeVSwitches");
});

test.each([49, 48])(
  "update without a preview of an ENI with %i of 49 addresses: one is outside the vSwitch, check refuses it",
  async (size) => {
    await startWith([]);
    const saved = await scenario.create(args(addressRange(20, size)));
    await scenario.nextCommand();
    const { failures } = await scenario.provider.check(
      args([...addressRange(100, size - 1), "10.0.7.7"]),
      saved.inputs,
    );
    expect(failures).toEqual([
      "privateIpAddresses: 10.0.7.7 is outside the vSwitch's CIDR block 10.0.1.0/24",
    ]);
  },
);

test("create: one address is outside the vSwitch whose block cannot be read, the others are assigned without a wait", async () => {
  await startWith([]);
  disturb(scenario.emulator, "DescribeVSwitches", failure(403, "Forbidden.RAM"), { times: forever });
  const partial = await scenario.recordedBy(scenario.create(args([...ten, "10.0.7.7"])));
  expect(scenario.held()).toEqual(ten);
  expect(partial.reasons[0]).toMatch(/10\.0\.7\.7: .*InvalidVSwitchId\.IpInvalid/);
  expect(assigns().length).toBeLessThanOrEqual(3);
});

test("update: reads still show an address that has left the ENI, the rest of its batch is unassigned", async () => {
  await startWith([]);
  const saved = await scenario.create(args(ten));
  await scenario.nextCommand();
  const other = ecsAt(scenario.emulator.url);
  disturb(scenario.emulator, unassign, { staleReads: 1000 });
  await other.unassignPrivateIpAddresses(
    eniId,
    { kind: "address", addresses: ["10.0.1.23"] },
    { ...patient(), beforeSending: () => Promise.resolve() },
  );
  await expect(scenario.up(saved, args([]))).rejects.toThrow(/10\.0\.1\.23/);
  expect(scenario.held()).toEqual([]);
});

import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { list } from "../testing/signing-client";
import type { StateDocument } from "../world/state-document";

const emulator = new EmulatorOnManualClock({ behaviour: { transitionMs: 1000 } });
const { clock } = emulator;
const region = { RegionId: "cn-hangzhou" };

const seed: StateDocument = {
  vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/24" }],
  networkInterfaces: [
    { NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.1.1" },
    { NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.1.2" },
  ],
};

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.setBehaviour({
    batch: "atomic",
    pick: "lowest",
    pickSeed: 0,
    releaseMs: 0,
    duplicatedAddress: "unnamed",
  });
  emulator.control.putState(seed);
});

const change = (verb: string, id: string, params: Record<string, string | number>) =>
  emulator.call(`${verb}PrivateIpAddresses`, { ...region, NetworkInterfaceId: id, ...params });
const assign = (id: string, ...octets: number[]) => change("Assign", id, addresses(octets));
const unassign = (id: string, ...octets: number[]) => change("Unassign", id, addresses(octets));
const addresses = (octets: readonly number[]) =>
  list(
    "PrivateIpAddress",
    octets.map((octet) => `10.0.1.${octet}`),
  );

/** The last octets of what the cloud picked. */
async function pick(id: string, SecondaryPrivateIpAddressCount: number): Promise<number[]> {
  const { body } = await change("Assign", id, { SecondaryPrivateIpAddressCount });
  const picked = body.AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress;
  return picked.map((address) => Number(address.split(".")[3]));
}

async function pickPrefixes(id: string, Ipv4PrefixCount: number): Promise<readonly string[]> {
  const { body } = await change("Assign", id, { Ipv4PrefixCount });
  return body.AssignedPrivateIpAddressesSet.Ipv4PrefixSet.Ipv4Prefixes;
}

const held = (id: string) =>
  emulator.eni(id)?.PrivateIpSets.PrivateIpSet.map((ip) => Number(ip.PrivateIpAddress.split(".")[3]));

const duplicated = { status: 400, body: { Code: "InvalidPrivateIpAddress.Duplicated" } };

describe("addresses that something else than an ENI holds", () => {
  const occupied = [{ Address: "10.0.1.20" }, { Address: "10.0.1.32/28", By: "SLB" }];
  beforeEach(() => {
    emulator.control.patchState({ occupiedAddresses: occupied });
  });

  test("stand in the document, with their vSwitch and RDS as what holds them", () => {
    expect(emulator.control.state().occupiedAddresses).toEqual([
      { VSwitchId: "vsw-1", Address: "10.0.1.20", By: "RDS" },
      { VSwitchId: "vsw-1", Address: "10.0.1.32/28", By: "SLB" },
    ]);
  });

  test.each([20, 32, 47])("10.0.1.%i cannot be assigned, nor anything beside it", async (octet) => {
    expect(await assign("eni-1", 50, octet, 51)).toMatchObject(duplicated);
    expect(held("eni-1")).toEqual([1]);
  });

  test("of a partial batch the others are assigned", async () => {
    emulator.control.setBehaviour({ batch: "partial" });
    expect(await assign("eni-1", 50, 20, 51)).toMatchObject(duplicated);
    expect(held("eni-1")).toEqual([1, 50, 51]);
  });

  test.each([
    ["unnamed", "Specified private IP address is duplicated."],
    ["named", 'Specified private IP address "10.0.1.20" is duplicated.'],
  ] as const)("the refusal with duplicatedAddress %s", async (duplicatedAddress, Message) => {
    emulator.control.setBehaviour({ duplicatedAddress });
    expect((await assign("eni-1", 50, 20)).body).toMatchObject({ Message });
  });

  test("belong to no ENI that is listed", async () => {
    const filter = { ...region, "PrivateIpAddress.1": "10.0.1.20" };
    const { body } = await emulator.call("DescribeNetworkInterfaces", filter);
    expect(body.NetworkInterfaceSets.NetworkInterfaceSet).toEqual([]);
  });

  test("neither prefixes nor the addresses of a new ENI lie among them", async () => {
    expect(await change("Assign", "eni-1", { "Ipv4Prefix.1": "10.0.1.16/28" })).toMatchObject(duplicated);
    const eni = { ...region, VSwitchId: "vsw-1", SecurityGroupId: "sg-default" };
    const named = { ...eni, PrimaryIpAddress: "10.0.1.40" };
    expect(await emulator.call("CreateNetworkInterface", named)).toMatchObject(duplicated);
    expect(await pickPrefixes("eni-1", 1)).toEqual(["10.0.1.48/28"]);
    expect((await pick("eni-1", 10)).concat(await pick("eni-1", 10))).not.toContain(20);
  });

  test("are not available, and keep their vSwitch", async () => {
    const ofVpc = { version: "2016-04-28" };
    const { body } = await emulator.call("DescribeVSwitches", region, ofVpc);
    expect(body.VSwitches.VSwitch).toMatchObject([{ AvailableIpAddressCount: 252 - 2 - 1 - 16 }]);
    emulator.control.putState({ ...seed, networkInterfaces: [], occupiedAddresses: occupied });
    const vSwitch = { ...region, VSwitchId: "vsw-1" };
    expect((await emulator.call("DeleteVSwitch", vSwitch, ofVpc)).body.Code).toBe("DependencyViolation");
  });

  test("a patch replaces all of them", async () => {
    emulator.control.patchState({ occupiedAddresses: [{ Address: "10.0.1.21" }] });
    expect((await assign("eni-1", 20)).status).toBe(200);
    expect(await assign("eni-1", 21)).toMatchObject(duplicated);
  });

  test.each([
    [[{ Address: "10.0.1.1" }], /an address of 10\.0\.1\.1 is held by eni-1 already/],
    [[{ Address: "10.0.2.1" }], /^occupiedAddresses\[0\]\.Address: .* is in no vSwitch/],
    [[{ Address: "10.0.1.20", VSwitchId: "vsw-9" }], /VSwitchId: "vsw-9" is not listed/],
    [[{ Address: "10.0.1.20" }, { Address: "10.0.1.16/28" }], /^occupiedAddresses\[1\].*listed twice/],
    [[{ Address: "10.0.1.5/28" }], /^occupiedAddresses\[0\]\.Address: must be an IPv4 address, or/],
    [[{ By: "RDS" }], /^occupiedAddresses\[0\]\.Address: /],
    [[{ Address: "10.0.1.20", By: "" }], /^occupiedAddresses\[0\]\.By: /],
    [{}, /^occupiedAddresses: must be a list/],
  ])("%j is refused", (occupiedAddresses, message) => {
    expect(() => {
      emulator.control.patchState({ occupiedAddresses });
    }).toThrow(message);
  });
});

describe("with releaseMs an address that was given up stays busy", () => {
  beforeEach(async () => {
    await assign("eni-1", 50);
    emulator.control.setBehaviour({ releaseMs: 2000 });
  });

  test.each(["eni-1", "eni-2"])("for %s, until the time is over", async (id) => {
    await unassign("eni-1", 50);
    expect(await assign(id, 50)).toMatchObject(duplicated);
    clock.advance(1999);
    expect(await assign(id, 51, 50)).toMatchObject(duplicated);
    clock.advance(1);
    expect((await assign(id, 50)).status).toBe(200);
  });

  test("and nothing picks it, nor a prefix around it", async () => {
    await change("Assign", "eni-1", { "Ipv4Prefix.1": "10.0.1.16/28" });
    await unassign("eni-1", 50);
    await change("Unassign", "eni-1", { "Ipv4Prefix.1": "10.0.1.16/28" });
    expect(await pickPrefixes("eni-2", 2)).toEqual(["10.0.1.32/28", "10.0.1.64/28"]);
    expect(await assign("eni-2", 20)).toMatchObject(duplicated);
    expect(await change("Assign", "eni-2", { "Ipv4Prefix.1": "10.0.1.48/28" })).toMatchObject(duplicated);
  });

  test("also what a deleted ENI had, counted from its end", async () => {
    await emulator.call("DeleteNetworkInterface", { ...region, NetworkInterfaceId: "eni-1" });
    clock.advance(2500);
    expect(await assign("eni-2", 1)).toMatchObject(duplicated);
    clock.advance(500);
    expect((await assign("eni-2", 1, 50)).status).toBe(200);
  });

  test("a patch keeps it busy; another world knows nothing of it, nor does 0 ms", async () => {
    await unassign("eni-1", 50);
    emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-3" }] });
    expect(await assign("eni-1", 50)).toMatchObject(duplicated);
    emulator.control.setBehaviour({ releaseMs: 0 });
    expect((await assign("eni-1", 50)).status).toBe(200);
    emulator.control.setBehaviour({ releaseMs: 2000 });
    await unassign("eni-1", 50);
    emulator.control.putState(seed);
    expect((await assign("eni-1", 50)).status).toBe(200);
  });
});

describe("scattered picks", () => {
  beforeEach(() => {
    emulator.control.setBehaviour({ pick: "scattered" });
  });

  test("are not the lowest free addresses, and the same in every run with the same seed", async () => {
    const picked = await pick("eni-1", 5);
    expect(picked.filter((octet) => octet < 8)).toEqual([]);
    emulator.control.putState(seed);
    expect(await pick("eni-1", 5)).toEqual(picked);
    emulator.control.putState(seed);
    emulator.control.setBehaviour({ pickSeed: 1 });
    expect(await pick("eni-1", 5)).not.toEqual(picked);
  });

  test("take what was given up only when nothing else is free, the oldest first", async () => {
    emulator.control.putState({
      vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/28" }],
      networkInterfaces: [{ NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.1.1" }],
    });
    const first = await pick("eni-1", 3);
    await unassign("eni-1", ...first);
    const second = await pick("eni-1", 8);
    expect(second.filter((octet) => first.includes(octet))).toEqual([]);
    expect(await pick("eni-1", 3)).toEqual(first);
  });

  test("do not give back a prefix, nor addresses of one", async () => {
    const prefixes = await pickPrefixes("eni-1", 3);
    expect(prefixes[0]).not.toBe("10.0.1.16/28");
    await change("Unassign", "eni-1", list("Ipv4Prefix", prefixes));
    for (const prefix of await pickPrefixes("eni-1", 3)) expect(prefixes).not.toContain(prefix);
    const within = (octet: number) => `10.0.1.${octet - (octet % 16)}/28`;
    for (const octet of await pick("eni-1", 10)) expect(prefixes).not.toContain(within(octet));
  });

  test("are those of a new ENI as well", async () => {
    const eni = { ...region, VSwitchId: "vsw-1", SecurityGroupId: "sg-default" };
    const { body } = await emulator.call("CreateNetworkInterface", eni);
    expect(body.PrivateIpAddress).not.toBe("10.0.1.3");
  });
});

test.each([
  { pick: "random" },
  { pickSeed: -1 },
  { pickSeed: 1.5 },
  { releaseMs: -1 },
  { duplicatedAddress: true },
])("the behaviour %j is refused", (behaviour) => {
  expect(() => {
    emulator.control.setBehaviour(behaviour as never);
  }).toThrow(new RegExp(`^${Object.keys(behaviour).join("")}: `));
});

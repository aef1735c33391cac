import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { list } from "../testing/signing-client";
import { defaultBehaviour } from "../world/behaviour";
import type { StateDocument } from "../world/state-document";

const emulator = new EmulatorOnManualClock();
const { clock } = emulator;

beforeAll(() => emulator.start());
afterAll(() => emulator.close());

/** ENIs with ids 1 to n on one /24, the primary of eni-n being 10.0.1.n; eni-1 also has .20 and .21. */
function world(change: Partial<NonNullable<StateDocument["networkInterfaces"]>[number]> = {}): StateDocument {
  return {
    vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/24" }],
    instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large", Status: "Running" }],
    networkInterfaces: [
      {
        NetworkInterfaceId: "eni-1",
        PrivateIpSets: {
          PrivateIpSet: [
            { PrivateIpAddress: "10.0.1.1", Primary: true },
            { PrivateIpAddress: "10.0.1.20" },
            { PrivateIpAddress: "10.0.1.21" },
          ],
        },
        ...change,
      },
      { NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.1.2" },
      { NetworkInterfaceId: "eni-primary", InstanceId: "i-1", Type: "Primary", PrivateIpAddress: "10.0.1.3" },
    ],
  };
}

beforeEach(() => {
  emulator.control.putState(world());
  emulator.control.setBehaviour({
    batch: "atomic",
    maxAddressesPerCall: 10,
    transitionMs: 500,
    latencyMs: 0,
  });
});

function write(verb: "Assign" | "Unassign", eni: string, params: Record<string, string | number>) {
  return emulator.call(`${verb}PrivateIpAddresses`, {
    RegionId: "cn-hangzhou",
    NetworkInterfaceId: eni,
    ...params,
  });
}
const assign = (eni: string, ...addresses: string[]) =>
  write("Assign", eni, list("PrivateIpAddress", addresses));
const unassign = (eni: string, ...addresses: string[]) =>
  write("Unassign", eni, list("PrivateIpAddress", addresses));

function addressesOf(eni: string): string[] {
  return (emulator.eni(eni)?.PrivateIpSets.PrivateIpSet ?? []).map((ip) => ip.PrivateIpAddress);
}
const untouched = ["10.0.1.1", "10.0.1.20", "10.0.1.21"];
const addresses = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `10.0.1.${from + index}`);

describe.each(["Assign", "Unassign"] as const)("%s refuses", (verb) => {
  const one = { "PrivateIpAddress.1": verb === "Assign" ? "10.0.1.50" : "10.0.1.20" };

  test.each([
    ["no region", { RegionId: "" }, 403, "MissingParameter"],
    ["no ENI", { NetworkInterfaceId: "" }, 403, "MissingParameter"],
    ["a malformed address", { "PrivateIpAddress.1": "10.0.1.300" }, 400, "InvalidParameter"],
    ["a malformed region", { RegionId: "Hangzhou" }, 400, "InvalidRegionId.MalFormed"],
    ["an address with a suffix", { "PrivateIpAddress.1": "10.0.1.50/24" }, 400, "InvalidParameter"],
    ["an address with leading zeros", { "PrivateIpAddress.1": "10.0.1.050" }, 400, "InvalidParameter"],
    ["an address twice", { "PrivateIpAddress.2": one["PrivateIpAddress.1"] }, 403, "InvalidIp.IpRepeated"],
    ["eleven addresses", list("PrivateIpAddress", addresses(50, 11)), 400, "InvalidParameter"],
    [
      "a prefix of another length",
      { "PrivateIpAddress.1": "", "Ipv4Prefix.1": "10.0.1.0/27" },
      400,
      "InvalidParameter",
    ],
    ["addresses and prefixes", { "Ipv4Prefix.1": "10.0.1.64/28" }, 400, "InvalidParameter"],
    ["an unknown ENI", { NetworkInterfaceId: "eni-9" }, 404, "InvalidEniId.NotFound"],
    ["an ENI of another region", { RegionId: "cn-beijing" }, 404, "InvalidEniId.NotFound"],
    [
      "an address outside the vSwitch",
      { "PrivateIpAddress.1": "10.0.2.5" },
      403,
      "InvalidVSwitchId.IpInvalid",
    ],
  ])("%s", async (_, params, status, code) => {
    expect(await write(verb, "eni-1", { ...one, ...params })).toMatchObject({ status, body: { Code: code } });
    expect(addressesOf("eni-1")).toEqual(untouched);
  });

  test("a call that asks for nothing", async () => {
    expect(await write(verb, "eni-1", {})).toMatchObject({ status: 403, body: { Code: "MissingParameter" } });
  });

  test.each(["Attaching", "Detaching", "Deleting", "Creating", "CreateFailed"] as const)(
    "an ENI that is %s, and names both states",
    async (Status) => {
      emulator.control.putState(world({ Status }));
      expect(await write(verb, "eni-1", one)).toMatchObject({
        status: 400,
        body: {
          Code: "InvalidOperation.InvalidEniState",
          Message: `The operation is not allowed in the current ENI state. Expecting status is "Available|InUse" while current status is "${Status}".`,
        },
      });
    },
  );

  test("a service-managed ENI", async () => {
    emulator.control.putState(world({ ServiceManaged: true }));
    expect(await write(verb, "eni-1", one)).toMatchObject({
      status: 403,
      body: { Code: "InvalidOperation.EniServiceManaged" },
    });
  });

  test.each(["Pending", "Starting", "Stopping"])("a primary ENI whose instance is %s", async (Status) => {
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status }] });
    expect(await write(verb, "eni-primary", one)).toMatchObject({
      status: 400,
      body: { Code: "InvalidOperation.InvalidEcsState" },
    });
  });

  test("a second call for an ENI while the first one runs", async () => {
    emulator.control.setBehaviour({ latencyMs: 100 });
    const first = write(verb, "eni-1", one);
    await emulator.untilACallWaits();
    expect(await write(verb, "eni-1", one)).toMatchObject({
      status: 403,
      body: { Code: "Operation.Conflict", Message: "ecs task is conflicted." },
    });
    clock.advance(100);
    expect((await first).status).toBe(200);
  });
});

describe("Assign refuses", () => {
  test.each([
    ["an address that the ENI has", ["10.0.1.20"], 403, "InvalidIp.IpAssigned"],
    ["the ENI's primary address", ["10.0.1.1"], 403, "InvalidIp.IpAssigned"],
    ["an address of another ENI", ["10.0.1.2"], 400, "InvalidPrivateIpAddress.Duplicated"],
    ["the network address", ["10.0.1.0"], 403, "InvalidVSwitchId.IpInvalid"],
    ["the third last address", ["10.0.1.253"], 403, "InvalidVSwitchId.IpInvalid"],
    ["the broadcast address", ["10.0.1.255"], 403, "InvalidVSwitchId.IpInvalid"],
    ["good addresses with a bad one", ["10.0.1.50", "10.0.1.2"], 400, "InvalidPrivateIpAddress.Duplicated"],
  ])("%s", async (_, wanted, status, code) => {
    expect(await assign("eni-1", ...wanted)).toMatchObject({ status, body: { Code: code } });
    expect(addressesOf("eni-1")).toEqual(untouched);
  });

  test.each([
    [{ SecondaryPrivateIpAddressCount: 0 }],
    [{ SecondaryPrivateIpAddressCount: 11 }],
    [{ SecondaryPrivateIpAddressCount: "two" }],
    [{ Ipv4PrefixCount: 11 }],
    [{ SecondaryPrivateIpAddressCount: 1, "PrivateIpAddress.1": "10.0.1.50" }],
    [{ Ipv4PrefixCount: 1, "Ipv4Prefix.1": "10.0.1.64/28" }],
    [{ "PrivateIpAddress.1": "10.0.1.50", ClientToken: "x".repeat(65) }],
  ])("%j", async (params) => {
    expect(await write("Assign", "eni-1", params)).toMatchObject({
      status: 400,
      body: { Code: "InvalidParameter" },
    });
  });

  test("more addresses than the instance type allows, counting the primary and the prefixes", async () => {
    await write("Assign", "eni-primary", { Ipv4PrefixCount: 1 });
    expect((await assign("eni-primary", ...addresses(100, 4))).status).toBe(200);
    expect(await assign("eni-primary", "10.0.1.110")).toMatchObject({
      status: 403,
      body: { Code: "InvalidOperation.Ipv4CountExceeded" },
    });
  });

  test("a fiftieth secondary address on an ENI that is Available", async () => {
    for (let from = 100; from < 140; from += 10) await assign("eni-2", ...addresses(from, 10));
    expect((await assign("eni-2", ...addresses(140, 9))).status).toBe(200);
    expect(await write("Assign", "eni-2", { SecondaryPrivateIpAddressCount: 1 })).toMatchObject({
      status: 403,
      body: { Code: "InvalidOperation.Ipv4CountExceeded" },
    });
  });

  test("a count that the vSwitch has not left", async () => {
    emulator.control.putState({
      vSwitches: [{ VSwitchId: "vsw-small", CidrBlock: "10.0.1.0/29" }],
      networkInterfaces: [{ NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.1.1" }],
    });
    expect(await write("Assign", "eni-1", { SecondaryPrivateIpAddressCount: 4 })).toMatchObject({
      status: 403,
      body: { Code: "InvalidVSwitchId.IpNotEnough" },
    });
    expect((await write("Assign", "eni-1", { SecondaryPrivateIpAddressCount: 3 })).status).toBe(200);
  });

  test("an address within a prefix, and a prefix over an address", async () => {
    await write("Assign", "eni-2", { "Ipv4Prefix.1": "10.0.1.64/28" });
    expect(await assign("eni-1", "10.0.1.70")).toMatchObject({
      body: { Code: "InvalidPrivateIpAddress.Duplicated" },
    });
    expect(await write("Assign", "eni-2", { "Ipv4Prefix.1": "10.0.1.16/28" })).toMatchObject({
      body: { Code: "InvalidPrivateIpAddress.Duplicated" },
    });
  });

  test("a ClientToken that comes back with something else", async () => {
    await write("Assign", "eni-1", { "PrivateIpAddress.1": "10.0.1.50", ClientToken: "t" });
    expect(
      await write("Assign", "eni-1", { "PrivateIpAddress.1": "10.0.1.51", ClientToken: "t" }),
    ).toMatchObject({
      status: 400,
      body: { Code: "IdempotentParameterMismatch" },
    });
  });

  test("a ClientToken whose first call still runs", async () => {
    emulator.control.setBehaviour({ latencyMs: 100 });
    const call = () => write("Assign", "eni-1", { "PrivateIpAddress.1": "10.0.1.50", ClientToken: "t" });
    const first = call();
    await emulator.untilACallWaits();
    expect(await call()).toMatchObject({ status: 403, body: { Code: "LastTokenProcessing" } });
    clock.advance(100);
    expect((await first).status).toBe(200);
  });
});

describe("Unassign refuses", () => {
  test.each([
    ["the primary address", "10.0.1.1"],
    ["an address of another ENI", "10.0.1.2"],
    ["an address that no ENI has", "10.0.1.99"],
  ])("%s", async (_, address) => {
    expect(await unassign("eni-1", "10.0.1.20", address)).toMatchObject({
      status: 403,
      body: {
        Code: "InvalidIp.IpUnassigned",
        Message: `The specified IP "${address}" is not assigned on this ENI.`,
      },
    });
    expect(addressesOf("eni-1")).toEqual(untouched);
    expect(addressesOf("eni-2")).toEqual(["10.0.1.2"]);
  });

  test("a prefix that the ENI does not have", async () => {
    expect(await write("Unassign", "eni-1", { "Ipv4Prefix.1": "10.0.1.64/28" })).toMatchObject({
      status: 403,
      body: { Code: "InvalidIp.IpUnassigned" },
    });
  });
});

describe("with partial batches", () => {
  beforeEach(() => {
    emulator.control.setBehaviour({ batch: "partial" });
  });

  test("Assign gives the good addresses, and answers the error", async () => {
    expect(await assign("eni-1", "10.0.1.50", "10.0.1.2", "10.0.1.51")).toMatchObject({
      status: 400,
      body: { Code: "InvalidPrivateIpAddress.Duplicated" },
    });
    expect(addressesOf("eni-1")).toEqual([...untouched, "10.0.1.50", "10.0.1.51"]);
  });

  test("Unassign takes the good addresses, and never the primary", async () => {
    expect(await unassign("eni-1", "10.0.1.1", "10.0.1.20", "10.0.1.2")).toMatchObject({
      status: 403,
      body: { Code: "InvalidIp.IpUnassigned" },
    });
    expect(addressesOf("eni-1")).toEqual(["10.0.1.1", "10.0.1.21"]);
    expect(addressesOf("eni-2")).toEqual(["10.0.1.2"]);
  });
});

test("Assign gives named addresses, and says which", async () => {
  const { status, body } = await assign("eni-1", "10.0.1.50", "10.0.1.51");
  expect(status).toBe(200);
  expect(body.AssignedPrivateIpAddressesSet).toEqual({
    NetworkInterfaceId: "eni-1",
    PrivateIpSet: { PrivateIpAddress: ["10.0.1.50", "10.0.1.51"] },
    Ipv4PrefixSet: { Ipv4Prefixes: [] },
  });
});

test("Assign picks addresses that are free", async () => {
  const { body } = await write("Assign", "eni-1", { SecondaryPrivateIpAddressCount: 2 });
  expect(body.AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress).toEqual(["10.0.1.4", "10.0.1.5"]);
});

test("Assign picks prefixes that are free, and Unassign takes them back", async () => {
  const { body } = await write("Assign", "eni-1", { Ipv4PrefixCount: 2 });
  expect(body.AssignedPrivateIpAddressesSet.Ipv4PrefixSet.Ipv4Prefixes).toEqual([
    "10.0.1.32/28",
    "10.0.1.48/28",
  ]);
  await write("Unassign", "eni-1", { "Ipv4Prefix.1": "10.0.1.32/28" });
  const [eni] = emulator.control.state().networkInterfaces;
  expect(eni?.Ipv4PrefixSets.Ipv4PrefixSet).toEqual([{ Ipv4Prefix: "10.0.1.48/28" }]);
});

test("the same ClientToken gives the same answer without a second effect", async () => {
  const call = () => write("Assign", "eni-1", { SecondaryPrivateIpAddressCount: 2, ClientToken: "t" });
  const [first, second] = [await call(), await call()];
  expect(second.body.AssignedPrivateIpAddressesSet).toEqual(first.body.AssignedPrivateIpAddressesSet);
  expect(second.body.RequestId).not.toBe(first.body.RequestId);
  expect(addressesOf("eni-1")).toHaveLength(5);
});

describe("a ClientToken whose call failed", () => {
  const call = (address = "10.0.1.2", ClientToken = "t") =>
    write("Assign", "eni-1", { "PrivateIpAddress.1": address, ClientToken });
  /** Fails while eni-2 has the address, and would succeed from then on. */
  async function failOnce() {
    expect((await call()).body.Code).toBe("InvalidPrivateIpAddress.Duplicated");
    emulator.control.patchState({
      networkInterfaces: [{ NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.1.9", PrivateIpSets: null }],
    });
  }

  test("may be used again", async () => {
    await failOnce();
    expect((await call()).status).toBe(200);
  });

  test("is burnt where the emulator is told so, and another one is not", async () => {
    emulator.control.setBehaviour({ failedClientTokens: "burnt" });
    await failOnce();
    const burnt = { status: 400, body: { Code: "IdempotentFailed" } };
    expect(await call()).toMatchObject(burnt);
    expect(await call()).toMatchObject(burnt);
    expect((await call("10.0.1.50")).body.Code).toBe("IdempotentParameterMismatch");
    expect((await call("10.0.1.2", "another")).status).toBe(200);
    // Of one that has succeeded, nothing changes.
    expect((await call("10.0.1.2", "another")).status).toBe(200);
  });

  test("is burnt by a conflict as well, and by the part of a batch that is done", async () => {
    emulator.control.setBehaviour({ failedClientTokens: "burnt", batch: "partial", latencyMs: 100 });
    const first = call("10.0.1.50", "first");
    await emulator.untilACallWaits();
    expect((await call("10.0.1.51", "second")).body.Code).toBe("Operation.Conflict");
    clock.advance(100);
    expect((await first).status).toBe(200);
    emulator.control.setBehaviour({ latencyMs: 0 });
    expect((await call("10.0.1.51", "second")).body.Code).toBe("IdempotentFailed");
    const half = () =>
      write("Assign", "eni-1", {
        "PrivateIpAddress.1": "10.0.1.2",
        "PrivateIpAddress.2": "10.0.1.52",
        ClientToken: "half",
      });
    expect((await half()).body.Code).toBe("InvalidPrivateIpAddress.Duplicated");
    expect(addressesOf("eni-1")).toContain("10.0.1.52");
    expect((await half()).body.Code).toBe("IdempotentFailed");
  });
});

test("Unassign of an address unbinds its EIP", async () => {
  emulator.control.patchState({
    eips: [{ AllocationId: "eip-1", InstanceId: "eni-1", PrivateIpAddress: "10.0.1.20" }],
  });
  expect((await unassign("eni-1", "10.0.1.20")).status).toBe(200);
  const [eip] = emulator.control.state().eips;
  expect(eip?.InstanceId).toBeUndefined();
});

test.each([
  [32, 404, "InvalidEniId.NotFound"],
  [33, 400, "InvalidParameter"],
])("by default a call may have 32 addresses: %i get %i", async (count, status, code) => {
  emulator.control.setBehaviour({ maxAddressesPerCall: defaultBehaviour.maxAddressesPerCall });
  const addresses = Array.from({ length: count }, (_, index) => `10.0.1.${index + 20}`);
  for (const verb of ["Assign", "Unassign"] as const) {
    const answer = await write(verb, "eni-none", list("PrivateIpAddress", addresses));
    expect([answer.status, answer.body.Code]).toEqual([status, code]);
  }
});

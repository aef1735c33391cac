import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { list } from "../testing/signing-client";
import { instanceStatuses } from "../world/resources";

const region = { RegionId: "cn-hangzhou" };
const emulator = new EmulatorOnManualClock();

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.putState({
    vpcs: [{ VpcId: "vpc-1", Ipv6CidrBlock: "2001:db8:1::/56" }],
    vSwitches: [
      { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24", Ipv6CidrBlock: "2001:db8:1::/64" },
      { VSwitchId: "vsw-4", VpcId: "vpc-1", CidrBlock: "10.0.4.0/24" },
    ],
    instances: [
      { InstanceId: "i-6", InstanceType: "ecs.g6.large" },
      { InstanceId: "i-7", InstanceType: "ecs.g7.large" },
    ],
    networkInterfaces: [
      { NetworkInterfaceId: "eni-1", Ipv6Sets: { Ipv6Set: [{ Ipv6Address: "2001:db8:1::5" }] } },
      { NetworkInterfaceId: "eni-2", Ipv6Sets: { Ipv6Set: [{ Ipv6Address: "2001:db8:1::6" }] } },
      { NetworkInterfaceId: "eni-4", VSwitchId: "vsw-4" },
      { NetworkInterfaceId: "eni-p6", InstanceId: "i-6", Type: "Primary" },
      { NetworkInterfaceId: "eni-p7", InstanceId: "i-7", Type: "Primary" },
    ],
  });
});

const call = (verb: "Assign" | "Unassign", eni: string, params: Record<string, string | number>) =>
  emulator.call(`${verb}Ipv6Addresses`, { ...region, NetworkInterfaceId: eni, ...params });
function ipv6Of(id: string): string[] {
  const eni = emulator.eni(id);
  const addresses = eni?.Ipv6Sets.Ipv6Set.map((set) => set.Ipv6Address) ?? [];
  return [...addresses, ...(eni?.Ipv6PrefixSets.Ipv6PrefixSet.map((set) => set.Ipv6Prefix) ?? [])];
}
const addresses = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `2001:db8:1::${(from + index).toString(16)}`);

describe.each(["Assign", "Unassign"] as const)("%sIpv6Addresses refuses", (verb) => {
  const one = { "Ipv6Address.1": verb === "Assign" ? "2001:db8:1::50" : "2001:db8:1::5" };

  test.each([
    ["no region", "eni-1", { RegionId: "" }, 403, "MissingParameter"],
    ["no ENI", "", {}, 403, "MissingParameter"],
    ["nothing to do", "eni-1", { "Ipv6Address.1": undefined }, 403, "MissingParameter"],
    ["an IPv4 address", "eni-1", { "Ipv6Address.1": "10.0.1.5" }, 400, "InvalidParameter"],
    ["an address with a length", "eni-1", { "Ipv6Address.1": "2001:db8:1::50/64" }, 400, "InvalidParameter"],
    ["a hole", "eni-1", { "Ipv6Address.3": "2001:db8:1::51" }, 400, "InvalidParameter"],
    ["eleven", "eni-1", list("Ipv6Address", addresses(0x50, 11)), 400, "InvalidParameter"],
    ["a prefix of another length", "eni-1", { "Ipv6Prefix.1": "2001:db8:1::/64" }, 400, "InvalidParameter"],
    ["an unknown ENI", "eni-9", {}, 404, "InvalidEniId.NotFound"],
  ])("%s", async (_, eni, change, status, code) => {
    const params = Object.fromEntries(
      Object.entries({ ...one, ...change }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    expect(await call(verb, eni, params)).toMatchObject({ status, body: { Code: code } });
    expect(ipv6Of("eni-1")).toEqual(["2001:db8:1::5"]);
  });

  test("the same address twice, in two spellings", async () => {
    const again = { "Ipv6Address.2": one["Ipv6Address.1"].replace("::", ":0:0::") };
    expect((await call(verb, "eni-1", { ...one, ...again })).body.Code).toBe("InvalidIp.IpRepeated");
  });

  test.each(instanceStatuses.filter((status) => status !== "Running" && status !== "Stopped"))(
    "a primary ENI whose instance is %s",
    async (Status) => {
      emulator.control.patchState({ instances: [{ InstanceId: "i-6", Status }] });
      expect((await call(verb, "eni-p6", one)).body.Code).toBe("InvalidOperation.InvalidEcsState");
    },
  );

  test.each(["Attaching", "Detaching", "Deleting"])("an ENI that is %s", async (Status) => {
    emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status }] });
    expect((await call(verb, "eni-1", one)).body.Code).toBe("InvalidOperation.InvalidEniState");
  });

  test("a service-managed ENI", async () => {
    emulator.control.patchState({
      networkInterfaces: [{ NetworkInterfaceId: "eni-1", ServiceManaged: true, ServiceID: 42 }],
    });
    expect((await call(verb, "eni-1", one)).body.Code).toBe("InvalidOperation.EniServiceManaged");
  });
});

describe("AssignIpv6Addresses refuses", () => {
  test.each([
    ["its own address", { "Ipv6Address.1": "2001:db8:1::5" }, 403, "InvalidIp.IpAssigned"],
    ["a foreign address", { "Ipv6Address.1": "2001:db8:1::6" }, 400, "InvalidPrivateIpAddress.Duplicated"],
    ["an address outside", { "Ipv6Address.1": "2001:db8:2::6" }, 403, "InvalidIp.Address"],
    ["the first address", { "Ipv6Address.1": "2001:db8:1::" }, 403, "InvalidIp.Address"],
    [
      "one of the last nine",
      { "Ipv6Address.1": "2001:db8:1::ffff:ffff:ffff:fff7" },
      403,
      "InvalidIp.Address",
    ],
    ["a prefix outside", { "Ipv6Prefix.1": "2001:db8:2::/80" }, 403, "InvalidIp.Address"],
    [
      "a list and a count",
      { "Ipv6Address.1": "2001:db8:1::50", Ipv6AddressCount: 1 },
      400,
      "InvalidParameter",
    ],
    ["too high a count", { Ipv6PrefixCount: 11 }, 400, "InvalidParameter"],
    ["an eleventh address", { Ipv6AddressCount: 10 }, 403, "MaxEniIpv6IpsCountExceeded"],
  ])("%s", async (_, params, status, code) => {
    expect(await call("Assign", "eni-1", params)).toMatchObject({ status, body: { Code: code } });
    expect(ipv6Of("eni-1")).toEqual(["2001:db8:1::5"]);
  });

  test("a vSwitch without IPv6", async () => {
    expect((await call("Assign", "eni-4", { Ipv6AddressCount: 1 })).body.Code).toBe(
      "InvalidVSwitch.Ipv6NotTurnOn",
    );
  });

  test("more than the instance type allows: one of the sixth generation, as many as IPv4 of the seventh", async () => {
    for (const [eni, quota] of [
      ["eni-p6", 1],
      ["eni-p7", 6],
    ] as const) {
      expect((await call("Assign", eni, { Ipv6AddressCount: quota })).status).toBe(200);
      expect((await call("Assign", eni, { Ipv6AddressCount: 1 })).body.Code).toBe(
        "InvalidOperation.Ipv6CountExceeded",
      );
    }
  });
});

test("Attach refuses an ENI with more IPv6 addresses than the instance type allows", async () => {
  await call("Assign", "eni-1", { Ipv6AddressCount: 1 });
  const attach = (InstanceId: string) =>
    emulator.call("AttachNetworkInterface", { ...region, NetworkInterfaceId: "eni-1", InstanceId });
  expect((await attach("i-6")).body.Code).toBe("InvalidOperation.Ipv6CountExceeded");
  expect((await attach("i-7")).status).toBe(200);
});

test("Unassign refuses a foreign address, and keeps the good ones of the batch", async () => {
  const batch = list("Ipv6Address", ["2001:db8:1::5", "2001:db8:1::6"]);
  expect(await call("Unassign", "eni-1", batch)).toMatchObject({
    status: 403,
    body: { Code: "InvalidIp.IpUnassigned" },
  });
  expect(ipv6Of("eni-1")).toEqual(["2001:db8:1::5"]);
  expect(ipv6Of("eni-2")).toEqual(["2001:db8:1::6"]);
});

test("Assign answers at the top level, a repeated token the same, and Unassign takes everything back", async () => {
  const wanted = { "Ipv6Address.1": "2001:0DB8:1:0::0050", Ipv6PrefixCount: 1, ClientToken: "t" };
  const { body } = await call("Assign", "eni-1", wanted);
  expect(body).toMatchObject({
    NetworkInterfaceId: "eni-1",
    Ipv6Sets: { Ipv6Address: ["2001:db8:1::50"] },
    Ipv6PrefixSets: { Ipv6Prefix: ["2001:db8:1:0:1::/80"] },
  });
  expect((await call("Assign", "eni-1", wanted)).status).toBe(200);
  expect(ipv6Of("eni-1")).toEqual(["2001:db8:1::5", "2001:db8:1::50", "2001:db8:1:0:1::/80"]);
  const listed = await emulator.call("DescribeNetworkInterfaces", {
    ...region,
    "Ipv6Address.1": "2001:db8:1:0::50",
  });
  expect(listed.body.NetworkInterfaceSets.NetworkInterfaceSet.map((eni) => eni.NetworkInterfaceId)).toEqual([
    "eni-1",
  ]);
  const back = { ...list("Ipv6Address", ["2001:db8:1::50"]), "Ipv6Prefix.1": "2001:db8:1:0:1::/80" };
  expect((await call("Unassign", "eni-1", back)).status).toBe(200);
  expect(ipv6Of("eni-1")).toEqual(["2001:db8:1::5"]);
});

test("CreateNetworkInterface gives IPv6 addresses, and none above the limit", async () => {
  const wanted = { ...region, VSwitchId: "vsw-1", SecurityGroupId: "sg-1" };
  const create = (params: Record<string, number>) =>
    emulator.call("CreateNetworkInterface", { ...wanted, ...params });
  const { body } = await create({ Ipv6AddressCount: 2 });
  expect(ipv6Of(body.NetworkInterfaceId)).toEqual(["2001:db8:1::1", "2001:db8:1::2"]);
  expect((await create({ Ipv6AddressCount: 10, Ipv6PrefixCount: 1 })).body.Code).toBe(
    "MaxEniIpv6IpsCountExceeded",
  );
});

import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const region = { RegionId: "cn-hangzhou" };

const twoDigits = (index: number) => String(index).padStart(2, "0");

/** Thirty ENIs; eni-00 is a primary one, eni-29 is in another region. */
const emulator = new EmulatorOnManualClock({
  seed: {
    vpcs: [{ VpcId: "vpc-1" }, { VpcId: "vpc-2", RegionId: "cn-beijing" }],
    vSwitches: [
      { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24" },
      { VSwitchId: "vsw-2", VpcId: "vpc-2", CidrBlock: "10.0.1.0/24" },
    ],
    instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large", Status: "Stopped" }],
    networkInterfaces: Array.from({ length: 30 }, (_, index) => ({
      NetworkInterfaceId: `eni-${twoDigits(index)}`,
      VSwitchId: index === 29 ? "vsw-2" : "vsw-1",
      PrivateIpAddress: `10.0.1.${index + 1}`,
      ...(index === 0 && { Type: "Primary" as const, InstanceId: "i-1" }),
      ...(index === 1 && {
        Status: "Detaching" as const,
        NetworkInterfaceName: "named",
        ServiceManaged: true,
        SecurityGroupIds: { SecurityGroupId: ["sg-other"] },
        Tags: { Tag: [{ TagKey: "team", TagValue: "edge" }] },
        PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: "10.0.1.200" }] },
      }),
    })),
  },
});
beforeAll(() => emulator.start());
afterAll(() => emulator.close());

async function enis(params: Record<string, string | number>) {
  const { body } = await emulator.call("DescribeNetworkInterfaces", { ...region, ...params });
  const ids = body.NetworkInterfaceSets.NetworkInterfaceSet.map((eni) => eni.NetworkInterfaceId);
  return { ids, body };
}

describe("DescribeNetworkInterfaces", () => {
  test.each([
    [{ RegionId: "" }, 400, "MissingParameter"],
    [{ RegionId: "Hangzhou" }, 400, "InvalidRegionId.MalFormed"],
    [{ NextToken: "guess" }, 400, "InvalidParameter"],
    [{ MaxResults: "many" }, 400, "InvalidParameter"],
    [{ PageSize: 1001 }, 400, "InvalidParameter"],
    [{ Type: "Tertiary" }, 400, "InvalidParameter"],
    [{ Status: "Gone" }, 400, "InvalidParameter"],
    [{ ServiceManaged: "perhaps" }, 400, "InvalidParameter"],
    [
      Object.fromEntries(
        Array.from({ length: 101 }, (_, index) => [`NetworkInterfaceId.${index + 1}`, `eni-${index}`]),
      ),
      400,
      "InvalidParameter",
    ],
  ])("refuses %j", async (params, status, code) => {
    expect(await emulator.call("DescribeNetworkInterfaces", { ...region, ...params })).toMatchObject({
      status,
      body: { Code: code },
    });
  });

  test("gives ten, even where more ids are given", async () => {
    const ids = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`NetworkInterfaceId.${index + 1}`, `eni-${index + 10}`]),
    );
    expect((await enis(ids)).ids).toHaveLength(10);
    expect((await enis({ ...ids, MaxResults: 100 })).ids).toHaveLength(19);
  });

  test.each([
    [1, 10],
    [15, 15],
    [1000, 29],
  ])("MaxResults %i gives %i", async (MaxResults, length) => {
    expect((await enis({ MaxResults })).ids).toHaveLength(length);
  });

  test("the tokens lead through every ENI of the region once", async () => {
    const seen: string[] = [];
    let token = "";
    do {
      const { ids, body } = await enis({ MaxResults: 10, ...(token !== "" && { NextToken: token }) });
      seen.push(...ids);
      token = body.NextToken;
    } while (token !== "");
    expect(seen).toEqual(Array.from({ length: 29 }, (_, index) => `eni-${String(index).padStart(2, "0")}`));
  });

  test("the last page has a token that leads to an empty one, where the emulator is told so", async () => {
    emulator.control.setBehaviour({ lastPageNextToken: "given" });
    try {
      const one = await enis({ "NetworkInterfaceId.1": "eni-05" });
      expect(one.body.TotalCount).toBe(1);
      expect(one.body.NextToken).not.toBe("");
      const pages: number[] = [];
      let token: string | undefined;
      do {
        const { ids, body } = await enis({
          MaxResults: 29,
          ...(token !== undefined && { NextToken: token }),
        });
        pages.push(ids.length);
        token = body.NextToken;
      } while (token !== "");
      expect(pages).toEqual([29, 0]);
    } finally {
      emulator.control.setBehaviour({ lastPageNextToken: "empty" });
    }
  });

  test("a page of 1,000 is accepted, as Cilium's operator asks for it", async () => {
    const { ids, body } = await enis({ PageNumber: 1, PageSize: 1000 });
    expect(ids).toHaveLength(29);
    expect(body).toMatchObject({ PageSize: 1000 });
  });

  test("pages by number", async () => {
    const { ids, body } = await enis({ PageNumber: 3, PageSize: 12 });
    expect(ids).toEqual(["eni-24", "eni-25", "eni-26", "eni-27", "eni-28"]);
    expect(body).toMatchObject({ TotalCount: 29, PageNumber: 3, PageSize: 12 });
  });

  test.each([
    [{ "NetworkInterfaceId.1": "eni-05", "NetworkInterfaceId.2": "eni-unknown" }, ["eni-05"]],
    [{ "NetworkInterfaceId.1": "eni-29" }, []],
    [{ InstanceId: "i-1" }, ["eni-00"]],
    [{ Type: "Primary" }, ["eni-00"]],
    [{ Status: "Detaching" }, ["eni-01"]],
    [{ VpcId: "vpc-2" }, []],
    [{ ResourceGroupId: "rg-1" }, []],
    [{ VSwitchId: "vsw-1", PrimaryIpAddress: "10.0.1.8" }, ["eni-07"]],
    [{ "PrivateIpAddress.1": "10.0.1.200" }, ["eni-01"]],
    [{ "PrivateIpAddress.1": "10.0.1.2" }, []],
    [{ NetworkInterfaceName: "named" }, ["eni-01"]],
    [{ ServiceManaged: "true" }, ["eni-01"]],
    [{ SecurityGroupId: "sg-other" }, ["eni-01"]],
    [{ "Tag.1.Key": "team" }, ["eni-01"]],
    [{ "Tag.1.Key": "team", "Tag.1.Value": "core" }, []],
  ])("by %j", async (params, expected) => {
    expect((await enis(params)).ids).toEqual(expected);
  });

  test("another region has its own", async () => {
    expect((await enis({ RegionId: "cn-beijing" })).ids).toEqual(["eni-29"]);
  });

  test("an ENI has the documented form", async () => {
    const { body } = await enis({ "NetworkInterfaceId.1": "eni-00" });
    expect(body.NetworkInterfaceSets.NetworkInterfaceSet[0]).toMatchObject({
      Status: "InUse",
      Type: "Primary",
      InstanceId: "i-1",
      VpcId: "vpc-1",
      VSwitchId: "vsw-1",
      ZoneId: "cn-hangzhou-a",
      PrivateIpAddress: "10.0.1.1",
      PrivateIpSets: {
        PrivateIpSet: [{ PrivateIpAddress: "10.0.1.1", Primary: true, AssociatedPublicIp: {} }],
      },
      Ipv4PrefixSets: { Ipv4PrefixSet: [] },
      ServiceManaged: false,
    });
  });
});

test("DescribeInstanceStatus tells the states of the instances that are there", async () => {
  const { body } = await emulator.call("DescribeInstanceStatus", {
    ...region,
    "InstanceId.1": "i-1",
    "InstanceId.2": "i-unknown",
  });
  expect(body.InstanceStatuses.InstanceStatus).toEqual([{ InstanceId: "i-1", Status: "Stopped" }]);
});

describe("DescribeInstances", () => {
  test.each(["i-1", '{"i-1":1}', "[1]", "["])("refuses the ids %p", async (InstanceIds) => {
    expect(await emulator.call("DescribeInstances", { ...region, InstanceIds })).toMatchObject({
      status: 400,
      body: { Code: "InvalidParameter" },
    });
  });

  test("gives an instance with its ENIs", async () => {
    const { body } = await emulator.call("DescribeInstances", { ...region, InstanceIds: '["i-1","i-9"]' });
    expect(body.Instances.Instance).toMatchObject([
      {
        InstanceId: "i-1",
        Status: "Stopped",
        InstanceType: "ecs.g6.large",
        VpcAttributes: { VpcId: "vpc-1", VSwitchId: "vsw-1", PrivateIpAddress: { IpAddress: ["10.0.1.1"] } },
        NetworkInterfaces: { NetworkInterface: [{ NetworkInterfaceId: "eni-00", Type: "Primary" }] },
      },
    ]);
  });

  test("by status", async () => {
    const { body } = await emulator.call("DescribeInstances", { ...region, Status: "Running" });
    expect(body.Instances.Instance).toEqual([]);
  });
});

test("DescribeInstanceTypes gives the quotas, the primary address included", async () => {
  const { body } = await emulator.call("DescribeInstanceTypes", {
    "InstanceTypes.1": "ecs.g6.large",
    "InstanceTypes.2": "ecs.unknown",
  });
  expect(body.InstanceTypes.InstanceType).toMatchObject([
    { InstanceTypeId: "ecs.g6.large", EniQuantity: 2, EniPrivateIpAddressQuantity: 6 },
  ]);
});

test.each([
  ["ecs.c8i.48xlarge", "ecs.c8i", 192, 512, 15, 50, 50],
  ["ecs.g8y.small", "ecs.g8y", 1, 4, 2, 3, 3],
  ["ecs.r9i.32xlarge", "ecs.r9i", 128, 1024, 15, 30, 30],
  ["ecs.u1-c1m8.2xlarge", "ecs.u1", 8, 64, 4, 10, 2],
  ["ecs.e-c1m2.xlarge", "ecs.e", 4, 8, 2, 6, 1],
])("DescribeInstanceTypes: %s", async (id, family, cpus, memoryGiB, enis, ipv4, ipv6) => {
  const { body } = await emulator.call("DescribeInstanceTypes", { "InstanceTypes.1": id });
  expect(body.InstanceTypes.InstanceType).toMatchObject([
    {
      ...{ InstanceTypeFamily: family, CpuCoreCount: cpus, MemorySize: memoryGiB, EniQuantity: enis },
      ...{ EniPrivateIpAddressQuantity: ipv4, EniIpv6AddressQuantity: ipv6 },
    },
  ]);
});

describe("DescribeVSwitches", () => {
  test.each(["2014-05-26", "2016-04-28"])(
    "of version %s gives the CIDR block and what is free",
    async (version) => {
      const { body } = await emulator.call(
        "DescribeVSwitches",
        { ...region, VSwitchId: "vsw-1" },
        { version },
      );
      expect(body.VSwitches.VSwitch).toMatchObject([
        { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24", AvailableIpAddressCount: 252 - 30 },
      ]);
    },
  );

  test("needs a region or a VPC", async () => {
    const version = "2016-04-28";
    expect(await emulator.call("DescribeVSwitches", {}, { version })).toMatchObject({
      status: 400,
      body: { Code: "MissingParameter", HostId: "vpc.cn-hangzhou.aliyuncs.com" },
    });
    expect((await emulator.call("DescribeVSwitches", { VpcId: "vpc-2" }, { version })).body.TotalCount).toBe(
      1,
    );
  });
});

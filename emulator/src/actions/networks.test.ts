import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const region = { RegionId: "cn-hangzhou" };
const emulator = new EmulatorOnManualClock({ behaviour: { transitionMs: 1000 } });
const { clock } = emulator;

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.putState({
    vpcs: [{ VpcId: "vpc-1", Ipv6CidrBlock: "2001:db8:1::/56", VpcName: "edge" }, { VpcId: "vpc-2" }],
    vSwitches: [
      { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24", Ipv6CidrBlock: "2001:db8:1::/64" },
      { VSwitchId: "vsw-2", VpcId: "vpc-1", CidrBlock: "10.0.2.0/24" },
    ],
    networkInterfaces: [{ NetworkInterfaceId: "eni-1", VSwitchId: "vsw-1" }],
  });
});

const vpc = (action: string, params: Record<string, string | number> = {}) =>
  emulator.call(action, { ...region, ...params }, { version: "2016-04-28" });
const ecs = (action: string, params: Record<string, string | number> = {}) =>
  emulator.call(action, { ...region, ...params });
/** All of an answer, whatever its fields. */
const whole = async (answer: Promise<{ body: unknown }>) => (await answer).body as Record<string, unknown>;
const states = () => {
  const { vpcs, vSwitches } = emulator.control.state();
  return Object.fromEntries([
    ...vpcs.map(({ VpcId, Status }) => [VpcId, Status] as const),
    ...vSwitches.map(({ VSwitchId, Status }) => [VSwitchId, Status] as const),
  ]);
};

describe("DeleteVSwitch", () => {
  test.each([
    ["no id", {}, 400, "MissingParameter"],
    ["an unknown one", { VSwitchId: "vsw-9" }, 404, "InvalidVSwitchId.NotFound"],
    [
      "one of another region",
      { VSwitchId: "vsw-2", RegionId: "cn-beijing" },
      404,
      "InvalidVSwitchId.NotFound",
    ],
    ["one with an ENI", { VSwitchId: "vsw-1" }, 400, "DependencyViolation"],
    ["nothing, in a dry run", { VSwitchId: "vsw-2", DryRun: "true" }, 400, "DryRunOperation"],
  ])("refuses %s", async (_, params, status, code) => {
    expect(await vpc("DeleteVSwitch", params)).toMatchObject({ status, body: { Code: code } });
    expect(states()).toEqual({
      "vpc-1": "Available",
      "vpc-2": "Available",
      "vsw-1": "Available",
      "vsw-2": "Available",
    });
  });

  test("takes its time: Pending, then gone; one at a time in a VPC", async () => {
    await ecs("DeleteNetworkInterface", { NetworkInterfaceId: "eni-1" });
    clock.advance(1000);
    expect((await vpc("DeleteVSwitch", { VSwitchId: "vsw-2" })).status).toBe(200);
    expect(states()).toMatchObject({ "vsw-2": "Pending" });
    expect(await vpc("DeleteVSwitch", { VSwitchId: "vsw-2" })).toMatchObject({
      status: 400,
      body: { Code: "IncorrectVSwitchStatus", Message: "vpc subnet is in middle status." },
    });
    expect((await vpc("DeleteVSwitch", { VSwitchId: "vsw-1" })).body.Code).toBe(
      "OperationDenied.OtherSubnetProcessing",
    );
    clock.advance(1000);
    expect(states()).not.toHaveProperty("vsw-2");
    expect((await vpc("DeleteVSwitch", { VSwitchId: "vsw-1" })).status).toBe(200);
  });
});

describe("DeleteVpc", () => {
  test.each([
    ["an unknown one", { VpcId: "vpc-9" }, 404, "InvalidVpcId.NotFound"],
    ["one with vSwitches", { VpcId: "vpc-1" }, 400, "DependencyViolation.VSwitch"],
    ["nothing, in a dry run", { VpcId: "vpc-2", DryRun: "true" }, 400, "DryRunOperation"],
  ])("refuses %s", async (_, params, status, code) => {
    expect(await vpc("DeleteVpc", params)).toMatchObject({ status, body: { Code: code } });
    expect(states()).toMatchObject({ "vpc-1": "Available", "vpc-2": "Available" });
  });

  test("refuses one with a security group that a client made", async () => {
    const group = { VpcId: "vpc-2", SecurityGroupName: "edge" };
    const { SecurityGroupId = "" } = (await whole(ecs("CreateSecurityGroup", group))) as Record<
      string,
      string
    >;
    expect((await vpc("DeleteVpc", { VpcId: "vpc-2" })).body.Code).toBe("DependencyViolation.SecurityGroup");
    expect((await ecs("DeleteSecurityGroup", { SecurityGroupId })).status).toBe(200);
    expect((await vpc("DeleteVpc", { VpcId: "vpc-2" })).status).toBe(200);
  });

  test("takes its time, and its own security group goes with it", async () => {
    await vpc("DeleteVpc", { VpcId: "vpc-2" });
    expect((await whole(vpc("DescribeVpcAttribute", { VpcId: "vpc-2" }))).Status).toBe("Deleting");
    expect((await vpc("DeleteVpc", { VpcId: "vpc-2" })).body.Code).toBe("IncorrectVpcStatus");
    clock.advance(1000);
    expect(await vpc("DescribeVpcAttribute", { VpcId: "vpc-2" })).toMatchObject({
      status: 404,
      body: { Code: "InvalidVpcId.NotFound", Message: "Specified VPC does not exist." },
    });
    const { body } = await ecs("DescribeSecurityGroups");
    expect(body.SecurityGroups.SecurityGroup.map(({ SecurityGroupId }) => SecurityGroupId)).toEqual(["sg-1"]);
  });
});

describe("security groups", () => {
  test.each([
    ["CreateSecurityGroup", { VpcId: "vpc-9" }, 404, "InvalidVpcId.NotFound"],
    ["CreateSecurityGroup", { VpcId: "vpc-1", SecurityGroupName: "1st" }, 400, "InvalidParameter"],
    ["CreateSecurityGroup", { VpcId: "vpc-1", SecurityGroupType: "huge" }, 400, "InvalidParameter"],
    ["DeleteSecurityGroup", { SecurityGroupId: "sg-9" }, 404, "InvalidSecurityGroupId.NotFound"],
    ["DeleteSecurityGroup", { SecurityGroupId: "sg-1" }, 403, "DependencyViolation"],
    ["DeleteSecurityGroup", { SecurityGroupId: "sg-2" }, 403, "DependencyViolation"],
    ["DescribeSecurityGroups", { SecurityGroupIds: "sg-1" }, 400, "InvalidParameter"],
    ["DescribeSecurityGroups", { PageNumber: 1, PageSize: 51 }, 400, "InvalidParameter"],
    ["DescribeSecurityGroups", { DryRun: "true" }, 400, "DryRunOperation"],
  ])("%s refuses %j", async (action, params, status, code) => {
    expect(await ecs(action, params)).toMatchObject({ status, body: { Code: code } });
  });

  test.each([
    [{ VpcId: "vpc-2" }, ["sg-2"]],
    [{ SecurityGroupIds: '["sg-1","sg-9"]' }, ["sg-1"]],
    [{ SecurityGroupId: "sg-2" }, ["sg-2"]],
    [{ NetworkType: "classic" }, []],
    [{ SecurityGroupType: "enterprise" }, []],
    [{ ServiceManaged: "true" }, []],
    [{ "Tag.1.Key": "team" }, []],
  ])("by %j", async (params, expected) => {
    const { body } = await ecs("DescribeSecurityGroups", params);
    expect(body.SecurityGroups.SecurityGroup.map((group) => group.SecurityGroupId)).toEqual(expected);
  });
});

describe("listings of networks", () => {
  test.each([
    ["DescribeVSwitches", { PageSize: 51 }, "InvalidParameter"],
    ["DescribeVSwitches", { PageNumber: 0 }, "InvalidParameter"],
    ["DescribeVSwitches", { EnableIpv6: "perhaps" }, "InvalidParameter"],
    ["DescribeVSwitchAttributes", { VSwitchId: "vsw-9" }, "InvalidVSwitchId.NotFound"],
    ["DescribeVSwitchAttributes", {}, "MissingParameter"],
    [
      "DescribeVpcs",
      { VpcId: Array.from({ length: 21 }, (_, n) => `vpc-${n}`).join(",") },
      "InvalidParameter",
    ],
    ["DescribeVpcs", { DryRun: "true" }, "DryRunOperation"],
  ])("%s refuses %j", async (action, params, code) => {
    expect((await vpc(action, params as Record<string, string | number>)).body.Code).toBe(code);
  });

  test.each([
    [{ EnableIpv6: "true" }, ["vsw-1"]],
    [{ EnableIpv6: "false" }, ["vsw-2"]],
    [{ IsDefault: "true" }, []],
    [{ VSwitchId: "vsw-2" }, ["vsw-2"]],
    [{ ZoneId: "cn-hangzhou-b" }, []],
    [{ PageNumber: 2, PageSize: 1 }, ["vsw-2"]],
  ])("vSwitches by %j", async (params, expected) => {
    const { VSwitches } = await whole(vpc("DescribeVSwitches", params));
    const { VSwitch } = VSwitches as { VSwitch: { VSwitchId: string }[] };
    expect(VSwitch.map(({ VSwitchId }) => VSwitchId)).toEqual(expected);
  });

  test.each([
    [{ VpcId: "vpc-2,vpc-9" }, ["vpc-2"]],
    [{ VpcName: "edge" }, ["vpc-1"]],
    [{ EnableIpv6: "true" }, ["vpc-1"]],
    [{ RegionId: "cn-beijing" }, []],
    [{ PageSize: 1 }, ["vpc-1"]],
  ])("VPCs by %j", async (params, expected) => {
    const { Vpcs } = await whole(vpc("DescribeVpcs", params));
    const { Vpc } = Vpcs as { Vpc: { VpcId: string }[] };
    expect(Vpc.map(({ VpcId }) => VpcId)).toEqual(expected);
  });

  test("a vSwitch by itself is the one of the list", async () => {
    const { RequestId: _, ...one } = await whole(vpc("DescribeVSwitchAttributes", { VSwitchId: "vsw-1" }));
    const { VSwitches } = await whole(vpc("DescribeVSwitches", { VSwitchId: "vsw-1" }));
    expect((VSwitches as { VSwitch: unknown[] }).VSwitch).toEqual([one]);
    expect(one).toMatchObject({
      CidrBlock: "10.0.1.0/24",
      Ipv6CidrBlock: "2001:db8:1::/64",
      AvailableIpAddressCount: 251,
    });
  });

  test("a VPC shows its vSwitches", async () => {
    const { Vpcs } = await whole(vpc("DescribeVpcs", { VpcId: "vpc-1" }));
    expect((Vpcs as { Vpc: unknown[] }).Vpc).toMatchObject([
      { EnabledIpv6: true, VSwitchIds: { VSwitchId: ["vsw-1", "vsw-2"] } },
    ]);
  });
});

test("CreateVSwitch takes a /64 of the VPC's block, once", async () => {
  const wanted = { VpcId: "vpc-1", ZoneId: "cn-hangzhou-a", CidrBlock: "10.0.3.0/24", Ipv6CidrBlock: 1 };
  const { body } = await vpc("CreateVSwitch", wanted);
  const made = emulator.control.state().vSwitches.find(({ VSwitchId }) => VSwitchId === body.VSwitchId);
  expect(made?.Ipv6CidrBlock).toBe("2001:db8:1:1::/64");
  const again = { ...wanted, CidrBlock: "10.0.4.0/24" };
  expect((await vpc("CreateVSwitch", again)).body.Code).toBe("InvalidParameter");
  expect((await vpc("CreateVSwitch", { ...again, Ipv6CidrBlock: 256 })).body.Code).toBe("InvalidParameter");
  expect((await vpc("CreateVSwitch", { ...again, VpcId: "vpc-2" })).body.Code).toBe("InvalidParameter");
});

test.each([
  ["CreateVpc", { VpcName: "http://edge" }, "InvalidVpcName.Malformed"],
  ["CreateVpc", { Description: "x".repeat(257) }, "InvalidVpcDiscription.Malformed"],
  ["CreateVpc", { Ipv6CidrBlock: "2001:db8::/64" }, "InvalidParameter"],
  ["CreateVpc", { DryRun: "true" }, "DryRunOperation"],
])("%s refuses %j", async (action, params, code) => {
  expect(await vpc(action, params as Record<string, string>)).toMatchObject({
    status: 400,
    body: { Code: code },
  });
  expect(emulator.control.state().vpcs).toHaveLength(2);
});

test("DescribeRegions names regions and endpoints, in two languages", async () => {
  const inChinese = await whole(emulator.call("DescribeRegions"));
  const inEnglish = await whole(emulator.call("DescribeRegions", { AcceptLanguage: "en-US" }));
  const hangzhou = {
    RegionId: "cn-hangzhou",
    RegionEndpoint: "ecs-cn-hangzhou.aliyuncs.com",
    Status: "available",
  };
  expect((inChinese.Regions as { Region: unknown[] }).Region).toContainEqual({
    ...hangzhou,
    LocalName: "华东1（杭州）",
  });
  expect((inEnglish.Regions as { Region: unknown[] }).Region).toContainEqual({
    ...hangzhou,
    LocalName: "China (Hangzhou)",
  });
  expect((await emulator.call("DescribeRegions", { ResourceType: "moon" })).body.Code).toBe(
    "InvalidParameter",
  );
});

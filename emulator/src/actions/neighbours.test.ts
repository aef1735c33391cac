import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { list } from "../testing/signing-client";

const region = { RegionId: "cn-hangzhou" };
const emulator = new EmulatorOnManualClock();

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.putState({
    vpcs: [{ VpcId: "vpc-1" }],
    vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/24" }],
    instances: [{ InstanceId: "i-1" }],
    networkInterfaces: [{ NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.1.50" }],
    eips: [{ AllocationId: "eip-1" }],
  });
});

type Params = Record<string, string | number>;
const vpc = (action: string, params: Params = {}) =>
  emulator.call(action, { ...region, ...params }, { version: "2016-04-28" });
const ecs = (action: string, params: Params = {}) => emulator.call(action, { ...region, ...params });
const codeOf = async (answer: ReturnType<typeof ecs>) => (await answer).body.Code;
const state = () => emulator.control.state();

/** Every way to make a resource, with what it needs. */
const makers = [
  ["CreateVpc", vpc, {}],
  ["CreateVSwitch", vpc, { VpcId: "vpc-1", CidrBlock: "10.0.2.0/24", ZoneId: "cn-hangzhou-h" }],
  ["CreateSecurityGroup", ecs, { VpcId: "vpc-1" }],
  ["CreateNetworkInterface", ecs, { VSwitchId: "vsw-1", SecurityGroupId: "sg-1" }],
  [
    "RunInstances",
    ecs,
    { VSwitchId: "vsw-1", SecurityGroupId: "sg-1", ImageId: "any", InstanceType: "ecs.g7.large" },
  ],
  ["AllocateEipAddress", vpc, {}],
] as const;

describe.each(makers)("%s", (action, call, needed) => {
  const make = (params: Params) => call(action, { ...needed, ...params });

  test.each([
    ["a key that begins with aliyun", { "Tag.1.Key": "aliyun.x" }],
    ["a key that begins with acs:", { "Tag.1.Key": "acs:x" }],
    ["a key with an address of a page", { "Tag.1.Key": "a http://b" }],
    ["a key of 129 characters", { "Tag.1.Key": "k".repeat(129) }],
    ["a value with an address of a page", { "Tag.1.Key": "k", "Tag.1.Value": "https://b" }],
    ["a value of 129 characters", { "Tag.1.Key": "k", "Tag.1.Value": "v".repeat(129) }],
    ["a key twice", { "Tag.1.Key": "k", "Tag.2.Key": "k" }],
  ])("refuses a tag with %s", async (_, tags) => {
    expect(await codeOf(make(tags))).toMatch(/Tag(?:Key|Value)/);
  });

  test("accepts 20 tags of 128 characters, and not 21", async () => {
    const tags = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `Tag.${index + 1}.Key`,
          `${index}${"\u{1f600}".repeat(128 - String(index).length)}`,
        ]),
      );
    expect(await codeOf(make(tags(21)))).toBe("InvalidParameter");
    expect(await codeOf(make(tags(20)))).toBeUndefined();
  });

  test("accepts a description of 256 characters, and not 257", async () => {
    // Each of these characters is two units of a JavaScript string.
    expect((await make({ Description: "\u{1f600}".repeat(256) })).status).toBe(200);
    expect((await make({ Description: "d".repeat(257) })).status).toBe(400);
    expect((await make({ Description: "https://page" })).status).toBe(400);
  });
});

test.each(["100.64.0.0/16", "127.0.0.0/8", "169.254.1.0/24", "224.0.0.0/8"])(
  "CreateVpc: the reserved block %s is refused",
  async (CidrBlock) => {
    expect(await codeOf(vpc("CreateVpc", { CidrBlock }))).toBe("InvalidParameter");
  },
);

test("an ENI is in groups of one type only", async () => {
  emulator.control.patchState({
    securityGroups: [{ SecurityGroupId: "sg-2", VpcId: "vpc-1", SecurityGroupType: "enterprise" }],
  });
  const both = { "SecurityGroupIds.1": "sg-1", "SecurityGroupIds.2": "sg-2" };
  expect(await codeOf(ecs("CreateNetworkInterface", { VSwitchId: "vsw-1", ...both }))).toBe(
    "InvalidParameter",
  );
  const moved = { NetworkInterfaceId: "eni-1", "SecurityGroupId.1": "sg-2" };
  expect((await ecs("ModifyNetworkInterfaceAttribute", moved)).status).toBe(200);
});

test.each([
  ["cn-hangzhou-h", 200],
  ["cn-hangzhou-a", 200],
  ["cn-hangzhou", 404],
  ["cn-hangzhou-ab", 404],
  ["cn-hangzhou-1", 404],
  ["cn-beijing-a", 404],
])("CreateVSwitch: the zone %s gets %i", async (ZoneId, status) => {
  const params = { VpcId: "vpc-1", CidrBlock: "10.0.2.0/24", ZoneId };
  expect((await vpc("CreateVSwitch", params)).status).toBe(status);
});

test("CreateVSwitch: accepts each zone that DescribeZones lists, also of a region that ends in a number", async () => {
  for (const RegionId of ["cn-hangzhou", "ap-southeast-1"]) {
    emulator.control.putState({ vpcs: [{ VpcId: "vpc-1", RegionId }] });
    const listed = await emulator.call("DescribeZones", { RegionId });
    const { Zones } = listed.body as unknown as { Zones: { Zone: { ZoneId: string }[] } };
    for (const [index, { ZoneId }] of Zones.Zone.entries()) {
      const params = { RegionId, VpcId: "vpc-1", CidrBlock: `10.0.${index}.0/24`, ZoneId };
      expect((await emulator.call("CreateVSwitch", params, { version: "2016-04-28" })).status).toBe(200);
    }
  }
});

describe("rules of a security group", () => {
  const group = { SecurityGroupId: "sg-1" };
  const ssh = { IpProtocol: "tcp", PortRange: "22/22", SourceCidrIp: "10.0.0.0/8" };
  const rules = () =>
    state().securityGroups.find((one) => one.SecurityGroupId === "sg-1")?.Permissions.Permission;

  test("one that differs in its description only is the same", async () => {
    for (const Description of ["a", "b"])
      await ecs("AuthorizeSecurityGroup", { ...group, ...ssh, Description });
    expect(rules()).toMatchObject([{ Description: "a", Priority: 1, Policy: "Accept" }]);
  });

  test("one of another priority, policy, port or direction is another one", async () => {
    const others: Params[] = [{}, { Priority: 2 }, { Policy: "drop" }, { PortRange: "23/23" }];
    for (const other of others) await ecs("AuthorizeSecurityGroup", { ...group, ...ssh, ...other });
    await ecs("AuthorizeSecurityGroupEgress", { ...group, ...ssh, DestCidrIp: "10.0.0.0/8" });
    expect(rules()).toHaveLength(5);
  });

  test("a revoked one goes by its id or its fields; an unknown id is refused, unknown fields are not", async () => {
    await ecs("AuthorizeSecurityGroup", { ...group, ...ssh });
    const [rule] = rules() ?? [];
    const byId = { ...group, "SecurityGroupRuleId.1": rule?.SecurityGroupRuleId ?? "" };
    expect((await ecs("RevokeSecurityGroup", { ...group, ...ssh, PortRange: "80/80" })).status).toBe(200);
    for (const refused of [
      ecs("RevokeSecurityGroupEgress", byId),
      ecs("RevokeSecurityGroup", { ...byId, "SecurityGroupRuleId.2": "sgr-9" }),
    ])
      expect(await refused).toMatchObject({
        status: 400,
        body: { Code: "InvalidParam.SecurityGroupRuleId" },
      });
    expect(await codeOf(ecs("RevokeSecurityGroup", { ...byId, ...ssh }))).toBe("InvalidParameter");
    expect(rules()).toEqual([rule]);
    await ecs("RevokeSecurityGroup", byId);
    expect(rules()).toEqual([]);
    expect((await ecs("RevokeSecurityGroup", { ...group, ...ssh })).status).toBe(200);
    expect(await codeOf(ecs("RevokeSecurityGroup", byId))).toBe("InvalidParam.SecurityGroupRuleId");
  });

  test.each([
    [{ IpProtocol: "sctp" }, "InvalidParameter"],
    [{ PortRange: "0/22" }, "InvalidParameter"],
    [{ PortRange: "22/21" }, "InvalidParameter"],
    [{ PortRange: "1/65536" }, "InvalidParameter"],
    [{ PortRange: "22" }, "InvalidParameter"],
    [{ IpProtocol: "icmp" }, "InvalidParameter"],
    [{ SourceCidrIp: "10.0.0.1/8" }, "InvalidParameter"],
    [{ SourceCidrIp: "", Ipv6SourceCidrIp: "10.0.0.0/8" }, "InvalidParameter"],
    [{ Ipv6SourceCidrIp: "2001:db8::/32" }, "InvalidParameter.Conflict"],
    [{ SourcePortRange: "22" }, "InvalidParameter"],
    [{ Policy: "allow" }, "InvalidParameter"],
    [{ Priority: 101 }, "InvalidParameter"],
    [{ IpProtocol: "" }, "MissingParameter"],
    [{ PortRange: "" }, "MissingParameter"],
    [{ SourceCidrIp: "" }, "MissingParameter"],
    [{ SourceCidrIp: "", SourceGroupId: "sg-none" }, "InvalidSecurityGroupId.NotFound"],
  ])("%j is refused with %s", async (change: Params, code) => {
    expect(await codeOf(ecs("AuthorizeSecurityGroup", { ...group, ...ssh, ...change }))).toBe(code);
    expect(rules()).toEqual([]);
  });

  test("a description of 513 characters is refused", async () => {
    const Description = "d".repeat(512);
    expect((await ecs("AuthorizeSecurityGroup", { ...group, ...ssh, Description })).status).toBe(200);
    const longer = { ...group, ...ssh, Description: `${Description}d` };
    expect(await codeOf(ecs("AuthorizeSecurityGroup", longer))).toBe("InvalidParameter");
  });

  test("an advanced group takes no group as the other end", async () => {
    emulator.control.patchState({
      securityGroups: [{ SecurityGroupId: "sg-1", SecurityGroupType: "enterprise" }],
    });
    const rule = { IpProtocol: "all", SourceGroupId: "sg-1" };
    expect(await codeOf(ecs("AuthorizeSecurityGroup", { ...group, ...rule }))).toBe(
      "InvalidGroupAuthParameter.OperationDenied",
    );
  });

  test("a group that a rule of another group names cannot be deleted", async () => {
    emulator.control.patchState({ securityGroups: [{ SecurityGroupId: "sg-2", VpcId: "vpc-1" }] });
    const rule = { IpProtocol: "all", SourceGroupId: "sg-2" };
    await ecs("AuthorizeSecurityGroup", { ...rule, SecurityGroupId: "sg-2" });
    await ecs("AuthorizeSecurityGroup", { ...rule, SecurityGroupId: "sg-1" });
    expect(await ecs("DeleteSecurityGroup", { SecurityGroupId: "sg-2" })).toMatchObject({
      status: 403,
      body: { Code: "DependencyViolation", Message: expect.stringContaining("authorized") as string },
    });
    await ecs("RevokeSecurityGroup", { ...rule, SecurityGroupId: "sg-1" });
    expect((await ecs("DeleteSecurityGroup", { SecurityGroupId: "sg-2" })).status).toBe(200);
  });

  test("survive GET state and PUT state", async () => {
    await ecs("AuthorizeSecurityGroup", { ...group, ...ssh });
    const before = state();
    emulator.control.putState(before);
    expect(state()).toEqual(before);
  });
});

describe("EIPs", () => {
  test("no two have one address, picked or given", async () => {
    const given = [
      { AllocationId: "eip-1" },
      { AllocationId: "eip-2", IpAddress: "47.100.0.1" },
      { AllocationId: "eip-3" },
      { AllocationId: "eip-4", IpAddress: "47.100.0.3" },
    ];
    emulator.control.putState({ eips: given });
    await vpc("AllocateEipAddress");
    const addresses = state().eips.map(({ IpAddress }) => IpAddress);
    expect(new Set(addresses).size).toBe(5);
    emulator.control.putState(state());
    expect(state().eips.map(({ IpAddress }) => IpAddress)).toEqual(addresses);
    const twin = [{ AllocationId: "eip-1", IpAddress: "47.100.0.1" }];
    expect(() => {
      emulator.control.patchState({ eips: twin });
    }).toThrow(/eips\[0\]\.IpAddress: 47\.100\.0\.1 is the address of eip-2 already/);
  });

  test("is not bound to an instance that is Pending", async () => {
    const bind = { AllocationId: "eip-1", InstanceId: "i-1" };
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status: "Pending" }] });
    expect(await vpc("AssociateEipAddress", bind)).toMatchObject({
      status: 400,
      body: { Code: "IncorrectInstanceStatus" },
    });
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status: "Stopped" }] });
    expect((await vpc("AssociateEipAddress", bind)).status).toBe(200);
  });

  test("the way of charging bounds the bandwidth", async () => {
    const byTraffic = { InternetChargeType: "PayByTraffic" };
    expect(await codeOf(vpc("AllocateEipAddress", { ...byTraffic, Bandwidth: 201 }))).toBe(
      "InvalidParameter",
    );
    expect((await vpc("AllocateEipAddress", { ...byTraffic, Bandwidth: 200 })).status).toBe(200);
    expect((await vpc("AllocateEipAddress", { Bandwidth: 500 })).status).toBe(200);
    const change = { AllocationId: "eip-1" };
    expect(await codeOf(vpc("ModifyEipAddressAttribute", { ...change, Bandwidth: 201 }))).toBe(
      "InvalidParameter",
    );
    expect((await vpc("ModifyEipAddressAttribute", { ...change, Bandwidth: 200 })).status).toBe(200);
  });

  test("an EIP is free again after its ENI was deleted", async () => {
    await vpc("AssociateEipAddress", {
      AllocationId: "eip-1",
      InstanceId: "eni-1",
      InstanceType: "NetworkInterface",
    });
    expect(await codeOf(vpc("ReleaseEipAddress", { AllocationId: "eip-1" }))).toBe("IncorrectEipStatus");
    await ecs("DeleteNetworkInterface", { NetworkInterfaceId: "eni-1" });
    emulator.clock.advance(1000);
    expect((await vpc("ReleaseEipAddress", { AllocationId: "eip-1" })).status).toBe(200);
    expect(state().eips).toEqual([]);
  });

  test("an address that the ENI does not have is refused", async () => {
    const params = { AllocationId: "eip-1", InstanceId: "eni-1", InstanceType: "NetworkInterface" };
    expect(await codeOf(vpc("AssociateEipAddress", { ...params, PrivateIpAddress: "10.0.1.51" }))).toBe(
      "InvalidParameter",
    );
  });

  test("one of another instance is not unbound", async () => {
    await vpc("AssociateEipAddress", { AllocationId: "eip-1", InstanceId: "i-1" });
    const params = { AllocationId: "eip-1", InstanceId: "i-2" };
    expect(await codeOf(vpc("UnassociateEipAddress", params))).toBe("InvalidParameter");
    expect((await vpc("UnassociateEipAddress", { AllocationId: "eip-1" })).status).toBe(200);
    expect(await codeOf(vpc("UnassociateEipAddress", { AllocationId: "eip-1" }))).toBe("IncorrectEipStatus");
  });

  test("no two have one address", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => vpc("AllocateEipAddress")));
    expect(made.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(state().eips.map(({ IpAddress }) => IpAddress)).size).toBe(6);
  });
});

describe("instances", () => {
  test.each([
    ["DescribeUserData", { InstanceId: "i-9" }],
    ["DescribeInstanceAttribute", { InstanceId: "i-9" }],
    ["ModifyInstanceAttribute", { InstanceId: "i-9", InstanceName: "edge" }],
    ["DescribeUserData", { InstanceId: "i-1", RegionId: "cn-beijing" }],
  ])("%s refuses %j, which does not exist", async (action, params) => {
    expect(await codeOf(ecs(action, params))).toBe("InvalidInstanceId.NotFound");
  });

  test.each([
    ["DescribeDisks", { InstanceId: "i-9" }],
    ["DescribeInstanceRamRole", { InstanceIds: '["i-9"]' }],
    ["DescribeInstanceMaintenanceAttributes", { "InstanceId.1": "i-9" }],
    ["DescribeInstanceAttachmentAttributes", { InstanceIds: '["i-9"]' }],
    ["DescribeInstanceAutoRenewAttribute", { InstanceId: "i-9" }],
  ])("%s lists nothing for one that does not exist", async (action, params) => {
    expect((await ecs(action, params)).body.TotalCount).toBe(0);
  });

  test("ModifyInstanceAttribute moves the primary ENI to other security groups", async () => {
    const made = await ecs("CreateSecurityGroup", { VpcId: "vpc-1" });
    const { SecurityGroupId } = made.body as unknown as { SecurityGroupId: string };
    await ecs("ModifyInstanceAttribute", {
      InstanceId: "i-1",
      ...list("SecurityGroupIds", [SecurityGroupId]),
    });
    expect(emulator.eni("eni-1-primary")?.SecurityGroupIds).toEqual({ SecurityGroupId: [SecurityGroupId] });
  });
});

test.each(["ModifyVpcAttribute", "ModifyVSwitchAttribute"])(
  "%s is refused while the network is Pending",
  async (action) => {
    emulator.control.patchState({
      vpcs: [{ VpcId: "vpc-1", Status: "Pending" }],
      vSwitches: [{ VSwitchId: "vsw-1", Status: "Pending" }],
    });
    const params = { VpcId: "vpc-1", VSwitchId: "vsw-1", VpcName: "a", VSwitchName: "a" };
    expect(await codeOf(vpc(action, params))).toMatch(/^IncorrectV(?:pc|Switch)Status$/);
  },
);

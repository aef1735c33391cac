import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const region = { RegionId: "cn-hangzhou" };
const vpcVersion = { version: "2016-04-28" };
const emulator = new EmulatorOnManualClock({ behaviour: { transitionMs: 1000 } });
const { clock } = emulator;

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.putState({
    vpcs: [{ VpcId: "vpc-1" }, { VpcId: "vpc-2" }],
    vSwitches: [
      { VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24", ZoneId: "cn-hangzhou-a" },
      { VSwitchId: "vsw-b", VpcId: "vpc-1", CidrBlock: "10.0.2.0/24", ZoneId: "cn-hangzhou-b" },
      { VSwitchId: "vsw-2", VpcId: "vpc-2", CidrBlock: "10.0.1.0/24" },
      { VSwitchId: "vsw-new", VpcId: "vpc-1", CidrBlock: "10.0.3.0/24", Status: "Pending" },
    ],
    instances: [{ InstanceId: "i-1", InstanceType: "ecs.g6.large" }, { InstanceId: "i-2" }],
    networkInterfaces: [
      { NetworkInterfaceId: "eni-1" },
      { NetworkInterfaceId: "eni-b", VSwitchId: "vsw-b" },
      { NetworkInterfaceId: "eni-2", VSwitchId: "vsw-2" },
      { NetworkInterfaceId: "eni-managed", ServiceManaged: true },
      { NetworkInterfaceId: "eni-p", InstanceId: "i-1", Type: "Primary" },
    ],
  });
});

const call = (action: string, params: Record<string, string | number>, options = {}) =>
  emulator.call(action, { ...region, ...params }, options);
const eni = (id: string) => emulator.eni(id);
const instance = (id: string) => emulator.control.state().instances.find((item) => item.InstanceId === id);
const move = (verb: "Attach" | "Detach", NetworkInterfaceId: string, InstanceId = "i-1") =>
  call(`${verb}NetworkInterface`, { NetworkInterfaceId, InstanceId });

describe("AttachNetworkInterface", () => {
  test.each([
    ["an unknown ENI", "eni-9", "i-1", 404, "InvalidEniId.NotFound"],
    ["an unknown instance", "eni-1", "i-9", 404, "InvalidEcsId.NotFound"],
    ["an ENI that is in use", "eni-p", "i-2", 400, "InvalidOperation.InvalidEniState"],
    ["a service-managed ENI", "eni-managed", "i-1", 403, "InvalidOperation.EniServiceManaged"],
    ["another VPC", "eni-2", "i-1", 403, "InvalidOperation.VpcMismatch"],
    ["another zone", "eni-b", "i-1", 403, "InvalidOperation.AvailabilityZoneMismatch"],
  ])("refuses %s", async (_, eniId, instanceId, status, code) => {
    expect(await move("Attach", eniId, instanceId)).toMatchObject({ status, body: { Code: code } });
  });

  test("refuses an instance that is Starting", async () => {
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status: "Starting" }] });
    expect((await move("Attach", "eni-1")).body.Code).toBe("InvalidOperation.InvalidEcsState");
  });

  test("refuses an ENI with more addresses than the instance type allows", async () => {
    await call("AssignPrivateIpAddresses", {
      NetworkInterfaceId: "eni-1",
      SecondaryPrivateIpAddressCount: 6,
    });
    expect((await move("Attach", "eni-1")).body.Code).toBe("InvalidOperation.Ipv4CountExceeded");
    expect((await move("Attach", "eni-1", "i-2")).status).toBe(200);
  });

  test("refuses more ENIs than the instance type allows", async () => {
    emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-3" }] });
    expect((await move("Attach", "eni-1")).status).toBe(200);
    expect((await move("Attach", "eni-3")).body.Code).toBe("EniPerInstanceLimitExceeded");
  });

  test("takes its time", async () => {
    await move("Attach", "eni-1");
    clock.advance(999);
    expect(eni("eni-1")).toMatchObject({ Status: "Attaching", InstanceId: "i-1" });
    clock.advance(1);
    expect(eni("eni-1")).toMatchObject({ Status: "InUse", InstanceId: "i-1" });
  });
});

test("the quota of an ENI follows the instance type: attached, elsewhere, and detached again", async () => {
  const quota = "InvalidOperation.Ipv4CountExceeded";
  const assign = async (count: number) =>
    (
      await call("AssignPrivateIpAddresses", {
        NetworkInterfaceId: "eni-1",
        SecondaryPrivateIpAddressCount: count,
      })
    ).body.Code;
  const moved = async (...how: Parameters<typeof move>) => {
    expect((await move(...how)).status).toBe(200);
    clock.advance(1000);
  };
  await moved("Attach", "eni-1");
  expect(await assign(6)).toBe(quota);
  expect(await assign(5)).toBeUndefined();
  await moved("Detach", "eni-1");
  await moved("Attach", "eni-1", "i-2");
  expect(await assign(10)).toBeUndefined();
  await moved("Detach", "eni-1", "i-2");
  expect((await move("Attach", "eni-1")).body.Code).toBe(quota);
  for (let held = 15; held < 45; held += 10) expect(await assign(10)).toBeUndefined();
  expect(await assign(5)).toBe(quota);
  expect(await assign(4)).toBeUndefined();
});

describe("DetachNetworkInterface", () => {
  test("refuses a primary ENI", async () => {
    expect((await move("Detach", "eni-p")).body.Code).toBe("InvalidOperation.DetachPrimaryEniNotAllowed");
  });

  test("refuses an ENI that is not attached, or attached elsewhere", async () => {
    expect((await move("Detach", "eni-1")).body.Code).toBe("InvalidOperation.InvalidEniState");
    await move("Attach", "eni-1");
    clock.advance(1000);
    expect((await move("Detach", "eni-1", "i-2")).body.Code).toBe("InvalidParameter");
  });

  test("takes its time, and keeps the addresses", async () => {
    await call("AssignPrivateIpAddresses", {
      NetworkInterfaceId: "eni-1",
      "PrivateIpAddress.1": "10.0.1.50",
    });
    await move("Attach", "eni-1");
    clock.advance(1000);
    expect((await move("Detach", "eni-1")).status).toBe(200);
    expect(eni("eni-1")?.Status).toBe("Detaching");
    clock.advance(1000);
    expect(eni("eni-1")).toMatchObject({ Status: "Available" });
    expect(eni("eni-1")?.InstanceId).toBeUndefined();
    expect(eni("eni-1")?.PrivateIpSets.PrivateIpSet).toHaveLength(2);
  });
});

describe("DeleteNetworkInterface", () => {
  test("refuses an ENI that is in use", async () => {
    expect((await call("DeleteNetworkInterface", { NetworkInterfaceId: "eni-p" })).body).toMatchObject({
      Code: "InvalidOperation.InvalidEniState",
      Message: expect.stringContaining(
        'Expecting status is "Available" while current status is "InUse"',
      ) as string,
    });
  });

  test("takes its time, and frees the addresses and their EIPs", async () => {
    emulator.control.patchState({ eips: [{ AllocationId: "eip-1", InstanceId: "eni-1" }] });
    expect((await call("DeleteNetworkInterface", { NetworkInterfaceId: "eni-1" })).status).toBe(200);
    expect(eni("eni-1")?.Status).toBe("Deleting");
    clock.advance(1000);
    expect(eni("eni-1")).toBeUndefined();
    expect(emulator.control.state().eips[0]?.InstanceId).toBeUndefined();
  });
});

describe("CreateNetworkInterface", () => {
  const wanted = { VSwitchId: "vsw-1", SecurityGroupId: "sg-1" };
  const create = (params: Record<string, string | number>) =>
    call("CreateNetworkInterface", { ...wanted, ...params });

  test.each([
    ["no vSwitch", { VSwitchId: "" }, 400, "MissingParameter"],
    ["no security group", { SecurityGroupId: "" }, 400, "MissingParameter"],
    ["two kinds of security groups", { "SecurityGroupIds.1": "sg-2" }, 400, "InvalidParameter"],
    ["an unknown vSwitch", { VSwitchId: "vsw-9" }, 404, "InvalidVSwitchId.NotFound"],
    ["a vSwitch that is not ready", { VSwitchId: "vsw-new" }, 400, "IncorrectVSwitchStatus"],
    ["a malformed primary", { PrimaryIpAddress: "10.0.1" }, 400, "InvalidParameter"],
    ["a primary outside", { PrimaryIpAddress: "10.0.9.1" }, 403, "InvalidVSwitchId.IpInvalid"],
    ["a primary that is taken", { PrimaryIpAddress: "10.0.1.1" }, 400, "InvalidPrivateIpAddress.Duplicated"],
    [
      "a primary that is a secondary too",
      { PrimaryIpAddress: "10.0.1.90", "PrivateIpAddress.1": "10.0.1.90" },
      403,
      "InvalidIp.IpRepeated",
    ],
    ["fifty addresses", { SecondaryPrivateIpAddressCount: 50 }, 400, "InvalidParameter"],
    [
      "addresses and prefixes that are fifty",
      { SecondaryPrivateIpAddressCount: 45, Ipv4PrefixCount: 5 },
      403,
      "MaxEniPrivateIpsCountExceeded",
    ],
    [
      "a prefix over its own address",
      { PrimaryIpAddress: "10.0.1.65", "Ipv4Prefix.1": "10.0.1.64/28" },
      400,
      "InvalidPrivateIpAddress.Duplicated",
    ],
    ["IPv6 where the vSwitch has none", { Ipv6AddressCount: 1 }, 403, "InvalidVSwitch.Ipv6NotTurnOn"],
    ["an unknown security group", { SecurityGroupId: "sg-9" }, 404, "InvalidSecurityGroupId.NotFound"],
    ["a security group of another VPC", { SecurityGroupId: "sg-2" }, 403, "InvalidOperation.VpcMismatch"],
  ])("refuses %s", async (_, params, status, code) => {
    const before = emulator.control.state();
    expect(await create(params)).toMatchObject({ status, body: { Code: code } });
    expect(emulator.control.state()).toEqual(before);
  });

  test("refuses more addresses than the vSwitch has", async () => {
    emulator.control.putState({
      vpcs: [{ VpcId: "vpc-1" }],
      vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/29" }],
    });
    expect((await create({ SecondaryPrivateIpAddressCount: 4 })).body.Code).toBe(
      "InvalidVSwitchId.IpNotEnough",
    );
    expect((await create({ SecondaryPrivateIpAddressCount: 3 })).status).toBe(200);
  });

  test("makes an ENI that is Available at once, with what was asked for", async () => {
    const { body } = await create({
      PrimaryIpAddress: "10.0.1.90",
      "PrivateIpAddress.1": "10.0.1.91",
      NetworkInterfaceName: "edge",
      "Tag.1.Key": "team",
      "Tag.1.Value": "edge",
    });
    expect(body).toMatchObject({
      NetworkInterfaceId: expect.stringMatching(/^eni-[a-z0-9]{20}$/) as string,
      Status: "Available",
      Type: "Secondary",
      NetworkInterfaceName: "edge",
      PrivateIpAddress: "10.0.1.90",
      Tags: { Tag: [{ TagKey: "team", TagValue: "edge" }] },
    });
    expect(eni(body.NetworkInterfaceId)?.PrivateIpSets.PrivateIpSet).toEqual([
      { PrivateIpAddress: "10.0.1.90", Primary: true },
      { PrivateIpAddress: "10.0.1.91", Primary: false },
    ]);
  });

  test("the same ClientToken makes one ENI", async () => {
    const [first, second] = [await create({ ClientToken: "t" }), await create({ ClientToken: "t" })];
    expect(second.body.NetworkInterfaceId).toBe(first.body.NetworkInterfaceId);
  });
});

describe("instances", () => {
  const wanted = {
    ImageId: "any",
    InstanceType: "ecs.g6.large",
    SecurityGroupId: "sg-1",
    VSwitchId: "vsw-1",
  };
  const entryDisk = { "SystemDisk.Category": "cloud_essd_entry" };

  test.each([
    ["no type", { InstanceType: "" }, 400, "MissingParameter"],
    ["an unknown type", { InstanceType: "ecs.huge" }, 400, "InvalidInstanceType.ValueNotSupported"],
    ["an unknown vSwitch", { VSwitchId: "vsw-9" }, 404, "InvalidVSwitchId.NotFound"],
    ["no instance at all", { Amount: 0 }, 400, "InvalidParameter"],
    ["one address for two", { Amount: 2, PrivateIpAddress: "10.0.1.90" }, 400, "InvalidParameter"],
    ["a taken address", { PrivateIpAddress: "10.0.1.1" }, 400, "InvalidPrivateIpAddress.Duplicated"],
    ["a name of one character", { InstanceName: "x" }, 400, "InvalidInstanceName.Malformed"],
    ["a name with a space", { InstanceName: "ab cd" }, 400, "InvalidInstanceName.Malformed"],
    ["a host name with two periods", { HostName: "a..b" }, 400, "InvalidHostName.Malformed"],
    ["a host name that ends in a hyphen", { HostName: "host-" }, 400, "InvalidHostName.Malformed"],
    ["an unknown disk", { "SystemDisk.Category": "x" }, 400, "InvalidSystemDiskCategory.ValueNotSupported"],
    ["a small disk", { "SystemDisk.Size": 19 }, 400, "InvalidSystemDiskSize.ValueNotSupported"],
    ["an ESSD Entry disk", entryDisk, 400, "InvalidSystemDiskCategory.ValueNotSupported"],
    ["ENIs of its own", { "NetworkInterface.1.VSwitchId": "vsw-1" }, 400, "UnsupportedParameter"],
  ])("RunInstances refuses %s", async (_, params, status, code) => {
    expect(await call("RunInstances", { ...wanted, ...params })).toMatchObject({
      status,
      body: { Code: code },
    });
  });

  test.each([
    [{ InstanceName: "1st:node_a.b-[1,4]" }],
    [{ HostName: "k8s-${instance_id}.node-[1,4]" }],
    [{ "SystemDisk.Category": "cloud_auto", "SystemDisk.Size": 1 }],
    [{ ...entryDisk, InstanceType: "ecs.e-c1m1.large" }],
    [{ InstanceType: "ecs.g9i.xlarge" }],
  ])("RunInstances takes %j", async (params) => {
    expect((await call("RunInstances", { ...wanted, ...params })).status).toBe(200);
  });

  test("RunInstances refuses more instances than the vSwitch has addresses", async () => {
    emulator.control.putState({
      vpcs: [{ VpcId: "vpc-1" }],
      vSwitches: [{ VSwitchId: "vsw-1", CidrBlock: "10.0.1.0/29" }],
    });
    expect(await call("RunInstances", { ...wanted, Amount: 5 })).toMatchObject({
      status: 400,
      body: { Code: "QuotaExceeded.PrivateIpAddress" },
    });
    expect(emulator.control.state().instances).toEqual([]);
  });

  test("RunInstances makes instances that start, each with its primary ENI", async () => {
    const { body } = await call("RunInstances", { ...wanted, Amount: 2 });
    const ids = body.InstanceIdSets.InstanceIdSet;
    expect(ids).toHaveLength(2);
    const states = [];
    for (const ms of [0, 1000, 1000]) {
      clock.advance(ms);
      states.push(instance(ids[0] ?? "")?.Status);
    }
    expect(states).toEqual(["Pending", "Starting", "Running"]);
    const enis = emulator.control.state().networkInterfaces.filter((item) => item.InstanceId === ids[1]);
    expect(enis).toMatchObject([{ Type: "Primary", Status: "InUse" }]);
  });

  test.each([
    ["StartInstance", "Stopped", "Starting", "Running"],
    ["StopInstance", "Running", "Stopping", "Stopped"],
    ["RebootInstance", "Running", "Starting", "Running"],
  ])("%s leads from %s through %s to %s", async (action, from, passing, to) => {
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status: from }] });
    expect((await call(action, { InstanceId: "i-1" })).status).toBe(200);
    expect(instance("i-1")?.Status).toBe(passing);
    expect((await call(action, { InstanceId: "i-1" })).body.Code).toBe("IncorrectInstanceStatus");
    clock.advance(1000);
    expect(instance("i-1")?.Status).toBe(to);
    expect((await call(action, { InstanceId: "i-9" })).body.Code).toBe("InvalidInstanceId.NotFound");
  });

  test("DeleteInstance takes one that is stopped, or any by force", async () => {
    expect((await call("DeleteInstance", { InstanceId: "i-1" })).body.Code).toBe("IncorrectInstanceStatus");
    expect((await call("DeleteInstance", { InstanceId: "i-1", Force: "true" })).status).toBe(200);
    expect((await call("StartInstance", { InstanceId: "i-1" })).body.Code).toBe("IncorrectInstanceStatus");
    clock.advance(1000);
    expect(instance("i-1")).toBeUndefined();
  });

  test("with an instance goes its primary ENI; of the others those that say so", async () => {
    emulator.control.patchState({
      networkInterfaces: [
        { NetworkInterfaceId: "eni-kept", InstanceId: "i-2" },
        { NetworkInterfaceId: "eni-gone", InstanceId: "i-2", DeleteOnRelease: true },
      ],
    });
    await call("DeleteInstance", { InstanceId: "i-2", Force: "true" });
    clock.advance(1000);
    expect(eni("eni-2-primary")).toBeUndefined();
    expect(eni("eni-gone")).toBeUndefined();
    expect(eni("eni-kept")).toMatchObject({ Status: "Available" });
    expect(eni("eni-kept")?.InstanceId).toBeUndefined();
  });
});

describe("networks", () => {
  test.each([
    ["CreateVpc", { CidrBlock: "10.0.0.1/8" }, 400, "InvalidParameter"],
    ["CreateVSwitch", { CidrBlock: "" }, 400, "MissingParameter"],
    ["CreateVSwitch", { VpcId: "vpc-9" }, 404, "InvalidVpcId.NotFound"],
    ["CreateVSwitch", { CidrBlock: "10.0.9.1/24" }, 400, "InvalidCidrBlock.Malformed"],
    ["CreateVSwitch", { CidrBlock: "10.0.9.0/30" }, 400, "InvalidCirdrBlock.MaskLength"],
    ["CreateVSwitch", { CidrBlock: "192.168.0.0/24" }, 400, "InvalidParameter"],
    ["CreateVSwitch", { ZoneId: "cn-beijing-a" }, 404, "InvalidZoneId.NotFound"],
    ["CreateVSwitch", { CidrBlock: "10.0.1.128/25" }, 400, "InvalidCidrBlock.Overlapped"],
  ])("%s refuses %j", async (action, params, status, code) => {
    const wanted = { VpcId: "vpc-1", ZoneId: "cn-hangzhou-a", CidrBlock: "10.0.9.0/24" };
    expect(await call(action, { ...wanted, ...params }, vpcVersion)).toMatchObject({
      status,
      body: { Code: code },
    });
  });

  test("are refused under the version of ECS", async () => {
    expect((await call("CreateVpc", {})).body.Code).toBe("InvalidAction.NotFound");
  });

  test("take their time, one after the other", async () => {
    const { VpcId } = (await call("CreateVpc", { CidrBlock: "172.16.0.0/12" }, vpcVersion)).body;
    const wanted = { VpcId, ZoneId: "cn-hangzhou-a", CidrBlock: "172.16.1.0/24" };
    expect((await call("CreateVSwitch", wanted, vpcVersion)).body.Code).toBe("IncorrectVpcStatus");
    clock.advance(1000);
    const { VSwitchId } = (await call("CreateVSwitch", wanted, vpcVersion)).body;
    const groups = (await call("DescribeSecurityGroups", { VpcId })).body.SecurityGroups.SecurityGroup;
    const SecurityGroupId = groups[0]?.SecurityGroupId ?? "";
    const create = () => call("CreateNetworkInterface", { VSwitchId, SecurityGroupId });
    expect((await create()).body.Code).toBe("IncorrectVSwitchStatus");
    clock.advance(1000);
    expect((await create()).body.PrivateIpAddress).toBe("172.16.1.1");
  });
});

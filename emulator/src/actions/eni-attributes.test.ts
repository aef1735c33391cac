import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { eniStatuses } from "../world/resources";

const region = { RegionId: "cn-hangzhou" };
const emulator = new EmulatorOnManualClock();
const { clock } = emulator;

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.putState({
    vpcs: [{ VpcId: "vpc-1" }, { VpcId: "vpc-2" }],
    vSwitches: [{ VSwitchId: "vsw-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24" }],
    instances: [
      { InstanceId: "i-1", InstanceType: "ecs.t6-c1m1.large" },
      { InstanceId: "i-2", InstanceName: "web-2" },
    ],
    networkInterfaces: [
      { NetworkInterfaceId: "eni-1", PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: "10.0.1.20" }] } },
      { NetworkInterfaceId: "eni-managed", ServiceManaged: true, ServiceID: 42 },
      { NetworkInterfaceId: "eni-p", InstanceId: "i-1", Type: "Primary" },
    ],
    eips: [
      { AllocationId: "eip-1", IpAddress: "47.1.2.3", InstanceId: "eni-1", PrivateIpAddress: "10.0.1.20" },
    ],
  });
});

const call = (action: string, params: Record<string, string | number> = {}) =>
  emulator.call(action, { ...region, ...params });
const whole = async (answer: Promise<{ body: unknown }>) => (await answer).body as Record<string, unknown>;
const eni = (id: string) => emulator.eni(id);

describe("DescribeNetworkInterfaceAttribute", () => {
  test.each([
    ["no ENI", {}, 400, "MissingParameter"],
    ["an unknown ENI", { NetworkInterfaceId: "eni-9" }, 404, "InvalidEniId.NotFound"],
    ["another region", { NetworkInterfaceId: "eni-1", RegionId: "cn-beijing" }, 404, "InvalidEniId.NotFound"],
    ["an unknown attribute", { NetworkInterfaceId: "eni-1", Attribute: "size" }, 400, "InvalidParameter"],
  ])("refuses %s", async (_, params, status, code) => {
    expect(await call("DescribeNetworkInterfaceAttribute", params as Record<string, string>)).toMatchObject({
      status,
      body: { Code: code },
    });
  });

  test("shows what the list shows, with EIPs, at the top level", async () => {
    const { body } = await call("DescribeNetworkInterfaces", { "NetworkInterfaceId.1": "eni-1" });
    const shown = await whole(call("DescribeNetworkInterfaceAttribute", { NetworkInterfaceId: "eni-1" }));
    expect(shown).toMatchObject(body.NetworkInterfaceSets.NetworkInterfaceSet[0] ?? {});
    expect(shown.PrivateIpSets).toEqual({
      PrivateIpSet: [
        { PrivateIpAddress: "10.0.1.1", Primary: true, AssociatedPublicIp: {} },
        {
          PrivateIpAddress: "10.0.1.20",
          Primary: false,
          AssociatedPublicIp: { AllocationId: "eip-1", PublicIpAddress: "47.1.2.3" },
        },
      ],
    });
  });

  test("shows who manages it, and the attribute that is asked for", async () => {
    const asked = { NetworkInterfaceId: "eni-managed", Attribute: "connectionTrackingConfiguration" };
    expect(await whole(call("DescribeNetworkInterfaceAttribute", asked))).toMatchObject({
      ServiceManaged: true,
      ServiceID: 42,
      ConnectionTrackingConfiguration: { TcpEstablishedTimeout: 86_400 },
    });
  });

  test("can lag behind, as the list can", async () => {
    emulator.control.addFault({ action: "UnassignPrivateIpAddresses", effect: { staleReads: 1 } });
    await call("UnassignPrivateIpAddresses", {
      NetworkInterfaceId: "eni-1",
      "PrivateIpAddress.1": "10.0.1.20",
    });
    const asked = { NetworkInterfaceId: "eni-1" };
    const seen = [];
    for (let reads = 0; reads < 2; reads++) {
      const { PrivateIpSets } = await whole(call("DescribeNetworkInterfaceAttribute", asked));
      seen.push((PrivateIpSets as { PrivateIpSet: unknown[] }).PrivateIpSet.length);
    }
    expect(seen).toEqual([2, 1]);
  });
});

describe("ModifyNetworkInterfaceAttribute", () => {
  const modify = (id: string, params: Record<string, string | number>) =>
    call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: id, ...params });

  test.each([
    ["an unknown ENI", "eni-9", {}, 404, "InvalidEniId.NotFound"],
    [
      "a service-managed ENI",
      "eni-managed",
      { Description: "mine" },
      403,
      "InvalidOperation.EniServiceManaged",
    ],
    ["a name that begins with a digit", "eni-1", { NetworkInterfaceName: "1st" }, 400, "InvalidParameter"],
    ["a description that is a page", "eni-1", { Description: "https://x" }, 400, "InvalidParameter"],
    ["an unknown group", "eni-1", { "SecurityGroupId.1": "sg-9" }, 404, "InvalidSecurityGroupId.NotFound"],
    ["a group of another VPC", "eni-1", { "SecurityGroupId.1": "sg-2" }, 403, "InvalidOperation.VpcMismatch"],
    [
      "a group twice",
      "eni-1",
      { "SecurityGroupId.1": "sg-1", "SecurityGroupId.2": "sg-1" },
      400,
      "InvalidParameter",
    ],
    ["the second group without the first", "eni-1", { "SecurityGroupId.2": "sg-1" }, 400, "InvalidParameter"],
    ["no queue", "eni-1", { QueueNumber: 0 }, 400, "InvalidParameter"],
    ["queues of a primary ENI", "eni-p", { QueueNumber: 4 }, 400, "InvalidParameter"],
    ["a parameter that is not modelled", "eni-1", { EnablePrimaryIPv6: "true" }, 400, "UnsupportedParameter"],
  ])("refuses %s", async (_, id, params, status, code) => {
    const before = emulator.control.state();
    expect(await modify(id, params as Record<string, string | number>)).toMatchObject({
      status,
      body: { Code: code },
    });
    expect(emulator.control.state()).toEqual(before);
  });

  test.each(eniStatuses.filter((status) => status !== "Available" && status !== "InUse"))(
    "refuses an ENI that is %s",
    async (Status) => {
      emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status }] });
      expect((await modify("eni-1", { Description: "mine" })).body.Code).toBe(
        "InvalidOperation.InvalidEniState",
      );
    },
  );

  test("changes what it is told to, and nothing else", async () => {
    const before = eni("eni-1");
    const change = {
      NetworkInterfaceName: "edge",
      DeleteOnRelease: "true",
      SourceDestCheck: "true",
      QueueNumber: 8,
    };
    expect((await modify("eni-1", change)).status).toBe(200);
    expect(eni("eni-1")).toEqual({
      ...before,
      NetworkInterfaceName: "edge",
      DeleteOnRelease: true,
      SourceDestCheck: true,
      QueueNumber: 8,
    });
  });
});

describe("tags", () => {
  const tags = (action: string, params: Record<string, string>) =>
    call(action, { ResourceType: "eni", "ResourceId.1": "eni-1", ...params });
  const many = (name: string, count: number, end = "") =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${name}.${index + 1}${end}`, `x-${index}`]),
    );

  test.each([
    ["no type", "ListTagResources", { ResourceType: "" }, 404, "MissingParameter.ResourceType"],
    ["no region", "ListTagResources", { RegionId: "" }, 404, "MissingParameter.RegionId"],
    ["an unknown type", "ListTagResources", { ResourceType: "cup" }, 404, "InvalidResourceType.NotFound"],
    ["51 resources", "TagResources", many("ResourceId", 51), 400, "NumberExceed.ResourceIds"],
    ["21 tags", "TagResources", many("Tag", 21, ".Key"), 400, "NumberExceed.Tags"],
    ["21 keys", "UntagResources", many("TagKey", 21), 400, "NumberExceed.Tags"],
    ["no tag", "TagResources", {}, 404, "MissingParameter.Tags"],
    ["no key", "UntagResources", {}, 404, "MissingParameter.Tags"],
    ["a value alone", "TagResources", { "Tag.1.Value": "x" }, 400, "InvalidParameter.TagValue"],
    ["a key of the cloud's", "TagResources", { "Tag.1.Key": "acs:x" }, 400, "InvalidTagKey.Malformed"],
    [
      "a value that is a page",
      "TagResources",
      { "Tag.1.Key": "x", "Tag.1.Value": "http://x" },
      400,
      "InvalidTagValue.Malformed",
    ],
    ["a key twice", "TagResources", { "Tag.1.Key": "x", "Tag.2.Key": "x" }, 400, "Duplicate.TagKey"],
    [
      "an unknown resource",
      "TagResources",
      { "ResourceId.2": "eni-9", "Tag.1.Key": "x" },
      404,
      "InvalidResourceId.NotFound",
    ],
    [
      "both kinds of filters",
      "ListTagResources",
      { "Tag.1.Key": "x", "TagFilter.1.TagKey": "x" },
      400,
      "InvalidParameter",
    ],
  ])("%s: %s refuses", async (_, action, params, status, code) => {
    expect(await tags(action, params as Record<string, string>)).toMatchObject({
      status,
      body: { Code: code },
    });
    expect(eni("eni-1")?.Tags.Tag).toEqual([]);
  });

  test("are given, found in every way, and taken", async () => {
    await tags("TagResources", { "Tag.1.Key": "team", "Tag.1.Value": "edge", "Tag.2.Key": "env" });
    await tags("TagResources", { "Tag.1.Key": "env", "Tag.1.Value": "prod" });
    expect(eni("eni-1")?.Tags.Tag).toEqual([
      { TagKey: "team", TagValue: "edge" },
      { TagKey: "env", TagValue: "prod" },
    ]);
    const found = async (params: Record<string, string>) => {
      const { TagResources } = await whole(call("ListTagResources", { ResourceType: "eni", ...params }));
      return (TagResources as { TagResource: { TagKey: string }[] }).TagResource.map(({ TagKey }) => TagKey);
    };
    expect(await found({ "ResourceId.1": "eni-1", "ResourceId.2": "eni-p" })).toEqual(["env", "team"]);
    expect(await found({ "Tag.1.Key": "team", "Tag.1.Value": "core" })).toEqual([]);
    expect(await found({ "TagFilter.1.TagKey": "te*" })).toEqual(["env", "team"]);
    expect(await found({ "TagFilter.1.TagKey": "env", "TagFilter.1.TagValues.1": "*ro*" })).toEqual([
      "env",
      "team",
    ]);
    expect(await found({ "TagFilter.1.TagKey": "env", "TagFilter.1.TagValues.1": "ro*" })).toEqual([]);
    await tags("UntagResources", { "TagKey.1": "env" });
    expect(await found({ "ResourceId.1": "eni-1" })).toEqual(["team"]);
    await tags("UntagResources", { All: "true" });
    expect(await found({ "ResourceId.1": "eni-1" })).toEqual([]);
  });

  test("are twenty at most, and the pages lead through all of them", async () => {
    const ids = ["eni-1", "eni-managed", "eni-p"];
    for (const id of ids) await tags("TagResources", { "ResourceId.1": id, ...many("Tag", 20, ".Key") });
    expect((await tags("TagResources", { "Tag.1.Key": "more" })).body.Code).toBe(
      "OperationDenied.QuotaExceed",
    );
    const pages = [];
    let NextToken = "";
    do {
      const answer = await whole(
        tags("ListTagResources", {
          NextToken,
          "Tag.1.Key": "x-0",
          "ResourceId.1": "eni-1",
          "ResourceId.2": "eni-p",
          "ResourceId.3": "eni-managed",
        }),
      );
      pages.push((answer.TagResources as { TagResource: unknown[] }).TagResource.length);
      NextToken = String(answer.NextToken);
    } while (NextToken !== "");
    expect(pages).toEqual([50, 10]);
  });
});

describe("lists on the wire", () => {
  const assign = (params: Record<string, string>) =>
    call("AssignPrivateIpAddresses", { NetworkInterfaceId: "eni-1", ...params });

  test.each([
    ["a hole", { "PrivateIpAddress.1": "10.0.1.50", "PrivateIpAddress.3": "10.0.1.51" }],
    ["an index of 0", { "PrivateIpAddress.0": "10.0.1.50" }],
    ["an index that is no number", { "PrivateIpAddress.one": "10.0.1.50" }],
    ["an empty index", { "PrivateIpAddress.": "10.0.1.50" }],
    ["an index with a zero before it", { "PrivateIpAddress.01": "10.0.1.50" }],
  ])("refuse %s", async (_, params) => {
    expect(await assign(params as Record<string, string>)).toMatchObject({
      status: 400,
      body: { Code: "InvalidParameter" },
    });
    expect(eni("eni-1")?.PrivateIpSets.PrivateIpSet).toHaveLength(2);
  });

  test("count beyond nine in the order of numbers, not of texts", async () => {
    const wanted = Array.from({ length: 10 }, (_, index) => `10.0.1.${60 - index}`);
    const params = Object.fromEntries(
      wanted.map((address, index) => [`PrivateIpAddress.${index + 1}`, address]),
    );
    const { body } = await assign({ ...params, Unknown: "ignored" });
    expect(body.AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress).toEqual(wanted);
  });
});

describe("a ClientToken", () => {
  const two = { "PrivateIpAddress.1": "10.0.1.50", "PrivateIpAddress.2": "10.0.1.51" };
  const token = { NetworkInterfaceId: "eni-1", ClientToken: "t" };

  test("with the same addresses in another order is another request", async () => {
    await call("AssignPrivateIpAddresses", { ...token, ...two });
    const swapped = { "PrivateIpAddress.1": "10.0.1.51", "PrivateIpAddress.2": "10.0.1.50" };
    expect(await call("AssignPrivateIpAddresses", { ...token, ...swapped })).toMatchObject({
      status: 400,
      body: { Code: "IdempotentParameterMismatch" },
    });
  });

  test("is another one in another operation, and none where the operation takes none", async () => {
    await call("AssignPrivateIpAddresses", { ...token, ...two });
    const create = { VSwitchId: "vsw-1", SecurityGroupId: "sg-1", ClientToken: "t" };
    expect((await call("CreateNetworkInterface", create)).status).toBe(200);
    for (const status of [200, 403])
      expect((await call("UnassignPrivateIpAddresses", { ...token, ...two })).status).toBe(status);
  });

  test("is the same request with the older signature, whose nonce and time are new each time", async () => {
    const params = { ...region, ...token, SecondaryPrivateIpAddressCount: 1 };
    for (let attempts = 0; attempts < 2; attempts++) {
      const options = { signature: "HMAC-SHA1", format: "JSON" } as const;
      expect((await emulator.call("AssignPrivateIpAddresses", params, options)).status).toBe(200);
      clock.advance(1000);
    }
    expect(eni("eni-1")?.PrivateIpSets.PrivateIpSet).toHaveLength(3);
  });
});

describe("instances and their types", () => {
  test("a burstable instance has to be stopped for an ENI to come or go", async () => {
    const move = (verb: string) =>
      call(`${verb}NetworkInterface`, { NetworkInterfaceId: "eni-1", InstanceId: "i-1" });
    expect((await move("Attach")).body.Code).toBe("InvalidOperation.InvalidEcsState");
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status: "Stopped" }] });
    expect((await move("Attach")).status).toBe(200);
    clock.advance(500);
    emulator.control.patchState({ instances: [{ InstanceId: "i-1", Status: "Running" }] });
    expect((await move("Detach")).body.Code).toBe("InvalidOperation.InvalidEcsState");
  });

  test.each([
    [{ PrivateIpAddresses: "10.0.1.2" }, 400, "InvalidParameter"],
    [{ InstanceNetworkType: "wired" }, 400, "InvalidParameter"],
    [{ DryRun: "true" }, 400, "DryRunOperation"],
  ])("DescribeInstances refuses %j", async (params, status, code) => {
    expect(await call("DescribeInstances", params as Record<string, string>)).toMatchObject({
      status,
      body: { Code: code },
    });
  });

  test.each([
    [{ InstanceName: "web*" }, ["i-2"]],
    [{ InstanceName: "web" }, []],
    [{ InstanceTypeFamily: "ecs.t6" }, ["i-1"]],
    [{ SecurityGroupId: "sg-1" }, ["i-1", "i-2"]],
    [{ InstanceNetworkType: "classic" }, []],
    [{ PrivateIpAddresses: '["10.0.1.4","10.0.9.9"]' }, ["i-2"]],
    [{ "Tag.1.Key": "team" }, []],
  ])("DescribeInstances by %j", async (params, expected) => {
    const { body } = await call("DescribeInstances", params);
    const found = body.Instances.Instance as readonly { InstanceId: string }[];
    expect(found.map(({ InstanceId }) => InstanceId)).toEqual(expected);
  });

  test("DescribeInstanceTypes gives pages of at most 100, as since November 2023", async () => {
    const first = (await emulator.call("DescribeInstanceTypes")).body;
    expect(first.InstanceTypes.InstanceType).toHaveLength(100);
    expect(first.NextToken).not.toBe("");
    const { body } = await emulator.call("DescribeInstanceTypes", { MaxResults: 1600 });
    expect(body.InstanceTypes).toEqual(first.InstanceTypes);
    const some = (await emulator.call("DescribeInstanceTypes", { MaxResults: 3 })).body;
    expect(some.InstanceTypes.InstanceType).toHaveLength(3);
    expect(some.NextToken).not.toBe("");
    const roomy = {
      InstanceTypeFamily: "ecs.r7",
      MinimumEniPrivateIpAddressQuantity: 30,
      MaximumMemorySize: 256,
    };
    expect(
      (await emulator.call("DescribeInstanceTypes", roomy)).body.InstanceTypes.InstanceType,
    ).toMatchObject([
      { InstanceTypeId: "ecs.r7.4xlarge", MemorySize: 128 },
      { InstanceTypeId: "ecs.r7.6xlarge", MemorySize: 192 },
      { InstanceTypeId: "ecs.r7.8xlarge", MemorySize: 256, EniQuantity: 8, EniIpv6AddressQuantity: 30 },
    ]);
  });
});

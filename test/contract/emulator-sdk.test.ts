import OpenApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import { startEmulator } from "alicloud-ecs-emulator";
import type { Emulator } from "alicloud-ecs-emulator";

const region = { RegionId: "cn-hangzhou" };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ behaviour: { transitionMs: 0 } });
});
afterAll(() => emulator.close());

interface ClientConfig {
  accessKeySecret?: string;
  securityToken?: string;
  /** `v2` is the older HMAC-SHA1 signature; ACS3 otherwise. */
  signatureAlgorithm?: string;
}

function clientOf(config: ClientConfig = {}, port = emulator.port) {
  return new OpenApi(
    new $OpenApiUtil.Config({
      accessKeyId: "test",
      accessKeySecret: "test",
      regionId: "cn-hangzhou",
      endpoint: `127.0.0.1:${port}`,
      protocol: "http",
      ...config,
    }),
  );
}

/** Fields of any answer that the tests go into; each answer has some of them. */
interface Answer {
  AccountId: string;
  VpcId: string;
  VSwitchId: string;
  SecurityGroupId: string;
  NetworkInterfaceId: string;
  VSwitches: { VSwitch: { CidrBlock: string; Status: string }[] };
  InstanceTypes: { InstanceType: { EniPrivateIpAddressQuantity: number }[] };
  InstanceIdSets: { InstanceIdSet: string[] };
  InstanceStatuses: { InstanceStatus: unknown[] };
  Instances: { Instance: { NetworkInterfaces: { NetworkInterface: unknown[] } }[] };
  AssignedPrivateIpAddressesSet: { PrivateIpSet: { PrivateIpAddress: string[] } };
  NetworkInterfaceSets: {
    NetworkInterfaceSet: {
      PrivateIpAddress: string;
      PrivateIpSets: { PrivateIpSet: { PrivateIpAddress: string }[] };
    }[];
  };
}

/** Calls with the official SDK; its parameters travel in the query, or in a chunked form. */
async function call(
  action: string,
  parameters: Record<string, unknown>,
  { version = "2014-05-26", as = "query", client = clientOf() } = {},
) {
  const flat = OpenApiUtil.query(parameters);
  const answer = await client.callApi(
    new $OpenApiUtil.Params({
      action,
      version,
      protocol: "HTTP",
      pathname: "/",
      method: "POST",
      authType: "AK",
      style: "RPC",
      reqBodyType: "formData",
      bodyType: "json",
    }),
    new $OpenApiUtil.OpenApiRequest(as === "query" ? { query: flat } : { body: flat }),
    new RuntimeOptions({}),
  );
  return (answer as { body: Answer }).body;
}

test("the SDK reads throttling as what it is", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 0 } });
  await expect(call("DescribeNetworkInterfaces", region)).rejects.toMatchObject({
    name: "ThrottlingError",
    code: "Throttling.User",
  });
  emulator.control.setLimits({});
});

test("the SDK reads the account of its key and of a vSwitch", async () => {
  emulator.control.putState({ accountId: "1900000000000007", vSwitches: [{ VSwitchId: "vsw-1" }] });
  expect(await call("GetCallerIdentity", {}, { version: "2015-04-01" })).toMatchObject({
    AccountId: "1900000000000007",
    IdentityType: "RAMUser",
  });
  const { VSwitches } = await call("DescribeVSwitches", region, { version: "2016-04-28" });
  expect(VSwitches.VSwitch[0]).toMatchObject({ OwnerId: 1_900_000_000_000_007 });
});

test("the SDK sees a lost answer as a lost connection", async () => {
  emulator.control.addFault({ action: "DescribeNetworkInterfaces", effect: { drop: "after" } });
  await expect(call("DescribeNetworkInterfaces", region)).rejects.toMatchObject({ code: "ECONNRESET" });
});

describe.each([
  ["ACS3", {}],
  ["the older signature", { signatureAlgorithm: "v2" }],
])("with %s", (_, algorithm: ClientConfig) => {
  test("a wrong secret is refused", async () => {
    const client = clientOf({ ...algorithm, accessKeySecret: "guess" });
    await expect(call("DescribeNetworkInterfaces", region, { client })).rejects.toMatchObject({
      code: "SignatureDoesNotMatch",
      statusCode: 400,
    });
  });

  test("the SDK reads an error as one of its own", async () => {
    const client = clientOf(algorithm);
    const onEni = { ...region, NetworkInterfaceId: "eni-9", PrivateIpAddress: ["10.0.0.9"] };
    await expect(call("UnassignPrivateIpAddresses", onEni, { client })).rejects.toMatchObject({
      name: "ClientError",
      code: "InvalidEniId.NotFound",
      statusCode: 404,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as string,
    });
  });

  test.each(["query", "form"])("temporary credentials are taken, with parameters in the %s", async (as) => {
    const temporary = await startEmulator({ credentials: { securityToken: "CAIS+/=" } });
    try {
      const ask = (config: ClientConfig) =>
        call("DescribeNetworkInterfaces", region, { as, client: clientOf(config, temporary.port) });
      await expect(ask({ ...algorithm, securityToken: "CAIS+/=" })).resolves.toMatchObject({ TotalCount: 0 });
      await expect(ask({ ...algorithm, securityToken: "CAIS" })).rejects.toMatchObject({
        code: "InvalidSecurityToken.Malformed",
      });
      await expect(ask(algorithm)).rejects.toMatchObject({ code: "MissingSecurityToken" });
    } finally {
      await temporary.close();
    }
  });

  test.each(["query", "form"])("whatever a parameter in the %s holds, it arrives", async (as) => {
    const odd = {
      A: "a b*~!'()é😀+%&=/?#\r\n",
      Empty: "",
      List: Array.from({ length: 12 }, (__, n) => `+${n}`),
    };
    await call("DescribeInstanceTypes", odd, { as, client: clientOf(algorithm) });
    expect(emulator.control.calls().at(-1)).toMatchObject({ status: 200, params: OpenApiUtil.query(odd) });
  });
});

test("the SDK reads an error in XML as one of its own", async () => {
  const parameters = { ...region, NetworkInterfaceId: "eni-9", Format: "XML" };
  await expect(call("DeleteNetworkInterface", parameters)).rejects.toMatchObject({
    name: "ClientError",
    code: "InvalidEniId.NotFound",
    statusCode: 404,
    message: expect.stringContaining('The specified EniId "eni-9" is not found.') as string,
  });
});

describe.each([
  ["query", {}],
  ["form", {}],
  ["query", { signatureAlgorithm: "v2" }],
  ["form", { signatureAlgorithm: "v2" }],
])("with parameters in the %s, signed by %j", (place, algorithm: ClientConfig) => {
  test("every operation can be called, from the VPC to the last address and back", async () => {
    emulator.control.putState({});
    const as = { as: place, client: clientOf(algorithm) };
    const vpcOptions = { version: "2016-04-28", ...as };
    const { VpcId } = await call("CreateVpc", { ...region, CidrBlock: "10.0.0.0/8" }, vpcOptions);
    const network = { ...region, VpcId, ZoneId: "cn-hangzhou-a", CidrBlock: "10.0.1.0/24" };
    const { VSwitchId } = await call("CreateVSwitch", network, vpcOptions);
    const vSwitches = await call("DescribeVSwitches", { ...region, VSwitchId }, vpcOptions);
    expect(vSwitches.VSwitches.VSwitch[0]).toMatchObject({ CidrBlock: "10.0.1.0/24", Status: "Available" });
    const deprecated = await call("DescribeVSwitches", { ...region, VSwitchId }, as);
    expect(deprecated.VSwitches.VSwitch[0]?.CidrBlock).toBe("10.0.1.0/24");

    const group = { ...region, VpcId, SecurityGroupName: "edge" };
    const { SecurityGroupId } = await call("CreateSecurityGroup", group, as);
    const types = await call("DescribeInstanceTypes", { InstanceTypes: ["ecs.g6e.4xlarge"] }, as);
    expect(types.InstanceTypes.InstanceType[0]?.EniPrivateIpAddressQuantity).toBe(30);
    const run = {
      ...region,
      VSwitchId,
      ImageId: "aliyun_3_x64_20G_alibase",
      InstanceType: "ecs.g6e.4xlarge",
      SecurityGroupId,
      Amount: 1,
    };
    const [InstanceId] = (await call("RunInstances", run, as)).InstanceIdSets.InstanceIdSet;
    for (const action of ["StopInstance", "StartInstance", "RebootInstance"])
      await call(action, { InstanceId }, as);
    const states = await call("DescribeInstanceStatus", { ...region, InstanceId: [InstanceId] }, as);
    expect(states.InstanceStatuses.InstanceStatus).toEqual([{ InstanceId, Status: "Running" }]);

    const wanted = { ...region, VSwitchId, SecurityGroupId, Tag: [{ Key: "team", Value: "edge" }] };
    const { NetworkInterfaceId } = await call("CreateNetworkInterface", wanted, as);
    const onEni = { ...region, NetworkInterfaceId };
    await call("AttachNetworkInterface", { ...onEni, InstanceId }, as);

    const named = Array.from({ length: 10 }, (_, index) => `10.0.1.${index + 100}`);
    const token = { ClientToken: "a*~!'()" };
    const assigned = await call(
      "AssignPrivateIpAddresses",
      { ...onEni, ...token, PrivateIpAddress: named },
      as,
    );
    expect(assigned.AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress).toEqual(named);
    await call("AssignPrivateIpAddresses", { ...onEni, SecondaryPrivateIpAddressCount: 2 }, as);
    await call("UnassignPrivateIpAddresses", { ...onEni, PrivateIpAddress: named.slice(1) }, as);

    const query = { ...region, NetworkInterfaceId: [NetworkInterfaceId], MaxResults: 100, Tag: wanted.Tag };
    const [eni] = (await call("DescribeNetworkInterfaces", query, as)).NetworkInterfaceSets
      .NetworkInterfaceSet;
    expect(eni).toMatchObject({ Status: "InUse", InstanceId, Type: "Secondary" });
    expect(eni?.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress)).toEqual([
      eni?.PrivateIpAddress,
      "10.0.1.100",
      "10.0.1.3",
      "10.0.1.4",
    ]);
    const listed = await call(
      "DescribeInstances",
      { ...region, InstanceIds: JSON.stringify([InstanceId]) },
      as,
    );
    expect(listed.Instances.Instance[0]?.NetworkInterfaces.NetworkInterface).toHaveLength(2);

    await call("DetachNetworkInterface", { ...onEni, InstanceId }, as);
    await call("DeleteNetworkInterface", onEni, as);
    await call("DeleteInstance", { InstanceId, Force: true }, as);
    expect(emulator.control.state()).toMatchObject({ instances: [], networkInterfaces: [] });
  });
});

import { startEmulator } from "../emulator";
import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { SigningClient } from "../testing/signing-client";

const region = { RegionId: "cn-hangzhou" };
const accountId = "1900000000000007";
const ofVpc = { version: "2016-04-28" };

const emulator = new EmulatorOnManualClock({
  seed: {
    accountId,
    vSwitches: [
      { VSwitchId: "vsw-own", CidrBlock: "10.0.1.0/24" },
      { VSwitchId: "vsw-shared", CidrBlock: "10.0.2.0/24", OwnerId: 1_900_000_000_000_008 },
    ],
    networkInterfaces: [
      { NetworkInterfaceId: "eni-1", VSwitchId: "vsw-own" },
      { NetworkInterfaceId: "eni-2", VSwitchId: "vsw-own", OwnerId: "1900000000000008" },
    ],
  },
});
beforeAll(() => emulator.start());
afterAll(() => emulator.close());

const identify = { version: "2015-04-01" };

test("GetCallerIdentity answers the account of the key", async () => {
  const { status, body } = await emulator.call("GetCallerIdentity", {}, identify);
  expect(status).toBe(200);
  expect(body).toEqual({
    RequestId: expect.any(String) as string,
    IdentityType: "RAMUser",
    AccountId: accountId,
    PrincipalId: "200000000000000001",
    UserId: "200000000000000001",
    Arn: `acs:ram::${accountId}:user/emulator`,
  });
});

test("GetCallerIdentity is no operation of ECS", async () => {
  expect(await emulator.call("GetCallerIdentity")).toMatchObject({
    status: 404,
    body: { Code: "InvalidAction.NotFound" },
  });
});

test("an error of STS names the host of STS", async () => {
  expect((await emulator.call("AssumeRole", {}, identify)).body).toMatchObject({
    HostId: "sts.cn-hangzhou.aliyuncs.com",
  });
});

test.each([
  ["eni-1", accountId],
  ["eni-2", "1900000000000008"],
])("both operations that read %s answer its OwnerId", async (id, OwnerId) => {
  const [listed, attribute] = await Promise.all([
    emulator.call("DescribeNetworkInterfaces", { ...region, "NetworkInterfaceId.1": id }),
    emulator.call("DescribeNetworkInterfaceAttribute", { ...region, NetworkInterfaceId: id }),
  ]);
  expect(listed.body.NetworkInterfaceSets.NetworkInterfaceSet).toMatchObject([{ OwnerId }]);
  expect(attribute.body).toMatchObject({ OwnerId });
});

test("VPC answers the OwnerId of a vSwitch as a number, that of a shared one too", async () => {
  const { body } = await emulator.call("DescribeVSwitches", region, ofVpc);
  expect(body.VSwitches.VSwitch).toMatchObject([
    { VSwitchId: "vsw-own", OwnerId: Number(accountId) },
    { VSwitchId: "vsw-shared", OwnerId: 1_900_000_000_000_008 },
  ]);
});

test("a new resource belongs to the account", async () => {
  const vSwitch = { VpcId: "vpc-default", ZoneId: "cn-hangzhou-a", CidrBlock: "10.0.3.0/24" };
  const { body } = await emulator.call("CreateVSwitch", { ...region, ...vSwitch }, ofVpc);
  const eni = { VSwitchId: "vsw-own", SecurityGroupId: "sg-default" };
  const created = await emulator.call("CreateNetworkInterface", { ...region, ...eni });
  expect(created.body).toMatchObject({ OwnerId: accountId });
  expect(emulator.control.state().vSwitches).toContainEqual(
    expect.objectContaining({ VSwitchId: body.VSwitchId, OwnerId: Number(accountId) }),
  );
});

test("the account stays when a patch changes the world, and belongs to the document", () => {
  emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-3" }] });
  expect(emulator.control.state()).toMatchObject({ accountId });
  expect(emulator.eni("eni-3")).toMatchObject({ OwnerId: accountId });
});

test.each(["", "1", "0000000000000000", "10000000000000000", "100000000000000x", 1_000_000_000_000_000])(
  "an account id of %j is refused",
  (id) => {
    expect(() => {
      emulator.control.putState({ accountId: id as string });
    }).toThrow(/^accountId: .*(?:16 digits|string)/);
  },
);

test("another account is a second emulator: it knows neither the key nor the ENIs of the first", async () => {
  const other = await startEmulator({
    seed: { accountId: "1900000000000008" },
    credentials: { accessKeyId: "other", accessKeySecret: "secret" },
  });
  try {
    const key = { id: "other", secret: "secret" };
    const client = new SigningClient(other.url, Date.now, key);
    expect((await client.call("GetCallerIdentity", {}, identify)).body).toMatchObject({
      AccountId: "1900000000000008",
    });
    const { body } = await client.call("DescribeNetworkInterfaces", region);
    expect(body.NetworkInterfaceSets.NetworkInterfaceSet).toEqual([]);
    expect(await new SigningClient(other.url).call("GetCallerIdentity", {}, identify)).toMatchObject({
      status: 404,
      body: { Code: "InvalidAccessKeyId.NotFound" },
    });
  } finally {
    await other.close();
  }
});

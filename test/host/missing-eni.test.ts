import { startEmulator, type Emulator, type StateDocument } from "alicloud-ecs-emulator";
import { actions, eniId, environmentFor, otherEniId, twoEnis, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { InProcessHost } from "../support/in-process-host";
import type { Properties } from "../support/provider-host";

/* An ENI that is in the state and that reads do not find: when it counts as deleted. */

const [account, otherAccount] = ["1000000000000000", "2000000000000000"];
const region = "cn-hangzhou";
const describeEnis = "DescribeNetworkInterfaces";
const identity = "GetCallerIdentity";
const vSwitches = "DescribeVSwitches";
const notFound = failure(404, "InvalidEniId.NotFound", "The specified EniId is not found.");
const refused = failure(403, "Forbidden.RAM", "User not authorized.");

const inputs = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"], region };
const hidden = { schemaVersion: 2, name: "edge", timeouts: {}, mode: "privateIpAddresses" };
const recorded = {
  ...inputs,
  ipv4Prefixes: [],
  primaryIpAddress: "10.0.1.10",
  vswitchId: "vsw-1",
  unmanagedPrivateIpAddresses: [],
  ownership: "exclusive",
  allowUnassignWithEip: false,
  __internal: { ...hidden, account },
};
/** The state of an older release. */
const older = { ...recorded, __internal: hidden };
/** The same, without a region. */
const { region: _region, ...withoutRegion } = older;

/** The world without the ENI. */
function without(seed: StateDocument = worldWith()): StateDocument {
  const { networkInterfaces = [], ...rest } = seed;
  return {
    ...rest,
    networkInterfaces: networkInterfaces.filter(({ NetworkInterfaceId }) => NetworkInterfaceId !== eniId),
  };
}

let emulator: Emulator;
let host: InProcessHost;
afterEach(async () => {
  await host.stop();
  await emulator.close();
});

async function start(seed: StateDocument, config: Properties = {}): Promise<void> {
  emulator = await startEmulator({ seed });
  host = await InProcessHost.start({
    env: { ...environmentFor(emulator), ALICLOUD_SECONDARY_IPS_PACE: "0.1" },
    config,
  });
}

const refresh = async (state: Properties = recorded) => (await host.read(eniId, state)).id;
const destroy = (state: Properties = recorded) => host.delete(eniId, state);
const bothFail = async (message: RegExp, state: Properties = recorded) => {
  await expect(refresh(state)).rejects.toThrow(message);
  await expect(destroy(state)).rejects.toThrow(message);
};

describe("the ENI is deleted:", () => {
  test("STS names the recorded account, refresh drops it and says so, delete succeeds", async () => {
    await start(without());
    expect(await refresh()).toBe("");
    expect(actions(emulator)).toEqual([describeEnis, describeEnis, identity]);
    await destroy();
    expect(actions(emulator).slice(3)).toEqual([describeEnis]);
    expect((await host.printed()).join()).toContain(
      `ENI ${eniId} does not exist in region ${region} any more`,
    );
  });

  test("with its vSwitch and VPC, STS is evidence enough", async () => {
    await start({});
    expect(await refresh()).toBe("");
    await destroy();
  });

  test("the API answers with InvalidEniId.NotFound, the same", async () => {
    await start(without());
    disturb(emulator, describeEnis, notFound, { times: forever });
    expect(await refresh()).toBe("");
    await destroy();
  });

  test("another ENI of the account was seen, STS is not asked", async () => {
    await start(without(twoEnis()));
    await host.read(otherEniId, { ...recorded, networkInterfaceId: otherEniId, privateIpAddresses: [] });
    expect(await refresh()).toBe("");
    expect(actions(emulator)).not.toContain(identity);
  });

  test.each([
    ["refused", refused],
    ["never answered", { hang: true } as const],
  ])("STS is %s, the recorded vSwitch of the account is evidence", async (_what, effect) => {
    await start(without());
    disturb(emulator, identity, effect, { times: forever });
    expect(await refresh()).toBe("");
    await destroy();
    // A hanging call is given up after a while.
    expect(actions(emulator).filter((action) => action === identity).length).toBeLessThan(4);
  });

  test("a state of an older release, its vSwitch belongs to the account of the keys", async () => {
    await start(without());
    expect(await refresh(older)).toBe("");
    await destroy(older);
  });

  test("a state of an older release, another ENI in its vSwitch was seen", async () => {
    await start(without(twoEnis()));
    disturb(emulator, identity, refused, { times: forever });
    await host.read(otherEniId, { ...older, networkInterfaceId: otherEniId, privateIpAddresses: [] });
    expect(await refresh(withoutRegion)).toBe("");
  });

  test("100 ENIs, each is read alone once and the evidence is read once", async () => {
    await start({});
    const ids = Array.from({ length: 100 }, (_unused, index) => `eni-${index}`);
    const answers = await Promise.all(
      ids.map((id) => host.read(id, { ...recorded, networkInterfaceId: id })),
    );
    expect(answers.filter(({ id }) => id !== "")).toEqual([]);
    const calls = actions(emulator);
    expect(calls.filter((action) => action === identity)).toHaveLength(1);
    // The first ENI, a page, each ENI alone, and reads of many ENIs. The confirming one comes in up to three parts on a slow machine.
    expect(calls.filter((action) => action === describeEnis).length).toBeLessThanOrEqual(106);
  });
});

describe("one read does not find the ENI:", () => {
  test.each([
    ["an error", notFound],
    ["an empty list", { leaveOut: "networkInterface" } as const],
  ])("%s, delete unassigns", async (_what, effect) => {
    await start(worldWith(["10.0.1.20"]));
    disturb(emulator, describeEnis, effect);
    await destroy();
    expect(actions(emulator)).toContain("UnassignPrivateIpAddresses");
  });

  test.each([
    ["an error", notFound],
    ["an empty list", { leaveOut: "networkInterface" } as const],
  ])("%s, refresh and get read it again", async (_what, effect) => {
    await start(worldWith(["10.0.1.20"]));
    disturb(emulator, describeEnis, effect);
    expect(await refresh()).toBe(eniId);
    disturb(emulator, describeEnis, effect);
    expect((await host.read(eniId, { region })).id).toBe(eniId);
  });

  test("an update reads it again", async () => {
    await start(worldWith(["10.0.1.20"]));
    disturb(emulator, describeEnis, notFound);
    const outputs = await host.update(eniId, recorded, { ...inputs, privateIpAddresses: ["10.0.1.21"] });
    expect(outputs.privateIpAddresses).toEqual(["10.0.1.21"]);
  });
});

describe("without evidence:", () => {
  const possibilities =
    /^ENI eni-edge is not found in region cn-hangzhou, and nothing shows that it is deleted: .*another account.*region may be wrong.*pulumi state delete URN.*missingEniIsGone true/;

  test("optional reads are refused, refresh and delete fail with the ways out", async () => {
    await start(without());
    for (const action of [identity, vSwitches]) disturb(emulator, action, refused, { times: forever });
    await bothFail(possibilities);
    await bothFail(/GetCallerIdentity: Forbidden\.RAM/);
  });

  test("the setting missingEniIsGone, refresh drops it and delete succeeds", async () => {
    await start(without(), { "alicloud-secondary-ips:missingEniIsGone": "true" });
    for (const action of [identity, vSwitches]) disturb(emulator, action, refused, { times: forever });
    expect(await refresh()).toBe("");
    await destroy();
    expect(actions(emulator)).toEqual([describeEnis, describeEnis, describeEnis]);
  });

  test("a state of an older release whose vSwitch is gone, STS alone is not enough", async () => {
    await start({});
    await bothFail(
      /nothing shows that it is deleted: the credentials may belong to another account, or/,
      older,
    );
  });

  test("a state without a region, and the configuration names another region", async () => {
    const seed = worldWith(["10.0.1.20"]);
    await start({
      ...seed,
      vpcs: [...(seed.vpcs ?? []), { VpcId: "vpc-b", RegionId: "cn-beijing", CidrBlock: "10.0.0.0/16" }],
      vSwitches: [
        ...(seed.vSwitches ?? []),
        { VSwitchId: "vsw-b", VpcId: "vpc-b", RegionId: "cn-beijing", CidrBlock: "10.0.1.0/24" },
      ],
      networkInterfaces: [
        ...(seed.networkInterfaces ?? []),
        { NetworkInterfaceId: otherEniId, VSwitchId: "vsw-b", PrivateIpAddress: "10.0.1.10" },
      ],
    });
    await host.configure({ "alicloud:region": "cn-beijing" });
    await host.read(otherEniId, { ...withoutRegion, networkInterfaceId: otherEniId, privateIpAddresses: [] });
    await bothFail(/is not found in region cn-beijing, and nothing shows that it is deleted/, withoutRegion);
  });

  test("a vSwitch that another account shares is no evidence", async () => {
    const seed = without();
    await start({
      ...seed,
      vSwitches: seed.vSwitches?.map((one) => ({ ...one, OwnerId: Number(otherAccount) })) ?? [],
    });
    disturb(emulator, identity, refused, { times: forever });
    await bothFail(possibilities);
  });
});

describe("the keys belong to another account:", () => {
  test("STS names it, refresh and delete fail with both accounts", async () => {
    await start({ accountId: otherAccount, ...without() });
    await bothFail(
      /^ENI eni-edge of account 1000000000000000 is not found in region cn-hangzhou: the credentials belong to account 2000000000000000/,
    );
  });

  test("an ENI of the other account in a shared vSwitch, it is no evidence", async () => {
    await start({ accountId: otherAccount, ...without(twoEnis()) });
    disturb(emulator, identity, refused, { times: forever });
    await host.read(otherEniId, { ...recorded, networkInterfaceId: otherEniId, privateIpAddresses: [] });
    await bothFail(/another account than 1000000000000000/);
  });

  test("the setting missingEniIsGone counts all the same", async () => {
    await start(
      { accountId: otherAccount, ...without() },
      { "alicloud-secondary-ips:missingEniIsGone": true },
    );
    expect(await refresh()).toBe("");
  });
});

test("update: fails for a missing ENI after a second read, and names refresh", async () => {
  await start(without());
  const news = { ...inputs, privateIpAddresses: ["10.0.1.21"] };
  await expect(host.update(eniId, recorded, news)).rejects.toThrow(
    "check the id, the region and the account of the credentials, and run `pulumi refresh` if the ENI was deleted",
  );
  expect(actions(emulator)).toEqual([describeEnis, describeEnis]);
  expect(await refresh()).toBe("");
});

import type { FaultEffect, StateDocument } from "alicloud-ecs-emulator";
import { attachedWorldWith, eniId, otherEniId, region, world } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const args = (networkInterfaceId: string, address: string) => ({
  networkInterfaceId,
  privateIpAddresses: [address],
  region,
  __internal: { name: networkInterfaceId, preview: true },
});
const resources = [args(eniId, "10.0.1.20"), args(otherEniId, "10.0.2.20")];

const inSecondVpc = { VpcId: "vpc-2", VSwitchId: "vsw-2" };

/** Two ENIs in two VPCs. */
function twoVpcs(): StateDocument {
  const { vpcs = [], vSwitches = [], networkInterfaces = [] } = world({});
  return {
    vpcs: [...vpcs, { VpcId: "vpc-2", RegionId: region, CidrBlock: "10.0.0.0/16" }],
    vSwitches: [...vSwitches, { ...inSecondVpc, RegionId: region, CidrBlock: "10.0.2.0/24" }],
    networkInterfaces: [
      ...networkInterfaces,
      { NetworkInterfaceId: otherEniId, VSwitchId: "vsw-2", PrivateIpAddress: "10.0.2.11" },
    ],
  };
}

/** Two ENIs on two instances in two VPCs. */
function twoInstances(): StateDocument {
  const { networkInterfaces = [], ...rest } = twoVpcs();
  return {
    ...rest,
    instances: [{ VpcId: "vpc-1", VSwitchId: "vsw-1" }, inSecondVpc].map((VpcAttributes, index) => ({
      InstanceId: `i-${index}`,
      RegionId: region,
      InstanceType: "ecs.g6.large",
      VpcAttributes,
    })),
    networkInterfaces: networkInterfaces.map((eni, index) => ({
      ...eni,
      InstanceId: `i-${index}`,
      Status: "InUse",
    })),
  };
}

/** Optional reads, each with a world that needs it and with the warning if it fails. */
const reads: readonly (readonly [string, () => StateDocument, RegExp])[] = [
  [
    "DescribeVSwitches",
    twoVpcs,
    /^cannot read the vSwitch's CIDR block; addresses are not checked against it in advance/,
  ],
  [
    "DescribeInstances",
    twoInstances,
    /^cannot read the instance type of an attached ENI; the address quota is not checked in advance/,
  ],
];
const readFailures: readonly (readonly [string, FaultEffect])[] = [
  ["refused", failure(403, "Forbidden.RAM", "User not authorized.")],
  ["never answered", { hang: true }],
];

describe.each(reads)("%s:", (action, seed, expectedWarning) => {
  // The fault covers every product with this action and does not end.
  const begin = async (effect: FaultEffect) => {
    scenario = await Scenario.start(seed());
    disturb(scenario.emulator, action, effect, { times: forever });
  };
  const createAll = async () => {
    for (const inputs of resources) await scenario.provider.create(inputs);
    expect(scenario.held(eniId)).toEqual(["10.0.1.20"]);
    expect(scenario.held(otherEniId)).toEqual(["10.0.2.20"]);
    return (await scenario.provider.printed()).filter((line) => !line.startsWith("eni-"));
  };

  test.each(readFailures)("%s, one warning and no failed resource", async (_what, effect) => {
    await begin(effect);
    for (const inputs of resources) {
      const { failures } = await scenario.provider.check(inputs);
      expect(failures).toEqual([]);
    }
    expect(await createAll()).toEqual([expect.stringMatching(expectedWarning)]);
  });

  test("refused for several resources at the same moment, one warning", async () => {
    await begin(failure(403, "Forbidden.RAM", "User not authorized."));
    const checked = await Promise.all(resources.map((inputs) => scenario.provider.check(inputs)));
    expect(checked.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await createAll()).toEqual([expect.stringMatching(expectedWarning)]);
  });
});

describe("a time-out of 2 s:", () => {
  const state = (privateIpAddresses: string[]) => ({
    networkInterfaceId: eniId,
    privateIpAddresses,
    region,
    __internal: { name: "edge", timeouts: { update: "2s" } },
  });
  const update = () =>
    scenario.provider.update(eniId, state(["10.0.1.20", "10.0.1.21"]), state(["10.0.1.21", "10.0.1.30"]));
  const throttled = failure(400, "Throttling.User");

  test.each<[string, string, FaultEffect]>([
    ["DescribeInstances", "never answered", { hang: true }],
    ["DescribeInstances", "throttled", throttled],
    ["DescribeInstanceTypes", "never answered", { hang: true }],
    ["DescribeInstanceTypes", "throttled", throttled],
  ])("update: %s is %s, the update succeeds all the same", async (action, _what, effect) => {
    scenario = await Scenario.start(attachedWorldWith(["10.0.1.20", "10.0.1.21"]));
    disturb(scenario.emulator, action, effect, { times: forever });
    await update();
    expect(scenario.held()).toEqual(["10.0.1.21", "10.0.1.30"]);
  });

  test("update: an optional read has used up time of a call without an answer, both are named", async () => {
    scenario = await Scenario.start(attachedWorldWith(["10.0.1.20", "10.0.1.21"]));
    disturb(scenario.emulator, "DescribeInstances", throttled, { times: forever });
    disturb(scenario.emulator, "AssignPrivateIpAddresses", { hang: true }, { times: forever });
    await expect(update()).rejects.toThrow(
      /AssignPrivateIpAddresses: CallTimeout: .* until the time-out of 2 s, of which \d+ ms went to DescribeInstances: Throttling\.User/,
    );
  });
});

test("check: a read of the vSwitches that is never answered leaves time for the quota", async () => {
  scenario = await Scenario.start(attachedWorldWith(["10.0.1.20"]));
  disturb(scenario.emulator, "DescribeVSwitches", { hang: true }, { times: forever });
  const state = { ...args(eniId, "10.0.1.20"), __internal: { name: "edge", preview: true } };
  const news = { ...state, privateIpAddresses: ["10.0.1.30"] };
  await scenario.provider.check(news, state);
  await scenario.provider.diff(eniId, state, news);
  expect(await scenario.provider.printed()).toEqual([
    expect.stringContaining("cannot read the vSwitch's CIDR block"),
    `edge: ${eniId}: assign 10.0.1.30, unassign 10.0.1.20, 2 calls, peak 2 of 19`,
  ]);
});

import { attachedWorldWith, eniId, primaryAddress, region, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { Scenario } from "../support/scenario";

/* Answers of the API may lag behind the creation of an ENI, an instance or a vSwitch. */

let scenario: Scenario;
afterEach(() => scenario.stop());

const reads = "DescribeNetworkInterfaces";
const args = (more = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses: ["10.0.1.20"],
  region,
  __internal: { name: "edge", preview: true },
  ...more,
});

/** Leaves the ENI out of answers: of `times` answers after the first `skip`. */
function hideEni(times: number, skip = 0): void {
  disturb(scenario.emulator, reads, { leaveOut: "networkInterface" }, { skip, times });
}

const notFound = failure(404, "InvalidEniId.NotFound", "The specified eni id does not exist.");

describe("an ENI that is not visible yet:", () => {
  test("check outside a preview, and with a recorded resource: no failure", async () => {
    scenario = await Scenario.start(worldWith());
    hideEni(forever);
    const update = { ...args(), __internal: { name: "edge" } };
    expect((await scenario.provider.check(update)).failures).toEqual([]);
    expect((await scenario.provider.check(update, update)).failures).toEqual([]);
    expect(await scenario.provider.printed()).toEqual([]);
  });

  test.each([
    [
      "is missing in one answer",
      () => {
        hideEni(1);
      },
    ],
    [
      "is missing in answers until the create has begun",
      () => {
        hideEni(4);
      },
    ],
    [
      "is missing after its first read",
      () => {
        hideEni(2, 1);
      },
    ],
    [
      "does not exist for three reads",
      () => {
        disturb(scenario.emulator, reads, notFound, { times: 3 });
      },
    ],
  ])("create: the ENI %s, it is waited for", async (_what, hide) => {
    scenario = await Scenario.start(worldWith());
    hide();
    const { outputs } = await scenario.create(args());
    expect(outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"], primaryIpAddress: primaryAddress });
    await scenario.nextCommand();
    await scenario.up({ id: eniId, outputs, inputs: args() }, args());
    expect(scenario.writes).toEqual([]);
  });

  test("create: the ENI stays missing, the error names id, region and account", async () => {
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
    hideEni(forever);
    await expect(scenario.provider.create(args())).rejects.toThrow(
      `ENI ${eniId} does not exist in region ${region}, or is not visible to account 1000000000000000; check the id, the ` +
        `region and the account of the credentials`,
    );
    expect(scenario.writes).toEqual([]);
    expect(await scenario.provider.printed()).toContainEqual(
      expect.stringMatching(/^edge: ENI eni-edge does not exist .*; trying again for up to 0 s$/),
    );
  });

  test("create: without the account of the keys, the error names id and region", async () => {
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
    hideEni(forever);
    disturb(scenario.emulator, "GetCallerIdentity", failure(403, "Forbidden.RAM"), { times: forever });
    await expect(scenario.provider.create(args())).rejects.toThrow(
      `ENI ${eniId} does not exist in region ${region}; check the id, the region and the account`,
    );
  });

  test("get: the ENI is waited for", async () => {
    scenario = await Scenario.start(worldWith(["10.0.1.20"]));
    hideEni(3);
    const { outputs } = await scenario.provider.read(eniId, { region });
    expect(outputs).toMatchObject({ privateIpAddresses: ["10.0.1.20"] });
  });

  test("get: the ENI stays missing, the error names id, region and account", async () => {
    scenario = await Scenario.start(worldWith(), { env: { ALICLOUD_SECONDARY_IPS_PACE: "0.01" } });
    await expect(scenario.provider.read("eni-missing", { region })).rejects.toThrow(
      `ENI eni-missing does not exist in region ${region}, or is not visible to account 1000000000000000`,
    );
  });
});

test("create: an instance that is not visible yet is waited for", async () => {
  scenario = await Scenario.start(attachedWorldWith([], { Type: "Primary" }));
  const answer = {
    status: 200,
    body: JSON.stringify({ InstanceStatuses: { InstanceStatus: [] }, TotalCount: 0 }),
  };
  disturb(scenario.emulator, "DescribeInstanceStatus", { answer }, { times: 3 });
  await scenario.create(args());
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

test.each([
  [
    "is missing in the answer",
    { status: 200, body: JSON.stringify({ VSwitches: { VSwitch: [] }, TotalCount: 0 }) },
  ],
  [
    "does not exist",
    { status: 404, body: JSON.stringify({ Code: "InvalidVpcId.NotFound", Message: "no", RequestId: "r" }) },
  ],
])("create: a vSwitch that %s", async (_what, answer) => {
  scenario = await Scenario.start(worldWith());
  disturb(scenario.emulator, "DescribeVSwitches", { answer }, { times: forever });
  await scenario.create(args());
  expect(scenario.held()).toEqual(["10.0.1.20"]);
});

import type { StateDocument } from "alicloud-ecs-emulator";
import { attachedWorldWith, eniId, region, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { Scenario } from "../support/scenario";

let scenario: Scenario;
afterEach(() => scenario.stop());

const assign = "AssignPrivateIpAddresses";

const args = (timeouts = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses: ["10.0.1.20"],
  __internal: { name: "edge", timeouts },
});

type Instance = NonNullable<StateDocument["instances"]>[number];

/** A world whose ENI is the primary ENI of this instance. */
function primaryEniOf(instance: Partial<Instance>): StateDocument {
  return attachedWorldWith([], { Type: "Primary" }, instance);
}

test.each(["Attaching", "Detaching"] as const)(
  "create: an ENI in status %s is waited for",
  async (status) => {
    const to = status === "Attaching" ? "InUse" : "Available";
    scenario = await Scenario.start(attachedWorldWith([], { Status: status }));
    const { inputs } = await scenario.provider.check(args());
    // The transition begins at the operation's first read.
    scenario.emulator.control.addFault({
      action: "DescribeNetworkInterfaces",
      effect: {
        patch: { networkInterfaces: [{ NetworkInterfaceId: eniId, StatusTransition: { to, afterMs: 500 } }] },
      },
    });
    await scenario.provider.create(inputs);
    expect(scenario.held()).toEqual(["10.0.1.20"]);
    expect(scenario.writes).toEqual([assign]);
    expect((await scenario.provider.printed()).join("\n")).toContain(
      `ENI ${eniId} is ${status}; waiting until it is Available or InUse`,
    );
  },
);

test("create: a passing status until the time-out is an error that names it", async () => {
  scenario = await Scenario.start(worldWith([], { Status: "Detaching" }));
  await expect(scenario.create(args({ create: "1s" }))).rejects.toThrow(
    /ENI eni-edge is Detaching; waiting until it is Available or InUse; gave up after 1 s/,
  );
  expect(scenario.writes).toEqual([]);
});

test("create: an ENI in status Deleting is refused, the error has current and accepted statuses", async () => {
  scenario = await Scenario.start(worldWith([], { Status: "Deleting" }));
  await expect(scenario.create(args())).rejects.toThrow(
    "ENI eni-edge is Deleting, and its addresses can change only while it is Available or InUse",
  );
  expect(scenario.writes).toEqual([]);
});

test("delete: an ENI in status Deleting is waited for until it is deleted", async () => {
  scenario = await Scenario.start(worldWith());
  const saved = await scenario.create(args());
  const provider = await scenario.nextCommand();
  scenario.emulator.control.patchState({
    networkInterfaces: [
      { NetworkInterfaceId: eniId, Status: "Deleting", StatusTransition: { to: "Deleted", afterMs: 1000 } },
    ],
  });
  await provider.delete(saved.id, saved.outputs);
  expect(scenario.writes).toEqual([]);
});

test.each([
  ["Starting", "Running"],
  ["Stopping", "Stopped"],
  ["Pending", "Stopped"],
] as const)("create: a primary ENI whose instance is %s is waited for", async (status, to) => {
  scenario = await Scenario.start(primaryEniOf({ Status: status }));
  // The transition begins at the provider's first read, so the speed of the machine does not matter.
  scenario.emulator.control.addFault({
    action: "DescribeInstanceStatus",
    effect: { patch: { instances: [{ InstanceId: "i-1", StatusTransition: { to, afterMs: 500 } }] } },
  });
  await scenario.create(args());
  expect(scenario.held()).toEqual(["10.0.1.20"]);
  expect(scenario.writes).toEqual([assign]);
  expect((await scenario.provider.printed()).join("\n")).toContain(
    `instance i-1, whose primary ENI is ${eniId}, is ${status}; waiting until it is Running or Stopped`,
  );
});

const describeStatus = "DescribeInstanceStatus";

test("create: an instance status that cannot be read is read again before the assign", async () => {
  scenario = await Scenario.start(primaryEniOf({ Status: "Running" }));
  disturb(scenario.emulator, describeStatus, failure(503, "ServiceUnavailable"), { times: 3 });
  await scenario.create(args());
  expect(scenario.held()).toEqual(["10.0.1.20"]);
  const asked = scenario.actions.filter((action) => action === describeStatus || action === assign);
  expect(asked).toEqual([...Array<string>(4).fill(describeStatus), assign]);
});

test("create: an instance status that may not be read is an error in the API's words, without a write", async () => {
  scenario = await Scenario.start(primaryEniOf({ Status: "Running" }));
  disturb(scenario.emulator, describeStatus, failure(403, "Forbidden.RAM", "User not authorized."), {
    times: forever,
  });
  await expect(scenario.create(args())).rejects.toThrow(
    /^DescribeInstanceStatus: Forbidden\.RAM, HTTP 403: User not authorized \(RequestId [0-9A-F-]{36}\)/,
  );
  expect(scenario.actions.filter((action) => action === describeStatus)).toHaveLength(1);
  expect(scenario.writes).toEqual([]);
});

test("create: the ENI becomes Detaching between two batches, the second batch waits", async () => {
  scenario = await Scenario.start(worldWith());
  scenario.emulator.control.addFault({
    action: assign,
    skip: 1,
    effect: {
      patch: {
        networkInterfaces: [
          {
            NetworkInterfaceId: eniId,
            Status: "Detaching",
            StatusTransition: { to: "Available", afterMs: 500 },
          },
        ],
      },
    },
  });
  const wanted = Array.from({ length: 15 }, (_unused, index) => `10.0.1.${20 + index}`);
  const { outputs } = await scenario.create({ networkInterfaceId: eniId, privateIpAddresses: wanted });
  expect(outputs.privateIpAddresses).toEqual(wanted);
});

test.each([
  [
    "a named cloud service",
    { Description: "NAT Gateway" },
    'an Alibaba Cloud service: "NAT Gateway", which alone may change',
  ],
  ["an unnamed cloud service", {}, "an Alibaba Cloud service, which alone may change its addresses"],
])("check and operations: an ENI managed by %s is refused, without a write", async (_how, eni, by) => {
  scenario = await Scenario.start(worldWith(["10.0.1.30"], { ServiceManaged: true, ...eni }));
  const refusal = `networkInterfaceId: ${eniId} is managed by ${by}`;
  const state = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.30"], region };
  const { failures } = await scenario.provider.check(args());
  expect(failures).toContainEqual(expect.stringContaining(refusal));
  await expect(scenario.provider.create(args())).rejects.toThrow(refusal);
  await expect(
    scenario.provider.update(eniId, state, { ...state, privateIpAddresses: ["10.0.1.20"] }),
  ).rejects.toThrow(refusal);
  await expect(scenario.provider.delete(eniId, state)).rejects.toThrow(refusal);
  expect(scenario.writes).toEqual([]);
});

test("ENI managed by a cloud service: read and an unchanged check succeed", async () => {
  scenario = await Scenario.start(worldWith(["10.0.1.30"], { ServiceManaged: true }));
  const state = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.30"], region };
  expect((await scenario.provider.read(eniId, state)).outputs).toMatchObject({
    privateIpAddresses: ["10.0.1.30"],
  });
  expect((await scenario.provider.check(state, state)).failures).toEqual([]);
});

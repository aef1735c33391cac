import type { FaultEffect, StateDocument } from "alicloud-ecs-emulator";
import {
  attachedWorldWith,
  addressRange,
  eniId,
  eniWith,
  otherEniId,
  otherPrimaryAddress,
  privateIpSets,
  region,
  world,
  worldWith,
} from "../support/eni-world";
import { disturb } from "../support/faults";
import { Scenario } from "../support/scenario";

type EniPatch = NonNullable<StateDocument["networkInterfaces"]>[number];
type InstancePatch = NonNullable<StateDocument["instances"]>[number];

let scenario: Scenario;
afterEach(() => scenario.stop());

const [assign, unassign] = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];
const held = ["10.0.1.30"];
const state = (privateIpAddresses = held, timeouts = {}) => ({
  networkInterfaceId: eniId,
  privateIpAddresses,
  region,
  __internal: { name: "edge", timeouts },
});

/** The ENI, attached to an instance as its primary or as a secondary ENI. */
function attached(
  type: "Primary" | "Secondary",
  eni: Partial<EniPatch>,
  instance: Partial<InstancePatch> = {},
) {
  return attachedWorldWith(held, { Type: type, ...eni }, instance);
}

/** The operations that write, each with the addresses of the ENI afterwards. */
const operations = {
  create: {
    run: () => scenario.provider.create(state([...held, "10.0.1.31"])),
    after: ["10.0.1.30", "10.0.1.31"],
  },
  update: { run: () => scenario.provider.update(eniId, state(), state(["10.0.1.31"])), after: ["10.0.1.31"] },
  delete: { run: () => scenario.provider.delete(eniId, state()), after: [] },
} as const;
type Operation = keyof typeof operations;
const names = Object.keys(operations) as Operation[];

/** The passing statuses of https://api.aliyun.com/document/Ecs/2014-05-26/DescribeNetworkInterfaces, each with the next one. */
const passingEni = [
  ["Creating", "Available"],
  ["Attaching", "InUse"],
  ["Detaching", "Available"],
] as const;
const passingInstance = [
  ["Pending", "Stopped"],
  ["Starting", "Running"],
  ["Stopping", "Stopped"],
] as const;

const acrossOperations = <T extends readonly unknown[]>(rows: readonly T[]) =>
  rows.flatMap((row) => names.map((operation) => [operation, ...row] as const));

/** The calls that the API refused. They show a write that is too early and is repeated later. */
const refused = () => scenario.emulator.control.calls().filter(({ code }) => code !== null);

describe("passing status:", () => {
  test.each(acrossOperations(passingEni))(
    "%s waits while the ENI is %s, until it is %s",
    async (operation, status, to) => {
      scenario = await Scenario.start(attached("Secondary", { Status: status }));
      // The transition begins at the operation's first read, so the speed of the machine does not matter.
      scenario.emulator.control.addFault({
        action: "DescribeNetworkInterfaces",
        effect: {
          patch: {
            networkInterfaces: [{ NetworkInterfaceId: eniId, StatusTransition: { to, afterMs: 300 } }],
          },
        },
      });
      await operations[operation].run();
      expect(scenario.held()).toEqual(operations[operation].after);
      expect(refused()).toEqual([]);
    },
  );

  test.each(acrossOperations(passingInstance))(
    "%s waits while the instance of a primary ENI is %s, until it is %s",
    async (operation, status, to) => {
      scenario = await Scenario.start(attached("Primary", {}, { Status: status }));
      scenario.emulator.control.addFault({
        action: "DescribeInstanceStatus",
        effect: { patch: { instances: [{ InstanceId: "i-1", StatusTransition: { to, afterMs: 300 } }] } },
      });
      await operations[operation].run();
      expect(scenario.held()).toEqual(operations[operation].after);
      expect(refused()).toEqual([]);
    },
  );
});

describe("final status:", () => {
  test.each(acrossOperations([["CreateFailed"]] as const))(
    "%s fails while the ENI is %s, without a write",
    async (operation, status) => {
      scenario = await Scenario.start(attached("Secondary", { Status: status, InstanceId: undefined }));
      await expect(operations[operation].run()).rejects.toThrow(
        `ENI ${eniId} is ${status}, and its addresses can change only while it is Available or InUse`,
      );
      expect(scenario.writes).toEqual([]);
      expect(scenario.held()).toEqual(held);
    },
  );

  test.each(["create", "update"] as const)(
    "%s fails while the ENI is Deleting, without a write",
    async (operation) => {
      scenario = await Scenario.start(worldWith(held, { Status: "Deleting" }));
      await expect(operations[operation].run()).rejects.toThrow(`ENI ${eniId} is Deleting`);
      expect(scenario.writes).toEqual([]);
    },
  );
});

describe("nothing to write:", () => {
  /** The operations that find the ENI as the program wants it, and one that changes an option only. */
  const idle = {
    create: () => scenario.provider.create(state()),
    update: () => scenario.provider.update(eniId, state([...held, "10.0.1.31"]), state()),
  } as const;
  const idleNames = ["create", "update"] as const;

  test.each(
    idleNames.flatMap((operation) =>
      ["Deleting", "CreateFailed"].map((status) => [operation, status] as const),
    ),
  )("%s fails while the ENI is %s", async (operation, status) => {
    scenario = await Scenario.start(worldWith(held, { Status: status as "Deleting" }));
    await expect(idle[operation]()).rejects.toThrow(
      `ENI ${eniId} is ${status}, and its addresses can change only while it is Available or InUse`,
    );
    expect(scenario.held()).toEqual(held);
  });

  test.each(idleNames)("%s waits for a passing status of the ENI", async (operation) => {
    scenario = await Scenario.start(worldWith(held, { Status: "Detaching" }));
    scenario.emulator.control.addFault({
      action: "DescribeNetworkInterfaces",
      skip: 1,
      effect: { patch: { networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Available" }] } },
    });
    await idle[operation]();
    expect(scenario.actions.length).toBeGreaterThan(1);
    expect(scenario.writes).toEqual([]);
  });

  test.each(idleNames)("%s fails when a passing status lasts until the time-out", async (operation) => {
    scenario = await Scenario.start(worldWith(held, { Status: "Attaching" }));
    const timeouts = { create: "1s", update: "1s" };
    const running =
      operation === "create"
        ? scenario.provider.create(state(held, timeouts))
        : scenario.provider.update(eniId, state([...held, "10.0.1.31"]), state(held, timeouts));
    await expect(running).rejects.toThrow(
      `ENI ${eniId} is Attaching; waiting until it is Available or InUse`,
    );
  });

  test.each(idleNames)("%s waits for the instance of a primary ENI", async (operation) => {
    scenario = await Scenario.start(attached("Primary", {}, { Status: "Starting" }));
    scenario.emulator.control.addFault({
      action: "DescribeInstanceStatus",
      skip: 1,
      effect: { patch: { instances: [{ InstanceId: "i-1", Status: "Running" }] } },
    });
    await idle[operation]();
    const asked = scenario.actions.filter((action) => action === "DescribeInstanceStatus");
    expect(asked).toHaveLength(2);
    expect(scenario.writes).toEqual([]);
  });

  test("create on a primary ENI whose instance does not exist: fails", async () => {
    scenario = await Scenario.start(attached("Primary", {}));
    disturb(scenario.emulator, "DescribeInstanceStatus", {
      patch: {
        instances: [
          { InstanceId: "i-1", Status: "Stopped", StatusTransition: { to: "Deleted", afterMs: 0 } },
        ],
      },
    });
    await expect(scenario.provider.create(state())).rejects.toThrow(/does not exist in region/);
  });

  test("an update of an option: makes no call, whatever the status", async () => {
    scenario = await Scenario.start(worldWith(held, { Status: "Deleting" }));
    await scenario.provider.update(eniId, state(), { ...state(), allowUnassignWithEip: true });
    expect(scenario.actions).toEqual([]);
  });

  test("a delete: succeeds, whatever the status", async () => {
    scenario = await Scenario.start(worldWith([], { Status: "Deleting" }));
    await scenario.provider.delete(eniId, state());
    expect(scenario.writes).toEqual([]);
  });

  test("create on a primary ENI that needs addresses: the instance status is read once", async () => {
    scenario = await Scenario.start(attached("Primary", {}));
    await operations.create.run();
    expect(scenario.actions.filter((action) => action === "DescribeInstanceStatus")).toHaveLength(1);
  });
});

describe("check:", () => {
  const refusal = (status: string) =>
    `ENI ${eniId} is ${status}, and its addresses can change only while it is Available or InUse`;

  test.each(["Deleting", "CreateFailed"] as const)(
    "a create on an ENI that is %s: is refused for networkInterfaceId",
    async (status) => {
      scenario = await Scenario.start(worldWith([], { Status: status }));
      const { failures } = await scenario.provider.check(state());
      expect(failures).toEqual([expect.stringContaining(`networkInterfaceId: ${refusal(status)}`)]);
      const adopting = await scenario.provider.check(state([]));
      expect(adopting.failures).toEqual([expect.stringContaining(refusal(status))]);
    },
  );

  test.each(["Creating", "Attaching", "Detaching"] as const)(
    "a create on an ENI that is %s: is accepted",
    async (status) => {
      scenario = await Scenario.start(worldWith([], { Status: status }));
      expect((await scenario.provider.check(state())).failures).toEqual([]);
    },
  );

  test("a replacement whose new ENI is Deleting: is refused before the old ENI changes", async () => {
    scenario = await Scenario.start(
      world(
        { PrivateIpSets: privateIpSets(held) },
        { ...eniWith(otherEniId, otherPrimaryAddress), Status: "Deleting" },
      ),
    );
    const { failures } = await scenario.provider.check(
      { ...state(), networkInterfaceId: otherEniId },
      state(),
    );
    expect(failures).toEqual([expect.stringContaining(`networkInterfaceId: ENI ${otherEniId} is Deleting`)]);
  });

  test("an update that changes addresses of an ENI that is Deleting: is refused; an unchanged one is not", async () => {
    scenario = await Scenario.start(worldWith(held, { Status: "Deleting" }));
    const { failures } = await scenario.provider.check(state([...held, "10.0.1.31"]), state());
    expect(failures).toEqual([expect.stringContaining(refusal("Deleting"))]);
    expect((await scenario.provider.check(state(), state())).failures).toEqual([]);
  });

  test("a final status that has ended since an earlier read: is not refused", async () => {
    scenario = await Scenario.start(worldWith([], { Status: "Deleting" }));
    expect((await scenario.provider.check(state())).failures).toHaveLength(1);
    scenario.emulator.control.patchState({
      networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Available" }],
    });
    expect((await scenario.provider.check(state())).failures).toEqual([]);
  });
});

describe("accepted status:", () => {
  test.each(
    names.flatMap((operation) =>
      [
        ["an Available ENI", "Available", "Secondary", undefined],
        ["a secondary ENI of a Starting instance", "InUse", "Secondary", "Starting"],
        ["the primary ENI of a Running instance", "InUse", "Primary", "Running"],
        ["the primary ENI of a Stopped instance", "InUse", "Primary", "Stopped"],
      ].map(([eni, status, type, instance]) => [operation, eni, status, type, instance] as const),
    ),
  )("%s succeeds on %s", async (operation, _eni, status, type, instance) => {
    scenario = await Scenario.start(
      instance === undefined
        ? worldWith(held)
        : attached(type as "Primary", { Status: status as "InUse" }, { Status: instance as "Running" }),
    );
    await operations[operation].run();
    expect(scenario.held()).toEqual(operations[operation].after);
    expect(scenario.actions.includes("DescribeInstanceStatus")).toBe(type === "Primary");
  });
});

test.each(["Creating", "CreateFailed", "Available", "Attaching", "InUse", "Detaching", "Deleting"] as const)(
  "read: returns the addresses of an ENI in status %s",
  async (status) => {
    scenario = await Scenario.start(worldWith(held, { Status: status }));
    const { outputs } = await scenario.provider.read(eniId, state());
    expect(outputs.privateIpAddresses).toEqual(held);
  },
);

describe("status change between two batches:", () => {
  const before = addressRange(30, 1);
  const many = addressRange(30, 16);

  function atSecondCall(action: string, patch: Extract<FaultEffect, { patch: unknown }>["patch"]): void {
    scenario.emulator.control.addFault({ action, skip: 1, effect: { patch } });
  }
  const eniBecomes = (Status: EniPatch["Status"], to: string) => ({
    networkInterfaces: [{ NetworkInterfaceId: eniId, Status, StatusTransition: { to, afterMs: 300 } }],
  });
  const instanceBecomes = (Status: InstancePatch["Status"], to: string) => ({
    instances: [{ InstanceId: "i-1", Status, StatusTransition: { to, afterMs: 300 } }],
  });

  test.each([
    ["the ENI is detached", "Secondary", eniBecomes("Detaching", "Available")],
    ["the instance is stopped", "Primary", instanceBecomes("Stopping", "Stopped")],
    ["the instance restarts", "Primary", instanceBecomes("Starting", "Running")],
  ] as const)("%s, create and delete wait and finish", async (_what, type, patch) => {
    scenario = await Scenario.start(attached(type, {}));
    atSecondCall(assign, patch);
    const { outputs } = await scenario.provider.create(state(many));
    expect(outputs.privateIpAddresses).toEqual(many);
    expect(scenario.held()).toEqual(many);
    const provider = await scenario.nextCommand();
    atSecondCall(unassign, patch);
    await provider.delete(eniId, state(many));
    expect(scenario.held()).toEqual([]);
  });

  test("the ENI stays Detaching until the time-out, update records the addresses reached", async () => {
    scenario = await Scenario.start(attached("Secondary", {}));
    atSecondCall(assign, { networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Detaching" }] });
    const partial = await scenario.recordedBy(
      scenario.provider.update(eniId, state(before, { update: "2s" }), state(many, { update: "2s" })),
    );
    expect(partial.reasons[0]).toContain(
      `ENI ${eniId} is Detaching; waiting until it is Available or InUse; gave up`,
    );
    expect(scenario.held().length).toBeGreaterThan(before.length);
    expect(partial.outputs.privateIpAddresses).toEqual(scenario.held());
  });

  test("the ENI is deleted, delete succeeds, the next update and create fail", async () => {
    scenario = await Scenario.start(worldWith(many));
    atSecondCall(unassign, eniBecomes("Deleting", "Deleted"));
    await scenario.provider.delete(eniId, state(many));
    const gone = `ENI ${eniId} does not exist in region ${region}`;
    await expect(scenario.provider.update(eniId, state(many), state())).rejects.toThrow(gone);
    await expect(scenario.provider.create(state())).rejects.toThrow(gone);
  });

  describe("the instance is released with its primary ENI,", () => {
    const released = {
      instances: [{ InstanceId: "i-1", Status: "Stopped", StatusTransition: { to: "Deleted", afterMs: 0 } }],
    } as const;

    test.each(["create", "update"] as const)("%s fails because the ENI does not exist", async (operation) => {
      scenario = await Scenario.start({
        ...attached("Primary", {}),
        networkInterfaces: worldWith(before, { Type: "Primary", InstanceId: "i-1", Status: "InUse" })
          .networkInterfaces,
      });
      atSecondCall(assign, released);
      await expect(
        operation === "create"
          ? scenario.provider.create(state(many))
          : scenario.provider.update(eniId, state(before), state(many)),
      ).rejects.toThrow(`ENI ${eniId} does not exist in region ${region}`);
      expect(scenario.emulator.control.state().networkInterfaces).toEqual([]);
      // No write follows the one that failed.
      expect(scenario.writes).toEqual([assign, assign]);
    });

    test("delete succeeds", async () => {
      scenario = await Scenario.start(attached("Primary", { PrivateIpSets: privateIpSets(many) }));
      atSecondCall(unassign, released);
      await scenario.provider.delete(eniId, state(many));
      expect(scenario.emulator.control.state().networkInterfaces).toEqual([]);
      expect(scenario.writes).toEqual([unassign, unassign]);
    });
  });

  test.each(["create", "update"] as const)(
    "the ENI becomes Deleting, %s fails with the status and records the first batch",
    async (operation) => {
      scenario = await Scenario.start(worldWith(before));
      atSecondCall(assign, { networkInterfaces: [{ NetworkInterfaceId: eniId, Status: "Deleting" }] });
      const running =
        operation === "create"
          ? scenario.provider.create(state(many))
          : scenario.provider.update(eniId, state(before), state(many));
      const partial = await scenario.recordedBy(running);
      expect(partial.reasons[0]).toContain(`ENI ${eniId} is Deleting`);
      expect(partial.outputs.privateIpAddresses).toEqual(scenario.held());
    },
  );
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { addressRange, eniId, secondaryAddresses, worldWith, writes } from "../support/eni-world";
import { conflict, disturb, forever } from "../support/faults";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith() });
  project = await PulumiProject.create(emulator);
});
afterEach(async () => {
  project.remove();
  await emulator.close();
});

function declare(privateIpAddresses: string[], customTimeouts = {}): void {
  project.declare({
    name: "edge",
    args: { networkInterfaceId: eniId, privateIpAddresses },
    opts: { customTimeouts },
  });
}

const held = () => secondaryAddresses(emulator).sort();

test("up: conflict on the first unassign, succeeds and the ENI holds the list", async () => {
  declare(addressRange(20, 15));
  await project.up();
  disturb(emulator, "UnassignPrivateIpAddresses", conflict);
  declare(addressRange(32, 10));
  await project.up();
  expect(held()).toEqual(addressRange(32, 10));
});

test("up: a lost assign answer, succeeds and the assign is not repeated", async () => {
  disturb(emulator, "AssignPrivateIpAddresses", { drop: "after" });
  declare(addressRange(20, 3));
  await project.up();
  expect(held()).toEqual(addressRange(20, 3));
  expect(writes(emulator)).toEqual(["AssignPrivateIpAddresses"]);
});

test("up: 503 for the second of three batches, succeeds and the ENI holds the list", async () => {
  disturb(
    emulator,
    "AssignPrivateIpAddresses",
    { error: { status: 503, code: "ServiceUnavailable", message: "The request has failed." } },
    { skip: 1 },
  );
  declare(addressRange(20, 25));
  await project.up();
  expect(held()).toEqual(addressRange(20, 25));
});

describe("conflicts until the time-out", () => {
  beforeEach(() => {
    disturb(emulator, "AssignPrivateIpAddresses", conflict, { skip: 1, times: forever });
  });

  test("create: fails with the API error, the state lists the assigned addresses, and the next up finishes", async () => {
    declare(addressRange(20, 25), { create: "3s" });
    const { output } = await project.fails("up", "--yes", "--skip-preview");
    expect(project.messagesIn(output)).toMatch(
      /edge: AssignPrivateIpAddresses: Operation\.Conflict, HTTP 403: ecs task is conflicted \(RequestId [0-9A-F-]+\); it kept failing until the time-out of 3 s/,
    );
    const partial = await project.resource();
    expect(partial.outputs.privateIpAddresses).toEqual(held());
    expect(held()).toEqual(addressRange(20, 10));
    expect(partial.initErrors).toHaveLength(1);

    emulator.control.clearFaults();
    await project.up();
    expect(held()).toEqual(addressRange(20, 25));
    expect((await project.resource()).outputs.privateIpAddresses).toEqual(addressRange(20, 25));
    emulator.control.clearCalls();
    await project.up();
    expect(writes(emulator)).toEqual([]);
  });

  test("update: fails, the state lists the assigned addresses, and the next up finishes", async () => {
    declare(addressRange(20, 5), { update: "3s" });
    await project.up();
    declare(addressRange(22, 20), { update: "3s" });
    await project.fails("up", "--yes", "--skip-preview");
    expect((await project.resource()).outputs.privateIpAddresses).toEqual(held());
    emulator.control.clearFaults();
    await project.up();
    expect(held()).toEqual(addressRange(22, 20));
  });
});

test("refresh and up: after a failed create, finish it", async () => {
  disturb(
    emulator,
    "AssignPrivateIpAddresses",
    { error: { status: 503, code: "ServiceUnavailable", message: "The request has failed." } },
    { skip: 1, times: forever },
  );
  declare(addressRange(20, 15), { create: "3s" });
  await project.fails("up", "--yes", "--skip-preview");
  emulator.control.clearFaults();
  await project.succeeds("refresh", "--yes");
  await project.up();
  expect(held()).toEqual(addressRange(20, 15));
});

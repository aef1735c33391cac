import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { eventually } from "../support/ecs-client";
import { eniWith, secondaryAddresses, world, writes } from "../support/eni-world";
import { adaptorOfSuite, PulumiProject, type Declaration } from "../support/pulumi-project";
import type { CommandResult } from "../support/run-command";

let emulator: Emulator;
let project: PulumiProject;

/** Whether the provider knows resources that it has not been asked about: docs/native-plugin.md says what the plugin does. */
const knowsProgram = adaptorOfSuite === "dynamic";

// Short enough for the wait for a release to time out in a test, long enough for a release to happen.
const pace = { ALICLOUD_SECONDARY_IPS_PACE: "0.1" };

const eni = (index: number) => `eni-${index}`;
const primary = (index: number) => `10.0.1.${10 + index}`;
const address = (index: number) => `10.0.1.${100 + index}`;

async function start(count: number): Promise<void> {
  const enis = Array.from({ length: count }, (_unused, index) => eniWith(eni(index), primary(index)));
  emulator = await startEmulator({ seed: world(...enis) });
  project = await PulumiProject.create(emulator, pace);
}

afterEach(async () => {
  project.remove();
  await emulator.close();
});

const mover = (index: number, addresses: string[], opts = {}): Declaration => ({
  name: `mover-${index}`,
  args: { networkInterfaceId: eni(index), privateIpAddresses: addresses },
  opts,
});

const held = (index: number) => secondaryAddresses(emulator, eni(index)).sort();

/** The recorded addresses of each resource must be the addresses that its ENI holds. */
async function expectRecordedAsHeld(...indexes: number[]): Promise<void> {
  const resources = await project.resources();
  for (const index of indexes) {
    const resource = resources.find(({ id }) => id === eni(index));
    expect(resource?.outputs.privateIpAddresses).toEqual(held(index));
  }
}

async function expectNoWritesInNextUp(): Promise<void> {
  emulator.control.clearCalls();
  await project.up();
  expect(writes(emulator)).toEqual([]);
}

test("moves: twelve resources pass their addresses on in a circle, one up with default parallelism succeeds", async () => {
  const indexes = Array.from({ length: 12 }, (_unused, index) => index);
  await start(indexes.length);
  project.declare(...indexes.map((index) => mover(index, [address(index)])));
  await project.up();
  project.declare(...indexes.map((index) => mover(index, [address((index + 1) % 12)])));
  const preview = await project.succeeds("preview");
  expect(preview.stdout).toContain("12 to update");
  await project.up();
  for (const index of indexes) expect(held(index)).toEqual([address((index + 1) % 12)]);
  await expectRecordedAsHeld(...indexes);
  await expectNoWritesInNextUp();
});

test("moves: an address was moved by hand to another ENI of the program, the error names up --refresh, which moves it back", async () => {
  await start(2);
  project.declare(mover(0, [address(0)]), mover(1, [address(1)]));
  await project.up();
  emulator.control.patchState({
    networkInterfaces: [eniWith(eni(0), primary(0)), eniWith(eni(1), primary(1), [address(1), address(0)])],
  });
  project.declare(mover(0, [address(0), address(5)]), mover(1, [address(1)]));
  const { output } = await project.fails("up", "--yes", "--skip-preview");
  expect(output).toContain(`${address(0)} is held by ${eni(1)}; the address did not become free in time`);
  expect(output).toContain("If it was moved by hand, run `pulumi up --refresh`, which moves it back");
  await project.up("--refresh");
  expect(held(0)).toEqual([address(0), address(5)]);
  expect(held(1)).toEqual([address(1)]);
  await expectRecordedAsHeld(0, 1);
  await expectNoWritesInNextUp();
});

describe("address that another ENI holds", () => {
  // In each test, mover-0 then lists the address that the ENI of mover-1 holds.
  beforeEach(async () => {
    await start(2);
    project.declare(mover(0, [address(0)]), mover(1, [address(1), address(2)]));
    await project.up();
  });

  const moved = (opts = {}) => [mover(0, [address(1)], opts), mover(1, [address(2)])];

  async function failsToMove(...args: string[]): Promise<void> {
    const { output } = await project.fails("up", "--yes", "--skip-preview", ...args);
    await expectFailedMove(output);
  }

  async function expectFailedMove(output: string): Promise<void> {
    expect(output).toContain(`${address(1)} is held by ${eni(1)}; the address did not become free in time`);
    for (const remedy of [
      "`dependsOn`",
      "`--parallel 1`",
      "`--continue-on-error`",
      "an empty list for one `pulumi up`",
    ])
      expect(output).toContain(remedy);
    // The receiver has unassigned its old address and recorded that.
    expect(held(0)).toEqual([]);
    await expectRecordedAsHeld(0);
  }

  /**
   * Updates both resources in this order, with one worker. `notBefore` makes the order certain: without dependencies, the
   * engine receives a program's resources in any order.
   */
  async function updateInOrder(first: Declaration, second: Declaration): Promise<CommandResult> {
    const startedFile = "first-has-started";
    project.declare(first, { ...second, notBefore: startedFile });
    emulator.control.clearCalls();
    const running = project.start("up", "--yes", "--skip-preview", "--parallel", "1");
    await eventually(() => writes(emulator).length > 0);
    writeFileSync(path.join(project.folder, startedFile), "");
    return running.ended;
  }

  test("holder depends on the receiver, fails with the remedies, and up with --continue-on-error finishes", async () => {
    const [receiver, holder] = moved() as [Declaration, Declaration];
    project.declare(receiver, { ...holder, dependsOn: ["mover-0"] });
    await failsToMove("--parallel", "1");
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectRecordedAsHeld(1);
    project.declare(receiver, holder);
    await project.up("--continue-on-error");
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectRecordedAsHeld(0, 1);
    await expectNoWritesInNextUp();
  });

  test("--parallel 1 and the receiver is first, fails with the remedies, and the next up finishes", async () => {
    const [receiver, holder] = moved() as [Declaration, Declaration];
    const { exitCode, output } = await updateInOrder(receiver, holder);
    expect(exitCode).not.toBe(0);
    // The holder was checked and its plan unassigns the address. But the only worker waits for that.
    expect(project.messagesIn(output)).toContain(`mover-1: ${eni(1)}: unassign ${address(1)}`);
    await expectFailedMove(output);
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectRecordedAsHeld(1);
    await project.up();
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectRecordedAsHeld(0, 1);
    await expectNoWritesInNextUp();
  });

  test("--parallel 1 and the holder is first, up moves the address", async () => {
    const [receiver, holder] = moved() as [Declaration, Declaration];
    expect(await updateInOrder(holder, receiver)).toMatchObject({ exitCode: 0 });
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectRecordedAsHeld(0, 1);
    await expectNoWritesInNextUp();
  });

  test("--parallel 1 and the receiver depends on the holder, up moves the address", async () => {
    project.declare(mover(1, [address(2)]), { ...mover(0, [address(1)]), dependsOn: ["mover-1"] });
    await project.up("--parallel", "1");
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectRecordedAsHeld(0, 1);
  });

  test("--target is only the receiver, fails with the remedies, and up without --target finishes", async () => {
    project.declare(...moved());
    const receiver = (await project.resources()).find(({ id }) => id === eni(0));
    await failsToMove("--target", receiver?.urn ?? "");
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectRecordedAsHeld(1);
    await project.up();
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectRecordedAsHeld(0, 1);
  });

  test("holder is removed from the program, fails with the remedies, and an empty list for one up finishes", async () => {
    project.declare(mover(0, [address(1)]));
    await failsToMove();
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectRecordedAsHeld(1);
    project.declare(mover(0, [address(1)]), mover(1, []));
    await project.up();
    expect([held(0), held(1)]).toEqual([[address(1)], []]);
    project.declare(mover(0, [address(1)]));
    await project.up();
    expect(held(0)).toEqual([address(1)]);
    await expectNoWritesInNextUp();
  });
});

test("moves: an ENI inserted at the front of a list of counts, up keeps the addresses of all others", async () => {
  await start(4);
  const counted = (index: number, onEni: number): Declaration => ({
    name: `ips-${index}`,
    args: { networkInterfaceId: eni(onEni), secondaryPrivateIpAddressCount: 2 },
  });
  const picked = (index: number) => [`10.0.1.${150 + 2 * index}`, `10.0.1.${151 + 2 * index}`];
  // Not the lowest free ones: what is lost does not come back by luck.
  emulator.control.patchState({
    networkInterfaces: [1, 2, 3].map((one) => eniWith(eni(one), primary(one), picked(one))),
  });
  project.declare(counted(0, 1), counted(1, 2), counted(2, 3));
  await project.up();
  project.declare(counted(0, 0), counted(1, 1), counted(2, 2), counted(3, 3));
  emulator.control.clearCalls();
  const output = project.messagesIn((await project.succeeds("up", "--yes")).output);
  // The second one where the engine has checked ips-1 before the diff of ips-0 ends.
  const first = picked(1)[0];
  const sentences = [
    `ips-0: ${eni(1)}: unassign ${first} and 1 more, 1 call, peak 2 of 49, at the end of the run`,
    `ips-0: ${eni(1)}: leave ${first} and 1 more to another resource`,
  ];
  expect(sentences.filter((one) => output.includes(one))).not.toEqual([]);
  expect(writes(emulator)).toEqual(["AssignPrivateIpAddresses"]);
  expect([1, 2, 3].map(held)).toEqual([1, 2, 3].map(picked));
  await expectRecordedAsHeld(0, 1, 2, 3);
  await expectNoWritesInNextUp();
});

test.each([
  ["is declared later", [0, 1], {}],
  ["is declared earlier", [1, 0], {}],
  ["depends on the list", [0, 1], { dependsOn: ["list"] }],
])(
  "moves: a list leaves its ENI, and a count that comes %s, one up succeeds",
  async (_title, order, opts) => {
    await start(2);
    const list = (index: number): Declaration => ({
      name: "list",
      args: { networkInterfaceId: eni(index), privateIpAddresses: [address(0)] },
    });
    const count: Declaration = {
      name: "count",
      args: { networkInterfaceId: eni(0), secondaryPrivateIpAddressCount: 2 },
      ...opts,
    };
    project.declare(list(0));
    await project.up();
    project.declare(...order.map((index) => [list(1), count][index] as Declaration));
    await project.up();
    expect(held(1)).toEqual([address(0)]);
    expect(held(0)).toHaveLength(2);
    await expectRecordedAsHeld(0, 1);
    await expectNoWritesInNextUp();
  },
);

describe("additive: an address is left to a resource that fails, up with --continue-on-error", () => {
  const additive = (name: string, privateIpAddresses: string[], more = {}): Declaration => ({
    name,
    args: { networkInterfaceId: eni(0), privateIpAddresses, ownership: "additive", ...more },
  });

  test.each([
    ["the giver is updated", additive("giving", [address(0)])],
    ["the giver is removed", undefined],
  ])("%s: a state owns the address, and the next up hands it over", async (_what, giver) => {
    await start(1);
    const giving = giver === undefined ? [] : [giver];
    project.declare(additive("giving", [address(0), address(1)]));
    await project.up();
    project.declare(...giving, additive("taking", [address(1), primary(0)]));
    await project.fails("up", "--yes", "--skip-preview", "--continue-on-error");
    expect(held(0)).toEqual([address(0), address(1)]);
    const owned = (await project.resources()).flatMap(({ outputs }) => outputs.privateIpAddresses);
    expect(owned).toEqual([address(0), address(1)]);
    project.declare(...giving, additive("taking", [address(1)]));
    await project.up();
    expect(held(0)).toEqual(giver === undefined ? [address(1)] : [address(0), address(1)]);
    await expectNoWritesInNextUp();
  });
});

describe("runs that touch only part of the program", () => {
  const urnOf = async (name: string) => {
    const [resource] = await project.resources();
    return `${resource?.urn.replace(/::[^:]*$/, "")}::${name}`;
  };
  const named = (name: string, privateIpAddresses: string[], more = {}): Declaration => ({
    name,
    args: { networkInterfaceId: eni(0), privateIpAddresses, ...more },
  });
  const additive = { ownership: "additive" };

  test("a rename without alias, up --target new and up --target old: the ENI keeps its addresses", async () => {
    await start(1);
    project.declare(named("old", [address(0), address(1)]));
    await project.up();
    project.declare(named("new", [address(0), address(1)]));
    await project.up("--target", await urnOf("new"));
    await project.up("--target", await urnOf("old"));
    if (!knowsProgram) {
      expect(held(0)).toEqual([]);
      const { output } = await project.up();
      expect(project.messagesIn(output)).toContain(
        `warning: new: ${eni(0)} does not hold ${address(0)}, ${address(1)}, which the state of this resource records`,
      );
      await project.up("--refresh");
    }
    expect(held(0)).toEqual([address(0), address(1)]);
    await expectRecordedAsHeld(0);
    await expectNoWritesInNextUp();
  });

  test("destroy --target with --run-program: an address that another resource lists stays, destroy takes all", async () => {
    await start(1);
    project.declare(named("one", [address(0), address(1)], additive), named("two", [address(1)], additive));
    await project.up();
    await project.destroy("--run-program", "--target", await urnOf("one"));
    expect(held(0)).toEqual(knowsProgram ? [address(1)] : []);
    await project.up();
    expect(held(0)).toEqual([address(0), address(1)]);
    await project.destroy("--run-program");
    expect(held(0)).toEqual([]);
  });

  test("destroy --target without the program: the next up warns, and up --refresh repairs", async () => {
    await start(1);
    project.declare(named("one", [address(0), address(1)], additive), named("two", [address(1)], additive));
    await project.up();
    await project.destroy("--target", await urnOf("one"));
    project.declare(named("two", [address(1)], additive));
    const { output } = await project.up();
    expect(project.messagesIn(output)).toContain(
      `warning: two: ${eni(0)} does not hold ${address(1)}, which the state of this resource records`,
    );
    await project.up("--refresh");
    expect(held(0)).toEqual([address(1)]);
    await expectNoWritesInNextUp();
  });
});

test("preview: an address moves in either direction, warns of the holder and succeeds", async () => {
  await start(2);
  project.declare(mover(0, [address(0)]), mover(1, [address(1)]));
  await project.up();
  project.declare(mover(0, [address(0)]), mover(1, [address(0), address(1)]));
  const preview = await project.succeeds("preview");
  expect(project.messagesIn(preview.output)).toContain(
    `warning: mover-1: ${address(0)} is held by ${eni(0)}`,
  );
  project.declare(mover(0, [address(1)]), mover(1, [address(0)]));
  await project.succeeds("preview");
  const saved = await project.exportedState();
  expect(saved).not.toContain('"preview"');
});

test("additive: one of two resources drops a shared address, the ENI keeps it, and the next up gives it up", async () => {
  await start(1);
  const additive = (name: string, privateIpAddresses: string[], more = {}): Declaration => ({
    name,
    args: { networkInterfaceId: eni(0), privateIpAddresses, ownership: "additive" },
    ...more,
  });
  const taking = additive("taking", [address(1)], { dependsOn: ["giving"] });
  project.declare(additive("giving", [address(0), address(1)]), taking);
  await project.up();
  project.declare(additive("giving", [address(0)]), taking);
  emulator.control.clearCalls();
  await project.up();
  expect(writes(emulator)).toEqual(
    knowsProgram ? [] : ["UnassignPrivateIpAddresses", "AssignPrivateIpAddresses"],
  );
  expect(held(0)).toEqual([address(0), address(1)]);
  await expectNoWritesInNextUp();
  const owned = (await project.resources()).map(({ outputs }) => outputs.privateIpAddresses);
  expect(owned).toEqual([[address(0)], [address(1)]]);
});

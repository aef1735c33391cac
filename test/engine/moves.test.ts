import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { eventually } from "../support/ecs-client";
import { eniWith, secondaryAddresses, world, writes } from "../support/eni-world";
import { PulumiProject, type Declaration } from "../support/pulumi-project";
import type { CommandResult } from "../support/run-command";

let emulator: Emulator;
let project: PulumiProject;

// Quick enough to see the wait for a release end, slow enough for a release to come.
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

const holds = (index: number, addresses: string[], opts = {}): Declaration => ({
  name: `mover-${index}`,
  args: { networkInterfaceId: eni(index), privateIpAddresses: addresses },
  opts,
});

const held = (index: number) => secondaryAddresses(emulator, eni(index)).sort();

/** Each resource's addresses in the state, which have to be those that its ENI really holds. */
async function expectWhole(...indexes: number[]): Promise<void> {
  const resources = await project.resources();
  for (const index of indexes) {
    const resource = resources.find(({ id }) => id === eni(index));
    expect(resource?.outputs.privateIpAddresses).toEqual(held(index));
  }
}

async function expectAtRest(): Promise<void> {
  emulator.control.clearCalls();
  await project.up();
  expect(writes(emulator)).toEqual([]);
}

test("twelve resources each pass their address on to the next in one up, at the default parallelism", async () => {
  const indexes = Array.from({ length: 12 }, (_unused, index) => index);
  await start(indexes.length);
  project.declare(...indexes.map((index) => holds(index, [address(index)])));
  await project.up();
  project.declare(...indexes.map((index) => holds(index, [address((index + 1) % 12)])));
  const preview = await project.succeeds("preview");
  expect(preview.stdout).toContain("12 to update");
  await project.up();
  for (const index of indexes) expect(held(index)).toEqual([address((index + 1) % 12)]);
  await expectWhole(...indexes);
  await expectAtRest();
});

describe("an address that cannot become free in this up", () => {
  /** mover-0 comes first, and wants what mover-1 has. */
  beforeEach(async () => {
    await start(2);
    project.declare(holds(0, [address(0)]), holds(1, [address(1), address(2)]));
    await project.up();
  });

  const moved = (opts = {}) => [holds(0, [address(1)], opts), holds(1, [address(2)])];

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
    // It has let go of what it was to let go of, and lost nothing else.
    expect(held(0)).toEqual([]);
    await expectWhole(0);
  }

  /**
   * Updates both with one worker, which gets to the first of them first: in a program without dependencies the engine
   * learns of its resources in no certain order.
   */
  async function updateInOrder(first: Declaration, second: Declaration): Promise<CommandResult> {
    const sign = "first-is-under-way";
    project.declare(first, { ...second, notBefore: sign });
    emulator.control.clearCalls();
    const running = project.start("up", "--yes", "--skip-preview", "--parallel", "1");
    await eventually(() => writes(emulator).length > 0);
    writeFileSync(path.join(project.folder, sign), "");
    return running.ended;
  }

  test("because its holder comes after it is an error, and up in any order finishes", async () => {
    const [receiver, holder] = moved() as [Declaration, Declaration];
    project.declare(receiver, { ...holder, dependsOn: ["mover-0"] });
    await failsToMove("--parallel", "1");
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectWhole(1);
    project.declare(receiver, holder);
    await project.up("--continue-on-error");
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectWhole(0, 1);
    await expectAtRest();
  });

  test("because --parallel 1 gets to its receiver first is an error, and up finishes", async () => {
    const [receiver, holder] = moved() as [Declaration, Declaration];
    const { exitCode, output } = await updateInOrder(receiver, holder);
    expect(exitCode).not.toBe(0);
    // It has been checked, and lets go of the address; but the one worker waits for just that.
    expect(output).toContain(`mover-1: ${eni(1)}: unassign ${address(1)}`);
    await expectFailedMove(output);
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectWhole(1);
    await project.up();
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectWhole(0, 1);
    await expectAtRest();
  });

  test("is free in time with --parallel 1 when that gets to its holder first", async () => {
    const [receiver, holder] = moved() as [Declaration, Declaration];
    expect(await updateInOrder(holder, receiver)).toMatchObject({ exitCode: 0 });
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectWhole(0, 1);
    await expectAtRest();
  });

  test("is free in time with --parallel 1 when the receiver depends on the holder", async () => {
    project.declare(holds(1, [address(2)]), { ...holds(0, [address(1)]), dependsOn: ["mover-1"] });
    await project.up("--parallel", "1");
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectWhole(0, 1);
  });

  test("with --target on the receiver only is an error, and up of all finishes", async () => {
    project.declare(...moved());
    const receiver = (await project.resources()).find(({ id }) => id === eni(0));
    await failsToMove("--target", receiver?.urn ?? "");
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectWhole(1);
    await project.up();
    expect([held(0), held(1)]).toEqual([[address(1)], [address(2)]]);
    await expectWhole(0, 1);
  });

  test("whose holder is removed from the program is an error, and an empty list for one up finishes", async () => {
    project.declare(holds(0, [address(1)]));
    await failsToMove();
    expect(held(1)).toEqual([address(1), address(2)]);
    await expectWhole(1);
    project.declare(holds(0, [address(1)]), holds(1, []));
    await project.up();
    expect([held(0), held(1)]).toEqual([[address(1)], []]);
    project.declare(holds(0, [address(1)]));
    await project.up();
    expect(held(0)).toEqual([address(1)]);
    await expectAtRest();
  });
});

test("a preview of movers succeeds, whichever comes first", async () => {
  await start(2);
  project.declare(holds(0, [address(0)]), holds(1, [address(1)]));
  await project.up();
  project.declare(holds(0, [address(0)]), holds(1, [address(0), address(1)]));
  const held = await project.succeeds("preview");
  expect(held.output).toContain(`warning: mover-1: ${address(0)} is held by ${eni(0)}`);
  project.declare(holds(0, [address(1)]), holds(1, [address(0)]));
  await project.succeeds("preview");
  const saved = await project.exportedState();
  expect(saved).not.toContain('"preview"');
});

test("an address that two additive resources list stays when the one that the other depends on drops it", async () => {
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
  const { output } = await project.up();
  expect(held(0)).toEqual([address(0), address(1)]);
  expect(output).toContain(`taking: ${address(1)} was unassigned from ${eni(0)} by another resource`);
});

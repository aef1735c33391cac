import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import path from "node:path";
import { ProcessKiller } from "../support/process-killer";
import { addressRange, eniId, privateIpSets, secondaryAddresses, world, writes } from "../support/eni-world";
import { GateClock } from "../support/gate-clock";
import { isRunning } from "../support/process-tree";
import { adaptorOfSuite, PulumiProject, type ResourceInState } from "../support/pulumi-project";
import { startCommand } from "../support/run-command";

const [assign, unassign] = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"];
const before = addressRange(20, 15);
const after = addressRange(60, 15);
/** The write calls of the update from `before` to `after`. */
const calls = [assign, assign, unassign, unassign];
/** No signal reaches the dynamic provider, which finishes its operation. The plugin ends it after the call under way. */
const isFinished = adaptorOfSuite === "dynamic";
const later = { id: "eni-later", primary: "10.0.1.11", addresses: ["10.0.1.200"] };
const update = ["up", "--yes", "--skip-preview"];

const clock = new GateClock();
let emulator: Emulator;
let project: PulumiProject;
let killer: ProcessKiller;

const held = (id = eniId) => secondaryAddresses(emulator, id).sort();

/** Declares `edge`, and `later`, which depends on it. */
function declare(ofEdge: string[], ofLater: string[]): void {
  project.declare(
    { name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: ofEdge } },
    {
      name: "later",
      args: { networkInterfaceId: later.id, privateIpAddresses: ofLater },
      dependsOn: ["edge"],
    },
  );
}

async function recorded(name: string): Promise<unknown> {
  const resource = (await project.resources()).find(({ urn }) => urn.endsWith(`::${name}`));
  return resource?.outputs.privateIpAddresses;
}

async function expectConverged(): Promise<void> {
  expect([held(), held(later.id)]).toEqual([after, later.addresses]);
  expect([await recorded("edge"), await recorded("later")]).toEqual([after, later.addresses]);
  expect(await project.pendingOperations()).toEqual([]);
  emulator.control.clearCalls();
  await project.up();
  expect(writes(emulator)).toEqual([]);
}

beforeEach(async () => {
  emulator = await startEmulator({
    clock,
    seed: world(
      {},
      {
        NetworkInterfaceId: later.id,
        PrivateIpAddress: later.primary,
        PrivateIpSets: privateIpSets([], later.primary),
      },
    ),
  });
  project = await PulumiProject.create(emulator);
  killer = new ProcessKiller(emulator, clock, project);
  declare(before, []);
  await project.up();
  emulator.control.clearCalls();
  declare(after, later.addresses);
});
afterEach(async () => {
  await killer.clear();
  project.remove();
  await emulator.close();
});

test("up: Ctrl-C once, the operation under way ends and is recorded, and no other begins", async () => {
  const { result, host } = await killer.interrupt("once", 2, calls, ...update);
  expect(result.exitCode).not.toBe(0);
  expect(isRunning(host)).toBe(false);
  expect(writes(emulator)).toEqual(isFinished ? calls : calls.slice(0, 2));
  const reached = isFinished ? after : [...before, ...after];
  expect([held(), held(later.id)]).toEqual([reached, []]);
  expect([await recorded("edge"), await recorded("later")]).toEqual([reached, []]);
  expect(await project.pendingOperations()).toEqual([]);
  if (!isFinished)
    expect(project.messagesIn(result.output)).toContain(
      "edge: cancelled; nothing more is written. The state records the progress; run `pulumi up` again to continue",
    );

  await project.up();
  expect(writes(emulator)).toEqual([...calls, assign]);
  await expectConverged();
});

test("up: Ctrl-C twice, the provider ends during its call, and refresh and up finish", async () => {
  const { result, host } = await killer.interrupt("twice", 2, calls, ...update);
  expect(result.exitCode).not.toBe(0);
  await killer.answer();
  expect(isRunning(host)).toBe(false);
  // The call under way was carried out. No call followed it.
  expect(writes(emulator)).toEqual(calls.slice(0, 2));
  expect(await recorded("edge")).toEqual(before);
  expect(await project.pendingOperations()).toEqual(["updating"]);

  await project.succeeds("refresh", "--yes", "--skip-preview");
  expect(await recorded("edge")).toEqual(held());
  expect(writes(emulator)).toEqual(calls.slice(0, 2));
  await project.up();
  expect(writes(emulator)).toEqual([...calls, assign]);
  await expectConverged();
});

describe("npm run pulumi", () => {
  // Its state is in a folder of this clone of the repository.
  const stack = `ctrl-c-${process.pid}`;

  /** Starts `npm run --silent pulumi`: npm, a shell and our script run between this process and the engine. */
  const start = (...args: string[]) => {
    const { HOME, PULUMI_ALICLOUD_CACHE_DIR } = process.env;
    const repository = path.resolve(__dirname, "../..");
    return startCommand(
      "npm",
      ["--prefix", repository, "run", "--silent", "pulumi", "--", ...args, "--stack", stack],
      { cwd: project.folder, env: { ...project.env, HOME, PULUMI_ALICLOUD_CACHE_DIR } },
    );
  };
  const run = async (...args: string[]) => {
    const { exitCode, stdout, output } = await start(...args).ended;
    if (exitCode !== 0) throw new Error(output);
    return stdout;
  };

  test("Ctrl-C once, reaches the engine, and the command does not end before its engine", async () => {
    emulator.control.putState(world({}));
    project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: after } });
    await run("stack", "select", "--create");
    try {
      killer = new ProcessKiller(emulator, clock, { start });
      const { result, host, waiting } = await killer.interrupt("once", 2, [assign, assign], ...update);
      expect(waiting).toBe(true);
      expect(result.exitCode).not.toBe(0);
      expect(isRunning(host)).toBe(false);
      expect(held()).toEqual(after);
      const { deployment } = JSON.parse(await run("stack", "export")) as {
        deployment: { resources: ResourceInState[] };
      };
      expect(deployment.resources.find(({ id }) => id === eniId)?.outputs.privateIpAddresses).toEqual(after);
    } finally {
      await run("stack", "rm", "--force", "--yes");
    }
  });
});

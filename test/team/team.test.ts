import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { secondaryAddresses, worldWith, writes } from "../support/eni-world";
import { disturb } from "../support/faults";
import { GateClock } from "../support/gate-clock";
import { ProcessKiller, writeCalls } from "../support/process-killer";
import { PulumiProject } from "../support/pulumi-project";
import { startCommand, type RunningCommand } from "../support/run-command";

/* A team's set-up: several people run Pulumi at the same time. The state is in a PostgreSQL server. */

const program = `
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const privateIpAddresses = new pulumi.Config().requireObject<string[]>("addresses");
new EniSecondaryIps("edge", { networkInterfaceId: "eni-edge", ownership: "additive", privateIpAddresses });
`;

const serverCommand = [path.join(__dirname, "postgresql.mjs")];

/** Why PostgreSQL cannot run, such as for root on a system without the user postgres. */
function whyMissing(env = process.env): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, serverCommand, { input: "", encoding: "utf8", env });
  return status === 0 ? undefined : stderr.trim();
}

const missing = whyMissing();
if (missing !== undefined) {
  process.stderr.write(
    `\n*** LEFT OUT: the story of a team, because PostgreSQL does not run on this machine.\n*** ${missing}\n\n`,
  );
}
const isLeftOut = missing !== undefined && !process.env.CI;

const clock = new GateClock();
let server: ChildProcessByStdio<Writable, Readable, null>;
let emulator: Emulator;
let project: PulumiProject;
let killer: ProcessKiller;

const start = (...args: string[]): RunningCommand =>
  startCommand("pulumi", [...args, "--non-interactive"], { cwd: project.folder, env: project.env });

async function succeeds(...args: string[]): Promise<string> {
  const { exitCode, output } = await start(...args).ended;
  if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  return output;
}

/** Whether one of two changes of the ENI at the same time was refused. */
const hasConflict = () => writeCalls(emulator).some(({ code }) => code === "Operation.Conflict");

const upOf = (stack: string) => ["up", "--yes", "--skip-preview", "--stack", stack];
const stacks = ["test", "other"];

beforeAll(async () => {
  if (missing !== undefined) return;
  server = spawn(process.execPath, serverCommand, { stdio: ["pipe", "pipe", "inherit"] });
  const [url] = (await once(server.stdout.setEncoding("utf8"), "data")) as [string];
  emulator = await startEmulator({ clock, seed: worldWith() });
  project = await PulumiProject.create(emulator, { PULUMI_BACKEND_URL: url.trim() });
  killer = new ProcessKiller(emulator, clock, { start });
  writeFileSync(path.join(project.folder, "index.ts"), program);
  await succeeds("stack", "init", "other", "--no-select");
  await succeeds("config", "set", "--stack", "test", "--path", "addresses[0]", "10.0.1.20");
  await succeeds("config", "set", "--stack", "other", "--path", "addresses[0]", "10.0.1.30");
});
afterAll(async () => {
  if (missing !== undefined) return;
  server.stdin.end();
  await once(server, "exit");
  await killer.clear();
  project.remove();
  await emulator.close();
});

test("PostgreSQL cannot run: the server's process ends with the reason", () => {
  const noFolder = path.join(__dirname, "missing");
  expect(whyMissing({ ...process.env, TMPDIR: noFolder })).toMatch(/^ENOENT: .*missing\/postgresql-XXXXXX'$/);
});

(isLeftOut ? test.skip : test)(
  "a team on PostgreSQL: stacks share an ENI at the same time, a second update of one stack is refused, nothing is lost",
  async () => {
    if (missing !== undefined) throw new Error(`left out, which CI does not allow: ${missing}`);

    // The call of one stack is under way when the other one makes its own.
    disturb(emulator, "AssignPrivateIpAddresses", { delayMs: 1 });
    const both = stacks.map((stack) => killer.start(...upOf(stack)));
    for (const one of both) await killer.waitDuring(one, hasConflict);
    clock.open();
    for (const { ended } of both) expect(await ended).toMatchObject({ exitCode: 0 });
    expect(secondaryAddresses(emulator).sort()).toEqual(["10.0.1.20", "10.0.1.30"]);

    // The second update of a stack begins while the first one is in the middle of its call.
    await succeeds("config", "set", "--stack", "test", "--path", "addresses[1]", "10.0.1.21");
    emulator.control.clearCalls();
    disturb(emulator, "AssignPrivateIpAddresses", { delayMs: 1 });
    const first = killer.start(...upOf("test"));
    await killer.waitDuring(first, () => clock.waiting === 1);
    const second = await start(...upOf("test")).ended;
    expect(second.exitCode).not.toBe(0);
    expect(second.output).toContain("the stack is currently locked");
    clock.open();
    expect(await first.ended).toMatchObject({ exitCode: 0 });
    expect(writes(emulator)).toEqual(["AssignPrivateIpAddresses"]);

    // Repeated, the refused update has nothing to do.
    expect(await succeeds(...upOf("test"))).toContain("2 unchanged");
    expect(await succeeds(...upOf("other"))).toContain("2 unchanged");
    expect(writes(emulator)).toEqual(["AssignPrivateIpAddresses"]);

    await Promise.all(
      stacks.map((stack) => succeeds("destroy", "--yes", "--skip-preview", "--stack", stack)),
    );
    expect(secondaryAddresses(emulator)).toEqual([]);
  },
);

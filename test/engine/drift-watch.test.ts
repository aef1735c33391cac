import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StackReport } from "../../examples/drift-watch/report";
import { eniWith, privateIpSets, secondaryAddresses, world, writes } from "../support/eni-world";
import { missingLine, printedBy, scriptOf, sessionOf } from "../support/documentation";
import { disturb } from "../support/faults";
import { GateClock } from "../support/gate-clock";
import { ProcessKiller } from "../support/process-killer";
import { descendantsOf, isRunning } from "../support/process-tree";
import { PulumiProject, pulumiEnvironment } from "../support/pulumi-project";
import { runCommand, startCommand, type CommandResult } from "../support/run-command";

const repository = path.resolve(__dirname, "../..");
const example = path.join(repository, "examples/drift-watch");
const script = path.join(example, "dist/drift-watch.js");

/** Each stack has one ENI. The stack `gains` has a second one, with a secret list. `test` is the stack that stays unchanged. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const stack = pulumi.getStack();
const network = { test: 20, loses: 30, gains: 40, refused: 50 }[stack];
const addresses = [\`10.0.1.\${network}\`, \`10.0.1.\${network! + 1}\`];
new EniSecondaryIps("edge", { networkInterfaceId: \`eni-\${stack}\`, privateIpAddresses: addresses });
if (stack === "gains")
  new EniSecondaryIps("hidden", { networkInterfaceId: "eni-hidden", privateIpAddresses: pulumi.secret(["10.0.1.60"]) });
`;

const clock = new GateClock();
let emulator: Emulator;
let project: PulumiProject;
let killer: ProcessKiller;

const pulumi = async (...args: string[]) => {
  const result = await runCommand("pulumi", [...args, "--non-interactive"], {
    cwd: project.folder,
    env: project.env,
  });
  if (result.exitCode !== 0) throw new Error(result.output);
  return result.stdout;
};
const start = (...args: string[]) =>
  startCommand(process.execPath, [script, ...args], { cwd: path.dirname(project.folder), env: project.env });
const driftWatch = (...args: string[]): Promise<CommandResult> => start(...args).ended;
const named = (stack: string) => `${path.basename(project.folder)}:${stack}`;

function setByHand(id: string, primary: string, secondary: string[]): void {
  const eni = { NetworkInterfaceId: id, PrivateIpSets: privateIpSets(secondary, primary) };
  emulator.control.patchState({ networkInterfaces: [eni] });
}

/** One ENI loses an address, one gains an address, and the secret address of another one changes. */
function changeByHand(): void {
  setByHand("eni-loses", "10.0.1.11", ["10.0.1.30"]);
  setByHand("eni-gains", "10.0.1.12", ["10.0.1.40", "10.0.1.41", "10.0.1.99"]);
  setByHand("eni-hidden", "10.0.1.13", ["10.0.1.61"]);
}

beforeAll(async () => {
  execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", example]);
  emulator = await startEmulator({
    clock,
    seed: world(
      eniWith("eni-test", "10.0.1.10"),
      eniWith("eni-loses", "10.0.1.11"),
      eniWith("eni-gains", "10.0.1.12"),
      eniWith("eni-hidden", "10.0.1.13"),
      eniWith("eni-refused", "10.0.1.14"),
    ),
  });
  project = await PulumiProject.create(emulator);
  killer = new ProcessKiller(emulator, clock, { start });
  writeFileSync(path.join(project.folder, "index.ts"), program);
  const stacks = ["test", "loses", "gains", "refused"];
  for (const stack of stacks.slice(1)) await pulumi("stack", "init", "--no-select", stack);
  await Promise.all(stacks.map((stack) => pulumi("up", "--yes", "--skip-preview", "--stack", stack)));
});
afterEach(() => killer.clear());
afterAll(async () => {
  project.remove();
  await emulator.close();
});

test("four stacks: one lost and one gained an address, one is unchanged, one is refused; all are reported", async () => {
  changeByHand();
  await pulumi("config", "set", "--stack", "refused", "alicloud:accessKey", "unknown");
  await pulumi("config", "set", "--stack", "refused", "--secret", "alicloud:secretKey", "wrong");
  const state = () => pulumi("stack", "export", "--stack", "loses");
  const before = await state();
  emulator.control.clearCalls();

  const names = ["test", "loses", "gains", "refused"].map(named);
  const { exitCode, stdout, stderr } = await driftWatch(...names, "--run-program", "--format", "json");
  expect(exitCode).toBe(3);
  const { stacks } = JSON.parse(stdout) as { stacks: StackReport[] };
  const edge = { resource: "edge", urn: expect.stringContaining("EniSecondaryIps::edge") as string };
  const drift = { lost: [], gained: [] };
  expect(stacks).toEqual([
    { stack: names[0], status: "unchanged", drifts: [] },
    {
      stack: names[1],
      status: "drifted",
      drifts: [{ ...edge, ...drift, networkInterfaceId: "eni-loses", lost: ["10.0.1.31"] }],
    },
    {
      stack: names[2],
      status: "drifted",
      drifts: [
        { ...edge, ...drift, networkInterfaceId: "eni-gains", gained: ["10.0.1.99"] },
        {
          ...drift,
          resource: "hidden",
          urn: expect.any(String) as string,
          networkInterfaceId: "eni-hidden",
          secret: true,
        },
      ],
    },
    {
      stack: names[3],
      status: "failed",
      drifts: [],
      error: expect.stringContaining("InvalidAccessKeyId") as string,
    },
  ]);
  // Progress is one line for each stack, without control characters.
  expect(stderr.trim().split("\n")).toHaveLength(4);
  expect(stderr).not.toContain("\u001b");
  expect(stdout + stderr).not.toMatch(/10\.0\.1\.6[01]/);
  expect(writes(emulator)).toEqual([]);
  expect(await state()).toBe(before);
});

test("--repair, Markdown: repairs what drifted, writes the file, ends with 0", async () => {
  const output = path.join(project.folder, "report.md");
  const names = [named("loses"), named("gains")];
  changeByHand();
  const first = await driftWatch(...names, "--repair", "--format", "markdown", "--output", output);
  expect([first.exitCode, first.stdout]).toEqual([0, ""]);
  expect(readFileSync(output, "utf8")).toContain(
    `| ${names[0]} | repaired | edge | eni-loses | lost 10.0.1.31 |`,
  );
  expect(secondaryAddresses(emulator, "eni-loses").sort()).toEqual(["10.0.1.30", "10.0.1.31"]);
  expect(secondaryAddresses(emulator, "eni-gains").sort()).toEqual(["10.0.1.40", "10.0.1.41"]);
  expect(secondaryAddresses(emulator, "eni-hidden")).toEqual(["10.0.1.60"]);
});

test.each([
  ["Ctrl-C", "SIGINT", 130, -1],
  // A scheduler sends it to one process.
  ["SIGTERM", "SIGTERM", 143, 1],
] as const)(
  "%s during a repair: the call under way is recorded, no other stack begins, no process is left",
  async (_name, signal, code, group) => {
    setByHand("eni-test", "10.0.1.10", ["10.0.1.20"]);
    setByHand("eni-loses", "10.0.1.11", ["10.0.1.30"]);
    disturb(emulator, "AssignPrivateIpAddresses", { delayMs: 1 });
    const command = killer.start(named("test"), named("loses"), "--parallel", "1", "--repair");
    await killer.waitDuring(command, () => clock.waiting > 0);
    const processes = descendantsOf(command.pid);
    process.kill(group * command.pid, signal);
    await killer.waitDuring(command, () => command.printed().includes(`${signal} received; cancelling`));
    clock.open();

    const { exitCode, stdout } = await command.ended;
    expect(exitCode).toBe(code);
    expect(stdout).toContain(`${named("loses")}: cancelled`);
    expect(processes.map(({ command }) => command).join()).toContain("pulumi up");
    expect(processes.filter(isRunning)).toEqual([]);
    expect(await project.pendingOperations()).toEqual([]);
    expect((await project.resource()).outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.21"]);
    expect(secondaryAddresses(emulator, "eni-loses")).toEqual(["10.0.1.30"]);
  },
);

test.each([
  [2, [], "no stack; name DIR:STACK, or a file with --stacks"],
  [2, ["network"], "'network' must be DIR:STACK"],
  [2, ["--stacks", "missing.json"], "ENOENT"],
  [0, ["--version"], "0.1.0"],
  [0, ["--help"], "Exit codes: 0 no drift"],
])("exit code %i: %j", async (expected, args, message) => {
  const { exitCode, output } = await driftWatch(...args);
  expect(exitCode).toBe(expected);
  expect(output).toContain(message);
  expect(output).not.toContain("    at ");
});

test("README: the commands succeed and print what it shows", async () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-watch-")));
  try {
    for (const name of ["drift-watch", "quickstart"]) {
      const from = path.join(repository, "examples", name);
      const filter = (source: string) =>
        !/^(node_modules|dist|Pulumi\..+\.yaml)$/.test(path.basename(source));
      cpSync(from, path.join(folder, name), { recursive: true, filter });
      symlinkSync(path.join(repository, "node_modules"), path.join(folder, name, "node_modules"));
    }
    const session = sessionOf("examples/drift-watch/README.md");
    const script = path.join(folder, "commands.sh");
    const text = scriptOf(session, () => {
      throw new Error("the example has its files in its folder");
    });
    // The README has one port. Something else may listen on it.
    const { port } = new URL(emulator.url);
    await emulator.close();
    writeFileSync(script, text.replaceAll("4300", port));
    const env = { ...pulumiEnvironment(folder), PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    const cwd = path.join(folder, "drift-watch");
    const { exitCode, output } = await runCommand("bash", ["-euo", "pipefail", script], { cwd, env });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output });
    for (const block of session.filter((each) => each.output)) {
      const commands = session.filter(({ line, output: shown }) => line < block.line && !shown).at(-1);
      expect(
        missingLine(block.code, printedBy(session, output).get(commands?.line ?? 0) ?? ""),
      ).toBeUndefined();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

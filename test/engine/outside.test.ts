import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  addressRange,
  eniId,
  environmentFor,
  secondaryAddresses,
  worldWith,
  writes,
} from "../support/eni-world";
import { pulumiEnvironment } from "../support/pulumi-project";
import { runCommand } from "../support/run-command";

const repository = path.resolve(__dirname, "../..");

/** The tested version of the SDK. The package also accepts older ones. */
const sdk = "@pulumi/pulumi@3.248.0";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

const privateIpAddresses = new pulumi.Config().requireObject<string[]>("addresses");
const ips = new EniSecondaryIps("edge", { networkInterfaceId: "${eniId}", privateIpAddresses });
export const assigned = ips.privateIpAddresses;
`;

const inlineProgram = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { EniSecondaryIps } = require("pulumi-alicloud-secondary-ips");

async function main() {
  const stack = await LocalWorkspace.createOrSelectStack({
    projectName: "inline",
    stackName: "test",
    program: async () => {
      const ips = new EniSecondaryIps("edge", {
        networkInterfaceId: "${eniId}",
        privateIpAddresses: JSON.parse(process.env.ADDRESSES),
      });
      return { assigned: ips.privateIpAddresses };
    },
  });
  await stack.up();
  process.exit(0);
}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
`;

let emulator: Emulator;
let folder: string;
let tarballs: string[];
let env: NodeJS.ProcessEnv;

/** Runs a command in the project outside the repository. Throws if it fails. */
async function succeeds(command: string, args: string[], { cwd = folder, more = {} } = {}): Promise<string> {
  const { exitCode, output } = await runCommand(command, args, { cwd, env: { ...env, ...more } });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  return output;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "outside-"));
  const state = path.join(folder, "pulumi");
  mkdirSync(state);
  // npm uses the user's cache. Everything else is in the project's folder.
  env = { ...pulumiEnvironment(state), HOME: process.env.HOME };
  const packed = path.join(folder, "packed");
  mkdirSync(packed);
  for (const workspace of ["provider", "emulator"]) {
    await succeeds("npm", ["pack", "--workspace", workspace, "--pack-destination", packed], {
      cwd: repository,
    });
  }
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "outside", private: true }));
  tarballs = readdirSync(packed).map((name) => path.join(packed, name));
  await succeeds("npm", [
    "install",
    "--no-audit",
    "--no-fund",
    ...tarballs,
    sdk,
    "typescript@6",
    "@types/node@20",
  ]);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  // This is the repository's emulator. Another test starts the packed one.
  emulator = await startEmulator({ seed: worldWith() });
  env = { ...env, ...environmentFor(emulator) };
});
afterEach(() => emulator.close());

test("packed provider: contains declarations, code, licence and README, and no tests", async () => {
  const listed = await succeeds("find", [
    "node_modules/pulumi-alicloud-secondary-ips",
    "-not",
    "-name",
    "*.map",
    "-type",
    "f",
  ]);
  expect(listed).toContain("dist/index.d.ts");
  expect(listed).toContain("dist/provider.js");
  expect(listed).toContain("LICENSE");
  expect(listed).toContain("README.md");
  expect(listed).not.toContain(".test.");
});

test("packed provider: npx runs its command", async () => {
  expect(await succeeds("npx", ["pulumi-alicloud-secondary-ips", "--help"])).toContain(
    "import-file [options] <eni...>",
  );
});

test("packed emulator: npx starts it", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn("npx", ["alicloud-ecs-emulator", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"], detached: true });
    child.stdout.once("data", async (line) => {
      const { url } = JSON.parse(line);
      const health = await fetch(url + "/_emulator/health");
      console.log("health", health.status);
      process.kill(-child.pid, "SIGTERM");
    });
  `;
  expect(await succeeds("node", ["-e", script])).toContain("health 200");
});

test("program outside the repository: create, update and destroy, makes the same calls as inside", async () => {
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: outside\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(path.join(folder, "index.ts"), program);
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { strict: true, module: "node16", target: "es2022", noEmit: true } }),
  );
  await succeeds("npx", ["tsc", "-p", "."]);
  const pulumi = (...args: string[]) => succeeds("pulumi", [...args, "--non-interactive"]);
  const upWith = async (addresses: string[]) => {
    await pulumi("config", "set", "addresses", JSON.stringify(addresses));
    emulator.control.clearCalls();
    return pulumi("up", "--yes", "--skip-preview");
  };

  await pulumi("stack", "init", "test");
  const before = addressRange(20, 15);
  await upWith(before);
  const after = [...before.slice(12), ...addressRange(60, 7)];
  const output = await upWith(after);
  expect(writes(emulator)).toEqual([
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
  ]);
  expect(secondaryAddresses(emulator)).toEqual(after);
  expect(output).not.toContain("warning");
  await upWith(after);
  expect(writes(emulator)).toEqual([]);
  await pulumi("destroy", "--yes", "--skip-preview");
  expect(secondaryAddresses(emulator)).toEqual([]);
});

test("inline Automation API program: no package in the working directory, finds the provider", async () => {
  writeFileSync(path.join(folder, "inline.js"), inlineProgram);
  const elsewhere = mkdtempSync(path.join(tmpdir(), "elsewhere-"));
  // Pulumi finds the host of dynamic providers from the working directory, so @pulumi must be there.
  mkdirSync(path.join(elsewhere, "node_modules"));
  symlinkSync(path.join(folder, "node_modules/@pulumi"), path.join(elsewhere, "node_modules/@pulumi"));
  try {
    await succeeds("node", [path.join(folder, "inline.js")], {
      cwd: elsewhere,
      more: { ADDRESSES: JSON.stringify(["10.0.1.20"]) },
    });
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

test("init: the printed commands create and destroy with the emulator; without it, the program names what is missing", async () => {
  const elsewhere = mkdtempSync(path.join(tmpdir(), "init-"));
  const command = path.join(folder, "node_modules/.bin/pulumi-alicloud-secondary-ips");
  const init = async (...args: string[]) => {
    const { exitCode, stdout } = await runCommand(command, ["init", ...args], { cwd: elsewhere, env });
    expect(exitCode).toBe(0);
    return stdout;
  };
  try {
    const printed = await init("my-ips", "--emulator");
    const cwd = path.join(elsewhere, "my-ips");
    // Another port: other tests use 8080 at the same time.
    const free = await startEmulator();
    await free.close();
    for (const file of ["package.json", "Pulumi.dev.yaml"].map((name) => path.join(cwd, name)))
      writeFileSync(file, readFileSync(file, "utf8").replace("8080", String(free.port)));
    // The packages are on no registry. The printed `npm install` then finds them in package.json.
    await succeeds("npm", ["install", "--no-audit", "--no-fund", ...tarballs, sdk], { cwd });
    // As in a terminal, `kill %1` ends a job with the processes that it has started.
    const output = await succeeds("bash", ["-euo", "pipefail", "-c", `set -m\n${printed}`], {
      cwd: elsewhere,
      more: { PULUMI_SKIP_CONFIRMATIONS: "true" },
    });
    expect(output).toMatch(/"10\.0\.0\.20"[^]*"10\.0\.0\.21"[^]*\+ 2 created[^]*- 2 deleted/);

    await init("plain");
    const plain = path.join(elsewhere, "plain");
    symlinkSync(path.join(cwd, "node_modules"), path.join(plain, "node_modules"));
    await succeeds("npx", ["tsc", "-p", "."], { cwd: plain });
    await succeeds("pulumi", ["stack", "init", "dev"], { cwd: plain });
    const preview = await runCommand("pulumi", ["preview", "--non-interactive"], { cwd: plain, env });
    expect(preview.exitCode).not.toBe(0);
    expect(preview.output).toContain(
      "networkInterfaceId is not configured: run `pulumi config set networkInterfaceId eni-…`",
    );
    expect(preview.output).not.toMatch(/^\s+at /m);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

/** The oldest engine SDK that the package takes would do; this one is what the repository has been tested with. */
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
let env: NodeJS.ProcessEnv;

/** Runs a command in the project outside the repository, which has to succeed. */
async function succeeds(command: string, args: string[], { cwd = folder, more = {} } = {}): Promise<string> {
  const { exitCode, output } = await runCommand(command, args, { cwd, env: { ...env, ...more } });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  return output;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "outside-"));
  const state = path.join(folder, "pulumi");
  mkdirSync(state);
  // npm and its cache are the person's own; all else is the project's.
  env = { ...pulumiEnvironment(state), HOME: process.env.HOME };
  const packed = path.join(folder, "packed");
  mkdirSync(packed);
  for (const workspace of ["provider", "emulator"]) {
    await succeeds("npm", ["pack", "--workspace", workspace, "--pack-destination", packed], {
      cwd: repository,
    });
  }
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "outside", private: true }));
  const tarballs = readdirSync(packed).map((name) => path.join(packed, name));
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
  // The emulator of the tests; that the packed one starts is a test of its own.
  emulator = await startEmulator({ seed: worldWith() });
  env = { ...env, ...environmentFor(emulator) };
});
afterEach(() => emulator.close());

test("the packages contain no tests, and what they need to be used", async () => {
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

test("the packed provider brings its command", async () => {
  expect(await succeeds("npx", ["pulumi-alicloud-secondary-ips", "--help"])).toContain("import-file ENI...");
});

test("the packed emulator starts by its command", async () => {
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

test("a program outside the repository updates with the same calls", async () => {
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

test("an inline Automation API program finds the provider where its working directory does not have it", async () => {
  writeFileSync(path.join(folder, "inline.js"), inlineProgram);
  const elsewhere = mkdtempSync(path.join(tmpdir(), "elsewhere-"));
  // Pulumi itself has to be found from there: it looks up the host of dynamic providers in the same way.
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

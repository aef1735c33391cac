import { startEmulator } from "alicloud-ecs-emulator";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { environmentFor, secondaryAddresses, worldWith } from "../support/eni-world";
import { pulumiEnvironment } from "../support/pulumi-project";
import { runCommand, type CommandResult } from "../support/run-command";
import { copyForNewestSdk } from "./newest";
import { pageOf, type Row } from "./page";
import { commandsOf, packageName, writeLibrary, writeProject, type Tarballs } from "./project";
import { newestSdk, setUps, toolPackages, type SetUp } from "./set-ups";

const repository = path.resolve(__dirname, "../..");
const pageFile = path.join(repository, "docs/package-managers.md");
const runsAll = process.env.MATRIX === "all";
const chosen = setUps.filter(({ required }) => runsAll || required === true);
const rows: Row[] = [];
/** With the settings of the network, and without those of npm and of a CI system: these change what an install does. */
const usersEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_.*|CI|NODE_ENV)$/i.test(name)),
);

/** Yarn, and npm beside another Node.js, do not read the certificates that npm's own configuration names. */
const certificates: NodeJS.ProcessEnv = {};

let folder: string;
let tarballs: Tarballs;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "matrix-")));
  const env = { ...process.env };
  const { stdout: cafile } = await runCommand("npm", ["config", "get", "cafile"], { cwd: folder, env });
  if (path.isAbsolute(cafile.trim())) certificates.NODE_EXTRA_CA_CERTS = cafile.trim();
  const pack = async (cwd: string, ...args: string[]) => {
    const { stdout } = await succeeded(
      runCommand("npm", ["pack", ...args, "--pack-destination", folder], { cwd, env }),
    );
    return path.join(folder, stdout.trim().split("\n").at(-1) ?? "");
  };
  const provider = await pack(repository, "--workspace", "provider");
  const library = path.join(folder, "library");
  mkdirSync(library);
  writeLibrary(library, provider);
  tarballs = { provider, library: await pack(library) };
}, 600_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (runsAll && rows.length === setUps.length) writeFileSync(pageFile, pageOf(rows));
});

const installed = new Set<string>();

/** Each tool in a folder of its own: Yarn 1 and Yarn 4 have one name. */
async function installTools({ tools = [] }: Pick<SetUp, "tools">): Promise<void> {
  for (const name of tools.filter((one) => !installed.has(one))) {
    const cwd = path.join(folder, "tools", name);
    mkdirSync(cwd, { recursive: true });
    writeFileSync(path.join(cwd, "package.json"), JSON.stringify({ name, private: true }));
    const install = ["install", "--no-audit", "--no-fund", `tool@${toolPackages[name]}`];
    await succeeded(runCommand("npm", install, { cwd, env: process.env, limitMs: 400_000 }));
    installed.add(name);
  }
}

/** In PATH before everything else: the provider's process runs the `node` that is found there. */
function pathOf({ tools = [] }: Pick<SetUp, "tools">, rest = ""): string {
  const folders = tools.flatMap((name) => {
    const modules = path.join(folder, "tools", name, "node_modules");
    // Bun's package for one platform declares no command.
    return [path.join(modules, ".bin"), ...(name === "bun" ? [path.join(modules, "tool/bin")] : [])];
  });
  return [...folders, rest].join(path.delimiter);
}

async function succeeded(running: Promise<CommandResult>): Promise<CommandResult> {
  const result = await running;
  if (result.exitCode !== 0) throw new Error(`ended with ${result.exitCode}:\n${result.output}`);
  return result;
}

test.each(chosen)("$title: install, up, update, destroy", async (setUp) => {
  const root = path.join(folder, setUp.title.replaceAll(/\W+/g, "-"));
  const state = path.join(root, ".pulumi-state");
  mkdirSync(state, { recursive: true });
  writeProject(root, setUp, tarballs);
  await installTools(setUp);
  const pulumi = pulumiEnvironment(state);
  const emulator = await startEmulator({ seed: worldWith() });
  const env: NodeJS.ProcessEnv = {
    ...certificates,
    ...usersEnvironment,
    ...pulumi,
    ...environmentFor(emulator),
    // The caches of the package managers are the user's.
    HOME: process.env.HOME,
    PATH: pathOf(setUp, pulumi.PATH),
  };
  const inProject = path.join(root, setUp.project ?? ".");
  const run = (command: string, cwd = inProject) => runCommand("bash", ["-c", command], { cwd, env });
  const measured: { seconds: number; calls: number }[] = [];
  const measure = async (command: string, cwd?: string) => {
    emulator.control.clearCalls();
    const startedMs = performance.now();
    await succeeded(run(command, cwd));
    const seconds = (performance.now() - startedMs) / 1000;
    measured.push({ seconds, calls: emulator.control.calls().length });
  };
  const { install = "npm install" } = setUp;
  const { init, up, destroy } = commandsOf(setUp);
  try {
    await measure(install, root);
    await succeeded(run(init));
    if (setUp.refused === true) {
      const { exitCode, output } = await run(up('["10.0.1.20"]'));
      expect(exitCode).not.toBe(0);
      expect(output).toContain(
        `${packageName} is not installed: add it to the package.json of the program in ${inProject}`,
      );
      expect(output).not.toMatch(/^ +at /m);
      expect(emulator.control.calls()).toEqual([]);
      return;
    }
    await measure(up('["10.0.1.20","10.0.1.21"]'));
    expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20", "10.0.1.21"]);
    await measure(up('["10.0.1.21","10.0.1.22"]'));
    expect(secondaryAddresses(emulator)).toEqual(["10.0.1.21", "10.0.1.22"]);
    await measure(destroy);
    expect(secondaryAddresses(emulator)).toEqual([]);
  } finally {
    await emulator.close();
    const { stdout: node } = await run("node --version");
    rows.push({ setUp, node: node.trim(), measured });
    rmSync(root, { recursive: true, force: true });
  }
});

if (runsAll)
  test("the repository on Node.js 24 with the newest SDK: the demo, and the story of the engine suite", async () => {
    const cwd = path.join(folder, "repository");
    copyForNewestSdk(cwd);
    const tools = ["node24"] as const;
    await installTools({ tools });
    const env = {
      ...certificates,
      ...process.env,
      PATH: pathOf({ tools }, process.env.PATH),
      TEST_SUITE: "engine",
    };
    const run = (command: string) =>
      succeeded(runCommand("bash", ["-c", command], { cwd, env, limitMs: 500_000 }));
    await run("npm install --no-audit --no-fund");
    expect((await run("node --version")).stdout).toMatch(/^v24\./);
    const sdk = `node -p "require('@pulumi/pulumi/package.json').version"`;
    expect((await run(sdk)).stdout.trim()).toBe(newestSdk);
    await run("npm run demo");
    await run("npx jest test/engine/story");
  }, 1_200_000);

import type { Emulator, StateDocument } from "alicloud-ecs-emulator";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository, sessionOf } from "../support/documentation";
import { runSession, type Place } from "../support/documentation-session";
import { worldWith } from "../support/eni-world";
import { PulumiProject, withProject } from "../support/pulumi-project";

/** The parts of an example's package.json that say what is installed. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Secondary addresses and prefixes by ENI. */
type Held = Record<string, readonly string[]>;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "example-")));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Copies an example to a folder outside the repository, with the packages that its package.json names and no others. */
function copyElsewhere(example: string): string {
  const copy = path.join(folder, example);
  cpSync(path.join(repository, "examples", example), copy, {
    recursive: true,
    filter: (source) => !/node_modules|Pulumi\.[^.]+\.yaml/.test(path.basename(source)),
  });
  const manifest = JSON.parse(readFileSync(path.join(copy, "package.json"), "utf8")) as Manifest;
  const installed = (root: string, name: string) => path.join(root, "node_modules", name);
  const link = (name: string) => {
    mkdirSync(path.dirname(installed(copy, name)), { recursive: true });
    symlinkSync(realpathSync(installed(repository, name)), installed(copy, name));
  };
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    // It takes 60 MB, so the repository does not install it.
    if (name === "@pulumi/alicloud") unpack(`${name}@${version}`, installed(copy, name));
    else link(name);
  }
  const commands = { "alicloud-ecs-emulator": "alicloud-ecs-emulator", jest: "jest", typescript: "tsc" };
  for (const [name, command] of Object.entries(commands))
    if (name in manifest.devDependencies) link(path.join(".bin", command));
  return copy;
}

function place(example: string): Place {
  return { folder: copyElsewhere(example), files: mkdtempSync(path.join(folder, "files-")) };
}

/** Fetches a package without its dependencies. */
function unpack(spec: string, to: string): void {
  const packed = mkdtempSync(path.join(folder, "packed-"));
  execFileSync("npm", ["pack", "--silent", "--prefer-offline", spec], { cwd: packed, stdio: "ignore" });
  mkdirSync(to, { recursive: true });
  execFileSync("sh", ["-c", `tar -xzf *.tgz -C '${to}' --strip-components 1`], { cwd: packed });
}

/** The ENIs that hold something, with their secondary addresses and prefixes. */
function held({ networkInterfaces }: StateDocument): Held {
  const entries = (networkInterfaces ?? []).map((eni): [string, string[]] => [
    eni.NetworkInterfaceId,
    [
      ...(eni.PrivateIpSets?.PrivateIpSet ?? [])
        .filter((set) => !set.Primary)
        .map((set) => set.PrivateIpAddress),
      ...(eni.Ipv4PrefixSets?.Ipv4PrefixSet ?? []).map((set) => set.Ipv4Prefix),
    ],
  ]);
  return Object.fromEntries(entries.filter(([, addresses]) => addresses.length > 0));
}

const drawn = Array<string>(5).fill(expect.stringMatching(/^10\.0\.1\.1\d\d$/) as string);
const nodes = {
  "eni-a": ["10.0.0.64", "10.0.0.65", "10.0.0.66", "10.0.0.67"],
  "eni-c": ["10.0.0.68", "10.0.0.69", "10.0.0.70", "10.0.0.71"],
};

const printWorld = "curl -sSf http://127.0.0.1:4300/_emulator/state\necho\n";

/** Examples that are a test themselves. */
const jestProjects = ["with-alicloud", "test-with-emulator"];

/** What the ENIs hold after each `pulumi up` and each `pulumi destroy` of the README but the last one. */
const examples: Record<string, readonly Held[]> = {
  quickstart: [{ "eni-a": ["10.0.0.20", "10.0.0.21"] }],
  "random-pool": [{ "eni-a": drawn }, { "eni-a": drawn }],
  "two-regions": [{ "eni-a": ["10.0.0.20"], "eni-shanghai": ["10.0.0.30"] }],
  "shared-eni": [
    { "eni-a": ["10.0.0.50", "10.0.0.80"] },
    { "eni-a": ["10.0.0.50", "10.0.0.80", "10.0.0.53"] },
    { "eni-a": ["10.0.0.50", "10.0.0.53"] },
  ],
  failover: [{ "eni-a": ["10.0.0.100"] }, { "eni-b": ["10.0.0.100"] }],
  "count-and-prefixes": [
    { "eni-a": ["10.0.0.3", "10.0.0.4"], "eni-b": ["10.0.0.16/28"] },
    { "eni-a": ["10.0.0.3", "10.0.0.4", "10.0.0.5"], "eni-b": ["10.0.0.16/28"] },
  ],
  component: [{ "eni-a": ["10.0.0.53", "10.0.0.80"] }],
  "node-pool": [nodes, { ...nodes, "eni-b": ["10.0.0.72", "10.0.0.73", "10.0.0.74", "10.0.0.75"] }],
};

test("examples: each one has a test", () => {
  const entries = readdirSync(path.join(repository, "examples"), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  // drift-watch has a test file of its own, and the native plugin a suite.
  const withTest = [...Object.keys(examples), ...jestProjects, "drift-watch", "pytest", "native"];
  expect(names.filter((name) => !withTest.includes(name))).toEqual([]);
});

test.each(Object.entries(examples))(
  "example %s: the README's commands print what it shows, and destroy restores the ENIs",
  async (example, expected) => {
    const session = sessionOf(`examples/${example}/README.md`);
    const commands = session.filter(({ language }) => language === "sh");
    // Before each block but the first one, which starts the emulator, the world is printed.
    const looks = commands.slice(1).map((block) => ({ ...block, line: block.line - 0.5, code: printWorld }));
    const printed = await runSession(
      session.flatMap((block) => [...looks.filter(({ line }) => line === block.line - 0.5), block]),
      place(example),
    );
    const worlds = looks.map(({ line }) => JSON.parse(printed.get(line) ?? "") as StateDocument);
    const changed = worlds
      .slice(0, -1)
      .filter((_world, index) => /pulumi (?:up|destroy)/.test(commands[index]?.code ?? ""));
    expect(changed.map(held)).toEqual(expected);
    expect(worlds.at(-1)?.networkInterfaces).toEqual(worlds[0]?.networkInterfaces);
  },
);

test.each(jestProjects)("example %s: the README's commands print what it shows", async (example) => {
  await runSession(sessionOf(`examples/${example}/README.md`), place(example));
});

test("root of the repository: preview runs the quick start, and names a missing key without a stack trace", async () => {
  const open = (emulator: Emulator) => PulumiProject.open(repository, emulator);
  await withProject(worldWith(), open, async (project) => {
    const first = await project.fails("preview");
    expect(first.output).toContain(
      "networkInterfaceId is not configured: run `pulumi config set networkInterfaceId eni-…`",
    );
    expect(first.output).not.toContain("    at ");
    await project.succeeds("config", "set", "networkInterfaceId", "eni-edge");
    expect((await project.fails("preview")).output).toContain(
      "run `pulumi config set --path 'privateIpAddresses[0]' 10.0.1.20`",
    );
    await project.succeeds("config", "set", "--path", "privateIpAddresses[0]", "10.0.1.20");
    expect((await project.succeeds("preview")).output).toContain("+ 2 to create");
  });
});

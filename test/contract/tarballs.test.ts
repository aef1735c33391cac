import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { copyClone } from "../support/clone";
import { runCommand } from "../support/run-command";

const repository = path.resolve(__dirname, "../..");
const [provider, emulator] = ["pulumi-alicloud-secondary-ips", "alicloud-ecs-emulator"];

/** What is in the package.json of a published package. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly exports: object;
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly repository: { readonly url: string; readonly directory: string };
}

/** What a user of the emulator's types writes. */
const emulatorProgram = `
import { ManualClock, startEmulator } from "alicloud-ecs-emulator";
import type { Emulator, EmulatorOptions, FaultRule, StateDocument } from "alicloud-ecs-emulator";

const seed: StateDocument = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Available" }] };
// @ts-expect-error a status that there is not
const wrong: StateDocument = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Gone" }] };
const options: EmulatorOptions = { seed, clock: new ManualClock(), dataFile: "world.json", behaviour: { batch: "partial" } };
const rule: FaultRule = { action: "*", effect: { drop: "after" } };

async function main(): Promise<void> {
  const emulator: Emulator = await startEmulator(options);
  emulator.control.addFault(rule);
  const [eni] = emulator.control.state().networkInterfaces;
  const status: string = eni?.Status ?? "none";
  const answer = await fetch(emulator.url + "/_emulator/");
  const page = await answer.text();
  console.log(emulator.port > 0, status, answer.status, page.includes("<title>ECS emulator</title>"));
  await emulator.close();
}
void main();
void wrong;
`;

const providerProgram = `
import * as pulumi from "@pulumi/pulumi";
import { EniProvider, EniSecondaryIps } from "pulumi-alicloud-secondary-ips";
import type { EniSecondaryIpsArgs, EniSecondaryIpsOptions, EniSecondaryIpsOwnership } from "pulumi-alicloud-secondary-ips";

const networkInterfaceId = pulumi.output("eni-1");
const args: EniSecondaryIpsArgs = { networkInterfaceId, privateIpAddresses: ["10.0.0.20"], ipv4PrefixCount: undefined };
// @ts-expect-error none of the four ways
export const none: EniSecondaryIpsArgs = { networkInterfaceId };
// @ts-expect-error two of the four ways
export const two: EniSecondaryIpsArgs = { networkInterfaceId, privateIpAddresses: ["10.0.0.20"], ipv4PrefixCount: 1 };
// @ts-expect-error a count needs exclusive ownership
export const shared: EniSecondaryIpsArgs = { networkInterfaceId, ipv4PrefixCount: 1, ownership: "additive" };
interface Shared { readonly region?: string; readonly ownership?: pulumi.Output<"exclusive" | undefined>; readonly unassign?: string[] }
export const passedOn = ({ region, ownership, unassign }: Shared): EniSecondaryIpsArgs =>
  ({ ...args, region, ownership, unassignOnCreate: unassign, allowUnassignWithEip: undefined });
export const account = ({ region }: Shared) => new EniProvider("shared", { region, profile: undefined });
interface PoolArgs extends EniSecondaryIpsOptions, EniSecondaryIpsOwnership { size: pulumi.Input<number> }
export function pool({ size, ...options }: PoolArgs): EniSecondaryIps {
  return new EniSecondaryIps("pool", { ...options, secondaryPrivateIpAddressCount: size });
}
const provider = new EniProvider("account", { region: "cn-hangzhou" });
export const addresses: pulumi.Output<string[]> = new EniSecondaryIps("edge", args, { provider }).privateIpAddresses;
`;

const hostProgram = `
import { useEmulator, type TestEmulator } from "alicloud-ecs-emulator/testing";
export type Host = typeof import("pulumi-alicloud-secondary-ips/provider");
export const use = (): TestEmulator => useEmulator({ seed: {} });
`;

let folder: string;

async function succeeds(command: string, args: string[], cwd = folder): Promise<string> {
  const { exitCode, stdout, output } = await runCommand(command, args, { cwd, env: process.env });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  return stdout;
}

const installed = (name: string) => path.join(folder, "node_modules", name);

async function filesOf(name: string): Promise<string[]> {
  return (await readdir(installed(name), { recursive: true })).map((file) => file.split(path.sep).join("/"));
}

async function manifestOf(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(path.join(installed(name), "package.json"), "utf8")) as Manifest;
}

/** What a build makes. */
const made = /[\\/](dist|NOTICE|[^\\/]*\.tsbuildinfo)$/;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tarballs-"));
  const [clone, packed] = [path.join(folder, "clone"), path.join(folder, "packed")];
  await mkdir(packed);
  copyClone(clone, made);
  const workspaces = ["--workspace", "provider", "--workspace", "emulator"];
  await succeeds("npm", ["pack", ...workspaces, "--pack-destination", packed], clone);
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ name: "outside", private: true }));
  const tarballs = (await readdir(packed)).map((name) => path.join(packed, name));
  const install = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--omit=peer"];
  await succeeds("npm", [...install, ...tarballs, "oldest-typescript@npm:typescript@~5.0.4"]);
  // What the repository has already is not fetched once more.
  for (const name of ["typescript", "@types/node", "@pulumi/pulumi"]) {
    await mkdir(path.dirname(installed(name)), { recursive: true });
    await symlink(path.join(repository, "node_modules", name), installed(name));
  }
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("npm pack: a clone without a build gives what the emulator needs to be used", async () => {
  expect(await filesOf(emulator)).toEqual(
    expect.arrayContaining([
      ...["README.md", "LICENSE", "bin/alicloud-ecs-emulator.js", "dist/index.js", "dist/index.d.ts"],
      ...[
        "page/index.html",
        "page/page.js",
        "page/windowed-list.js",
        "page/page.css",
        "page/icon.svg",
        "seeds/one-instance.json",
      ],
    ]),
  );
});

test("npm pack: a clone without a build gives what the provider needs to be used", async () => {
  expect(await filesOf(provider)).toEqual(
    expect.arrayContaining([
      ...["README.md", "LICENSE", "NOTICE", "bin/pulumi-alicloud-secondary-ips.js"],
      ...["dist/index.js", "dist/index.d.ts", "dist/provider.js", "dist/ecs-client/alicloud-sdk.js"],
      ...["templates/project/index.ts", "templates/project/gitignore", "templates/emulator/Pulumi.dev.yaml"],
    ]),
  );
});

test.each([provider, emulator])(
  "%s: has no tests, tools, source maps and nothing of the plugin",
  async (name) => {
    const unwanted = /\.test\.|\.map$|\.tsbuildinfo$|^dist\/testing|^dist\/plugin|conformance-list/;
    expect((await filesOf(name)).filter((file) => unwanted.test(file))).toEqual([]);
    const scripts = (await filesOf(name)).filter((file) => file.endsWith(".js"));
    for (const file of scripts)
      expect(await readFile(path.join(installed(name), file), "utf8")).not.toContain("sourceMappingURL");
  },
);

test.each([
  [provider, "provider", [".", "./package.json", "./provider"]],
  [emulator, "emulator", [".", "./package.json", "./testing"]],
])("%s: exports its entry points alone, and says where it comes from", async (name, directory, exported) => {
  const manifest = await manifestOf(name);
  expect(Object.keys(manifest.exports).sort()).toEqual(exported);
  expect(manifest.repository).toMatchObject({ directory });
  for (const url of [manifest.repository.url, manifest.homepage, manifest.bugs.url])
    expect(url).toContain("github.com/pulumi-alicloud-secondary-ips/pulumi-alicloud-secondary-ips");
});

test("the packages bring a handful of others, none with an install script", async () => {
  const lock = JSON.parse(await readFile(path.join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    packages: Record<string, { peer?: boolean; hasInstallScript?: boolean }>;
  };
  const others = Object.entries(lock.packages)
    .filter(([location]) => !/typescript$/.test(location))
    .map(([location, { hasInstallScript }]) => [location.replace("node_modules/", ""), hasInstallScript]);
  expect(others.map(([name]) => name)).toEqual(expect.arrayContaining([provider, emulator, "zod"]));
  expect(others.length).toBeLessThan(20);
  expect(others.filter(([, hasInstallScript]) => hasInstallScript)).toEqual([]);
});

test.each([provider, emulator])("%s: loads nothing that it does not declare", async (name) => {
  const { dependencies, peerDependencies } = await manifestOf(name);
  const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies ?? {})];
  const found = new Set<string>();
  for (const file of (await filesOf(name)).filter((one) => /^(bin|dist)\/.*\.js$/.test(one))) {
    const text = await readFile(path.join(installed(name), file), "utf8");
    for (const [, asked = ""] of text.matchAll(/\brequire\(\s*["']([^"'.][^"']*)["']\s*\)/g))
      found.add(/^(?:@[^/]+\/)?[^/]+/.exec(asked)?.[0] ?? asked);
  }
  const known = (one: string) =>
    one.startsWith("node:") || builtinModules.includes(one) || declared.includes(one);
  expect([...found].filter((one) => !known(one))).toEqual([]);
  expect(declared.filter((one) => !found.has(one))).toEqual([]);
});

test("NOTICE: names each package of the bundle with its version and its licence", async () => {
  const bundle = await readFile(path.join(installed(provider), "dist/ecs-client/alicloud-sdk.js"), "utf8");
  const bundled = new Set(
    [...bundle.matchAll(/^ *\/\/ .*\bnode_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm)].map(([, name]) => name),
  );
  expect(bundled).toContain("@alicloud/credentials");
  // Each process of the provider loads the bundle. Nothing uses the clients of the SDK.
  expect([...bundled].filter((name) => /gateway|ecs2014|tea-util/.test(name ?? ""))).toEqual([]);
  const notice = await readFile(path.join(installed(provider), "NOTICE"), "utf8");
  const named = [...notice.matchAll(/^(\S+) \d+\.\d+\.\d+ \((?:MIT|ISC|Apache-2\.0|BlueOak-1\.0\.0)\)$/gm)];
  expect(new Set(named.map(([, name]) => name))).toEqual(bundled);
  // The licence of a package that has no file for it stands in its README.
  expect(notice).toContain("Copyright (c) 2013 Nathan Rajlich");
});

test("a program loads the resource without the SDK", async () => {
  const script = `require("${provider}"); console.log(Object.keys(require.cache).filter((file) => /alicloud-sdk/.test(file)))`;
  expect(await succeeds(process.execPath, ["-e", script])).toBe("[]\n");
});

test("the commands of both packages work together, and the emulator serves its page", async () => {
  const child = spawn("npx", [emulator, "--seed", "seed.json", "--data", "world.json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seed = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.0.5" }] };
  await writeFile(path.join(folder, "seed.json"), JSON.stringify(seed));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url, pid } = JSON.parse(line.toString()) as { url: string; pid: number };
  const closed = once(child, "close");
  try {
    for (const what of ["health", "", "page.js", "windowed-list.js", "page.css", "icon.svg"])
      expect([what, (await fetch(`${url}/_emulator/${what}`)).status]).toEqual([what, 200]);
    const env = {
      ...process.env,
      ...{ ECS_ENDPOINT: url, ALICLOUD_ACCESS_KEY: "test", ALICLOUD_SECRET_KEY: "test" },
    };
    const importFile = [provider, "import-file", "eni-1", "--region", "cn-hangzhou"];
    const { stdout, stderr } = await runCommand("npx", importFile, { cwd: folder, env });
    expect({ stderr, resources: (JSON.parse(stdout) as { resources: object[] }).resources }).toMatchObject({
      resources: [{ id: "eni-1" }],
    });
  } finally {
    process.kill(pid, "SIGTERM");
  }
  await closed;
}, 60_000);

/** Writes a project with both programs, compiles it, and returns the errors. */
async function compile(
  name: string,
  compiler: string,
  { type, ...compilerOptions }: { type: string; target: string; module: string; moduleResolution: string },
): Promise<string[]> {
  const project = path.join(folder, name);
  await mkdir(project);
  await writeFile(path.join(project, "package.json"), JSON.stringify({ name, private: true, type }));
  await writeFile(path.join(project, "emulator.ts"), emulatorProgram);
  await writeFile(path.join(project, "provider.ts"), providerProgram);
  // "node" resolves no subpath that `exports` alone names.
  if (compilerOptions.moduleResolution !== "node")
    await writeFile(path.join(project, "host.ts"), hostProgram);
  const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [] };
  const options = { ...strict, outDir: "out", rootDir: ".", ...compilerOptions };
  await writeFile(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
  const tsc = path.join(installed(compiler), "bin/tsc");
  const { stdout } = await runCommand(process.execPath, [tsc, "-p", "."], { cwd: project, env: process.env });
  return stdout.split("\n").filter((line) => line.includes(": error TS"));
}

// The target of Pulumi's own template is es2020.
test.each([
  ["commonjs", "es2020"],
  ["module", "es2022"],
])(
  "a strict TypeScript program of type %s, target %s, uses both packages",
  async (type, target) => {
    const node16 = { module: "node16", moduleResolution: "node16" };
    expect(await compile(type, "typescript", { type, target, ...node16 })).toEqual([]);
    const output = await succeeds(process.execPath, ["out/emulator.js"], path.join(folder, type));
    expect(output).toBe("true Available 200 true\n");
  },
  120_000,
);

test.each([
  ["5.0", "oldest-typescript", "es2020", "commonjs", "node"],
  ["5.0", "oldest-typescript", "es2022", "esnext", "bundler"],
  ["6.0", "typescript", "es2020", "esnext", "bundler"],
])(
  "declarations: both packages pass TypeScript %s (%s), target %s, module %s, resolution %s",
  async (version, compiler, target, module, moduleResolution) => {
    const manifest = await readFile(path.join(installed(compiler), "package.json"), "utf8");
    expect((JSON.parse(manifest) as { version: string }).version).toContain(`${version}.`);
    const options = { type: "commonjs", target, module, moduleResolution };
    const errors = await compile(`${compiler}-${moduleResolution}`, compiler, options);
    // A package that Pulumi brings: TypeScript 5.0 refuses its declarations with this resolution.
    expect(errors.filter((line) => !line.includes("node_modules/@grpc/grpc-js/"))).toEqual([]);
  },
  120_000,
);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pulumiEnvironment } from "../support/pulumi-project";
import { repository } from "../support/documentation";
import { runCommand } from "../support/run-command";

const name = "pulumi-resource-alicloud-secondary-ips";
const folderOfReleases = path.join(repository, "plugin", "dist");
const releases = readdirSync(folderOfReleases).sort();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "release-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Installs a release into a home of its own, and returns the plugin's folder. */
async function install(release: string): Promise<string> {
  const env = { ...pulumiEnvironment(folder), PULUMI_HOME: path.join(folder, "home") };
  const file = path.join(folderOfReleases, release);
  const args = ["plugin", "install", "resource", "alicloud-secondary-ips", "0.1.0", "--file", file];
  const { exitCode, output } = await runCommand("pulumi", args, { cwd: folder, env });
  if (exitCode !== 0) throw new Error(output);
  return path.join(folder, "home", "plugins", "resource-alicloud-secondary-ips-v0.1.0");
}

test("releases: there is one for each platform", () => {
  const platforms = ["darwin", "linux", "windows"].flatMap((system) => [
    `${system}-amd64`,
    `${system}-arm64`,
  ]);
  expect(releases).toEqual(platforms.map((platform) => `${name}-v0.1.0-${platform}.tar.gz`));
});

test.each(releases)("%s: installs from an empty folder, without npm", async (release) => {
  const installed = readdirSync(await install(release)).sort();
  expect(installed).toEqual(
    ["LICENSE", "NOTICE", name, `${name}.cmd`, "plugin.js", "schema.json", "start.js"].sort(),
  );
});

test("executable: without Node.js on PATH, one sentence says what it needs, and it fails", async () => {
  const executable = path.join(await install(`${name}-v0.1.0-linux-amd64.tar.gz`), name);
  const programs = path.join(folder, "programs");
  mkdirSync(programs);
  const [sh, dirname] = ["/bin/sh", "/usr/bin/dirname"];
  for (const program of [sh, dirname]) symlinkSync(program, path.join(programs, path.basename(program)));
  const result = await runCommand(executable, [], { cwd: folder, env: { PATH: programs } });
  expect(result).toMatchObject({ exitCode: 1, stdout: "" });
  expect(result.stderr).toBe(
    "the plugin alicloud-secondary-ips needs Node.js 20 or newer, and there is no node on PATH; " +
      "install it from https://nodejs.org\n",
  );
});

test("executable: started by a symbolic link to a symbolic link, the plugin answers", async () => {
  const executable = path.join(await install(`${name}-v0.1.0-linux-amd64.tar.gz`), name);
  mkdirSync(path.join(folder, "links"));
  symlinkSync(executable, path.join(folder, "links", "absolute"));
  symlinkSync(path.join("links", "absolute"), path.join(folder, "relative"));
  const child = spawn(path.join(folder, "relative"), [], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  child.kill();
  await once(child, "exit");
  expect(port.toString()).toMatch(/^\d+\n$/);
});

/** Pulumi's host for Node.js runs the main of such a folder. The host of this CLI cannot, so that the engine has no part in it. */
test("folder of the repository, for an installation from git: has what Pulumi asks for, and its main answers", async () => {
  const built = path.join(folder, "plugin");
  const committed = ["PulumiPlugin.yaml", "package.json", "start.js", "schema.json", "plugin.js"];
  for (const file of committed) cpSync(path.join(repository, "plugin", file), path.join(built, file));
  const read = (file: string) => readFileSync(path.join(repository, file), "utf8");
  const { version, main, dependencies } = JSON.parse(read("plugin/package.json")) as Record<string, string>;
  expect(read("plugin/PulumiPlugin.yaml")).toMatch(/^runtime: nodejs$/m);
  expect(version).toBe((JSON.parse(read("provider/package.json")) as { version: string }).version);
  // Without one, `npm install` makes no node_modules, and Pulumi finds no SDK.
  expect(dependencies).toHaveProperty(["@pulumi/pulumi"]);
  const child = spawn(process.execPath, [String(main)], { cwd: built, stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  child.kill();
  await once(child, "exit");
  expect(port.toString()).toMatch(/^\d+\n$/);
});

test("executable: with a Node.js that is too old, one sentence says so, and it fails", async () => {
  const installed = await install(`${name}-v0.1.0-linux-amd64.tar.gz`);
  // The version is replaced, because the tests run with a newer Node.js only.
  const script = `Object.defineProperty(process.versions, "node", { value: "18.20.8" }); require("./start.js")`;
  const result = await runCommand(process.execPath, ["-e", script], { cwd: installed, env: {} });
  expect(result).toMatchObject({ exitCode: 1, stdout: "" });
  expect(result.stderr).toBe(
    "the plugin alicloud-secondary-ips needs Node.js 20 or newer, and node on PATH is 18.20.8; " +
      "install it from https://nodejs.org\n",
  );
});

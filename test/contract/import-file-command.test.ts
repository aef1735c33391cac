import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eniId, otherEniId, region, twoEnis } from "../support/eni-world";
import { runCommand, type CommandResult } from "../support/run-command";

const manifest = require.resolve("pulumi-alicloud-secondary-ips/package.json");
const script = path.join(path.dirname(manifest), "bin/pulumi-alicloud-secondary-ips.js");

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator({ seed: twoEnis(["10.0.1.20"]) });
  folder = await mkdtemp(path.join(tmpdir(), "import-file-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await emulator.close();
});

/** Runs the command in an empty environment, with keys and endpoint of the emulator. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const emulated = {
    ECS_ENDPOINT: emulator.url,
    ALICLOUD_REGION: region,
    ALICLOUD_ACCESS_KEY: "test",
    ALICLOUD_SECRET_KEY: "test",
  };
  return runCommand(process.execPath, [script, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...emulated, ...env },
  });
}

/** The one line of a command that failed. */
async function failure(expectedCode: number, args: string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, env);
  expect({ exitCode, stdout }).toEqual({ exitCode: expectedCode, stdout: "" });
  expect(stderr).toMatch(/^pulumi-alicloud-secondary-ips: .*\n$/);
  return stderr;
}

test.each<[string, string[], NodeJS.ProcessEnv, string]>([
  ["no command is given", [], {}, "no command; use import-file"],
  [
    "the command is unknown",
    ["export-file", eniId],
    {},
    "argument value 'export-file' is invalid for argument 'command'. Allowed choices are import-file.",
  ],
  ["the argument is not an ENI id", ["import-file", "vsw-1"], {}, '"vsw-1": expected the id of an ENI'],
  ["no ENI is given", ["import-file"], {}, "no ENI; add at least one, such as eni-"],
  [
    "no region is given",
    ["import-file", eniId],
    { ALICLOUD_REGION: "" },
    "no region; add --region cn-hangzhou, or set ALICLOUD_REGION",
  ],
  ["the region is not one", ["import-file", eniId, "--region", "Hangzhou!"], {}, '"Hangzhou!"'],
  [
    "--name is given for two ENIs",
    ["import-file", eniId, otherEniId, "--name", "edge"],
    {},
    "--name edge is for a single ENI, but the command line has 2",
  ],
  [
    "an option is unknown",
    ["import-file", eniId, "--regin", region],
    {},
    "unknown option '--regin' (Did you mean --region?)",
  ],
  ["an option has no value", ["import-file", eniId, "--out"], {}, "option '--out <file>' argument missing"],
  [
    "an option has an empty value",
    ["import-file", eniId, "--name", ""],
    {},
    "option '--name <name>' argument '' is invalid. It must not be empty",
  ],
  [
    "an option is given another option as its value",
    ["import-file", eniId, "--out", "--prefixes"],
    {},
    "option '--out <file>' argument '--prefixes' is invalid.",
  ],
])("%s, prints one line and exits with 2", async (_what, args, env, expected) => {
  const line = await failure(2, args, env);
  expect(line).toContain(expected);
  expect(line).toContain("(--help shows how)");
  expect(await readdir(folder)).toEqual([]);
});

test.each<[string, string[], NodeJS.ProcessEnv, string]>([
  ["the ENI does not exist", ["eni-x"], {}, `ENI eni-x does not exist in region ${region}`],
  [
    "the ENI is in another region",
    [eniId, "--region", "cn-beijing"],
    {},
    `ENI ${eniId} does not exist in region cn-beijing`,
  ],
  [
    "no credentials are found",
    [eniId],
    { ALICLOUD_ACCESS_KEY: "", ALICLOUD_SECRET_KEY: "", ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" },
    "no Alibaba Cloud credentials found",
  ],
  ["the secret is wrong", [eniId], { ALICLOUD_SECRET_KEY: "wrong-secret" }, "SignatureDoesNotMatch"],
  [
    "the file cannot be written",
    [eniId, "--out", "none/import.json"],
    {},
    "cannot write none/import.json: ENOENT",
  ],
])("%s, prints one line and exits with 1", async (_what, args, env, expected) => {
  const line = await failure(1, ["import-file", ...args], env);
  expect(line).toContain(expected);
  expect(line).not.toContain("wrong-secret");
});

test.each([["--help"], ["-h"], ["import-file", "--help"]])(
  "%s: shows the command and its options",
  async (...args) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Usage: pulumi-alicloud-secondary-ips import-file");
    for (const option of [
      "--region <region>",
      "--out <file>",
      "--name <name>",
      "--prefixes",
      "--version",
      "--help",
    ])
      expect(stdout).toContain(option);
  },
);

test("--version: prints the version of the package", async () => {
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  expect(await run(["--version"])).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { addressRange, eniId, otherEniId, region, twoEnis } from "../support/eni-world";
import { runCommand, type CommandResult } from "../support/run-command";

const manifest = require.resolve("pulumi-alicloud-secondary-ips/package.json");
const script = path.join(path.dirname(manifest), "bin/pulumi-alicloud-secondary-ips.js");

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator({ seed: twoEnis(["10.0.1.21", "10.0.1.20"], addressRange(30, 7)) });
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "provider-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => emulator.close());

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
  ["no command is given", [], {}, "no command; use init or import-file"],
  [
    "the command is unknown",
    ["export-file", eniId],
    {},
    "unknown command 'export-file'; use init or import-file",
  ],
  ["no folder is given", ["init"], {}, "no folder; add the one to write, such as my-ips"],
  [
    "two folders are given",
    ["init", "a", "b"],
    {},
    "too many arguments for 'init'. Expected 1 argument but got 2.",
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

test.each([
  [
    "--help",
    "[options] [command]",
    ["init [options] <folder>", "import-file [options] <eni...>", "--version"],
  ],
  ["-h", "[options] [command]", ["init [options] <folder>", "import-file [options] <eni...>", "--version"]],
  ["help init", "init [options] <folder>", ["--emulator"]],
  ["init --help", "init [options] <folder>", ["--emulator"]],
  [
    "import-file --help",
    "import-file [options] <eni...>",
    ["--region <region>", "--out <file>", "--program", "--name <name>", "--prefixes"],
  ],
])("%s: shows the usage and the options", async (args, usage, shown) => {
  const { exitCode, stdout, stderr } = await run(args.split(" "));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain(`Usage: pulumi-alicloud-secondary-ips ${usage}\n`);
  for (const one of [...shown, "--help"]) expect(stdout).toContain(one);
});

test.each(["--version", "init --version", "import-file --version"])(
  "%s: prints the version of the package",
  async (args) => {
    const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
    const printed = { exitCode: 0, stdout: `${version}\n`, stderr: "" };
    expect(await run(args.split(" "))).toMatchObject(printed);
  },
);

test("import-file --program: prints the declarations, and writes the file with --out alone", async () => {
  const command = ["import-file", eniId, otherEniId, "--program"];
  const program = `import { EniSecondaryIps } from "pulumi-alicloud-secondary-ips";

new EniSecondaryIps("${eniId}", {
  networkInterfaceId: "${eniId}",
  privateIpAddresses: ["10.0.1.20", "10.0.1.21"],
  region: "${region}",
});

new EniSecondaryIps("${otherEniId}", {
  networkInterfaceId: "${otherEniId}",
  privateIpAddresses: [
${addressRange(30, 7)
  .map((address) => `    "${address}",`)
  .join("\n")}
  ],
  region: "${region}",
});
`;
  expect(await run(command)).toMatchObject({ exitCode: 0, stdout: program, stderr: "" });
  expect(await readdir(folder)).toEqual([]);

  const { stdout, stderr } = await run([...command, "--out", "import.json"]);
  expect(stdout).toBe(program);
  expect(stderr).toBe(
    "wrote import.json; next: pulumi import --file import.json --generate-code=false --protect=false\n",
  );
  const printed = await run(["import-file", eniId, otherEniId]);
  expect(await readFile(path.join(folder, "import.json"), "utf8")).toBe(printed.stdout);
});

test("init: takes Pulumi's range from the package, and the folder's name for the project", async () => {
  expect(await run(["init", "new/my-ips", "--emulator"])).toMatchObject({ exitCode: 0 });
  const read = (file: string) => readFile(path.join(folder, "new/my-ips", file), "utf8");
  const { version, peerDependencies } = JSON.parse(await readFile(manifest, "utf8")) as {
    version: string;
    peerDependencies: Record<string, string>;
  };
  const { dependencies, devDependencies } = JSON.parse(await read("package.json")) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  expect(dependencies).toEqual({ ...peerDependencies, "pulumi-alicloud-secondary-ips": `^${version}` });
  expect(devDependencies).toMatchObject({ "alicloud-ecs-emulator": `^${version}` });
  expect(await read("Pulumi.yaml")).toMatch(/^name: "my-ips"$/m);
});

test("init: an empty folder whose name is no project's name, the project has another one", async () => {
  const project = path.join(folder, "é è");
  await mkdir(project);
  const { exitCode, stdout } = await run(["init", "é è"]);
  expect({ exitCode, enter: stdout.split("\n")[0] }).toEqual({ exitCode: 0, enter: "cd 'é è'" });
  expect((await readdir(project)).sort()).toEqual([
    ...[".gitignore", "Pulumi.yaml", "index.ts", "package.json", "tsconfig.json"],
  ]);
  expect(await readFile(path.join(project, "Pulumi.yaml"), "utf8")).toMatch(/^name: "eni-secondary-ips"$/m);
});

test.each([
  [["a.ts"], "my-ips is not empty: it has a.ts; name a new folder, or an empty one"],
  [["b.ts", "c", "a.ts"], "my-ips is not empty: it has a.ts and 2 more; name a new folder, or an empty one"],
])("init: a folder with %j, is refused and stays as it is", async (files, expected) => {
  await mkdir(path.join(folder, "my-ips"));
  for (const file of files) await writeFile(path.join(folder, "my-ips", file), "");
  expect(await failure(1, ["init", "my-ips"])).toContain(expected);
  expect((await readdir(path.join(folder, "my-ips"))).sort()).toEqual(files.sort());
});

test.each(["my-ips", "my-ips/below"])("init %s: my-ips is a file, is refused", async (argument) => {
  await writeFile(path.join(folder, "my-ips"), "");
  expect(await failure(1, ["init", argument])).toContain(`${argument} is not a folder`);
});

test("init: a file cannot be written whole, nothing of the project stays", async () => {
  // Files may have at most 512 bytes: index.ts has more, the files before it have less.
  const limited = `trap "" XFSZ; ulimit -f 1; exec "$0" "$@"`;
  for (const existing of [true, false]) {
    const project = path.join(folder, "my-ips");
    if (existing) await mkdir(project);
    const { exitCode, stdout, stderr } = await runCommand(
      "sh",
      ["-c", limited, process.execPath, script, "init", "my-ips"],
      { cwd: folder, env: process.env },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe("pulumi-alicloud-secondary-ips: cannot write my-ips: EFBIG: file too large, write\n");
    if (existing) {
      expect(await readdir(project)).toEqual([]);
      await rm(project, { recursive: true });
    }
  }
  expect(await readdir(folder)).toEqual([]);
});

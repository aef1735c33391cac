import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  eniId,
  otherEniId,
  otherPrimaryAddress,
  privateIpSets,
  region,
  secondaryAddresses,
  twoEnis,
  writes,
} from "../support/eni-world";
import { providerText } from "../support/dynamic-host";
import { PulumiProject } from "../support/pulumi-project";
import { runCommand, type CommandResult } from "../support/run-command";

const script = path.join(
  path.dirname(require.resolve("pulumi-alicloud-secondary-ips/package.json")),
  "bin/pulumi-alicloud-secondary-ips.js",
);

let emulator: Emulator;
let project: PulumiProject;

beforeAll(async () => {
  emulator = await startEmulator({
    seed: twoEnis(["10.0.1.20", "10.0.1.21"]),
  });
  project = await PulumiProject.create(emulator);
});
afterAll(async () => {
  project.remove();
  await emulator.close();
});

function importFile(args: string[]): Promise<CommandResult> {
  return runCommand(process.execPath, [script, "import-file", ...args], {
    cwd: project.folder,
    env: project.env,
  });
}

const edge = {
  name: "edge",
  args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20", "10.0.1.21"] },
};
const other = { name: otherEniId, args: { networkInterfaceId: otherEniId, privateIpAddresses: [] } };

test("import-file: lists of two ENIs, up after the import changes nothing and destroy unassigns the addresses", async () => {
  const written = await importFile([eniId, "--name", "edge", "--out", "edge.json", "--program"]);
  expect(written.exitCode).toBe(0);
  await project.succeeds(
    "import",
    "--file",
    "edge.json",
    "--generate-code=false",
    "--protect=false",
    "--yes",
  );
  const index = path.join(project.folder, "index.ts");
  const programOfTest = readFileSync(index);
  writeFileSync(index, written.stdout);
  expect((await project.succeeds("preview")).stdout).toContain("2 unchanged");
  writeFileSync(index, programOfTest);

  const printed = await importFile([otherEniId, otherEniId]);
  expect(printed.exitCode).toBe(0);
  const file = JSON.parse(printed.stdout) as { resources: Record<string, unknown>[] };
  expect(file.resources.map(({ name, id }) => [name, id])).toEqual([[otherEniId, otherEniId]]);

  // The imported state holds the same values as a created resource.
  const [imported] = (await project.resources()).map(({ inputs, outputs }) => ({ inputs, outputs }));
  expect(imported?.inputs).toMatchObject({ ...edge.args, region, __provider: providerText });
  expect(imported?.outputs).toMatchObject({
    ...edge.args,
    primaryIpAddress: "10.0.1.10",
    vswitchId: "vsw-1",
  });

  project.declare(edge, other);
  emulator.control.clearCalls();
  const { stdout } = await project.succeeds("up", "--yes");
  expect(stdout).toContain("2 unchanged");
  expect(stdout).not.toMatch(/diff: |updated|replaced/);
  expect(writes(emulator)).toEqual([]);
  // The other resource was created by up. Its state has the same keys as the imported one.
  const [first, second] = await project.resources();
  expect(Object.keys(first?.outputs ?? {}).sort()).toEqual(Object.keys(second?.outputs ?? {}).sort());
  expect(Object.keys(first?.inputs ?? {}).sort()).toEqual(Object.keys(second?.inputs ?? {}).sort());

  await project.succeeds("refresh", "--yes");
  await project.destroy();
  expect(secondaryAddresses(emulator)).toEqual([]);
});

test("import-file: --prefixes, up after the import changes nothing and the ENI's addresses stay", async () => {
  const Ipv4PrefixSets = { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.48/28" }, { Ipv4Prefix: "10.0.1.32/28" }] };
  emulator.control.patchState({
    networkInterfaces: [
      {
        NetworkInterfaceId: otherEniId,
        PrivateIpSets: privateIpSets(["10.0.1.99"], otherPrimaryAddress),
        Ipv4PrefixSets,
      },
    ],
  });
  await importFile([otherEniId, "--name", "pool", "--prefixes", "--out", "pool.json"]);
  await project.succeeds(
    ...["import", "--file", "pool.json", "--generate-code=false", "--protect=false", "--yes"],
  );
  const declared = (ipv4Prefixes: string[]) => ({
    name: "pool",
    args: { networkInterfaceId: otherEniId, ipv4Prefixes },
  });
  project.declare(declared(["10.0.1.32/28", "10.0.1.48/28"]));
  const { stdout } = await project.succeeds("preview");
  expect(stdout).toContain("2 unchanged");
  emulator.control.clearCalls();
  project.declare(declared(["10.0.1.48/28", "10.0.1.64/28"]));
  expect((await project.succeeds("up", "--yes")).stdout).toContain(
    `${otherEniId}: assign 10.0.1.64/28, unassign 10.0.1.32/28, 2 calls, peak 4`,
  );
  expect(writes(emulator)).toEqual(["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"]);
  await project.destroy();
  expect(secondaryAddresses(emulator, otherEniId)).toEqual(["10.0.1.99"]);
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eniId, otherEniId, secondaryAddresses, twoEnis, worldWith, writes } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";
import { runCommand } from "../support/run-command";
import { release, testIn } from "./test-in";

/* Programs that change from the dynamic resource to the native plugin, and back. */

const sdks = process.env.TEST_SDKS ?? "";
const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"];
/** The oldest address of the count. It is the highest, so that only the recorded order keeps it. */
const oldest = "10.0.1.200";

const adaptors = {
  dynamic: { module: "pulumi-alicloud-secondary-ips", provider: "EniProvider" },
  native: { module: "./native/index", provider: "Provider" },
};

let emulator: Emulator;
let project: PulumiProject;
afterEach(async () => {
  project.remove();
  await emulator.close();
});

async function start(seed: ReturnType<typeof worldWith>): Promise<void> {
  emulator = await startEmulator({ seed });
  project = await PulumiProject.create(emulator);
  const { folder: cwd, env } = project;
  cpSync(path.join(sdks, "nodejs"), path.join(cwd, "native"), { recursive: true });
  // The SDK is compiled with the program, as one of its folders.
  const compilerOptions = { noEmit: true, rootDir: "." };
  const tsconfig = { extends: "../../../tsconfig.json", compilerOptions, files: ["index.ts"] };
  writeFileSync(path.join(cwd, "tsconfig.json"), JSON.stringify(tsconfig));
  const install = ["plugin", "install", "resource", "alicloud-secondary-ips", "0.1.0", "--file", release];
  expect(await runCommand("pulumi", install, { cwd, env })).toMatchObject({ exitCode: 0 });
}

/** Writes a program with a list, and with a count that has an explicit provider. The import and the provider's class differ. */
function declare(
  adaptor: keyof typeof adaptors,
  list: string[],
  { count, name = "edge", protect = false }: { count?: number; name?: string; protect?: boolean } = {},
): void {
  const { module, provider } = adaptors[adaptor];
  const counted = [
    `const explicit = new ${provider}("explicit", { region: "cn-hangzhou" });`,
    `const pool = { networkInterfaceId: "${otherEniId}", secondaryPrivateIpAddressCount: ${count} };`,
    `new EniSecondaryIps("pool", pool, { provider: explicit, dependsOn: [edge] });`,
  ];
  const lines = [
    `import { EniSecondaryIps, ${provider} } from "${module}";`,
    `const args = ${JSON.stringify({ networkInterfaceId: eniId, privateIpAddresses: list })};`,
    `const edge = new EniSecondaryIps("${name}", args, { protect: ${protect} });`,
    ...(count === undefined ? [] : counted),
  ];
  writeFileSync(path.join(project.folder, "index.ts"), lines.join("\n"));
}

/** The lines of a command that name a resource of the ENIs and end with this. */
function lines(output: string, end: RegExp): string[] {
  return output.split("\n").filter((line) => line.includes(":EniSecondaryIps ") && end.test(line));
}

testIn(
  "go",
  "an import that changes to the plugin and back: no call writes, then refresh, update and destroy work",
  async () => {
    await start(twoEnis([], [oldest]));
    declare("dynamic", [b, a], { count: 1, protect: true });
    await project.up();
    declare("dynamic", [b, a], { count: 3, protect: true });
    await project.up();
    emulator.control.clearCalls();

    declare("native", [b, a], { count: 3, protect: true });
    expect(lines((await project.up()).output, /./)).toEqual([]);
    expect((await project.succeeds("refresh", "--yes", "--skip-preview")).output).toContain("4 unchanged");
    expect(writes(emulator)).toEqual([]);
    declare("native", [b, c], { count: 2, protect: true });
    await project.up();
    expect(secondaryAddresses(emulator)).toEqual([b, c]);
    expect(secondaryAddresses(emulator, otherEniId)).toContain(oldest);
    emulator.control.clearCalls();

    declare("dynamic", [b, c], { count: 2, protect: true });
    expect(lines((await project.up()).output, /updated .* \[diff: ~provider\]$/)).toHaveLength(2);
    expect((await project.succeeds("refresh", "--yes", "--skip-preview")).output).toContain("4 unchanged");
    expect(writes(emulator)).toEqual([]);
    declare("dynamic", [b, a], { count: 1 });
    await project.up();
    expect(secondaryAddresses(emulator)).toEqual([b, a]);
    expect(secondaryAddresses(emulator, otherEniId)).toEqual([oldest]);
    await project.destroy();
    expect(secondaryAddresses(emulator)).toEqual([]);
    expect(secondaryAddresses(emulator, otherEniId)).toEqual([]);
  },
);

testIn(
  "go",
  "a new name for the plugin's resource: preview and up warn, the addresses go, up --refresh assigns them",
  async () => {
    await start(worldWith());
    declare("dynamic", [a, b]);
    await project.up();
    declare("native", [a, b], { name: "renamed" });
    const warning = `warning: ${eniId} already holds ${a} and 1 more, which this resource adopts, `;
    expect((await project.succeeds("preview")).output).toContain(warning);
    expect((await project.up()).output).toContain(warning);
    expect(secondaryAddresses(emulator)).toEqual([]);
    await project.up("--refresh");
    expect(secondaryAddresses(emulator)).toEqual([a, b]);
  },
);

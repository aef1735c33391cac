import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../support/run-command";

const repository = path.resolve(__dirname, "../..");

/** What a user of the types writes; under `strict`, and with the packages of the tarball alone. */
const program = `
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

let folder: string;

async function succeeds(command: string, args: string[], cwd = folder): Promise<string> {
  const { exitCode, output } = await runCommand(command, args, { cwd, env: process.env });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  return output;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "emulator-tarball-"));
  const packed = path.join(folder, "packed");
  await mkdir(packed);
  await succeeds("npm", ["pack", "--workspace", "emulator", "--pack-destination", packed], repository);
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ name: "outside", private: true }));
  const [tarball = ""] = await readdir(packed);
  const install = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
  await succeeds("npm", [...install, path.join(packed, tarball), "typescript@6", "@types/node@20"]);
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("has what it needs to be used, and no tests", async () => {
  const root = path.join(folder, "node_modules/alicloud-ecs-emulator");
  const files = (await readdir(root, { recursive: true })).map((file) => file.split(path.sep).join("/"));
  expect(files).toEqual(
    expect.arrayContaining([
      ...["README.md", "LICENSE", "bin/alicloud-ecs-emulator.js", "dist/index.js", "dist/index.d.ts"],
      ...["page/index.html", "page/page.js", "page/page.css", "page/icon.svg", "seeds/one-instance.json"],
    ]),
  );
  expect(files.filter((file) => file.includes(".test.") || file.startsWith("dist/testing"))).toEqual([]);
});

test("starts by its command, serves its page, and ends with it", async () => {
  const child = spawn("npx", ["alicloud-ecs-emulator", "--data", "world.json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url, pid } = JSON.parse(line.toString()) as { url: string; pid: number };
  const closed = once(child, "close");
  try {
    for (const what of ["health", "", "page.js", "page.css", "icon.svg"])
      expect([what, (await fetch(`${url}/_emulator/${what}`)).status]).toEqual([what, 200]);
  } finally {
    process.kill(pid, "SIGTERM");
  }
  await closed;
}, 60_000);

test.each([
  ["CommonJS", "commonjs"],
  ["ES modules", "module"],
])(
  "is used by a strict TypeScript program of %s",
  async (_name, type) => {
    const project = path.join(folder, type);
    await mkdir(project);
    await writeFile(path.join(project, "package.json"), JSON.stringify({ name: type, private: true, type }));
    await writeFile(path.join(project, "index.ts"), program);
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: ["node"] },
      ...{ module: "node16", target: "es2022", outDir: "out", rootDir: "." },
    };
    await writeFile(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    await succeeds("npx", ["tsc", "-p", "."], project);
    expect(await succeeds(process.execPath, ["out/index.js"], project)).toBe("true Available 200 true\n");
  },
  120_000,
);

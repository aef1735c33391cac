import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const script = path.join(
  path.dirname(require.resolve("alicloud-ecs-emulator/package.json")),
  "bin/alicloud-ecs-emulator.js",
);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "emulator-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

function start(...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  return { child, output };
}

async function seed(content: string): Promise<string> {
  const file = path.join(folder, `seed-${Buffer.from(content).toString("hex").slice(0, 40)}.json`);
  await writeFile(file, content);
  return file;
}

/** The one line of a start that failed. */
async function failure(...args: string[]): Promise<string> {
  const { child, output } = start(...args);
  const [code] = (await once(child, "close")) as [number];
  expect({ code, stdout: output.stdout }).toEqual({ code: 1, stdout: "" });
  expect(output.stderr.trimEnd().split("\n")).toHaveLength(1);
  return output.stderr;
}

test("says which seed it cannot read", async () => {
  expect(await failure("--seed", path.join(folder, "nothing.json"))).toMatch(
    /cannot read the seed .*nothing\.json/,
  );
  expect(await failure("--seed", await seed("{"))).toMatch(/cannot read the seed .*JSON/);
});

test("says what is wrong in a seed, and what is allowed", async () => {
  const file = await seed('{"networkInterfaces":[{"NetworkInterfaceId":"eni-1","Status":"Gone"}]}');
  expect(await failure("--seed", file)).toMatch(
    /is not valid: networkInterfaces\[0\]\.Status: .*"Available"/,
  );
});

test("says that its port is in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    expect(await failure("--port", String(port))).toMatch(`port ${port} on 127.0.0.1 is in use`);
  } finally {
    server.close();
  }
});

test.each([
  [["--port", "70000"], "It must be a whole number from 0 to 65535"],
  [["--latency-ms", "soon"], "It must be a whole number"],
  [["--seeds", "x"], "unknown option '--seeds'"],
])("refuses %j", async (args, message) => {
  const { child, output } = start(...args);
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(1);
  expect(output.stderr).toContain(message);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "prints one line, serves its seed, and stops cleanly on %s",
  async (signal) => {
    const file = await seed('{"networkInterfaces":[{"NetworkInterfaceId":"eni-1"}]}');
    const { child, output } = start("--seed", file);
    await once(child.stdout, "data");
    const printed = JSON.parse(output.stdout) as { url: string; pid: number };
    expect(printed).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      pid: child.pid,
    });
    const state = (await (await fetch(`${printed.url}/_emulator/state`)).json()) as {
      networkInterfaces: unknown[];
    };
    expect(state.networkInterfaces).toMatchObject([{ NetworkInterfaceId: "eni-1" }]);
    child.kill(signal);
    expect(await once(child, "close")).toEqual([0, null]);
    expect(output.stderr).toBe("");
  },
);

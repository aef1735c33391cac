import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SigningClient } from "../../emulator/src/testing/signing-client";
import { EmulatorProcess } from "../support/emulator-process";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "emulator-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function seed(content: string): Promise<string> {
  const file = path.join(folder, `seed-${Buffer.from(content).toString("hex").slice(0, 40)}.json`);
  await writeFile(file, content);
  return file;
}

/** The one line of a start that failed. */
async function failure(expectedCode: number, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new EmulatorProcess(...args).ended;
  expect({ code, stdout }).toEqual({ code: expectedCode, stdout: "" });
  expect(stderr).toMatch(/^alicloud-ecs-emulator: .*\n$/);
  return stderr;
}

test("says which seed it cannot read", async () => {
  expect(await failure(1, "--seed", path.join(folder, "nothing.json"))).toMatch(
    /cannot read the seed .*nothing\.json/,
  );
  expect(await failure(1, "--seed", await seed("{"))).toMatch(/cannot read the seed .*JSON/);
  expect(await failure(1, "--seed", await seed('{\n"a"\n:\n]}'))).toMatch(/cannot read the seed .*JSON/);
  expect(await failure(1, "--seed", folder)).toMatch(/cannot read the seed .*EISDIR/);
});

test.each([
  [{ Status: "Gone" }, /networkInterfaces\[0\]\.Status: .*"Available".*, not "Gone"/],
  [
    { Staus: "InUse" },
    /networkInterfaces\[0\]: unknown key Staus \(did you mean Status\?\); allowed: .*Status/,
  ],
  [{ PrivateIpAddress: 5 }, /networkInterfaces\[0\]\.PrivateIpAddress: .*string.*, not 5/],
  [
    { PrivateIpAddress: "10.0.0.300" },
    /PrivateIpAddress: must be an IPv4 address such as .*, not "10\.0\.0\.300"/,
  ],
  [{ Tags: { Tag: [{ TagKey: "a" }] } }, /Tags\.Tag\[0\]\.TagValue: .* and is missing/],
  [{ InstanceId: "i-9" }, /networkInterfaces\[0\]\.InstanceId: "i-9" is not listed in instances/],
])("says what is wrong with %j in a seed, and what is allowed", async (eni, message) => {
  const file = await seed(JSON.stringify({ networkInterfaces: [{ ...eni, NetworkInterfaceId: "eni-1" }] }));
  const line = await failure(1, "--seed", file);
  expect(line).toMatch(message);
  expect(line).toContain(`the seed ${file} is not valid`);
});

test("counts the problems of a seed that it does not list", async () => {
  const file = await seed(JSON.stringify({ vpcs: Array.from({ length: 40 }, () => ({ VpcId: 1 })) }));
  expect(await failure(1, "--seed", file)).toMatch(/vpcs\[4\]\.VpcId: .*, not 1; and 35 more$/m);
});

test("says that its port is in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    expect(await failure(1, "--port", String(port))).toMatch(`port ${port} on 127.0.0.1 is in use`);
  } finally {
    server.close();
  }
});

test("says that the host is not this machine's", async () => {
  // An address of TEST-NET-1, which no machine has.
  expect(await failure(1, "--host", "192.0.2.1")).toContain("192.0.2.1 is not an address of this machine");
});

test.each([
  [["--port", "70000"], "It must be a whole number from 0 to 65535"],
  [["--port", "-1"], "It must be a whole number from 0 to 65535"],
  [["--port"], "argument missing"],
  [["--host", "http://127.0.0.1:80"], "without scheme and port"],
  [["--host", ""], "without scheme and port"],
  [["--data", ""], "It must not be empty"],
  [["--latency-ms", "soon"], "It must be a whole number"],
  [["--seeds", "x"], "unknown option '--seeds' (Did you mean --seed?)"],
  [["--latency-ms", "--seed"], "argument '--seed' is invalid. It must be a whole number"],
  [
    ["--data", "--seed", "seed.json"],
    "argument '--seed' is invalid. It must not be empty, nor begin with --",
  ],
  [
    ["seed.json"],
    "unexpected argument 'seed.json'; the emulator takes options alone, such as --seed seed.json",
  ],
])("refuses %j", async (args, message) => {
  expect(await failure(2, ...args)).toContain(message);
});

test("shows its options", async () => {
  const { code, stdout, stderr } = await new EmulatorProcess("--help").ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const option of ["port", "host", "seed", "data", "latency-ms", "access-key-id", "access-key-secret"])
    expect(stdout).toContain(`--${option} `);
});

test("prints its version", async () => {
  const manifest = require.resolve("alicloud-ecs-emulator/package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const { code, stdout, stderr } = await new EmulatorProcess("--version").ended;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe.each(["SIGINT", "SIGTERM"] as const)("on %s", (signal) => {
  test("prints one line, serves its seed, and stops cleanly", async () => {
    const file = await seed('{"networkInterfaces":[{"NetworkInterfaceId":"eni-1"}]}');
    const emulator = new EmulatorProcess("--seed", file);
    const printed = await emulator.listening();
    expect(printed).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      pid: emulator.pid,
    });
    const state = (await (await fetch(`${printed.url}/_emulator/state`)).json()) as {
      networkInterfaces: unknown[];
    };
    expect(state.networkInterfaces).toMatchObject([{ NetworkInterfaceId: "eni-1" }]);
    const { code, signal: by, stdout, stderr } = await emulator.end(signal);
    expect({ code, by, stderr }).toEqual({ code: 0, by: null, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  test("cuts off a call that hangs, and one that takes an hour", async () => {
    const emulator = new EmulatorProcess("--latency-ms", "3600000");
    const { url } = await emulator.listening();
    const body = JSON.stringify({ action: "DescribeInstances", effect: { hang: true } });
    await fetch(`${url}/_emulator/faults`, { method: "POST", body });
    const client = new SigningClient(url);
    const cut = ["DescribeInstances", "DescribeNetworkInterfaces"].map((action) =>
      expect(client.call(action, { RegionId: "cn-hangzhou" })).rejects.toThrow(),
    );
    let arrived: unknown[] = [];
    while (arrived.length < cut.length)
      arrived = (await (await fetch(`${url}/_emulator/calls`)).json()) as unknown[];
    expect(await emulator.end(signal)).toMatchObject({ code: 0, signal: null, stderr: "" });
    await Promise.all(cut);
  });
});

test("takes a key pair and a security token", async () => {
  const emulator = new EmulatorProcess(
    "--access-key-id=STS.1",
    "--access-key-secret=s",
    "--security-token=t",
  );
  const { url } = await emulator.listening();
  const ask = async (id: string, secret: string, parts = {}) => {
    const client = new SigningClient(url, Date.now, { id, secret });
    const answer = await client.call("DescribeInstanceTypes", {}, { signature: "HMAC-SHA1", parts });
    return answer.status === 200 ? "accepted" : answer.body.Code;
  };
  expect(await ask("test", "test")).toBe("InvalidAccessKeyId.NotFound");
  expect(await ask("STS.1", "s")).toBe("MissingSecurityToken");
  expect(await ask("STS.1", "s", { SecurityToken: "t" })).toBe("accepted");
  await emulator.end("SIGTERM");
});

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

/** Each flag with the variable that the help names. */
async function variables(): Promise<[string, string][]> {
  const { stdout } = await new EmulatorProcess("--help").ended;
  const text = stdout.replaceAll(/\s+/g, " ");
  return [...text.matchAll(/ --([a-z-]+)(?: <\w+>)? [^<]*?env: (\w+)\)/g)].map(
    ([, flag = "", variable = ""]) => [flag, variable],
  );
}

test("every flag has an environment variable of its name", async () => {
  const { stdout } = await new EmulatorProcess("--help").ended;
  const flags = [...stdout.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, flag = ""]) => flag);
  const own = flags.filter((flag) => flag !== "help" && flag !== "version");
  expect(own.length).toBeGreaterThan(8);
  expect(await variables()).toEqual(
    own.map((flag) => [flag, `ALICLOUD_ECS_EMULATOR_${flag.toUpperCase().replaceAll("-", "_")}`]),
  );
});

test("environment: the variables have the effect of the flags, and a flag wins", async () => {
  const file = await seed('{"networkInterfaces":[{"NetworkInterfaceId":"eni-1"}]}');
  const data = path.join(folder, "world");
  const emulator = new EmulatorProcess(
    {
      ALICLOUD_ECS_EMULATOR_PORT: "0",
      ALICLOUD_ECS_EMULATOR_HOST: "localhost",
      ALICLOUD_ECS_EMULATOR_SEED: file,
      ALICLOUD_ECS_EMULATOR_ACCESS_KEY_ID: "STS.1",
      ALICLOUD_ECS_EMULATOR_ACCESS_KEY_SECRET: "not-this-one",
      ALICLOUD_ECS_EMULATOR_SECURITY_TOKEN: "t",
      ALICLOUD_ECS_EMULATOR_LATENCY_MS: "1",
      ALICLOUD_ECS_EMULATOR_DATA: data,
      ALICLOUD_ECS_EMULATOR_VERBOSE: "true",
    },
    "--access-key-secret=s",
  );
  const { url } = await emulator.listening();
  expect(url).toMatch(/^http:\/\/localhost:/);
  const behaviour = (await (await fetch(`${url}/_emulator/behaviour`)).json()) as { latencyMs: number };
  expect(behaviour.latencyMs).toBe(1);
  const client = new SigningClient(url, Date.now, { id: "STS.1", secret: "s" });
  const answer = await client.call(
    "DescribeNetworkInterfaces",
    { RegionId: "cn-hangzhou" },
    { parts: { SecurityToken: "t" } },
  );
  expect({ status: answer.status, enis: answer.body.TotalCount }).toEqual({ status: 200, enis: 1 });
  const { code, stderr } = await emulator.end("SIGTERM");
  expect({ code, shown: stderr }).toEqual({ code: 0, shown: expect.stringContaining("-> 200\n") as string });
  expect((await readFile(data, "utf8")).length).toBeGreaterThan(0);
});

test.each([
  ["PORT", "tcp://10.0.0.1:4300", "It must be a whole number from 0 to 65535"],
  ["SEED", "", "It must not be empty"],
  ["VERBOSE", "yes", 'ALICLOUD_ECS_EMULATOR_VERBOSE is "yes"; it must be 1, true, 0 or false'],
])("environment: refuses %s=%s, and names the variable", async (name, value, message) => {
  const variable = `ALICLOUD_ECS_EMULATOR_${name}`;
  const { code, stderr } = await new EmulatorProcess({ [variable]: value }).ended;
  expect(code).toBe(2);
  expect(stderr).toContain(variable);
  expect(stderr).toContain(message);
});

test("--verbose prints each call on standard error when it arrives and when it is answered", async () => {
  const emulator = new EmulatorProcess("--verbose", "--access-key-secret", "hidden-secret");
  const { url } = await emulator.listening();
  const client = new SigningClient(url, Date.now, { id: "test", secret: "hidden-secret" });
  await client.call("DescribeInstances", { RegionId: "cn-hangzhou" });
  await client.call("StartInstance", { InstanceId: "i-9" });
  await fetch(`${url}/_emulator/health`);
  const { stdout, stderr } = await emulator.end("SIGTERM");
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  const time = /^\d\d:\d\d:\d\d\.\d{3} /gm;
  expect(stderr.match(time)).toHaveLength(4);
  expect(stderr.replaceAll(time, "")).toBe(
    [
      "#1 DescribeInstances RegionId=cn-hangzhou",
      "#1 DescribeInstances RegionId=cn-hangzhou -> 200",
      "#2 StartInstance InstanceId=i-9",
      "#2 StartInstance InstanceId=i-9 -> 404 InvalidInstanceId.NotFound\n",
    ].join("\n"),
  );
});

test.each(["0", "false"])("environment: VERBOSE=%s prints no calls", async (value) => {
  const emulator = new EmulatorProcess({ ALICLOUD_ECS_EMULATOR_VERBOSE: value });
  const { url } = await emulator.listening();
  await new SigningClient(url).call("DescribeInstances", { RegionId: "cn-hangzhou" });
  expect((await emulator.end("SIGTERM")).stderr).toBe("");
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

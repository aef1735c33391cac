import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eniId, environmentFor, worldWith } from "../support/eni-world";
import { ProviderProcess } from "../support/provider-process";

const keys = { accessKeyId: "the-key-id", accessKeySecret: "the-secret", securityToken: "the-token" };

let emulator: Emulator;
// In its own process: the package reads DEBUG when it is loaded, and prints to standard error.
let host: ProviderProcess;

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith(["10.0.1.30"]), credentials: keys });
});
afterEach(async () => {
  await host.stop();
  await emulator.close();
});

async function startWith(debug: string | undefined): Promise<void> {
  host = await ProviderProcess.start({
    env: {
      ...environmentFor(emulator),
      ALICLOUD_ACCESS_KEY: keys.accessKeyId,
      ALICLOUD_SECRET_KEY: keys.accessKeySecret,
      ALICLOUD_SECURITY_TOKEN: keys.securityToken,
      ALICLOUD_SECONDARY_IPS_PACE: "0.1",
      ...(debug === undefined ? {} : { DEBUG: debug }),
    },
  });
}

/** The lines printed with this value of DEBUG: by a create with a conflict and a throttled call, and by a read. */
async function printedWith(debug: string | undefined): Promise<readonly string[]> {
  await startWith(debug);
  for (const [status, code] of [
    [403, "Operation.Conflict"],
    [400, "Throttling.User"],
  ] as const) {
    const effect = { error: { status, code, message: "Not now." } };
    emulator.control.addFault({ action: "AssignPrivateIpAddresses", effect });
  }
  const { outputs } = await host.create({
    networkInterfaceId: eniId,
    privateIpAddresses: ["10.0.1.20", "10.0.1.30"],
  });
  await host.read(eniId, outputs);
  return host.printed();
}

test("DEBUG=alicloud-secondary-ips:*: prints each call, wait and round", async () => {
  const lines = await printedWith("alicloud-secondary-ips:*");
  const printed = lines.join("\n");
  expect(printed).toContain(emulator.control.calls().at(-1)?.requestId);
  const assign = "AssignPrivateIpAddresses eni-edge 10\\.0\\.1\\.20";
  for (const expected of [
    ":calls DescribeNetworkInterfaces eni-edge, attempt 1: ok, \\d+ ms, RequestId [0-9A-F-]{36}",
    ":rounds eni-edge is Available and holds 1; calls to make: 1",
    `:calls ${assign}, attempt 1: Operation\\.Conflict, HTTP 403 \\(conflict\\), \\d+ ms, RequestId [0-9A-F-]{36}`,
    ":waits eni-edge: Operation\\.Conflict; again in \\d+ ms",
    `:calls ${assign}, attempt 2: Throttling\\.User, HTTP 400 \\(throttled\\), \\d+ ms, RequestId [0-9A-F-]{36}`,
    ":waits AssignPrivateIpAddresses: all calls wait \\d+ ms after Throttling\\.User, refusal 1",
    `:calls ${assign}, attempt 3: ok, \\d+ ms, RequestId [0-9A-F-]{36}`,
    ":rounds eni-edge is Available and holds 2; calls to make: 0",
  ]) {
    expect(printed).toMatch(new RegExp(`${expected}$`, "m"));
  }
});

test("DEBUG=alicloud-secondary-ips:calls: an assign shows its prefixes or its count", async () => {
  await startWith("alicloud-secondary-ips:calls");
  const additive = { networkInterfaceId: eniId, ownership: "additive", ipv4Prefixes: ["10.0.1.64/28"] };
  await host.create({ networkInterfaceId: eniId, secondaryPrivateIpAddressCount: 3 });
  await host.create(additive);
  await host.create({ networkInterfaceId: eniId, ipv4PrefixCount: 2 });
  const printed = (await host.printed()).join("\n");
  for (const parameter of ["SecondaryPrivateIpAddressCount=2", "10\\.0\\.1\\.64/28", "Ipv4PrefixCount=1"])
    expect(printed).toMatch(new RegExp(`AssignPrivateIpAddresses eni-edge ${parameter}, attempt 1: ok`));
});

test("DEBUG=alicloud-secondary-ips:waits: prints only waits", async () => {
  const printed = await printedWith("alicloud-secondary-ips:waits");
  const lines = printed.filter((line) => line.includes("alicloud-secondary-ips:"));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.every((line) => line.includes(":waits "))).toBe(true);
});

test("no DEBUG: prints no line of the provider", async () => {
  expect((await printedWith(undefined)).join("\n")).not.toContain("alicloud-secondary-ips:");
});

// The SDK's HTTP client would print whole headers with `*` and `httpx:*`.
test.each(["alicloud-secondary-ips:*", "*", "httpx:*"])(
  "DEBUG=%s: prints no secret and no signature",
  async (debug) => {
    const printed = (await printedWith(debug)).join("\n");
    for (const secret of [keys.accessKeySecret, keys.securityToken, keys.accessKeyId]) {
      expect(printed).not.toContain(secret);
    }
    expect(printed).not.toMatch(/signature/i);
  },
);

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { eniId, environmentFor, region, secondaryAddresses, worldWith } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";
import type { HostOptions, ProviderHost } from "../support/provider-host";
import { ProviderProcess } from "../support/provider-process";

let emulator: Emulator;
let host: ProviderHost;

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith() });
});
afterEach(async () => {
  await host.stop();
  await emulator.close();
});

const good = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] };

async function start(options: HostOptions): Promise<void> {
  host = await InProcessHost.start(options);
}

/** In its own process, because the official credential chain reads the environment and home of the process. */
async function startProcess(options: HostOptions): Promise<void> {
  host = await ProviderProcess.start(options);
}

/** An environment in which the official chain finds no credentials and asks no other machine. */
const noCredentials = {
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1:9/none",
};

test("region: if it is missing, one line says how to set it", async () => {
  await start({ env: { ...environmentFor(emulator), ALICLOUD_REGION: "" } });
  const { failures } = await host.check(good);
  expect(failures).toEqual([
    "region: no region; set the input `region`, run `pulumi config set alicloud:region cn-hangzhou`, or set ALICLOUD_REGION",
  ]);
});

test.each(["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"])(
  "region: taken from %s",
  async (name) => {
    await start({ env: { ...environmentFor(emulator), ALICLOUD_REGION: "", [name]: region } });
    expect((await host.check(good)).inputs.region).toBe(region);
  },
);

test("region: the input precedes the stack configuration, which precedes the environment", async () => {
  await start({
    env: { ...environmentFor(emulator), ALICLOUD_REGION: "cn-beijing" },
    config: { "alicloud:region": "cn-shanghai" },
  });
  expect((await host.check(good)).inputs.region).toBe("cn-shanghai");
  expect((await host.check({ ...good, region })).inputs.region).toBe(region);
});

test("keys and endpoints: the stack configuration precedes the environment", async () => {
  await start({
    env: { ALICLOUD_ACCESS_KEY: "someone", ALICLOUD_SECRET_KEY: "else", ECS_ENDPOINT: "127.0.0.1:9" },
    config: {
      "alicloud:region": region,
      "alicloud:accessKey": "test",
      "alicloud:secretKey": "test",
      "alicloud:endpoints": JSON.stringify([{ ecs: emulator.url }]),
    },
  });
  await host.create(good);
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

test("credentials: without other keys, the official chain is used", async () => {
  await startProcess({
    env: {
      ...environmentFor(emulator),
      ALICLOUD_ACCESS_KEY: "",
      ALICLOUD_SECRET_KEY: "",
      ALIBABA_CLOUD_ACCESS_KEY_ID: "test",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "test",
    },
  });
  await Promise.all([host.create(good), host.read(eniId, {})]);
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

describe("no credentials:", () => {
  const env = () => ({
    ...environmentFor(emulator),
    ALICLOUD_ACCESS_KEY: "",
    ALICLOUD_SECRET_KEY: "",
    ...noCredentials,
  });

  test("check warns once and succeeds", async () => {
    await startProcess({ env: env() });
    expect((await host.check(good)).failures).toEqual([]);
    expect((await host.check({ ...good, networkInterfaceId: "eni-2" })).failures).toEqual([]);
    const warnings = (await host.printed()).filter((line) => line.startsWith("warning:"));
    expect(warnings).toEqual([expect.stringContaining("no Alibaba Cloud credentials found")]);
  });

  test("create fails, the error says how to set them", async () => {
    await startProcess({ env: env() });
    await expect(host.create(good)).rejects.toThrow(
      /^no Alibaba Cloud credentials found; set ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY/,
    );
  });
});

test("clock: off by more than the API allows, the error names it, and a right clock is accepted", async () => {
  let offMs = 20 * 60_000;
  const now = () => Date.now() + offMs;
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const other = await startEmulator({ seed: worldWith([]), clock: { now, wait } });
  try {
    await start({ env: environmentFor(other) });
    await expect(host.create(good)).rejects.toThrow(
      /InvalidTimeStamp.Expired, HTTP 400: .*; the clock of this machine says \d{4}-.*Z: set it, for example with NTP/,
    );
    offMs = 0;
    await expect(host.create(good)).resolves.toMatchObject({ id: eniId });
  } finally {
    await other.close();
  }
});

test("region: a configured value that is no region, is refused with its source instead of a replacement", async () => {
  await start({ env: environmentFor(emulator), config: { "alicloud:region": "Hangzhou" } });
  const refusal = 'alicloud:region: "Hangzhou": expected a region id such as cn-hangzhou';
  await expect(host.check(good)).rejects.toThrow(refusal);
  await expect(host.create(good)).rejects.toThrow(refusal);
});

test("credentials: an access key without its secret is refused, the error names both settings", async () => {
  await start({ env: { ...environmentFor(emulator), ALICLOUD_SECRET_KEY: "" } });
  await expect(host.create(good)).rejects.toThrow(
    "ALICLOUD_ACCESS_KEY is set in the environment, but a pair of keys needs both ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY",
  );
});

test("credentials: a missing profile is an error that names it", async () => {
  await startProcess({
    env: { ECS_ENDPOINT: emulator.url, ALICLOUD_REGION: region },
    config: { "alicloud:profile": "production" },
  });
  await expect(host.create(good)).rejects.toThrow('profile "production" of the aliyun command line');
});

test("credentials: a malformed aliyun configuration file is not quoted in messages", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "home-"));
  try {
    mkdirSync(path.join(home, ".aliyun"));
    const damaged = '{"profiles":[{"name":"production","access_key_secret":"TOPSECRET"},]}';
    writeFileSync(path.join(home, ".aliyun/config.json"), damaged);
    await startProcess({
      env: {
        ECS_ENDPOINT: emulator.url,
        ALICLOUD_REGION: region,
        ALICLOUD_PROFILE: "production",
        HOME: home,
      },
    });
    await host.check(good);
    await expect(host.create(good)).rejects.toThrow(
      /^profile "production" .* gives no credentials: parse aliyun cli config from .* failed; check that it is in/,
    );
    await expect(host.read(eniId, {})).rejects.toThrow('profile "production"');
    expect((await host.printed()).join("\n")).not.toContain("TOPSECRET");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("credentials: a profile whose command cannot renew the keys, is an error with the command's reason", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "home-"));
  try {
    mkdirSync(path.join(home, ".aliyun"));
    const script = path.join(home, "get-keys");
    const keys = '{"mode":"AK","access_key_id":"test","access_key_secret":"test"}';
    // Without an expiration, the keys are renewed for each request.
    writeFileSync(
      script,
      `#!/bin/sh\ncd '${home}'\necho >> runs\n[ "$(wc -l < runs)" -eq 1 ] && echo '${keys}' && exit\n` +
        `echo 'the login is over' >&2\nexit 1\n`,
    );
    chmodSync(script, 0o700);
    writeFileSync(
      path.join(home, ".aliyun/config.json"),
      JSON.stringify({ profiles: [{ name: "sso", mode: "External", process_command: script }] }),
    );
    await startProcess({
      env: { ...environmentFor(emulator), ALICLOUD_ACCESS_KEY: "", ALICLOUD_SECRET_KEY: "", HOME: home },
      config: { "alicloud:profile": "sso" },
    });
    await expect(host.create(good)).rejects.toThrow(
      /^profile "sso" of the aliyun command line gives no credentials: .*the command failed: the login is over; check/,
    );
    // The first run, the failed renewals of an optional and of a needed call, and no repetition.
    expect(readFileSync(path.join(home, "runs"), "utf8").length).toBeLessThanOrEqual(4);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.each(["assumeRole", "assumeRoleWithOidc", "ecsRoleName", "credentialsUri", "sharedCredentialsFile"])(
  "alicloud:%s: refused by name, without an API call",
  async (key) => {
    await start({ env: environmentFor(emulator), config: { [`alicloud:${key}`]: "something" } });
    await expect(host.create(good)).rejects.toThrow(
      `alicloud:${key} is set, but this provider does not support it`,
    );
    expect(emulator.control.calls()).toEqual([]);
  },
);

test.each(["http://ecs.example.com", "http://10.0.0.1:80"])(
  "endpoint: plain http to %s is refused",
  async (endpoint) => {
    await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: endpoint } });
    await expect(host.create(good)).rejects.toThrow(
      `ECS_ENDPOINT: "${endpoint}" is plain http to a host that is not loopback; use https`,
    );
  },
);

test.each(["ftp://127.0.0.1", "http://127.0.0.1/path", "not an endpoint"])(
  "endpoint: %j is refused",
  async (endpoint) => {
    await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: endpoint } });
    await expect(host.create(good)).rejects.toThrow(
      `ECS_ENDPOINT: "${endpoint}" is not an endpoint; expected host`,
    );
  },
);

test("endpoint: a password is refused, the error hides it", async () => {
  await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: "http://user:pass-word@127.0.0.1" } });
  await expect(host.create(good)).rejects.toThrow('"http://[hidden]@127.0.0.1" is not an endpoint');
});

test("endpoint: host:port of a loopback address is called over plain http", async () => {
  await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: `127.0.0.1:${emulator.port}` } });
  await host.create(good);
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

describe("endpoint without an answer:", () => {
  test("a refused connection is an error that names the endpoint", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.close();
    await once(server, "close");
    await start({
      env: { ...environmentFor(emulator), ECS_ENDPOINT: endpoint, ALICLOUD_SECONDARY_IPS_PACE: "0.02" },
    });
    await expect(host.create(good)).rejects.toThrow(
      `ECONNREFUSED: cannot connect, or the connection was lost at http://${endpoint}; it has never answered: ` +
        "check the region, the network, and ECS_ENDPOINT or alicloud:endpoints",
    );
  });

  test("a server that hangs fails create at its time-out, check succeeds", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: endpoint } });
      const news = { ...good, __internal: { name: "edge", timeouts: { create: "2s" } } };
      expect((await host.check(news)).failures).toEqual([]);
      await expect(host.create(news)).rejects.toThrow(/no answer in time.*time-out of 2 s/);
    } finally {
      server.close();
    }
  });
});

test("credentials: a wrong secret is an error with the API's code, without secret or signature", async () => {
  // The emulator's log has no signatures. It runs in this process, so the test collects them from its requests.
  const sentSignatures: string[] = [];
  const collectSignature = (message: unknown) => {
    const { headers } = (message as { request: IncomingMessage }).request;
    sentSignatures.push(...(/Signature=([0-9a-f]+)/.exec(headers.authorization ?? "")?.slice(1) ?? []));
  };
  diagnostics.subscribe("http.server.request.start", collectSignature);
  try {
    await start({ env: { ...environmentFor(emulator), ALICLOUD_SECRET_KEY: "a-very-secret-key" } });
    await host.check(good);
    const messages = await Promise.all([
      host.create(good).then(String, String),
      host.read(eniId, {}).then(String, String),
    ]);
    for (const message of messages) expect(message).toContain("SignatureDoesNotMatch");
    const shown = [...messages, ...(await host.printed())].join("\n");
    expect(sentSignatures).toHaveLength(emulator.control.calls().length);
    for (const secret of ["a-very-secret-key", "Signature=", ...sentSignatures])
      expect(shown).not.toContain(secret);
  } finally {
    diagnostics.unsubscribe("http.server.request.start", collectSignature);
  }
});

test.each(["0", "51", "ten"])("addressesPerCall: %j is refused", async (value) => {
  await start({
    env: environmentFor(emulator),
    config: { "alicloud-secondary-ips:addressesPerCall": value },
  });
  await expect(host.create(good)).rejects.toThrow("expected a whole number from 1 to 50");
});

test("addressesPerCall: with 32, one call assigns 30 addresses", async () => {
  emulator.control.setBehaviour({ maxAddressesPerCall: 32 });
  await start({ env: environmentFor(emulator), config: { "alicloud-secondary-ips:addressesPerCall": "32" } });
  const privateIpAddresses = Array.from({ length: 30 }, (_unused, index) => `10.0.1.${20 + index}`);
  await host.create({ networkInterfaceId: eniId, privateIpAddresses });
  const assigns = emulator.control.calls().filter((call) => call.action === "AssignPrivateIpAddresses");
  expect(assigns).toHaveLength(1);
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** In a process, because the official credential chain reads the process's own environment and home. */
async function startProcess(options: HostOptions): Promise<void> {
  host = await ProviderProcess.start(options);
}

/** An environment in which the official chain finds nothing, and does not look beyond this machine for it. */
const noCredentials = {
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1:9/none",
};

test("a missing region is said in one line that tells how to set it", async () => {
  await start({ env: { ...environmentFor(emulator), ALICLOUD_REGION: "" } });
  const { failures } = await host.check(good);
  expect(failures).toEqual([
    "region: no region; set the input `region`, run `pulumi config set alicloud:region cn-hangzhou`, or set ALICLOUD_REGION",
  ]);
});

test.each(["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"])(
  "%s names the region",
  async (name) => {
    await start({ env: { ...environmentFor(emulator), ALICLOUD_REGION: "", [name]: region } });
    expect((await host.check(good)).inputs.region).toBe(region);
  },
);

test("the input goes before the configuration, and that before the environment", async () => {
  await start({
    env: { ...environmentFor(emulator), ALICLOUD_REGION: "cn-beijing" },
    config: { "alicloud:region": "cn-shanghai" },
  });
  expect((await host.check(good)).inputs.region).toBe("cn-shanghai");
  expect((await host.check({ ...good, region })).inputs.region).toBe(region);
});

test("keys and endpoints of the stack's configuration are used, and go before the environment's", async () => {
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

test("the official chain is used where nothing else gives keys", async () => {
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

describe("without credentials", () => {
  const env = () => ({
    ...environmentFor(emulator),
    ALICLOUD_ACCESS_KEY: "",
    ALICLOUD_SECRET_KEY: "",
    ...noCredentials,
  });

  test("check warns once and goes on", async () => {
    await startProcess({ env: env() });
    expect((await host.check(good)).failures).toEqual([]);
    expect((await host.check({ ...good, networkInterfaceId: "eni-2" })).failures).toEqual([]);
    const warnings = (await host.printed()).filter((line) => line.startsWith("warning:"));
    expect(warnings).toEqual([expect.stringContaining("no Alibaba Cloud credentials found")]);
  });

  test("an operation fails, and says how to give some", async () => {
    await startProcess({ env: env() });
    await expect(host.create(good)).rejects.toThrow(
      /^no Alibaba Cloud credentials found; set ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY/,
    );
  });
});

test("half a pair of keys is refused, and names the other half", async () => {
  await start({ env: { ...environmentFor(emulator), ALICLOUD_SECRET_KEY: "" } });
  await expect(host.create(good)).rejects.toThrow(
    "ALICLOUD_ACCESS_KEY is set in the environment, but a pair of keys needs both ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY",
  );
});

test("a profile that does not exist is named", async () => {
  await startProcess({
    env: { ECS_ENDPOINT: emulator.url, ALICLOUD_REGION: region },
    config: { "alicloud:profile": "production" },
  });
  await expect(host.create(good)).rejects.toThrow('profile "production" of the aliyun command line');
});

test("a damaged configuration file of the aliyun command line is not quoted", async () => {
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
      /^profile "production" .* gives no credentials: check that it is in/,
    );
    await expect(host.read(eniId, {})).rejects.toThrow('profile "production"');
    expect((await host.printed()).join("\n")).not.toContain("TOPSECRET");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.each(["assumeRole", "assumeRoleWithOidc", "ecsRoleName", "credentialsUri", "sharedCredentialsFile"])(
  "alicloud:%s is refused by name, never ignored",
  async (key) => {
    await start({ env: environmentFor(emulator), config: { [`alicloud:${key}`]: "something" } });
    await expect(host.create(good)).rejects.toThrow(
      `alicloud:${key} is set, but this provider does not support it`,
    );
    expect(emulator.control.calls()).toEqual([]);
  },
);

test.each(["http://ecs.example.com", "http://10.0.0.1:80"])(
  "plain http to %s is refused",
  async (endpoint) => {
    await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: endpoint } });
    await expect(host.create(good)).rejects.toThrow(
      `ECS_ENDPOINT: "${endpoint}" is plain http to a host that is not loopback; use https`,
    );
  },
);

test.each(["ftp://127.0.0.1", "http://127.0.0.1/path", "not an endpoint"])(
  "%j is refused as an endpoint",
  async (endpoint) => {
    await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: endpoint } });
    await expect(host.create(good)).rejects.toThrow(
      `ECS_ENDPOINT: "${endpoint}" is not an endpoint; expected host`,
    );
  },
);

test("a password in an endpoint is refused, and not repeated", async () => {
  await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: "http://user:pass-word@127.0.0.1" } });
  await expect(host.create(good)).rejects.toThrow('"http://[hidden]@127.0.0.1" is not an endpoint');
});

test("host:port of a loopback address is spoken to in plain http", async () => {
  await start({ env: { ...environmentFor(emulator), ECS_ENDPOINT: `127.0.0.1:${emulator.port}` } });
  await host.create(good);
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

describe("with an endpoint that does not answer", () => {
  test("a port that refuses connections ends in an error that names the endpoint", async () => {
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

  test("a server that hangs ends at the time-out, and check does not wait for it", async () => {
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

test("a wrong secret is an error with the API's code, and neither secret nor signature is shown", async () => {
  // The emulator runs in this process, and its log has no signatures: they are noted as the requests arrive.
  const sent: string[] = [];
  const note = (message: unknown) => {
    const { headers } = (message as { request: IncomingMessage }).request;
    sent.push(...(/Signature=([0-9a-f]+)/.exec(headers.authorization ?? "")?.slice(1) ?? []));
  };
  diagnostics.subscribe("http.server.request.start", note);
  try {
    await start({ env: { ...environmentFor(emulator), ALICLOUD_SECRET_KEY: "a-very-secret-key" } });
    await host.check(good);
    const messages = await Promise.all([
      host.create(good).then(String, String),
      host.read(eniId, {}).then(String, String),
    ]);
    for (const message of messages) expect(message).toContain("SignatureDoesNotMatch");
    const shown = [...messages, ...(await host.printed())].join("\n");
    expect(sent).toHaveLength(emulator.control.calls().length);
    for (const secret of ["a-very-secret-key", "Signature=", ...sent]) expect(shown).not.toContain(secret);
  } finally {
    diagnostics.unsubscribe("http.server.request.start", note);
  }
});

test.each(["0", "51", "ten"])("%j addresses per call are refused", async (value) => {
  await start({
    env: environmentFor(emulator),
    config: { "alicloud-secondary-ips:addressesPerCall": value },
  });
  await expect(host.create(good)).rejects.toThrow("expected a whole number from 1 to 50");
});

test("a larger batch can be configured", async () => {
  emulator.control.setBehaviour({ maxAddressesPerCall: 32 });
  await start({ env: environmentFor(emulator), config: { "alicloud-secondary-ips:addressesPerCall": "32" } });
  const privateIpAddresses = Array.from({ length: 30 }, (_unused, index) => `10.0.1.${20 + index}`);
  await host.create({ networkInterfaceId: eniId, privateIpAddresses });
  const assigns = emulator.control.calls().filter((call) => call.action === "AssignPrivateIpAddresses");
  expect(assigns).toHaveLength(1);
});

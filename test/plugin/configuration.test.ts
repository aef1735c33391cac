import { eniId, region, worldWith } from "../support/eni-world";
import { EnginePort } from "../support/engine-port";
import { PluginHost } from "../support/plugin-host";
import { PluginProcess } from "../support/plugin-process";
import type { Properties } from "../support/provider-host";
import { Scenario } from "../support/scenario";
import { pluginOf, Requests, unknown } from "./requests";

let scenario: Scenario;
beforeEach(async () => {
  scenario = await Scenario.start(worldWith());
});
afterEach(() => scenario.stop());

const requests = () => new Requests(pluginOf(scenario));
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

test.each<[string, Properties, RegExp[]]>([
  ["nothing", {}, []],
  ["the engine's own properties", { version: "0.1.0", pluginDownloadURL: "github://", __internal: {} }, []],
  ["a region", { region }, []],
  [
    "a malformed region",
    { region: "Hangzhou 1" },
    [/^region: alicloud-secondary-ips:region: "Hangzhou 1": /],
  ],
  ["a pair of keys", { accessKey: "a", secretKey: secret("s") }, []],
  [
    "half a pair",
    { accessKey: "a" },
    [/^: accessKey: alicloud-secondary-ips:accessKey is set in .* needs both .*:accessKey and .*:secretKey/],
  ],
  ["a profile", { profile: "production" }, []],
  [
    "a profile beside keys",
    { profile: "production", accessKey: "a", secretKey: "s" },
    [/^profile: conflicts with accessKey, secretKey; set either the profile or the keys$/],
  ],
  ["an empty key", { accessKey: "", secretKey: "s" }, [/^: accessKey: is empty; set it, or omit/]],
  ["a key that is not known yet", { accessKey: unknown, secretKey: "s", region: unknown }, []],
  ["endpoints", { endpoints: '[{"ecs":"ecs.example.com"}]' }, []],
  ["malformed endpoints", { endpoints: "ecs.example.com" }, [/^endpoints: .*expected a list of objects/]],
  [
    "plain http to another host",
    { endpoints: '[{"ecs":"http://ecs.example.com"}]' },
    [/^endpoints: alicloud-secondary-ips:endpoints, ecs: /],
  ],
  ["a number of addresses in a call", { addressesPerCall: "50" }, []],
  [
    "too many addresses in a call",
    { addressesPerCall: 51 },
    [/^addressesPerCall: .*: 51: expected a whole number/],
  ],
  ["missingEniIsGone", { missingEniIsGone: "yes" }, [/^missingEniIsGone: .*expected true or false/]],
  ["refreshBeforeUpdate", { refreshBeforeUpdate: "yes" }, [/^refreshBeforeUpdate: .*expected true or false/]],
  [
    "a setting of @pulumi/alicloud that chooses an account",
    { assumeRole: "{}" },
    [/^assumeRole: alicloud-secondary-ips:assumeRole is set, but this provider does not support it, /],
  ],
  // The engine prints the value of a property that a failure names.
  ["a secret region", { region: secret("Hangzhou 1") }, [/^: region: /]],
  ["a misspelled secret", { secretkey: secret("s") }, [/^: secretkey: is not a setting/]],
  [
    "another setting",
    { regoin: region },
    [/^regoin: is not a setting of this provider; allowed: region, accessKey, /],
  ],
])("CheckConfig: %s", async (_what, given, expected) => {
  const { failures } = await requests().checkConfig(given);
  expect(failures).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as unknown));
});

test("CheckConfig: keys become secrets, and no message contains one", async () => {
  const keys = { accessKey: "key-id", secretKey: "key-secret", securityToken: secret("token") };
  const { inputs, failures } = await requests().checkConfig({ region, ...keys, profile: "x" });
  expect(inputs).toEqual({
    region,
    accessKey: secret("key-id"),
    secretKey: secret("key-secret"),
    securityToken: secret("token"),
    profile: "x",
  });
  expect(failures.join()).not.toMatch(/key-id|key-secret/);
});

test.each<[string, Properties]>([
  ["region", { region: secret("Hangzhou 1") }],
  ["list of endpoints", { endpoints: secret('[{"ecs":"http://private.example"}]') }],
  ["endpoint in a list", { endpoints: [{ ecs: secret("not private") }] }],
  ["text for a number", { addressesPerCall: secret("private 1") }],
  ["number", { addressesPerCall: secret(4711) }],
  ["text for a boolean", { missingEniIsGone: secret("private") }],
  ["text with a quotation mark", { refreshBeforeUpdate: secret('pri"vate') }],
])("CheckConfig: a secret %s is refused, and the message does not contain it", async (_what, given) => {
  const { failures } = await requests().checkConfig({ region, ...given });
  expect(failures).toEqual([expect.stringContaining("[secret]")]);
  expect(failures.join()).not.toMatch(/Hangzhou 1|private|4711|pri\\?"vate/);
});

test("DiffConfig: a change is an update, and never replaces", async () => {
  const diff = (olds: Properties, news: Properties) => requests().diffConfig(olds, news);
  expect(await diff({ region, version: "0.1.0" }, { region, version: "0.2.0" })).toEqual({
    diffs: [],
    replaces: [],
  });
  expect(await diff({ region }, { region: "cn-beijing", profile: "p" })).toEqual({
    diffs: ["region", "profile"],
    replaces: [],
  });
});

describe("Configure", () => {
  let host: PluginHost | undefined;
  afterEach(async () => {
    await host?.stop();
    host = undefined;
  });
  const inputs = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] };
  const env = () => ({ ECS_ENDPOINT: scenario.emulator.url, ALICLOUD_SECONDARY_IPS_PACE: "0.1" });

  test("the provider's region and keys are used", async () => {
    const config = { region, accessKey: "test", secretKey: secret("test") };
    host = await PluginHost.start({ env: env(), config });
    const { outputs } = await new Requests(host).create(inputs);
    expect(outputs).toMatchObject({ region, privateIpAddresses: ["10.0.1.20"] });
  });

  test("without a region, the failure names the plugin's setting and not that of @pulumi/alicloud", async () => {
    host = await PluginHost.start({ env: env(), config: { "alicloud:region": region } });
    const { failures } = await new Requests(host).check(inputs);
    expect(failures).toEqual([
      "region: no region; set the input `region`, run `pulumi config set alicloud-secondary-ips:region cn-hangzhou`, or " +
        "set ALICLOUD_REGION; the settings `alicloud:…` do not reach this provider",
    ]);
  });

  test("an endpoint that refuses connections: the failure names the plugin's setting", async () => {
    const port = await EnginePort.open();
    const keys = { ALICLOUD_ACCESS_KEY: "test", ALICLOUD_SECRET_KEY: "test" };
    const where = { ECS_ENDPOINT: port.address, ALICLOUD_SECONDARY_IPS_PACE: "0.02" };
    await port.close();
    host = await PluginHost.start({ env: { ...keys, ...where } });
    await expect(new Requests(host).create({ ...inputs, region })).rejects.toThrow(
      "ECS_ENDPOINT or alicloud-secondary-ips:endpoints",
    );
  });

  test("without credentials, the failure names the plugin's setting", async () => {
    const noCredentials = {
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1:9/none",
    };
    // The official chain reads the environment of the process.
    const plugin = await PluginProcess.start({
      env: { ...env(), ...noCredentials },
      engineAddress: undefined,
      input: "none",
    });
    try {
      await expect(new Requests(plugin).create({ ...inputs, region })).rejects.toThrow(
        /^no Alibaba Cloud credentials found; .* or alicloud-secondary-ips:profile in the stack's configuration/,
      );
    } finally {
      await plugin.stop();
    }
  });

  test.each([true, false])("refreshBeforeUpdate %s is in every answer with a state", async (value) => {
    const keys = { ALICLOUD_ACCESS_KEY: "test", ALICLOUD_SECRET_KEY: "test", ALICLOUD_REGION: region };
    const config = { refreshBeforeUpdate: String(value) };
    host = await PluginHost.start({ env: { ...env(), ...keys }, config });
    const own = new Requests(host);
    const { outputs, refreshBeforeUpdate } = await own.create(inputs);
    const state = { inputs, outputs };
    const news = { ...inputs, privateIpAddresses: [] };
    const answers = [await own.read(eniId, state), await own.update(state, news)];
    expect([refreshBeforeUpdate, ...answers.map((one) => one.refreshBeforeUpdate)]).toEqual([
      value,
      value,
      value,
    ]);
  });
});

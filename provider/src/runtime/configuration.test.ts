import { EndpointError } from "../ecs-client/endpoints";
import {
  accountOfKey,
  ConfigurationError,
  configuredBatchSize,
  configuredEndpoints,
  configuredMissingEniIsGone,
  configuredRegion,
  credentialSource,
} from "./configuration";

type Values = Record<string, unknown>;
const reading = (values: Values) => (key: string) => values[key];
const chain = { kind: "chain" };

describe("configuredRegion", () => {
  const env = { ALICLOUD_REGION: "r-1", ALIBABA_CLOUD_REGION: "r-2", ALIBABA_CLOUD_REGION_ID: "r-3" };

  test.each<[string, Values, NodeJS.ProcessEnv]>([
    ["alicloud:region", { "alicloud:region": "Hangzhou" }, env],
    ["ALICLOUD_REGION", {}, { ...env, ALICLOUD_REGION: "cn hangzhou" }],
    ["ALIBABA_CLOUD_REGION", {}, { ALIBABA_CLOUD_REGION: "cn-hang\nzhou" }],
    ["ALIBABA_CLOUD_REGION_ID", {}, { ALIBABA_CLOUD_REGION_ID: "https://cn-hangzhou" }],
  ])("a value that is no region: is refused with its source, %s", (name, values, environment) => {
    const read = () => configuredRegion(reading(values), environment);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(new RegExp(`^${name}: ".*": expected a region id such as cn-hangzhou`));
  });

  test.each<[Values, NodeJS.ProcessEnv, string | undefined]>([
    [{ "alicloud:region": "r-0" }, env, "r-0"],
    [{}, env, "r-1"],
    [{ "alicloud:region": "" }, env, "r-1"],
    [{ "alicloud:region": null }, { ...env, ALICLOUD_REGION: undefined }, "r-2"],
    [{}, { ...env, ALICLOUD_REGION: "", ALIBABA_CLOUD_REGION: "" }, "r-3"],
    [{}, {}, undefined],
    [{}, { ALICLOUD_REGION: "" }, undefined],
    [{ "alicloud:region": " r-0\n" }, {}, "r-0"],
    [{}, { ALICLOUD_REGION: "r-1\n" }, "r-1"],
    [{}, { ALICLOUD_REGION: " \n", ALIBABA_CLOUD_REGION: "r-2" }, "r-2"],
  ])("of %j and %j: %s", (values, environment, region) => {
    expect(configuredRegion(reading(values), environment)).toBe(region);
  });

  test("a region that is not a string: is refused", () => {
    expect(() => configuredRegion(reading({ "alicloud:region": ["r-0"] }), env)).toThrow(
      new ConfigurationError("alicloud:region: expected a string, got object"),
    );
  });
});

describe("credentialSource", () => {
  const configured = { "alicloud:accessKey": "key-c", "alicloud:secretKey": "secret-c" };
  const inEnv = { ALICLOUD_ACCESS_KEY: "key-e", ALICLOUD_SECRET_KEY: "secret-e" };
  const inStack = { place: "the stack configuration", inState: true };
  const inEnvironment = { place: "the environment", inState: false };
  const pair = (from: string, securityToken?: string) => ({
    kind: "static",
    accessKeyId: `key-${from}`,
    accessKeySecret: `secret-${from}`,
    securityToken,
    origin: from === "c" ? inStack : inEnvironment,
  });

  test.each<[string, Values, NodeJS.ProcessEnv, object]>([
    ["nothing", {}, {}, chain],
    [
      "empty values only",
      { "alicloud:accessKey": "", "alicloud:profile": null },
      { ALICLOUD_ACCESS_KEY: "" },
      chain,
    ],
    ["keys of the configuration", configured, inEnv, pair("c")],
    ["keys with a token", { ...configured, "alicloud:securityToken": "token" }, {}, pair("c", "token")],
    ["keys of the environment", {}, inEnv, pair("e")],
    [
      "keys of the environment with a token",
      {},
      { ...inEnv, ALICLOUD_SECURITY_TOKEN: "token" },
      pair("e", "token"),
    ],
    ["keys with a token of elsewhere", configured, { ALICLOUD_SECURITY_TOKEN: "token" }, pair("c")],
    [
      "a profile of the configuration",
      { "alicloud:profile": "work" },
      inEnv,
      { kind: "profile", name: "work", origin: inStack },
    ],
    [
      "a profile of the environment",
      {},
      { ALICLOUD_PROFILE: "work\n" },
      { kind: "profile", name: "work", origin: inEnvironment },
    ],
    [
      "keys with white space around them",
      { "alicloud:accessKey": " key-c", "alicloud:secretKey": "secret-c\r\n", "alicloud:securityToken": " " },
      {},
      pair("c"),
    ],
    [
      "keys with white space around them, of the environment",
      {},
      {
        ALICLOUD_ACCESS_KEY: "key-e\n",
        ALICLOUD_SECRET_KEY: "\tsecret-e",
        ALICLOUD_SECURITY_TOKEN: "token ",
      },
      pair("e", "token"),
    ],
    ["keys beside a profile", { ...configured, "alicloud:profile": "work" }, {}, pair("c")],
    ["names of the official chain only", {}, { ALIBABA_CLOUD_ACCESS_KEY_ID: "x" }, chain],
  ])("%s", (_what, values, env, source) => {
    expect(credentialSource(reading(values), env)).toEqual(source);
  });

  test.each<[string, Values, NodeJS.ProcessEnv]>([
    ["alicloud:accessKey", { "alicloud:accessKey": "VALUE" }, inEnv],
    ["alicloud:secretKey", { "alicloud:secretKey": "VALUE" }, inEnv],
    ["alicloud:securityToken", { "alicloud:securityToken": "VALUE" }, inEnv],
    ["ALICLOUD_ACCESS_KEY", {}, { ALICLOUD_ACCESS_KEY: "VALUE" }],
    ["ALICLOUD_SECRET_KEY", {}, { ALICLOUD_SECRET_KEY: "VALUE" }],
    ["ALICLOUD_SECURITY_TOKEN", {}, { ALICLOUD_SECURITY_TOKEN: "VALUE" }],
    ["ALICLOUD_SECRET_KEY", {}, { ALICLOUD_SECRET_KEY: "VALUE", ALICLOUD_PROFILE: "work" }],
  ])(
    "half a pair of keys is refused: %s, also with the other half in another source",
    (name, values, env) => {
      const choose = () => credentialSource(reading(values), env);
      expect(choose).toThrow(ConfigurationError);
      expect(choose).toThrow(new RegExp(`^${name} is set in .*needs both`));
      expect(choose).not.toThrow(/VALUE/);
    },
  );

  test.each<[string, Values]>([
    ["keys", { "alicloud:accessKey": "", "alicloud:secretKey": "" }],
    ["a profile", { "alicloud:profile": "" }],
  ])("an explicit provider with empty %s: is refused, instead of using another account", (_what, values) => {
    expect(() => credentialSource(reading({ ...values, [accountOfKey]: "there" }), inEnv)).toThrow(
      /^EniProvider "there": its keys or its profile are empty/,
    );
    expect(credentialSource(reading({ ...configured, [accountOfKey]: "there" }), inEnv)).toEqual({
      ...pair("c"),
      origin: { place: 'EniProvider "there"', inState: true },
    });
  });

  test.each<[string, Values, NodeJS.ProcessEnv]>([
    ["alicloud:accessKey", { ...configured, "alicloud:accessKey": "VAL\nUE" }, {}],
    ["alicloud:secretKey", { ...configured, "alicloud:secretKey": "VAL UE" }, {}],
    ["alicloud:securityToken", { ...configured, "alicloud:securityToken": "VAL\u0000UE" }, {}],
    ["ALICLOUD_ACCESS_KEY", {}, { ...inEnv, ALICLOUD_ACCESS_KEY: "VAL\rUE" }],
    ["ALICLOUD_SECRET_KEY", {}, { ...inEnv, ALICLOUD_SECRET_KEY: "VAL\nUE" }],
    ["ALICLOUD_SECURITY_TOKEN", {}, { ...inEnv, ALICLOUD_SECURITY_TOKEN: "VALUE\u00e9" }],
  ])("a key that cannot be sent is refused by name, without its value: %s", (name, values, env) => {
    const choose = () => credentialSource(reading(values), env);
    expect(choose).toThrow(ConfigurationError);
    expect(choose).toThrow(new RegExp(`^${name} contains a space, a line break or another character`));
    expect(choose).not.toThrow(/VAL|UE/);
  });

  test.each(["assumeRole", "assumeRoleWithOidc", "ecsRoleName", "credentialsUri", "sharedCredentialsFile"])(
    "alicloud:%s: is refused by name, also beside keys",
    (key) => {
      const values = { ...configured, [`alicloud:${key}`]: { roleArn: "acs:ram::1:role/x" } };
      expect(() => credentialSource(reading(values), inEnv)).toThrow(
        new RegExp(`^alicloud:${key} is set, but this provider does not support it`),
      );
      const empty = { ...configured, [`alicloud:${key}`]: "" };
      expect(credentialSource(reading(empty), inEnv)).toEqual(pair("c"));
    },
  );

  test.each([
    "ALICLOUD_ASSUME_ROLE_ARN",
    "ALICLOUD_ECS_ROLE_NAME",
    "ALICLOUD_CREDENTIALS_URI",
    "ALICLOUD_SHARED_CREDENTIALS_FILE",
  ])("%s: is refused by name, unless the configuration contains keys", (name) => {
    const env = { ...inEnv, [name]: "x" };
    expect(() => credentialSource(reading({}), env)).toThrow(
      new RegExp(`^${name} is set, but this provider does not support it`),
    );
    expect(credentialSource(reading(configured), env)).toEqual(pair("c"));
    expect(credentialSource(reading({}), { ...inEnv, [name]: "" })).toEqual(pair("e"));
  });

  test("a key that is not a string: is refused", () => {
    expect(() => credentialSource(reading({ "alicloud:accessKey": 7 }), {})).toThrow(
      new ConfigurationError("alicloud:accessKey: expected a string, got number"),
    );
  });
});

describe("configuredEndpoints", () => {
  const https = (host: string) => ({ host, protocol: "https" });
  const http = (host: string) => ({ host, protocol: "http" });
  const publicOnes = {
    ecs: https("ecs.cn-shanghai.aliyuncs.com"),
    vpc: https("vpc.cn-shanghai.aliyuncs.com"),
    sts: https("sts.cn-shanghai.aliyuncs.com"),
  };
  const emulator = http("127.0.0.1:8080");
  const endpoints = (value: unknown, env: NodeJS.ProcessEnv = {}) =>
    configuredEndpoints(reading({ "alicloud:endpoints": value }), env, "cn-shanghai");

  test.each<[string, unknown, NodeJS.ProcessEnv, object]>([
    ["nothing", undefined, {}, publicOnes],
    ["empty values", "", { ECS_ENDPOINT: "", VPC_ENDPOINT: "", STS_ENDPOINT: "" }, publicOnes],
    ["an empty list", [], {}, publicOnes],
    [
      "a list of objects",
      [{ ecs: "e.example.com" }, { vpc: "v.example.com", oss: "o.example.com" }, { sts: "s.example.com" }],
      { ECS_ENDPOINT: "other.example.com", STS_ENDPOINT: "other.example.com" },
      { ecs: https("e.example.com"), vpc: https("v.example.com"), sts: https("s.example.com") },
    ],
    [
      "the same as JSON text",
      '[{"ecs":"e.example.com"}]',
      {},
      { ...publicOnes, ecs: https("e.example.com") },
    ],
    [
      "variables",
      null,
      {
        ECS_ENDPOINT: "https://e.example.com",
        VPC_ENDPOINT: "v.example.com:8443",
        STS_ENDPOINT: "s.example.com",
      },
      { ecs: https("e.example.com"), vpc: https("v.example.com:8443"), sts: https("s.example.com") },
    ],
    [
      "an emulator, which serves VPC and STS too",
      undefined,
      { ECS_ENDPOINT: "127.0.0.1:8080" },
      { ecs: emulator, vpc: emulator, sts: emulator },
    ],
    [
      "an emulator and other products elsewhere",
      undefined,
      {
        ECS_ENDPOINT: "http://127.0.0.1:8080",
        VPC_ENDPOINT: "v.example.com",
        STS_ENDPOINT: "https://127.0.0.1:8443",
      },
      { ecs: emulator, vpc: https("v.example.com"), sts: https("127.0.0.1:8443") },
    ],
    ["products that are not asked", [{ oss: "http://o.example.com" }], {}, publicOnes],
  ])("%s", (_what, value, env, expected) => {
    expect(endpoints(value, env)).toEqual(expected);
  });

  test("a proxy: is on the way to every product, but not to the loopback host", () => {
    const env = { HTTPS_PROXY: "proxy.example.com:3128", STS_ENDPOINT: "127.0.0.1:8080" };
    const { ecs, vpc, sts } = endpoints(undefined, env);
    expect([ecs, vpc, sts].map(({ proxy }) => proxy?.url.href)).toEqual([
      "http://proxy.example.com:3128/",
      "http://proxy.example.com:3128/",
      undefined,
    ]);
  });

  test.each<[string, unknown]>([
    ["text that is not JSON", "ecs.example.com"],
    ["an object without a list", { ecs: "e.example.com" }],
    ["a list of texts", ["e.example.com"]],
    ["a number for a host", [{ ecs: 7 }]],
    ["JSON of another form", "{}"],
  ])("%s: is refused, with the command that corrects it", (_what, value) => {
    expect(() => endpoints(value)).toThrow(ConfigurationError);
    expect(() => endpoints(value)).toThrow(/^alicloud:endpoints: expected a list.*pulumi config set --path/);
  });

  test.each<[unknown, NodeJS.ProcessEnv, string]>([
    [[{ ecs: "http://e.example.com" }], {}, "alicloud:endpoints, ecs"],
    [[{ vpc: "two words" }], {}, "alicloud:endpoints, vpc"],
    [undefined, { ECS_ENDPOINT: "http://e.example.com" }, "ECS_ENDPOINT"],
    [undefined, { VPC_ENDPOINT: "http://e.example.com" }, "VPC_ENDPOINT"],
    [[{ sts: "http://e.example.com" }], {}, "alicloud:endpoints, sts"],
    [undefined, { STS_ENDPOINT: "two words" }, "STS_ENDPOINT"],
  ])("an unusable host: is refused with its source: %j %j", (value, env, source) => {
    expect(() => endpoints(value, env)).toThrow(EndpointError);
    expect(() => endpoints(value, env)).toThrow(new RegExp(`^${source}: `));
  });
});

describe("configuredBatchSize", () => {
  const batchSize = (value: unknown) =>
    configuredBatchSize(reading({ "alicloud-secondary-ips:addressesPerCall": value }));

  test.each([
    [undefined, 10],
    [null, 10],
    ["", 10],
    [1, 1],
    ["1", 1],
    ["32", 32],
    [50, 50],
  ])("of %j: %d", (value, size) => {
    expect(batchSize(value)).toBe(size);
  });

  test.each([0, 51, -1, 1.5, "ten", "1.5", "10 addresses", true, false, [], [10], {}, " ", "NaN"])(
    "%j: is refused",
    (value) => {
      expect(() => batchSize(value)).toThrow(ConfigurationError);
      expect(() => batchSize(value)).toThrow(/^alicloud-secondary-ips:addressesPerCall: .*from 1 to 50$/);
    },
  );
});

describe("configuredMissingEniIsGone", () => {
  const isGone = (value: unknown) =>
    configuredMissingEniIsGone(reading({ "alicloud-secondary-ips:missingEniIsGone": value }));

  test.each([
    [undefined, false],
    [null, false],
    ["", false],
    [false, false],
    ["false", false],
    [true, true],
    ["true", true],
  ])("of %j: %s", (value, gone) => {
    expect(isGone(value)).toBe(gone);
  });

  test.each(["yes", "True", 1, 0, [], {}])("%j: is refused", (value) => {
    expect(() => isGone(value)).toThrow(ConfigurationError);
    expect(() => isGone(value)).toThrow(
      /^alicloud-secondary-ips:missingEniIsGone: .*expected true or false$/,
    );
  });
});

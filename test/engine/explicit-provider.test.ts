import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { privateIpSets, secondaryAddresses, writes } from "../support/eni-world";
import { PulumiProject, type Declaration } from "../support/pulumi-project";

/** Two accounts, each with an ENI in its own region. */
const shanghai = {
  region: "cn-shanghai",
  accessKey: "key-of-shanghai",
  secretKey: "secret-of-shanghai",
  eni: "eni-shanghai",
};
const beijing = {
  region: "cn-beijing",
  accessKey: "key-of-beijing",
  secretKey: "secret-of-beijing",
  eni: "eni-beijing",
};
const secrets = [shanghai, beijing].flatMap(({ accessKey, secretKey }) => [accessKey, secretKey]);

type Account = typeof shanghai;

let emulators: Map<Account, Emulator>;
let project: PulumiProject;

async function startAccount({ region, accessKey, secretKey, eni }: Account): Promise<Emulator> {
  return startEmulator({
    credentials: { accessKeyId: accessKey, accessKeySecret: secretKey },
    seed: {
      vpcs: [{ VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/16" }],
      vSwitches: [{ VSwitchId: "vsw-1", VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.1.0/24" }],
      networkInterfaces: [
        { NetworkInterfaceId: eni, VSwitchId: "vsw-1", PrivateIpAddress: "10.0.1.10", RegionId: region },
      ],
    },
  });
}

beforeEach(async () => {
  emulators = new Map();
  for (const account of [shanghai, beijing]) emulators.set(account, await startAccount(account));
  // The stack has no region, keys or endpoint, unless a test configures them.
  project = await PulumiProject.create(emulatorOf(shanghai), {
    ECS_ENDPOINT: "",
    ALICLOUD_REGION: "",
    ALICLOUD_ACCESS_KEY: "",
    ALICLOUD_SECRET_KEY: "",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  });
});
afterEach(async () => {
  project.remove();
  for (const emulator of emulators.values()) await emulator.close();
});

function emulatorOf(account: Account): Emulator {
  const emulator = emulators.get(account);
  if (emulator === undefined) throw new Error(`no emulator runs for the account in ${account.region}`);
  return emulator;
}

const held = (account: Account) => secondaryAddresses(emulatorOf(account), account.eni);
const endpointsOf = (account: Account) => [{ ecs: emulatorOf(account).url }];

/** A resource in the account. Its explicit provider has `providerArgs`, by default all settings of the account. */
function resourceIn(
  account: Account,
  addresses: string[],
  providerArgs?: Record<string, unknown>,
): Declaration {
  const { region, accessKey, secretKey, eni } = account;
  const allArgs = { region, accessKey, secretKey, endpoints: endpointsOf(account) };
  return {
    name: `ips-${region}`,
    args: { networkInterfaceId: eni, privateIpAddresses: addresses },
    provider: { name: `to-${region}`, args: providerArgs ?? allArgs },
  };
}

function expectNoSecret(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

test("two accounts in two regions: up, refresh and destroy, each ENI is reached with its own keys", async () => {
  project.declare(resourceIn(shanghai, ["10.0.1.20"]), resourceIn(beijing, ["10.0.1.30"]));
  const preview = await project.succeeds("preview", "--diff");
  expect(preview.stdout).toContain("[secret]");
  const up = await project.up();
  expect(held(shanghai)).toEqual(["10.0.1.20"]);
  expect(held(beijing)).toEqual(["10.0.1.30"]);
  const state = await project.exportedState();
  expect((await project.resources()).map(({ outputs }) => outputs.region).sort()).toEqual([
    "cn-beijing",
    "cn-shanghai",
  ]);

  for (const emulator of emulators.values()) emulator.control.clearCalls();
  await project.up();
  for (const emulator of emulators.values()) expect(writes(emulator)).toEqual([]);

  emulatorOf(beijing).control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: beijing.eni, PrivateIpSets: privateIpSets(["10.0.1.99"]) }],
  });
  const refresh = await project.succeeds("refresh", "--yes", "--diff");
  const drifted = (await project.resources()).map(({ outputs }) => outputs.privateIpAddresses);
  expect(drifted.sort()).toEqual([["10.0.1.20"], ["10.0.1.99"]]);

  const destroy = await project.destroy();
  expect(held(shanghai)).toEqual([]);
  expect(held(beijing)).toEqual([]);
  for (const { output } of [preview, up, refresh, destroy]) expectNoSecret(output);
  expectNoSecret(state);
});

describe("explicit provider with a configured stack", () => {
  beforeEach(async () => {
    const configuration = {
      region: shanghai.region,
      accessKey: shanghai.accessKey,
      endpoints: JSON.stringify(endpointsOf(shanghai)),
    };
    for (const [key, value] of Object.entries(configuration)) {
      await project.succeeds("config", "set", `alicloud:${key}`, value);
    }
    await project.succeeds("config", "set", "--secret", "alicloud:secretKey", shanghai.secretKey);
  });

  test("no arguments, takes all settings from the stack's configuration", async () => {
    project.declare(resourceIn(shanghai, ["10.0.1.20"], {}));
    const { output } = await project.up();
    expect(held(shanghai)).toEqual(["10.0.1.20"]);
    expect(output).not.toContain("warning");
    const providers = JSON.parse(await project.exportedState()) as {
      deployment: { resources: { urn: string; inputs?: unknown }[] };
    };
    const explicit = providers.deployment.resources.find(({ urn }) => urn.endsWith("to-cn-shanghai"));
    expect(JSON.stringify(explicit?.inputs)).toContain("alicloud:secretKey");
    expectNoSecret(JSON.stringify(explicit));
  });

  test("own keys, they replace all keys of the stack", async () => {
    project.declare(
      { name: "default", args: { networkInterfaceId: shanghai.eni, privateIpAddresses: ["10.0.1.20"] } },
      resourceIn(beijing, ["10.0.1.30"]),
    );
    await project.up();
    expect(held(shanghai)).toEqual(["10.0.1.20"]);
    expect(held(beijing)).toEqual(["10.0.1.30"]);
  });

  test("own profile, the stack's keys are not used", async () => {
    project.declare(resourceIn(shanghai, ["10.0.1.20"], { profile: "production" }));
    const { output } = await project.fails("up", "--yes", "--skip-preview");
    expect(output).toContain('profile "production" of the aliyun command line gives no credentials');
    expect(emulatorOf(shanghai).control.calls()).toEqual([]);
  });

  test("the stack has an unsupported setting, fails and names it", async () => {
    await project.succeeds("config", "set", "alicloud:ecsRoleName", "some-role");
    project.declare(resourceIn(shanghai, ["10.0.1.20"], {}));
    const { output } = await project.fails("up", "--yes", "--skip-preview");
    expect(output).toContain("alicloud:ecsRoleName is set, but this provider does not support it");
  });
});

test("resource: moved to an explicit provider and back, keeps its addresses without a write call", async () => {
  await project.succeeds("config", "set", "alicloud:region", shanghai.region);
  await project.succeeds("config", "set", "alicloud:endpoints", JSON.stringify(endpointsOf(shanghai)));
  await project.succeeds("config", "set", "alicloud:accessKey", shanghai.accessKey);
  await project.succeeds("config", "set", "--secret", "alicloud:secretKey", shanghai.secretKey);
  const { name, args, provider } = resourceIn(shanghai, ["10.0.1.20"]) as Required<Declaration>;
  const shapes: Declaration[] = [
    { name, args },
    { name, args, provider },
    { name, args },
  ];
  project.declare({ name, args });
  await project.up();
  emulatorOf(shanghai).control.clearCalls();
  for (const shape of shapes) {
    project.declare(shape);
    await project.up();
    expect(held(shanghai)).toEqual(["10.0.1.20"]);
  }
  expect(writes(emulatorOf(shanghai))).toEqual([]);
});

test.each([
  ["of the stack's configuration", "the stack configuration"],
  ["of an explicit provider", 'EniProvider "to-cn-shanghai"'],
])(
  "keys %s are rotated: destroy and refresh name --run-program, and succeed with it",
  async (where, origin) => {
    const { name, args, provider } = resourceIn(shanghai, ["10.0.1.20"]) as Required<Declaration>;
    const declareWith = async (accessKey: string, secretKey: string) => {
      if (where === "of an explicit provider") {
        project.declare({
          name,
          args,
          provider: { ...provider, args: { ...provider.args, accessKey, secretKey } },
        });
        return;
      }
      await project.succeeds("config", "set", "alicloud:accessKey", accessKey);
      await project.succeeds("config", "set", "--secret", "alicloud:secretKey", secretKey);
      project.declare({ name, args });
    };
    await project.succeeds("config", "set", "alicloud:region", shanghai.region);
    await project.succeeds("config", "set", "alicloud:endpoints", JSON.stringify(endpointsOf(shanghai)));
    await declareWith(shanghai.accessKey, shanghai.secretKey);
    await project.up();

    const { port, control } = emulatorOf(shanghai);
    const world = control.state();
    await emulatorOf(shanghai).close();
    const renewed = { accessKeyId: "renewed-key", accessKeySecret: "renewed-secret" };
    emulators.set(shanghai, await startEmulator({ port, credentials: renewed, seed: world }));
    await declareWith(renewed.accessKeyId, renewed.accessKeySecret);

    for (const command of [["destroy", "--skip-preview"], ["refresh"]]) {
      const { output } = await project.fails(...command, "--yes");
      // The console wraps long lines.
      const text = output.replace(/\s+/g, " ");
      expect(text).toContain("InvalidAccessKeyId.NotFound");
      expect(text).toContain(
        `the keys come from ${origin}; \`pulumi refresh\` and \`pulumi destroy\` use the keys`,
      );
      expect(text).toContain("run them with --run-program");
    }
    await project.succeeds("refresh", "--yes", "--run-program");
    await project.succeeds("destroy", "--yes", "--skip-preview", "--run-program");
    expect(held(shanghai)).toEqual([]);
  },
);

test("explicit provider: addressesPerCall in the stack's configuration, limits its batches", async () => {
  await project.succeeds("config", "set", "alicloud-secondary-ips:addressesPerCall", "2");
  project.declare(resourceIn(shanghai, ["10.0.1.20", "10.0.1.21", "10.0.1.22"]));
  await project.up();
  expect(writes(emulatorOf(shanghai))).toEqual(["AssignPrivateIpAddresses", "AssignPrivateIpAddresses"]);
});

test("explicit provider: keys are empty, fails without using other keys", async () => {
  const { region } = shanghai;
  project.declare(
    resourceIn(shanghai, ["10.0.1.20"], {
      region,
      accessKey: "",
      secretKey: "",
      endpoints: endpointsOf(shanghai),
    }),
  );
  const { output } = await project.fails("up", "--yes", "--skip-preview");
  expect(output).toContain('EniProvider "to-cn-shanghai": its keys or its profile are empty');
  expect(emulatorOf(shanghai).control.calls()).toEqual([]);
});

test.each([
  [{ accessKey: "key-of-shanghai" }, "only accessKey is given of the keys; set accessKey and secretKey"],
  [{ securityToken: "token" }, "only securityToken is given of the keys"],
  [
    { accessKey: "key-of-shanghai", secretKey: "secret-of-shanghai", profile: "production" },
    "profile conflicts with accessKey, secretKey",
  ],
])("explicit provider: %j, preview fails without a stack trace", async (providerArgs, expected) => {
  project.declare(resourceIn(shanghai, ["10.0.1.20"], providerArgs));
  const { output } = await project.fails("preview");
  expect(output).toContain(`EniProvider "to-cn-shanghai": ${expected}`);
  expect(output).not.toContain("    at ");
  expectNoSecret(output);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "node:tls";
import {
  startEmulator,
  type BehaviourChange,
  type Emulator,
  type StateDocument,
} from "alicloud-ecs-emulator";
import { readStory } from "../clients/story";
import type { Answer } from "../cloud/caller";
import { chooseSteps, tagKey } from "../cloud/chosen-steps";
import { settle, tell } from "../cloud/tell";
import { localCertificate, privateKey } from "../support/certificates";

const repository = path.resolve(__dirname, "../..");
const account = "1234567890123456";
const key = { accessKeyId: "LTAI-of-the-account", accessKeySecret: "secret-of-the-account" };
/** What the account has besides. */
const foreign: StateDocument = {
  accountId: account,
  vpcs: [{ VpcId: "vpc-foreign" }],
  vSwitches: [{ VSwitchId: "vsw-foreign", VpcId: "vpc-foreign" }],
  networkInterfaces: [{ NetworkInterfaceId: "eni-foreign", VSwitchId: "vsw-foreign" }],
};

let folder: string;
let cloud: Emulator;
let server: Server;
let env: NodeJS.ProcessEnv;

/** An emulator as the cloud: behind TLS, with an account of its own. */
async function startCloud(behaviour: BehaviourChange = {}): Promise<void> {
  cloud = await startEmulator({
    seed: foreign,
    credentials: key,
    behaviour: { transitionMs: 0, ...behaviour },
  });
  server = createServer({ key: privateKey, cert: localCertificate }, (socket) => {
    const upstream = connect(cloud.port, "127.0.0.1");
    socket.on("error", () => upstream.destroy()).pipe(upstream);
    upstream.on("error", () => socket.destroy()).pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
  const { CI: _ci, ...inherited } = process.env;
  env = {
    ...inherited,
    CLOUD_TEST_ACCOUNT: account,
    ALICLOUD_ACCESS_KEY: key.accessKeyId,
    ALICLOUD_SECRET_KEY: key.accessKeySecret,
    ...{ ECS_ENDPOINT: endpoint, VPC_ENDPOINT: endpoint, STS_ENDPOINT: endpoint },
    NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    NO_PROXY: "localhost",
    no_proxy: "localhost",
  };
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cloud-"));
  await writeFile(path.join(folder, "ca.pem"), localCertificate);
});
afterEach(async () => {
  server.close();
  await cloud.close();
  await rm(folder, { recursive: true });
});

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const script = path.join(repository, "tools/test-cloud.mjs");
  const child = spawn(process.execPath, [script, ...args], { cwd: folder, env: { ...env, ...more } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { child, ended };
}

const run = (args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) => start(args, more).ended;
const table = () => readFile(path.join(folder, "cloud-differences.md"), "utf8");
const writes = () =>
  cloud.control.calls().filter(({ action }) => !/^(?:Describe|List|Get)/.test(action ?? ""));

/** The ids of everything in the account, but for the security groups that every VPC has in the emulator. */
function world(): string[] {
  const { vpcs, vSwitches, networkInterfaces } = cloud.control.state();
  return [
    ...vpcs.map(({ VpcId }) => VpcId),
    ...vSwitches.map(({ VSwitchId }) => VSwitchId),
    ...networkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
  ];
}
const onlyForeign = ["vpc-foreign", "vsw-foreign", "eni-foreign"];

/** Sends a signal in the middle of the story. */
async function interrupt(signal: NodeJS.Signals) {
  const { child, ended } = start([]);
  await new Promise<void>((resolve) => {
    child.stderr.on("data", () => {
      if (writes().length > 60) resolve();
    });
  });
  child.kill(signal);
  return ended;
}

test("test:cloud: a cloud that behaves as the emulator has no differences, and keeps nothing of the run", async () => {
  await startCloud({ pick: "scattered", pickSeed: 7 });
  const { code, output } = await run();
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("0 differences: ") as string });
  expect(await table()).toContain("\n0 differences in ");
  expect(world()).toEqual(onlyForeign);
  // It was really told.
  const asked = new Set(writes().map(({ action }) => action));
  for (const action of ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses", "CreateNetworkInterface"])
    expect(asked).toContain(action);
  expect([...asked].filter((action) => /Instance|Eip/.test(action ?? ""))).toEqual([]);
  expect(writes().length).toBeGreaterThan(100);
});

test("test:cloud: the table has each difference, and neither keys nor foreign resources", async () => {
  await startCloud({ maxAddressesPerCall: 5, duplicatedAddress: "named" });
  expect((await run()).code).toBe(0);
  const page = await table();
  expect(page).toMatch(/^\| .* \| status \| 200 \| 400 \|$/m);
  expect(page).toMatch(/^\| .* \| Message \| "Specified private IP address is duplicated/m);
  expect(page).toContain("- declared: picks the lowest free address");
  expect(page).toContain("- RunInstances can cost money or change an instance: ");
  for (const hidden of [key.accessKeyId, key.accessKeySecret, account, "foreign"])
    expect(page).not.toContain(hidden);
  expect(world()).toEqual(onlyForeign);
});

test("test:cloud: Ctrl-C in the middle removes what was made", async () => {
  await startCloud();
  const { code, output } = await interrupt("SIGINT");
  expect({ code, output }).toEqual({
    code: 130,
    output: expect.stringMatching(/removed (\d+) of \1 resources/) as string,
  });
  expect(world()).toEqual(onlyForeign);
  await expect(table()).rejects.toThrow("ENOENT");
});

test("test:cloud: after a kill, --list shows what was left, and --clean removes it and nothing else", async () => {
  await startCloud();
  await interrupt("SIGKILL");
  const left = world().filter((id) => !onlyForeign.includes(id));
  expect(left.length).toBeGreaterThan(3);
  const listed = await run(["--list"]);
  expect(listed.code).toBe(0);
  for (const id of left) expect(listed.output).toContain(id);
  expect(world()).toHaveLength(left.length + onlyForeign.length);

  // Another program has put an ENI into the test's VPC.
  const vSwitch = left.find((id) => id.startsWith("vsw-")) ?? "";
  cloud.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-guest", VSwitchId: vSwitch }] });
  const guest = await run(["--clean"]);
  expect(guest.code).toBe(1);
  expect(guest.output).toContain("eni-guest (without the tag: stays)");
  expect(world()).toEqual(expect.arrayContaining([...onlyForeign, "eni-guest", vSwitch]));

  cloud.control.patchState({
    networkInterfaces: [
      { NetworkInterfaceId: "eni-guest", Tags: { Tag: [{ TagKey: tagKey, TagValue: "" }] } },
    ],
  });
  expect((await run(["--clean"])).code).toBe(0);
  expect(world()).toEqual(onlyForeign);
});

test("test:cloud --clean: a VPC without the tag stays, although the server lists it", async () => {
  await startCloud();
  const body = JSON.stringify({
    Vpcs: { Vpc: [{ VpcId: "vpc-foreign", Tags: { Tag: [{ Key: "team", Value: tagKey }] } }] },
  });
  cloud.control.addFault({ action: "DescribeVpcs", times: 9, effect: { answer: { status: 200, body } } });
  expect((await run(["--clean"])).code).toBe(0);
  expect([world(), writes()]).toEqual([onlyForeign, []]);
});

test.each<[string, NodeJS.ProcessEnv, number, string]>([
  ["no account", { CLOUD_TEST_ACCOUNT: "" }, 2, 'CLOUD_TEST_ACCOUNT is ""; set it to the 16 digits'],
  ["CI", { CI: "true" }, 2, "CI is set"],
  [
    "plain http",
    { ECS_ENDPOINT: "http://127.0.0.1:1" },
    2,
    'ECS_ENDPOINT is "http://127.0.0.1:1"; use https',
  ],
  ["one zone", { CLOUD_TEST_ZONES: "cn-hangzhou-h" }, 2, "set it to two zones of cn-hangzhou"],
  [
    "the key of another account",
    { CLOUD_TEST_ACCOUNT: "9999999999999999" },
    1,
    `the key is of account ${account}, and CLOUD_TEST_ACCOUNT is 9999999999999999: nothing was done`,
  ],
])("test:cloud: refuses %s, and changes nothing", async (_what, more, expected, message) => {
  await startCloud();
  const { code, output } = await run([], more);
  expect({ code, output }).toEqual({ code: expected, output: expect.stringContaining(message) as string });
  expect(writes()).toEqual([]);
});

describe("without a cloud", () => {
  beforeEach(() => startCloud());
  const region = { region: "eu-central-1", zones: ["eu-central-1a", "eu-central-1b"] } as const;

  test("chosen steps: each creation and each list has the tag, and names the region of the run", () => {
    const { told, leftOut } = chooseSteps(readStory("story"), region, "run-1");
    expect(told.length).toBeGreaterThan(100);
    expect(told.length + leftOut.length).toBe(readStory("story").length);
    const tagged = { Key: tagKey, Value: "run-1" };
    for (const step of told.filter(({ call }) => /^Create(?!.*(Token))/.test(call ?? "")))
      expect(step.with?.Tag).toContainEqual(tagged);
    expect(JSON.stringify(told.map((step) => step.with))).not.toContain("cn-hangzhou");
    expect(
      told.filter(({ call }) => /Instances$|Eip/.test(call ?? "") && !/^Describe/.test(call ?? "")),
    ).toEqual([]);
  });

  test("chosen steps: a step that needs an id of a step that is left out is left out as well", () => {
    const story = [
      { step: "an instance", api: "ecs", call: "RunInstances", saves: { instance: "InstanceId" } },
      { step: "attached", api: "ecs", call: "AttachNetworkInterface", with: { InstanceId: "{instance}" } },
      { step: "an EIP", api: "vpc", call: "AllocateEipAddress" },
      { step: "all instances", api: "ecs", call: "DescribeInstanceStatus", with: {} },
      { step: "one", api: "ecs", call: "DescribeInstanceStatus", with: { InstanceId: ["i-none"] } },
    ] as const;
    const { told, leftOut } = chooseSteps(story, region, "run-1");
    expect(told.map(({ step }) => step)).toEqual(["one"]);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      "RunInstances can cost money or change an instance",
      "needs {instance} of a step that is left out",
      "AllocateEipAddress can cost money or change an instance",
      "lists resources of the account that are not the test's",
    ]);
  });

  /** A cloud that gives these answers one after another. */
  function answers(...given: readonly Answer[]) {
    const left = [...given];
    const waits: number[] = [];
    return {
      waits,
      caller: () => Promise.resolve(left.shift() ?? { status: 500, body: {} }),
      wait: (ms: number) => {
        if (ms > 0) waits.push(ms);
        return Promise.resolve();
      },
    };
  }
  const throttled = { status: 400, body: { Code: "Throttling.User" } };

  test("a throttled step is repeated, and a new VPC is waited for", async () => {
    const target = answers(
      throttled,
      { status: 200, body: { VpcId: "vpc-1" } },
      { status: 200, body: { Status: "Pending" } },
      throttled,
      { status: 200, body: { Status: "Available" } },
    );
    const steps = [{ step: "a VPC", api: "vpc", call: "CreateVpc", saves: { vpc: "VpcId" } }] as const;
    const telling = await tell(steps, { ...target, accessKeyId: "LTAI" });
    expect(telling).toEqual({
      answers: [{ status: 200, body: { VpcId: "vpc-1" } }],
      saved: { vpc: "vpc-1" },
    });
    expect(target.waits).toEqual([20_000, 2_000, 20_000, 2_000]);
  });

  test("a deleted vSwitch that stays ends the run with its status", async () => {
    const stays = answers(
      ...Array.from({ length: 99 }, () => ({ status: 200, body: { Status: "Pending" } })),
    );
    await expect(settle(stays, "DeleteVSwitch", { VSwitchId: "vsw-1" })).rejects.toThrow(
      "DeleteVSwitch: after 120 s the status is Pending, not gone",
    );
    const gone = answers({ status: 404, body: { Code: "InvalidVSwitchId.NotFound" } });
    await settle(gone, "DeleteVSwitch", { VSwitchId: "vsw-1" });
  });
});

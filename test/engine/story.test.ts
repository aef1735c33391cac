import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import {
  actions,
  addressRange,
  eniId,
  secondaryAddresses,
  setByHand,
  worldWith,
  writes,
} from "../support/eni-world";
import { providerText } from "../support/dynamic-host";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith() });
  project = await PulumiProject.create(emulator);
});
afterEach(async () => {
  project.remove();
  await emulator.close();
});

function edge(privateIpAddresses: string[], more = {}) {
  return { name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses, ...more } };
}

async function upWith(addresses: string[], more = {}): Promise<void> {
  project.declare(edge(addresses, more));
  await project.up();
  emulator.control.clearCalls();
}

const held = () => secondaryAddresses(emulator).sort();

test("update: 12 addresses fewer and 7 more, makes 2 unassigns, 1 assign and 2 reads, and a second up no write call", async () => {
  const before = addressRange(20, 15);
  await upWith(before);
  const after = [...before.slice(12), ...addressRange(60, 7)];
  project.declare(edge(after));
  await project.up();
  expect(held()).toEqual(after);
  expect(actions(emulator)).toEqual([
    "DescribeNetworkInterfaces",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "DescribeNetworkInterfaces",
  ]);

  emulator.control.clearCalls();
  const { stdout } = await project.succeeds("up", "--yes");
  expect(stdout).toContain("2 unchanged");
  expect(writes(emulator)).toEqual([]);
});

test("preview: a changed list, prints the plan and makes no write call", async () => {
  await upWith(addressRange(20, 3));
  project.declare(edge(["10.0.1.22", "10.0.1.60"]));
  const { stdout } = await project.succeeds("preview");
  expect(project.messagesIn(stdout)).toContain(
    `edge: ${eniId}: assign 10.0.1.60, unassign 10.0.1.20 and 1 more, 2 calls, peak 4 of 49`,
  );
  expect(writes(emulator)).toEqual([]);
  expect(held()).toEqual(addressRange(20, 3));
});

test("refresh: drift, shows and records it, and the next up repairs it", async () => {
  await upWith(addressRange(20, 3));
  setByHand(emulator, ["10.0.1.20", "10.0.1.99"]);
  const { stdout } = await project.succeeds("refresh", "--yes", "--diff");
  expect(stdout).toContain("10.0.1.99");
  expect((await project.resource()).outputs.privateIpAddresses).toEqual(["10.0.1.20", "10.0.1.99"]);
  await project.up();
  expect(held()).toEqual(addressRange(20, 3));
});

test("destroy: an unmanaged address on the ENI, unassigns only the recorded ones", async () => {
  await upWith(addressRange(20, 3));
  setByHand(emulator, [...addressRange(20, 3), "10.0.1.99"]);
  await project.destroy();
  expect(held()).toEqual(["10.0.1.99"]);
});

test("destroy --run-program: unassigns the addresses", async () => {
  await upWith(addressRange(20, 3));
  await project.destroy("--run-program");
  expect(held()).toEqual([]);
});

test("state: __provider is the constant provider text, and a plugin needs none", async () => {
  await upWith(["10.0.1.20"]);
  const { inputs, outputs } = await project.resource();
  const text = project.adaptor === "dynamic" ? providerText : undefined;
  expect([inputs.__provider, outputs.__provider]).toEqual([text, text]);
});

test("configured secret: appears neither in the state nor in the output", async () => {
  const [accessKeyId, accessKeySecret] = ["configured-key", "configured-secret"];
  project.remove();
  await emulator.close();
  // This emulator refuses all other keys, so the environment's key is not used.
  emulator = await startEmulator({ seed: worldWith(), credentials: { accessKeyId, accessKeySecret } });
  project = await PulumiProject.create(emulator);
  const namespace = project.adaptor === "dynamic" ? "alicloud" : "alicloud-secondary-ips";
  await project.succeeds("config", "set", `${namespace}:accessKey`, accessKeyId);
  await project.succeeds("config", "set", `${namespace}:secretKey`, accessKeySecret, "--secret");
  project.declare(edge(["10.0.1.20"]));
  const printed = [await project.up(), await project.succeeds("preview", "--diff")].map(
    ({ output }) => output,
  );
  expect(held()).toEqual(["10.0.1.20"]);
  expect(await project.exportedState()).not.toContain(accessKeySecret);
  expect(printed.join("\n")).not.toContain(accessKeySecret);
});

test("get: reads an ENI, and destroy leaves its addresses", async () => {
  setByHand(emulator, ["10.0.1.20"]);
  project.declare({ name: "there", get: eniId });
  await project.up();
  expect(JSON.parse((await project.succeeds("stack", "output", "--json")).stdout)).toEqual({
    assigned: { there: ["10.0.1.20"] },
  });
  await project.destroy();
  expect(held()).toEqual(["10.0.1.20"]);
});

describe("addresses stay assigned", () => {
  test("rename, makes no write call", async () => {
    await upWith(addressRange(20, 3));
    project.declare({ ...edge(addressRange(20, 3)), name: "renamed" });
    await project.up();
    expect(writes(emulator)).toEqual([]);
    expect(held()).toEqual(addressRange(20, 3));
    expect((await project.resource()).urn).toContain("renamed");
  });

  test("the configured region is added as an input, makes no write call", async () => {
    await upWith(addressRange(20, 3));
    project.declare(edge(addressRange(20, 3), { region: "cn-hangzhou" }));
    await project.up();
    expect(writes(emulator)).toEqual([]);
    expect(held()).toEqual(addressRange(20, 3));
  });

  test("up --replace, the ENI and the state hold the list", async () => {
    await upWith(addressRange(20, 3));
    const { urn } = await project.resource();
    await project.up("--replace", urn);
    expect(held()).toEqual(addressRange(20, 3));
    expect((await project.resource()).outputs.privateIpAddresses).toEqual(addressRange(20, 3));
  });

  test("up --replace with a shorter list, is refused, and up without it does it", async () => {
    await upWith(addressRange(20, 3));
    const { urn } = await project.resource();
    project.declare(edge(addressRange(20, 2)));
    const { exitCode, output } = await project.run("up", "--yes", "--replace", urn);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("With --replace, run `pulumi up` without it first");
    expect(held()).toEqual(addressRange(20, 3));
    await project.up();
    expect(held()).toEqual(addressRange(20, 2));
  });
});

import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const eniId = "eni-a";
const wanted = ["10.0.0.20", "10.0.0.21"];

let emulator: Emulator;
let state: string;
let stack: Stack;

beforeAll(async () => {
  emulator = await startEmulator({ seed: { networkInterfaces: [{ NetworkInterfaceId: eniId }] } });
  state = await mkdtemp(path.join(tmpdir(), "state-"));
  stack = await LocalWorkspace.createStack(
    { stackName: "test", workDir: __dirname },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        ECS_ENDPOINT: emulator.url,
        ALICLOUD_REGION: "cn-hangzhou",
        ALICLOUD_ACCESS_KEY: "test",
        ALICLOUD_SECRET_KEY: "test",
      },
    },
  );
  await stack.setAllConfig({
    networkInterfaceId: { value: eniId },
    privateIpAddresses: { value: JSON.stringify(wanted) },
  });
});

afterAll(async () => {
  // This also removes Pulumi.test.yaml.
  await stack.workspace.removeStack("test");
  await rm(state, { recursive: true });
  await emulator.close();
});

function secondaryAddresses(): string[] {
  return emulator.control
    .state()
    .networkInterfaces.flatMap((eni) => eni.PrivateIpSets.PrivateIpSet)
    .filter((address) => address.Primary !== true)
    .map((address) => address.PrivateIpAddress);
}

test("up assigns the addresses of the program", async () => {
  const { outputs } = await stack.up();
  expect(outputs.assigned.value).toEqual(wanted);
  expect(secondaryAddresses()).toEqual(wanted);
});

test("up with a refresh restores what was removed, also if an answer is lost", async () => {
  emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: { PrivateIpSet: [] } }],
  });
  emulator.control.addFault({ action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
  await stack.up({ refresh: true });
  expect(secondaryAddresses()).toEqual(wanted);
});

test("destroy leaves the ENI as it was", async () => {
  await stack.destroy();
  expect(secondaryAddresses()).toEqual([]);
});

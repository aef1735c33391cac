import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { useEmulator } from "alicloud-ecs-emulator/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const eniId = "eni-a";
const wanted = ["10.0.0.20", "10.0.0.21"];

// It starts before the first test, goes back to its seed before each test, and stops after the last one.
const emulator = useEmulator({ seed: { networkInterfaces: [{ NetworkInterfaceId: eniId }] } });

let state: string;
let stack: Stack;

beforeAll(async () => {
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

// The next test begins with an empty stack and an ENI without addresses.
afterEach(() => stack.destroy());

afterAll(async () => {
  // This also removes Pulumi.test.yaml.
  await stack.workspace.removeStack("test");
  await rm(state, { recursive: true });
});

function secondaryAddresses(): string[] {
  return emulator.control
    .state()
    .networkInterfaces.flatMap((eni) => eni.PrivateIpSets.PrivateIpSet)
    .filter((address) => address.Primary !== true)
    .map((address) => address.PrivateIpAddress);
}

test("up assigns the addresses of the program, and destroy leaves the ENI as it was", async () => {
  const { outputs } = await stack.up();
  expect(outputs.assigned.value).toEqual(wanted);
  expect(secondaryAddresses()).toEqual(wanted);
  await stack.destroy();
  expect(secondaryAddresses()).toEqual([]);
});

test("up with a refresh restores what was removed, also if an answer is lost", async () => {
  await stack.up();
  emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: eniId, PrivateIpSets: { PrivateIpSet: [] } }],
  });
  emulator.control.addFault({ action: "AssignPrivateIpAddresses", effect: { drop: "after" } });
  await stack.up({ refresh: true });
  expect(secondaryAddresses()).toEqual(wanted);
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { attachedWorldWith, eniId, secondaryAddresses } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;

afterEach(async () => {
  project.remove();
  await emulator.close();
});

test("an up that meets a primary ENI whose instance is restarting waits for it, and says so", async () => {
  emulator = await startEmulator({ seed: attachedWorldWith([], { Type: "Primary" }) });
  project = await PulumiProject.create(emulator);
  project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] } });
  // The transition begins when the provider first asks, however long the engine took to start.
  emulator.control.addFault({
    action: "DescribeInstanceStatus",
    effect: {
      patch: {
        instances: [
          { InstanceId: "i-1", Status: "Starting", StatusTransition: { to: "Running", afterMs: 1500 } },
        ],
      },
    },
  });
  const { output } = await project.up();
  expect(output).toContain(
    `instance i-1, whose primary ENI is ${eniId}, is Starting; waiting until it is Running or Stopped`,
  );
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

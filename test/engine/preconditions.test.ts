import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { attachedWorldWith, eniId, secondaryAddresses } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;

afterEach(async () => {
  project.remove();
  await emulator.close();
});

test("up: instance of a primary ENI is Starting, waits until it is Running and prints the wait", async () => {
  emulator = await startEmulator({ seed: attachedWorldWith([], { Type: "Primary" }) });
  project = await PulumiProject.create(emulator);
  project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] } });
  // The transition starts with the provider's first status read, not with the engine.
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

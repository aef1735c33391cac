import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eniId, worldWith } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;

afterEach(async () => {
  project.remove();
  await emulator.close();
});

test("up: DEBUG is set, the trace appears in the diagnostics", async () => {
  emulator = await startEmulator({ seed: worldWith() });
  project = await PulumiProject.create(emulator, { DEBUG: "alicloud-secondary-ips:*" });
  project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] } });
  const { stdout } = await project.up();
  const diagnostics = stdout.slice(stdout.indexOf("Diagnostics:"));
  expect(diagnostics).toMatch(
    /alicloud-secondary-ips:calls AssignPrivateIpAddresses eni-edge 10\.0\.1\.20, attempt 1: ok, \d+ ms, RequestId /,
  );
  expect(diagnostics).toContain("alicloud-secondary-ips:rounds ");
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import type { RunningPlugin } from "../../provider/src/plugin/server";
import { eniId, environmentFor, secondaryAddresses, worldWith } from "../support/eni-world";
import { startPluginHere } from "../support/plugin-host";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let plugin: RunningPlugin;
let project: PulumiProject;

beforeEach(async () => {
  emulator = await startEmulator({ seed: worldWith() });
  plugin = await startPluginHere(environmentFor(emulator));
  // With these keys, a plugin that the engine starts could do nothing.
  project = await PulumiProject.create(emulator, {
    PULUMI_DEBUG_PROVIDERS: `alicloud-secondary-ips:${plugin.port}`,
    ALICLOUD_ACCESS_KEY: "unknown",
  });
});
afterEach(async () => {
  await plugin.stop();
  project.remove();
  await emulator.close();
});

test("PULUMI_DEBUG_PROVIDERS: one running plugin serves an up and a destroy, with its messages", async () => {
  project.declare({ name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] } });
  const { output } = await project.up();
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
  expect(project.messagesIn(output)).toContain(`edge: ${eniId}: assign 10.0.1.20, 1 call, peak 1 of 49`);
  await project.destroy();
  expect(secondaryAddresses(emulator)).toEqual([]);
});

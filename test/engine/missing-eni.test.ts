import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eniId, otherEniId, twoEnis } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { PulumiProject } from "../support/pulumi-project";

/* The ways out that the error of a missing ENI names, followed to their ends. */

let emulator: Emulator;
let project: PulumiProject;

function declare(ofExplicit: Record<string, unknown> = {}): void {
  project.declare(
    { name: "edge", args: { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20"] } },
    {
      name: "explicit",
      args: { networkInterfaceId: otherEniId, privateIpAddresses: ["10.0.1.30"] },
      provider: { name: "there", args: ofExplicit },
    },
  );
}

beforeEach(async () => {
  emulator = await startEmulator({ seed: twoEnis() });
  project = await PulumiProject.create(emulator);
  declare();
  await project.up();
  // Both ENIs are deleted, and the permissions that could show it are refused.
  emulator.control.putState({});
  for (const action of ["GetCallerIdentity", "DescribeVSwitches"])
    disturb(emulator, action, failure(403, "Forbidden.RAM"), { times: forever });
  for (const command of ["refresh", "destroy"]) {
    const { exitCode, output } = await project.run(command, "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/is not found in region cn-hangzhou, and nothing shows that it is deleted/);
  }
});
afterEach(async () => {
  project.remove();
  await emulator.close();
});

test("pulumi state delete URN: the next destroy succeeds", async () => {
  for (const { urn } of await project.resources()) await project.succeeds("state", "delete", urn, "--yes");
  await project.destroy();
  expect(await project.resources()).toEqual([]);
});

test.each(["refresh", "destroy"])(
  "missingEniIsGone: %s --run-program drops the resources, of an explicit provider as well",
  async (command) => {
    await project.succeeds("config", "set", "alicloud-secondary-ips:missingEniIsGone", "true");
    // An explicit provider of the plugin does not read the stack's configuration.
    if (project.adaptor === "native") declare({ missingEniIsGone: true });
    await project.succeeds(command, "--run-program", "--yes", "--skip-preview");
    expect(await project.resources()).toEqual([]);
  },
);

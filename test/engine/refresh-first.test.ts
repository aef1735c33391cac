import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eniId, privateIpSets, secondaryAddresses, world, writes } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";

let emulator: Emulator;
let project: PulumiProject;
beforeEach(async () => {
  emulator = await startEmulator({
    seed: world({}, { NetworkInterfaceId: "eni-other", PrivateIpAddress: "10.0.1.11" }),
  });
  project = await PulumiProject.create(emulator, { ALICLOUD_SECONDARY_IPS_PACE: "0.1" });
});
afterEach(async () => {
  project.remove();
  await emulator.close();
});

const resource = (name: string, args: Record<string, unknown>) => ({
  name,
  args: { networkInterfaceId: eniId, ...args },
});

// The refresh and the operations after it run in one provider process. The refresh diffs against the old inputs.

test("up --refresh: no drift, a shorter list and a smaller count, unassigns the rest", async () => {
  project.declare(
    resource("edge", { privateIpAddresses: ["10.0.1.20", "10.0.1.21"] }),
    resource("pool", { networkInterfaceId: "eni-other", secondaryPrivateIpAddressCount: 3 }),
  );
  await project.up();
  project.declare(
    resource("edge", { privateIpAddresses: ["10.0.1.20"] }),
    resource("pool", { networkInterfaceId: "eni-other", secondaryPrivateIpAddressCount: 1 }),
  );
  await project.up("--refresh");
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
  expect(secondaryAddresses(emulator, "eni-other")).toHaveLength(1);
});

test("up --refresh: an address added outside Pulumi, the preview shows its removal and up unassigns it", async () => {
  project.declare(resource("edge", { privateIpAddresses: ["10.0.1.20"] }));
  await project.up();
  emulator.control.patchState({
    networkInterfaces: [
      { NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(["10.0.1.20", "10.0.1.99"]) },
    ],
  });
  const { output } = await project.succeeds("preview", "--refresh");
  expect(output).toContain(`edge: ${eniId}: unassign 10.0.1.99, 1 call`);
  await project.up("--refresh");
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
});

test("up --refresh: an address moves and a resource is removed, both ENIs hold their lists", async () => {
  const additive = { ownership: "additive" };
  project.declare(
    resource("edge", { privateIpAddresses: ["10.0.1.20", "10.0.1.21"], ...additive }),
    resource("old", { privateIpAddresses: ["10.0.1.30"], ...additive }),
    resource("other", { networkInterfaceId: "eni-other", privateIpAddresses: [] }),
  );
  await project.up();
  project.declare(
    resource("edge", { privateIpAddresses: ["10.0.1.20"], ...additive }),
    resource("other", { networkInterfaceId: "eni-other", privateIpAddresses: ["10.0.1.21"] }),
  );
  await project.up("--refresh");
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
  expect(secondaryAddresses(emulator, "eni-other")).toEqual(["10.0.1.21"]);
});

test("up --refresh: networkInterfaceId changes, then the name, no address is lost", async () => {
  project.declare(resource("edge", { privateIpAddresses: ["10.0.1.30"] }));
  await project.up();
  project.declare(resource("edge", { networkInterfaceId: "eni-other", privateIpAddresses: ["10.0.1.30"] }));
  await project.up("--refresh");
  expect(secondaryAddresses(emulator)).toEqual([]);
  expect(secondaryAddresses(emulator, "eni-other")).toEqual(["10.0.1.30"]);
  emulator.control.clearCalls();
  project.declare(
    resource("renamed", { networkInterfaceId: "eni-other", privateIpAddresses: ["10.0.1.30"] }),
  );
  await project.up("--refresh");
  expect(writes(emulator)).toEqual([]);
  expect(secondaryAddresses(emulator, "eni-other")).toEqual(["10.0.1.30"]);
});

test.each([
  ["a list", { privateIpAddresses: ["10.0.1.20", "10.0.1.21"] }],
  ["a count", { secondaryPrivateIpAddressCount: 2 }],
])("destroy --refresh: %s renamed by alias, unassigns all addresses", async (_of, args) => {
  project.declare(resource("edge", args));
  await project.up();
  project.declare({ ...resource("renamed", args), opts: { aliases: [{ name: "edge" }] } });
  await project.up();
  expect(secondaryAddresses(emulator)).toHaveLength(2);
  await project.destroy("--refresh");
  expect(secondaryAddresses(emulator)).toEqual([]);
});

test.each([[[]], [["--run-program"]]])(
  "destroy --refresh: options %j and two resources share an address, unassigns all addresses",
  async (options) => {
    const additive = { ownership: "additive" };
    project.declare(
      resource("edge", { privateIpAddresses: ["10.0.1.20", "10.0.1.21"], ...additive }),
      resource("core", { privateIpAddresses: ["10.0.1.21"], ...additive }),
      resource("pool", { networkInterfaceId: "eni-other", secondaryPrivateIpAddressCount: 2 }),
    );
    await project.up();
    await project.destroy("--refresh", ...options);
    expect(secondaryAddresses(emulator)).toEqual([]);
    expect(secondaryAddresses(emulator, "eni-other")).toEqual([]);
  },
);

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
  expect(project.messagesIn(output)).toContain(`edge: ${eniId}: unassign 10.0.1.99, 1 call`);
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

describe("refresh after up: nothing changes, and the state stays as it is", () => {
  const quiet = async () => {
    for (const command of [
      ["refresh", "--yes", "--expect-no-changes"],
      ["preview", "--expect-no-changes"],
      ["up", "--yes", "--skip-preview", "--expect-no-changes"],
      ["up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes"],
      ["refresh", "--yes", "--expect-no-changes"],
    ])
      await project.succeeds(...command);
  };
  /** What the state records, without the engine's time stamps. */
  const recorded = async () =>
    Object.fromEntries(
      (await project.resources()).map(({ urn, inputs, outputs }) => [
        urn.replace(/.*::/, ""),
        { inputs, outputs },
      ]),
    );

  test("a program with nothing but get, drift is shown once", async () => {
    const Ipv4PrefixSets = { Ipv4PrefixSet: [{ Ipv4Prefix: "10.0.1.32/28" }] };
    const networkInterfaces = (addresses: string[]) => [
      { NetworkInterfaceId: eniId, PrivateIpSets: privateIpSets(addresses), Ipv4PrefixSets },
    ];
    emulator.control.patchState({ networkInterfaces: networkInterfaces(["10.0.1.20"]) });
    project.declare(
      { name: "found", get: eniId, region: "cn-hangzhou" },
      { name: "other", get: "eni-other" },
    );
    await project.up();
    const before = await recorded();
    await quiet();
    expect(await recorded()).toEqual(before);

    emulator.control.patchState({ networkInterfaces: networkInterfaces(["10.0.1.20", "10.0.1.99"]) });
    await project.fails("refresh", "--yes", "--expect-no-changes");
    expect((await recorded()).found?.outputs).toMatchObject({
      privateIpAddresses: ["10.0.1.20", "10.0.1.99"],
      ipv4Prefixes: ["10.0.1.32/28"],
    });
    await quiet();
  });

  test("resources of every mode and ownership beside get", async () => {
    const enis = ["eni-a", "eni-b", "eni-c", "eni-d"];
    emulator.control.putState(
      world(
        {},
        ...["eni-other", ...enis].map((NetworkInterfaceId, index) => ({
          NetworkInterfaceId,
          PrivateIpAddress: `10.0.1.${11 + index}`,
        })),
      ),
    );
    const [a, b, c, d] = enis;
    const additive = { ownership: "additive" };
    project.declare(
      resource("list", { privateIpAddresses: ["10.0.1.220", "10.0.1.9"] }),
      resource("count", { networkInterfaceId: a, secondaryPrivateIpAddressCount: 2, ownership: "exclusive" }),
      resource("prefixes", {
        networkInterfaceId: b,
        ipv4Prefixes: ["10.0.1.128/28", "10.0.1.64/28"],
        unassignOnCreate: ["10.0.1.192/28", "10.0.1.176/28"],
      }),
      resource("prefix-count", { networkInterfaceId: c, ipv4PrefixCount: 2, allowUnassignWithEip: false }),
      resource("one", { networkInterfaceId: d, privateIpAddresses: ["10.0.1.230", "10.0.1.8"], ...additive }),
      resource("two", {
        networkInterfaceId: d,
        ipv4Prefixes: ["10.0.1.160/28", "10.0.1.144/28"],
        ...additive,
      }),
      { name: "found", get: "eni-other" },
    );
    await project.up();
    const before = await recorded();
    expect(before.list?.inputs.privateIpAddresses).toEqual(["10.0.1.220", "10.0.1.9"]);
    await quiet();
    expect(await recorded()).toEqual(before);
  });

  test("a list in another order and an option written out, no diff and no call", async () => {
    project.declare(resource("edge", { privateIpAddresses: ["10.0.1.100", "10.0.1.9"] }));
    await project.up();
    emulator.control.clearCalls();
    project.declare(
      resource("edge", { privateIpAddresses: ["10.0.1.9", "10.0.1.100"], ownership: "exclusive" }),
    );
    await project.succeeds("preview", "--expect-no-changes");
    await project.succeeds("up", "--yes", "--skip-preview", "--expect-no-changes");
    const before = await recorded();
    await quiet();
    expect(writes(emulator)).toEqual([]);
    expect(await recorded()).toEqual(before);
  });
});

import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import path from "node:path";
import { eniId, primaryAddress, region, secondaryAddresses, worldWith, writes } from "../support/eni-world";
import { PulumiProject } from "../support/pulumi-project";

const repository = path.resolve(__dirname, "../..");

let emulator: Emulator;
let project: PulumiProject;

afterEach(async () => {
  project.remove();
  await emulator.close();
});

async function open(example: string, seed = worldWith()): Promise<void> {
  emulator = await startEmulator({ seed });
  project = await PulumiProject.open(path.join(repository, example), emulator);
}

describe("quick start at the root of the repository", () => {
  beforeEach(() => open("."));

  test("configuration is incomplete, preview fails and names the missing key without a stack trace", async () => {
    const first = await project.fails("preview");
    expect(first.output).toContain(
      "networkInterfaceId is not configured: run `pulumi config set networkInterfaceId eni-…`",
    );
    expect(first.output).not.toContain("    at ");
    await project.succeeds("config", "set", "networkInterfaceId", eniId);
    const second = await project.fails("preview");
    expect(second.output).toContain(
      "privateIpAddresses is not configured: run `pulumi config set --path 'privateIpAddresses[0]' 10.0.1.20`",
    );
  });

  test("up and destroy, the addresses are assigned and unassigned", async () => {
    await project.succeeds("config", "set", "networkInterfaceId", eniId);
    await project.succeeds("config", "set", "--path", "privateIpAddresses[0]", "10.0.1.20");
    await project.succeeds("config", "set", "--path", "privateIpAddresses[1]", "10.0.1.21");
    await project.up();
    expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20", "10.0.1.21"]);
    expect(JSON.parse((await project.succeeds("stack", "output", "--json")).stdout)).toEqual({
      assigned: ["10.0.1.20", "10.0.1.21"],
      primary: primaryAddress,
      unmanaged: [],
    });
    await project.destroy();
    expect(secondaryAddresses(emulator)).toEqual([]);
  });
});

test("example random-pool: a second up, keeps the random addresses of the first one", async () => {
  await open("examples/random-pool");
  await project.succeeds("config", "set", "networkInterfaceId", eniId);
  const preview = await project.succeeds("preview");
  expect(preview.output).not.toContain("error");
  await project.up();
  const drawn = secondaryAddresses(emulator);
  expect(new Set(drawn).size).toBe(5);
  expect(drawn.every((address) => /^10\.0\.1\.1\d\d$/.test(address))).toBe(true);
  const outputs = JSON.parse((await project.succeeds("stack", "output", "--json")).stdout) as {
    name: string;
    assigned: string[];
  };
  expect(outputs.name).toMatch(/^[a-z]+-[a-z]+$/);
  expect([...outputs.assigned].sort()).toEqual([...drawn].sort());

  emulator.control.clearCalls();
  const second = await project.succeeds("up", "--yes");
  expect(second.stdout).toContain("4 unchanged");
  expect(writes(emulator)).toEqual([]);
  expect(secondaryAddresses(emulator)).toEqual(drawn);
  await project.destroy();
  expect(secondaryAddresses(emulator)).toEqual([]);
});

test("example two-regions: up and destroy, change one ENI in each region", async () => {
  const seed = worldWith();
  const thereRegion = "cn-shanghai";
  await open("examples/two-regions", {
    ...seed,
    networkInterfaces: [
      ...(seed.networkInterfaces ?? []),
      { NetworkInterfaceId: "eni-there", RegionId: thereRegion },
    ],
  });
  const configuration = { networkInterfaceId: eniId, thereNetworkInterfaceId: "eni-there", thereRegion };
  for (const [key, value] of Object.entries(configuration))
    await project.succeeds("config", "set", key, value);
  for (const key of ["thereAccessKey", "thereSecretKey"])
    await project.succeeds("config", "set", "--secret", key, "test");
  await project.succeeds("config", "set", "--path", "privateIpAddresses[0]", "10.0.1.20");
  await project.succeeds("config", "set", "--path", "therePrivateIpAddresses[0]", "10.0.0.30");
  await project.up();
  expect(secondaryAddresses(emulator)).toEqual(["10.0.1.20"]);
  expect(secondaryAddresses(emulator, "eni-there")).toEqual(["10.0.0.30"]);
  expect(JSON.parse((await project.succeeds("stack", "output", "--json")).stdout)).toEqual({
    assigned: { here: ["10.0.1.20"], there: ["10.0.0.30"] },
    regions: { here: region, there: thereRegion },
  });
  await project.destroy();
  expect(secondaryAddresses(emulator)).toEqual([]);
  expect(secondaryAddresses(emulator, "eni-there")).toEqual([]);
});

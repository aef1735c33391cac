import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import type { NetworkInterface } from "../../provider/src/ecs/port";
import { QuotaReader } from "../../provider/src/ecs/optional-facts";
import { Deadline } from "../../provider/src/shared/deadline";
import { ecsAt, patient } from "../support/ecs-client";
import { actions, region } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";

let emulator: Emulator;
let reader: QuotaReader;
let enis: readonly NetworkInterface[];
const announced: string[] = [];

/** More instances than one page of DescribeInstances holds. */
const count = 120;

beforeEach(async () => {
  emulator = await startEmulator({ seed: attachedWorld() });
  const ecs = ecsAt(emulator.url);
  announced.length = 0;
  reader = new QuotaReader(ecs, (message) => announced.push(message));
  const query = { vpcId: undefined, pageSize: 500, nextToken: undefined };
  enis = (await ecs.describeNetworkInterfaces(query, patient())).networkInterfaces;
  emulator.control.clearCalls();
});
afterEach(() => emulator.close());

const names = (prefix: string) =>
  Array.from({ length: count }, (_unused, number) => `${prefix}-${String(number).padStart(3, "0")}`);

/** A world with `count` instances in vpc-1, each with an ENI (eni-000, eni-001, …), and eni-far on one in vpc-2. */
function attachedWorld() {
  const instance = (InstanceId: string, vpc: string, InstanceType: string) => ({
    InstanceId,
    RegionId: region,
    InstanceType,
    VpcAttributes: { VpcId: `vpc-${vpc}`, VSwitchId: `vsw-${vpc}` },
  });
  const eni = (NetworkInterfaceId: string, InstanceId: string, vpc: string) => ({
    NetworkInterfaceId,
    InstanceId,
    Status: "InUse" as const,
    VSwitchId: `vsw-${vpc}`,
  });
  const ids = names("i");
  return {
    vpcs: ["1", "2"].map((vpc) => ({ VpcId: `vpc-${vpc}`, RegionId: region, CidrBlock: "10.0.0.0/16" })),
    vSwitches: ["1", "2"].map((vpc) => ({
      VSwitchId: `vsw-${vpc}`,
      VpcId: `vpc-${vpc}`,
      RegionId: region,
      CidrBlock: "10.0.0.0/16",
    })),
    instances: [
      ...ids.map((id) => instance(id, "1", "ecs.g6.large")),
      instance("i-far", "2", "ecs.g6.4xlarge"),
    ],
    networkInterfaces: [
      ...names("eni").map((id, index) => eni(id, ids[index] ?? "", "1")),
      eni("eni-far", "i-far", "2"),
      { NetworkInterfaceId: "eni-free", VSwitchId: "vsw-1" },
    ],
  };
}

function eniOf(id: string): NetworkInterface {
  const found = enis.find((eni) => eni.id === id);
  if (found === undefined) throw new Error(`the emulator has no ${id}`);
  return found;
}

/** Reads the capacity of an ENI and returns it. */
async function learn(id: string): Promise<number | undefined> {
  await reader.learn(eniOf(id), Deadline.after(20_000));
  return reader.remembered(eniOf(id));
}

/** Each call: a page of instances, one instance, or a type. */
function requests(): string[] {
  return emulator.control.calls().map(({ action, params }) => {
    if (action === "DescribeInstanceTypes") return `type ${params["InstanceTypes.1"]}`;
    if (params.InstanceIds !== undefined) return `instances ${params.InstanceIds}`;
    return `${params.NextToken === undefined ? "first" : "next"} page of ${params.VpcId}`;
  });
}

test("learn: one ENI several times, reads its instance and its type once", async () => {
  // The type allows 6 addresses, the primary one among them.
  expect(await learn("eni-000")).toBe(5);
  expect(await learn("eni-000")).toBe(5);
  expect(requests()).toEqual(['instances ["i-000"]', "type ecs.g6.large"]);
});

test("learn: a second ENI, reads all instances of the VPC page by page", async () => {
  for (const id of names("eni")) expect(await learn(id)).toBe(5);
  expect(requests()).toEqual([
    'instances ["i-000"]',
    "type ecs.g6.large",
    "first page of vpc-1",
    "next page of vpc-1",
  ]);
});

test("learn: an instance of another VPC, reads a page of this VPC and the type", async () => {
  expect(await learn("eni-000")).toBe(5);
  expect(await learn("eni-far")).toBe(19);
  expect(requests()).toEqual([
    'instances ["i-000"]',
    "type ecs.g6.large",
    "first page of vpc-2",
    "type ecs.g6.4xlarge",
  ]);
});

test("learn: an ENI without an instance, makes no call", async () => {
  expect(await learn("eni-free")).toBe(49);
  expect(actions(emulator)).toEqual([]);
});

test("learn: a page is forbidden, prints this once and makes no further call", async () => {
  expect(await learn("eni-000")).toBe(5);
  disturb(emulator, "DescribeInstances", failure(403, "Forbidden.RAM"), { times: forever });
  expect(await learn("eni-001")).toBeUndefined();
  expect(await learn("eni-002")).toBeUndefined();
  expect(requests()).toHaveLength(3);
  expect(announced).toEqual([expect.stringContaining("DescribeInstances: Forbidden.RAM")]);
});

test("learn: concurrent reads are forbidden, prints this once", async () => {
  disturb(emulator, "DescribeInstances", failure(403, "Forbidden.RAM"), { times: forever });
  await Promise.all([learn("eni-000"), learn("eni-001")]);
  expect(announced).toHaveLength(1);
});

describe("learnAgain:", () => {
  const learnAgain = (id: string, ms = 20_000) => reader.learnAgain(eniOf(id), Deadline.after(ms));

  test("the instance has another type by now, its capacity is known afterwards", async () => {
    expect(await learn("eni-000")).toBe(5);
    emulator.control.patchState({ instances: [{ InstanceId: "i-000", InstanceType: "ecs.g6.4xlarge" }] });
    expect(await learn("eni-000")).toBe(5);
    await learnAgain("eni-000");
    expect(reader.remembered(eniOf("eni-000"))).toBe(19);
    // The other instances and the type that is known are not read again.
    await learnAgain("eni-000");
    expect(requests().slice(2)).toEqual([
      'instances ["i-000"]',
      "type ecs.g6.4xlarge",
      'instances ["i-000"]',
    ]);
  });

  test("it is forbidden, makes no further call", async () => {
    disturb(emulator, "DescribeInstances", failure(403, "Forbidden.RAM"), { times: forever });
    await learnAgain("eni-000");
    await learnAgain("eni-000");
    expect(requests()).toHaveLength(1);
    expect(announced).toHaveLength(1);
  });

  test("an earlier read had no answer, reads again, and later reads follow", async () => {
    disturb(emulator, "DescribeInstances", { hang: true });
    await reader.learn(eniOf("eni-000"), Deadline.after(200));
    expect(await learn("eni-000")).toBeUndefined();
    await learnAgain("eni-000");
    expect(reader.remembered(eniOf("eni-000"))).toBe(5);
    expect(await learn("eni-far")).toBe(19);
    expect(announced).toHaveLength(1);
  });

  test("it fails, the remembered capacity is not used any more", async () => {
    expect(await learn("eni-000")).toBe(5);
    disturb(emulator, "DescribeInstances", failure(403, "Forbidden.RAM"));
    await learnAgain("eni-000");
    expect(reader.remembered(eniOf("eni-000"))).toBeUndefined();
  });
});

test.each(["Attaching", "Detaching", "Deleting"])(
  "remembered: the ENI is %s, is not known",
  async (status) => {
    expect(await learn("eni-000")).toBe(5);
    expect(reader.remembered({ ...eniOf("eni-000"), status })).toBeUndefined();
  },
);

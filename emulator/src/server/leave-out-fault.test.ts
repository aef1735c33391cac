import type { FaultRule } from "./faults";
import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const region = { RegionId: "cn-hangzhou" };
const emulator = new EmulatorOnManualClock({
  seed: {
    networkInterfaces: ["eni-1", "eni-2"].map((NetworkInterfaceId, index) => ({
      NetworkInterfaceId,
      PrivateIpAddress: `10.0.0.${index + 1}`,
      PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: `10.0.0.${index + 11}` }] },
    })),
  },
});
beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.clearFaults();
});

type Effect = Extract<FaultRule["effect"], { leaveOut: unknown }>["leaveOut"];

function leaveOut(part: Effect, rule: Partial<FaultRule> = {}): void {
  emulator.control.addFault({ action: "DescribeNetworkInterfaces", effect: { leaveOut: part }, ...rule });
}

async function read(...ids: readonly string[]): Promise<unknown[]> {
  const named = Object.fromEntries(ids.map((id, index) => [`NetworkInterfaceId.${index + 1}`, id]));
  const { body } = await emulator.call("DescribeNetworkInterfaces", { ...region, ...named });
  return [...body.NetworkInterfaceSets.NetworkInterfaceSet];
}

async function readIds(...ids: readonly string[]): Promise<unknown[]> {
  return (await read(...ids)).map((eni) => (eni as { NetworkInterfaceId: string }).NetworkInterfaceId);
}

const primary = { PrivateIpAddress: "10.0.0.1", Primary: true, AssociatedPublicIp: {} };
const secondary = { PrivateIpAddress: "10.0.0.11", Primary: false, AssociatedPublicIp: {} };

test.each([
  ["PrivateIpSets", { PrivateIpSets: undefined, PrivateIpAddress: "10.0.0.1" }],
  ["primaryAddress", { PrivateIpSets: { PrivateIpSet: [secondary] }, PrivateIpAddress: undefined }],
  ["secondaryAddresses", { PrivateIpSets: { PrivateIpSet: [primary] }, PrivateIpAddress: "10.0.0.1" }],
  ["Ipv4PrefixSets", { Ipv4PrefixSets: undefined }],
  ["OwnerId", { OwnerId: undefined }],
] as const)("an answer without %s", async (part, expected) => {
  const attribute = async () => {
    const params = { ...region, NetworkInterfaceId: "eni-1" };
    const { body } = await emulator.call("DescribeNetworkInterfaceAttribute", params);
    return { ...body, RequestId: "" };
  };
  const [before] = await read("eni-1");
  const attributeBefore = await attribute();
  leaveOut(part, { action: "*", times: 2 });
  expect(await read("eni-1")).toEqual([{ ...(before as object), ...expected }]);
  expect(await attribute()).toEqual({ ...attributeBefore, ...expected });
  expect(await read("eni-1")).toEqual([before]);
});

test("an ENI that is left out is missing in the list, and unknown to the other operation", async () => {
  leaveOut("networkInterface", { action: "*", match: { networkInterfaceId: "eni-1" }, times: 2 });
  expect(await readIds()).toEqual(["eni-2"]);
  const attribute = { ...region, NetworkInterfaceId: "eni-1" };
  expect(await emulator.call("DescribeNetworkInterfaceAttribute", attribute)).toMatchObject({
    status: 404,
    body: { Code: "InvalidEniId.NotFound" },
  });
  expect(await readIds()).toEqual(["eni-1", "eni-2"]);
});

test("answers count that show the ENI, whether or not the call names it", async () => {
  leaveOut("networkInterface", { match: { networkInterfaceId: "eni-1" }, skip: 1 });
  expect(await readIds("eni-2")).toEqual(["eni-2"]);
  expect(await readIds("eni-1")).toEqual(["eni-1"]);
  expect(await readIds("eni-2")).toEqual(["eni-2"]);
  expect(await readIds()).toEqual(["eni-2"]);
  expect(emulator.control.faults()).toEqual([]);
});

test("without a match every ENI of the answer is concerned; an empty answer uses nothing up", async () => {
  leaveOut("OwnerId");
  expect(await read("eni-9")).toEqual([]);
  for (const eni of await read()) expect(eni).not.toHaveProperty("OwnerId");
  for (const eni of await read()) expect(eni).toHaveProperty("OwnerId");
});

test("several rules concern one answer, and a rule for calls disturbs it as well", async () => {
  leaveOut("networkInterface", { match: { networkInterfaceId: "eni-2" } });
  leaveOut("PrivateIpSets", { match: { networkInterfaceId: "eni-1" } });
  emulator.control.addFault({ action: "DescribeNetworkInterfaces", effect: { drop: "after" } });
  await expect(read()).rejects.toThrow();
  const left = await read();
  expect(left).toMatchObject([{ NetworkInterfaceId: "eni-1" }]);
  expect(left[0]).not.toHaveProperty("PrivateIpSets");
});

test.each([
  [{ action: "*", effect: { leaveOut: "Status" } }, /^effect: .*PART one of networkInterface, PrivateIpSets/],
  [{ action: "*", effect: { leaveOut: ["OwnerId"] } }, /^effect: /],
  [{ action: "AssignPrivateIpAddresses", effect: { leaveOut: "OwnerId" } }, /^action: must be \*, Describe/],
])("the rule %j is refused", (rule, message) => {
  expect(() => {
    emulator.control.addFault(rule as FaultRule);
  }).toThrow(message);
});

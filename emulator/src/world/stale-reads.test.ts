import type { FaultRule } from "../server/faults";
import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const emulator = new EmulatorOnManualClock();
const { clock } = emulator;
const region = { RegionId: "cn-hangzhou" };

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.clearFaults();
  emulator.control.setBehaviour({ batch: "atomic", latencyMs: 0 });
  emulator.control.putState({
    networkInterfaces: [
      { NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.0.1" },
      { NetworkInterfaceId: "eni-2", PrivateIpAddress: "10.0.0.2" },
    ],
  });
});

function lag(action: string, staleReads: number, rule: Partial<FaultRule> = {}): void {
  emulator.control.addFault({ action, effect: { staleReads }, ...rule });
}

function write(verb: "Assign" | "Unassign", eniId: string, ...octets: number[]) {
  return emulator.call(`${verb}PrivateIpAddresses`, {
    ...region,
    NetworkInterfaceId: eniId,
    ...Object.fromEntries(octets.map((octet, index) => [`PrivateIpAddress.${index + 1}`, `10.0.0.${octet}`])),
  });
}
const assign = (eniId: string, ...octets: number[]) => write("Assign", eniId, ...octets);

/** What a read shows: the last octets of each ENI's addresses. */
async function read(params: Record<string, string> = {}): Promise<Record<string, number[]>> {
  const { body } = await emulator.call("DescribeNetworkInterfaces", { ...region, ...params });
  return Object.fromEntries(
    body.NetworkInterfaceSets.NetworkInterfaceSet.map((eni) => [
      eni.NetworkInterfaceId,
      (eni.PrivateIpSets.PrivateIpSet as { PrivateIpAddress: string }[]).map((ip) =>
        Number(ip.PrivateIpAddress.split(".")[3]),
      ),
    ]),
  );
}
const eni1 = { "NetworkInterfaceId.1": "eni-1" };
const eni2 = { "NetworkInterfaceId.1": "eni-2" };

describe("do not begin", () => {
  test.each([
    ["bad parameters", () => assign("eni-1"), "MissingParameter"],
    ["an ENI that is being written to", () => assign("eni-1", 51), "Operation.Conflict"],
  ])("with a call that was not carried out for %s", async (_, call, code) => {
    emulator.control.setBehaviour({ latencyMs: 1000 });
    const running = assign("eni-1", 50);
    await emulator.untilACallWaits();
    lag("AssignPrivateIpAddresses", 1);
    expect((await call()).body.Code).toBe(code);
    emulator.control.setBehaviour({ latencyMs: 0 });
    clock.advance(1000);
    await running;
    await assign("eni-1", 60);
    expect(await read(eni1)).toEqual({ "eni-1": [1, 50, 60] });
  });

  test("with a repetition by ClientToken, which does nothing", async () => {
    const params = { ...region, NetworkInterfaceId: "eni-1", "PrivateIpAddress.1": "10.0.0.50" };
    const once = () => emulator.call("AssignPrivateIpAddresses", { ...params, ClientToken: "token-1" });
    await once();
    lag("AssignPrivateIpAddresses", 1);
    await once();
    await assign("eni-1", 51);
    expect(await read(eni1)).toEqual({ "eni-1": [1, 50, 51] });
  });

  test("before the call has its effect", async () => {
    lag("AssignPrivateIpAddresses", 1);
    emulator.control.setBehaviour({ latencyMs: 1000 });
    const running = assign("eni-1", 50);
    await emulator.untilACallWaits();
    emulator.control.setBehaviour({ latencyMs: 0 });
    expect(await read(eni1)).toEqual({ "eni-1": [1] });
    clock.advance(1000);
    await running;
    expect(await read(eni1)).toEqual({ "eni-1": [1] });
    expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
  });
});

describe("are not used up", () => {
  beforeEach(async () => {
    lag("AssignPrivateIpAddresses", 1);
    await assign("eni-1", 50);
  });
  afterEach(async () => {
    expect(await read(eni1)).toEqual({ "eni-1": [1] });
    expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
  });

  test("by an answer without the ENI", async () => {
    expect(await read(eni2)).toEqual({ "eni-2": [2] });
    expect(await read({ "NetworkInterfaceId.1": "eni-9" })).toEqual({});
  });

  test("by a page that the ENI is not on", async () => {
    await emulator.call("DescribeNetworkInterfaces", { ...region, PageNumber: 2 });
  });

  test("by a read that is refused", async () => {
    await emulator.call("DescribeNetworkInterfaces", { ...region, ...eni1, Type: "Tertiary" });
    emulator.control.addFault({
      action: "DescribeNetworkInterfaces",
      effect: { error: { status: 503, code: "ServiceUnavailable", message: "no" } },
    });
    await emulator.call("DescribeNetworkInterfaces", { ...region, ...eni1 });
  });

  test("by the control API, which tells the truth", () => {
    expect(emulator.control.state().networkInterfaces[0]?.PrivateIpSets.PrivateIpSet).toHaveLength(2);
  });

  test("by writes, which meet the world as it is", async () => {
    expect((await assign("eni-2", 50)).body.Code).toBe("InvalidPrivateIpAddress.Duplicated");
  });
});

test("the given number of answers show the world before the call, then reads are current again", async () => {
  await assign("eni-1", 40);
  lag("UnassignPrivateIpAddresses", 2);
  await write("Unassign", "eni-1", 40);
  expect([await read(eni1), await read(eni1), await read(eni1)]).toEqual([
    { "eni-1": [1, 40] },
    { "eni-1": [1, 40] },
    { "eni-1": [1] },
  ]);
});

test("the whole answer is stale: the other ENIs, the filters, the states and the EIPs", async () => {
  lag("AssignPrivateIpAddresses", 3);
  await assign("eni-1", 50);
  await assign("eni-2", 60);
  emulator.control.patchState({
    networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Detaching" }],
    eips: [{ AllocationId: "eip-1", InstanceId: "eni-1" }],
  });
  expect(await read()).toEqual({ "eni-1": [1], "eni-2": [2] });
  expect(await read({ Status: "Detaching" })).toEqual({});
  const { body } = await emulator.call("DescribeNetworkInterfaces", { ...region, ...eni1 });
  expect(body.NetworkInterfaceSets.NetworkInterfaceSet).toMatchObject([
    { Status: "Available", AssociatedPublicIp: {} },
  ]);
  expect(await read()).toEqual({ "eni-1": [1, 50], "eni-2": [2, 60] });
});

test("time stands still in the world before the call", async () => {
  emulator.control.patchState({
    networkInterfaces: [
      {
        NetworkInterfaceId: "eni-2",
        Status: "Detaching",
        StatusTransition: { to: "Available", afterMs: 500 },
      },
    ],
  });
  lag("AssignPrivateIpAddresses", 1);
  await assign("eni-1", 50);
  clock.advance(500);
  expect(await read({ Status: "Detaching" })).toEqual({});
  expect(await read({ Status: "Detaching", ...eni2 })).toEqual({});
  const { body } = await emulator.call("DescribeNetworkInterfaces", region);
  expect(body.NetworkInterfaceSets.NetworkInterfaceSet[1]).toMatchObject({ Status: "Detaching" });
});

test("a call that names no ENI makes reads of every ENI stale", async () => {
  const { vSwitches } = emulator.control.state();
  lag("CreateNetworkInterface", 2);
  const created = await emulator.call("CreateNetworkInterface", {
    ...region,
    VSwitchId: vSwitches[0]?.VSwitchId ?? "",
    SecurityGroupId: "sg-1",
  });
  const id = created.body.NetworkInterfaceId;
  expect(await read({ "NetworkInterfaceId.1": "eni-9" })).toEqual({});
  expect(await read({ "NetworkInterfaceId.1": id })).toEqual({});
  expect(Object.keys(await read(eni2))).toEqual(["eni-2"]);
  expect(Object.keys(await read({ "NetworkInterfaceId.1": id }))).toEqual([id]);
});

test("an ENI that is gone is still shown", async () => {
  emulator.control.setBehaviour({ transitionMs: 0 });
  lag("DeleteNetworkInterface", 1);
  await emulator.call("DeleteNetworkInterface", { ...region, NetworkInterfaceId: "eni-2" });
  expect(Object.keys(await read())).toEqual(["eni-1", "eni-2"]);
  expect(Object.keys(await read())).toEqual(["eni-1"]);
});

test("part of a batch that ended in an error is not shown either", async () => {
  emulator.control.setBehaviour({ batch: "partial" });
  lag("AssignPrivateIpAddresses", 1);
  expect((await assign("eni-1", 50, 2)).body.Code).toBe("InvalidPrivateIpAddress.Duplicated");
  expect(await read(eni1)).toEqual({ "eni-1": [1] });
  expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
});

test("after a read, the next ones show what it showed", async () => {
  lag("DescribeNetworkInterfaces", 1, { match: { networkInterfaceId: "eni-1" } });
  expect(await read(eni1)).toEqual({ "eni-1": [1] });
  await assign("eni-1", 50);
  expect(await read(eni1)).toEqual({ "eni-1": [1] });
  expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
});

test("of several lags each counts every answer, and the oldest world is shown", async () => {
  lag("AssignPrivateIpAddresses", 2, { times: 2 });
  await assign("eni-1", 50);
  expect(await read(eni1)).toEqual({ "eni-1": [1] });
  await assign("eni-1", 51);
  expect([await read(eni1), await read(eni1), await read(eni1)]).toEqual([
    { "eni-1": [1] },
    { "eni-1": [1, 50] },
    { "eni-1": [1, 50, 51] },
  ]);
});

test("end when the faults are deleted", async () => {
  lag("AssignPrivateIpAddresses", 5);
  await assign("eni-1", 50);
  emulator.control.clearFaults();
  expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
});

test("do not begin after a call that was under way when the faults were deleted", async () => {
  lag("AssignPrivateIpAddresses", 5);
  emulator.control.setBehaviour({ latencyMs: 1000 });
  const running = assign("eni-1", 50);
  await emulator.untilACallWaits();
  emulator.control.clearFaults();
  emulator.control.setBehaviour({ latencyMs: 0 });
  clock.advance(1000);
  await running;
  expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
});

test("end with their world, and are not saved with it", async () => {
  lag("AssignPrivateIpAddresses", 5);
  await assign("eni-1", 50);
  emulator.control.putState(emulator.control.state());
  expect(await read(eni1)).toEqual({ "eni-1": [1, 50] });
});

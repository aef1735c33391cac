import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";
import { SigningClient } from "../testing/signing-client";

const emulator = new EmulatorOnManualClock();
const { clock } = emulator;

beforeAll(() => emulator.start());
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.clearFaults();
  emulator.control.setBehaviour({ latencyMs: 0 });
  emulator.control.putState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] });
  emulator.control.setLimits({});
  emulator.control.clearCalls();
});

const describeEnis = (params: Record<string, string> = {}) =>
  emulator.call("DescribeNetworkInterfaces", { RegionId: "cn-hangzhou", ...params });

/** The answers of a number of reads, one after the other. */
async function codes(calls: number): Promise<(string | undefined)[]> {
  const seen = [];
  for (let call = 0; call < calls; call++) seen.push((await describeEnis()).body.Code);
  return seen;
}

const throttled = "Throttling.User";

test("a call above the limit is refused with the code and the text of the cloud, and is in the log", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 1 } });
  await describeEnis();
  const refused = await describeEnis();
  expect(refused).toMatchObject({
    status: 400,
    body: { Code: throttled, Message: "Request was denied due to user flow control." },
  });
  expect(emulator.control.calls()).toMatchObject([
    { action: "DescribeNetworkInterfaces", status: 200, code: null },
    {
      action: "DescribeNetworkInterfaces",
      status: 400,
      code: throttled,
      requestId: refused.body.RequestId,
    },
  ]);
});

test("a limit of 0 admits nothing, in no window", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 0 } });
  expect(await codes(1)).toEqual([throttled]);
  clock.advance(60_000);
  expect(await codes(1)).toEqual([throttled]);
});

test("a write that is throttled does nothing", async () => {
  emulator.control.setLimits({ AssignPrivateIpAddresses: { perMinute: 0 } });
  const before = emulator.control.state();
  const { body } = await emulator.call("AssignPrivateIpAddresses", {
    RegionId: "cn-hangzhou",
    NetworkInterfaceId: "eni-1",
    "PrivateIpAddress.1": "10.0.0.50",
  });
  expect(body.Code).toBe(throttled);
  expect(emulator.control.state()).toEqual(before);
});

test("a throttled call takes no time, meets no fault, and its parameters are not looked at", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 0 } });
  emulator.control.setBehaviour({ latencyMs: 1000 });
  emulator.control.addFault({ action: "*", effect: { drop: "before" } });
  expect((await describeEnis({ RegionId: "nonsense" })).body.Code).toBe(throttled);
  emulator.control.setLimits({});
  await expect(describeEnis()).rejects.toThrow();
});

test("a call whose signature is wrong does not count", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 1 } });
  const forger = new SigningClient(emulator.url, () => clock.now(), { id: "test", secret: "guess" });
  const forged = await forger.call("DescribeNetworkInterfaces", { RegionId: "cn-hangzhou" });
  expect(forged.body.Code).toBe("SignatureDoesNotMatch");
  expect(await codes(2)).toEqual([undefined, throttled]);
});

test("a throttled call is admitted again in the next minute, and not before", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 2 } });
  clock.advance(59_999);
  expect(await codes(3)).toEqual([undefined, undefined, throttled]);
  clock.advance(1);
  expect(await codes(3)).toEqual([undefined, undefined, throttled]);
  clock.advance(59_999);
  expect(await codes(1)).toEqual([throttled]);
  clock.advance(10 * 60_000);
  expect(await codes(3)).toEqual([undefined, undefined, throttled]);
});

test("a window can be shorter than a minute", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 1, windowMs: 500 } });
  expect(await codes(2)).toEqual([undefined, throttled]);
  clock.advance(500);
  expect(await codes(2)).toEqual([undefined, throttled]);
});

test("other operations and other regions are not affected", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 1 } });
  expect(await codes(2)).toEqual([undefined, throttled]);
  expect((await describeEnis({ RegionId: "cn-beijing" })).status).toBe(200);
  expect((await emulator.call("DescribeInstances", { RegionId: "cn-hangzhou" })).status).toBe(200);
});

test("the operations that two products name alike are counted apart", async () => {
  emulator.control.setLimits({ DescribeVSwitches: { perMinute: 1 } });
  const ask = async (version: string) =>
    (await emulator.call("DescribeVSwitches", { RegionId: "cn-hangzhou" }, { version })).body.Code;
  expect(await ask("2014-05-26")).toBeUndefined();
  expect(await ask("2016-04-28")).toBeUndefined();
  expect(await ask("2014-05-26")).toBe(throttled);
  expect(await ask("2016-04-28")).toBe(throttled);
});

test("setting limits again begins a new window", async () => {
  const limits = { DescribeNetworkInterfaces: { perMinute: 1 } };
  emulator.control.setLimits(limits);
  clock.advance(30_000);
  expect(await codes(2)).toEqual([undefined, throttled]);
  emulator.control.setLimits(limits);
  expect(await codes(2)).toEqual([undefined, throttled]);
  clock.advance(30_000);
  expect(await codes(1)).toEqual([throttled]);
});

test("another world is as limited as the one before", async () => {
  emulator.control.setLimits({ DescribeNetworkInterfaces: { perMinute: 1 } });
  expect(await codes(2)).toEqual([undefined, throttled]);
  emulator.control.putState({});
  expect(await codes(1)).toEqual([throttled]);
});

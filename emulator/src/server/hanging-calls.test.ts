import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const emulator = new EmulatorOnManualClock({
  seed: { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] },
});
const { clock } = emulator;
let over: boolean;

beforeEach(() => {
  over = false;
  return emulator.start();
});
afterEach(() => {
  over = true;
  return emulator.close();
});

const params = {
  RegionId: "cn-hangzhou",
  NetworkInterfaceId: "eni-1",
  "PrivateIpAddress.1": "10.0.0.50",
  ClientToken: "token-1",
};
const assign = (signal?: AbortSignal) =>
  emulator.call("AssignPrivateIpAddresses", params, { ...(signal && { signal }) });
const hang = (done?: boolean) => {
  emulator.control.addFault({
    action: "AssignPrivateIpAddresses",
    effect: { hang: true, ...(done !== undefined && { done }) },
  });
};
const addresses = () =>
  emulator.control
    .state()
    .networkInterfaces.flatMap((eni) => eni.PrivateIpSets.PrivateIpSet)
    .map((ip) => ip.PrivateIpAddress);

/** Waits until the condition holds, or the test's time-out is over: what hangs here must not hang the suite. */
async function until(condition: () => boolean): Promise<void> {
  while (!over && !condition()) await new Promise(setImmediate);
}

/** A call that hangs, after it was read and another call was answered; and whether it has an end by now. */
async function hanging() {
  const patience = new AbortController();
  const state = { ended: false };
  const call = assign(patience.signal).finally(() => (state.ended = true));
  // The test looks for the error later: until then it is not unhandled.
  call.catch(() => undefined);
  await until(() => emulator.control.calls().length === 1);
  return { call, patience, state };
}

test.each([undefined, false])("with done %s nothing is done", async (done) => {
  hang(done);
  const before = emulator.control.state();
  await hanging();
  await emulator.call("DescribeInstanceTypes");
  expect(emulator.control.state()).toEqual(before);
});

test("with done true it is done, as a repetition with the same ClientToken finds out", async () => {
  hang(true);
  const { state } = await hanging();
  await until(() => addresses().includes("10.0.0.50"));
  const repeated = await assign();
  expect(repeated.body.AssignedPrivateIpAddressesSet.PrivateIpSet.PrivateIpAddress).toEqual(["10.0.0.50"]);
  expect(state.ended).toBe(false);
});

test("with done true a call that is refused hangs as well", async () => {
  hang(true);
  emulator.control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1", Status: "Detaching" }] });
  const { state } = await hanging();
  expect((await assign()).body.Code).toBe("InvalidOperation.InvalidEniState");
  expect(state.ended).toBe(false);
  expect(emulator.control.calls()).toMatchObject([{ status: null, code: null }, { status: 400 }]);
});

test("with done true it takes its time, and holds the ENI no longer", async () => {
  hang(true);
  emulator.control.setBehaviour({ latencyMs: 1000 });
  await hanging();
  await until(() => clock.waiting === 1);
  expect((await assign()).body.Code).toBe("LastTokenProcessing");
  emulator.control.setBehaviour({ latencyMs: 0 });
  clock.advance(1000);
  await until(() => addresses().includes("10.0.0.50"));
  expect((await assign()).status).toBe(200);
});

test.each([false, true])("is not answered however late it gets, with done %s", async (done) => {
  hang(done);
  const { state } = await hanging();
  clock.advance(600_000);
  await emulator.call("DescribeInstanceTypes");
  expect(state.ended).toBe(false);
  expect(emulator.control.calls()[0]).toMatchObject({ status: null, code: null });
});

test("ends when the client has enough, and the next call is answered", async () => {
  hang();
  const { call, patience } = await hanging();
  patience.abort();
  await expect(call).rejects.toThrow("aborted");
  expect((await assign()).status).toBe(200);
  expect(emulator.control.calls()).toMatchObject([{ status: null, code: null }, { status: 200 }]);
});

test.each([false, true])("ends when the emulator closes, with done %s", async (done) => {
  hang(done);
  const { call } = await hanging();
  await emulator.close();
  await expect(call).rejects.toThrow();
  expect(emulator.control.calls()).toMatchObject([{ status: null, code: null }]);
});

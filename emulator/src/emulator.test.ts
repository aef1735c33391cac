import { startEmulator } from "./emulator";
import type { Emulator, EmulatorOptions } from "./emulator";
import { EmulatorOptionsError } from "./emulator-options";
import { LimitsError } from "./server/call-limits";
import { SigningClient } from "./testing/signing-client";
import { BehaviourError } from "./world/behaviour";
import type { BehaviourChange } from "./world/behaviour";
import { ManualClock } from "./world/clock";
import { StateDocumentError } from "./world/state-document";

test("refuses a seed that does not hold together", async () => {
  const seed = { networkInterfaces: [{ NetworkInterfaceId: "eni-1", InstanceId: "i-9" }] };
  await expect(startEmulator({ seed })).rejects.toThrow(StateDocumentError);
});

test.each([
  [{ ports: 1 }, "the options: unknown key ports (did you mean port?); allowed: port, host"],
  [{ port: 70_000 }, "port: Too big: expected number to be <=65535, not 70000"],
  [{ port: "80" }, 'port: Invalid input: expected number, received string, not "80"'],
  [{ host: "" }, 'host: must not be empty, not ""'],
  [{ dataFile: 1 }, "dataFile: Invalid input: expected string, received number, not 1"],
  [{ credentials: { accessKeyID: "a" } }, "credentials: unknown key accessKeyID (did you mean accessKeyId?)"],
  [{ behaviour: { transition: 1 } }, "behaviour: unknown key transition"],
  [{ clock: {} }, "clock: must have now() and wait(), not {}"],
])("refuses the options %j", async (options, message) => {
  const starting = startEmulator(options as unknown as EmulatorOptions);
  await expect(starting).rejects.toThrow(EmulatorOptionsError);
  await expect(starting).rejects.toThrow(message);
});

test("refuses a port that is in use", async () => {
  const first = await startEmulator();
  try {
    await expect(startEmulator({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  } finally {
    await first.close();
  }
});

test("cuts off calls under way when it is closed", async () => {
  const clock = new ManualClock();
  const emulator = await startEmulator({ clock, behaviour: { latencyMs: 1000 } });
  const running = new SigningClient(emulator.url, () => clock.now()).call("DescribeInstanceTypes");
  const cut = expect(running).rejects.toThrow();
  while (clock.waiting === 0) await new Promise(setImmediate);
  await emulator.close();
  await cut;
  expect(emulator.control.calls()).toMatchObject([{ action: "DescribeInstanceTypes", status: null }]);
  expect(clock.waiting).toBe(0);
});

test("can be closed twice", async () => {
  const emulator = await startEmulator();
  await emulator.close();
  await emulator.close();
});

describe("a behaviour that is not valid", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  test.each([
    [{ latency: 5 }, "the behaviour: unknown key latency (did you mean latencyMs?); allowed: batch"],
    [{ latencyMs: -1 }, "latencyMs: Too small: expected number to be >=0, not -1"],
    [{ transitionMs: 0.5 }, "transitionMs: Invalid input: expected int, received number, not 0.5"],
    [{ batch: "some" }, 'batch: Invalid option: expected one of "atomic"|"partial", not "some"'],
    [{ latencyMs: 5, maxAddressesPerCall: 0 }, "maxAddressesPerCall: Too small: expected number to be >=1"],
    [null, "the behaviour: Invalid input: expected object, received null, not null"],
  ])("is refused from its own process: %j", (change, message) => {
    const before = emulator.control.behaviour();
    const setting = () => {
      emulator.control.setBehaviour(change as BehaviourChange);
    };
    expect(setting).toThrow(BehaviourError);
    expect(setting).toThrow(message);
    expect(emulator.control.behaviour()).toEqual(before);
  });

  test("does not come about by changing what the emulator answered", () => {
    const behaviour = emulator.control.behaviour();
    behaviour.latencyMs = -1;
    expect(emulator.control.behaviour().latencyMs).toBe(0);
  });
});

test("is steered from its own process as over HTTP", async () => {
  const emulator = await startEmulator({ seed: { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] } });
  try {
    const { control } = emulator;
    expect(() => {
      control.addFault({ action: "Nothing", effect: { delayMs: 1 } });
    }).toThrow('"Nothing" is not an operation');
    control.addFault({
      action: "DescribeNetworkInterfaces",
      effect: { error: { status: 503, code: "ServiceUnavailable", message: "no" } },
    });
    expect(control.faults()).toMatchObject([{ action: "DescribeNetworkInterfaces", skip: 0, times: 1 }]);
    const client = new SigningClient(emulator.url);
    const ask = () => client.call("DescribeNetworkInterfaces", { RegionId: "cn-hangzhou" });
    expect((await ask()).status).toBe(503);
    expect(control.faults()).toEqual([]);
    expect((await ask()).status).toBe(200);
    expect(control.calls().map((call) => call.status)).toEqual([503, 200]);
    control.clearCalls();
    expect(control.calls()).toEqual([]);
    control.patchState({ networkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "edge" }] });
    expect(control.state().networkInterfaces[0]?.Description).toBe("edge");
    control.putState({});
    expect(control.state().networkInterfaces).toEqual([]);
    expect(() => {
      control.setLimits({ Nothing: { perMinute: 1 } });
    }).toThrow(LimitsError);
    control.setLimits({ DescribeNetworkInterfaces: { perMinute: 0 }, RunInstances: null });
    expect(control.limits()).toEqual({ DescribeNetworkInterfaces: { perMinute: 0, windowMs: 60_000 } });
    expect((await ask()).body.Code).toBe("Throttling.User");
    control.setLimits({});
    expect((await ask()).status).toBe(200);
    control.setBehaviour({ batch: "partial" });
    expect(control.behaviour().batch).toBe("partial");
  } finally {
    await emulator.close();
  }
});

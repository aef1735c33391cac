import { performance } from "node:perf_hooks";
import { Deadline } from "../timing/deadline";
import { pacingTimes } from "../timing/pacing";
import { ThrottleGate } from "./throttle-gate";

// Jest's fake timers do not reach node:timers/promises by themselves.
jest.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const { throttleBaseMs, throttleCapMs } = pacingTimes(1);
let gate: ThrottleGate;
let random: number;

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(performance, "now").mockImplementation(() => Date.now());
  random = 1;
  gate = new ThrottleGate(pacingTimes(1), () => random);
});
afterEach(() => jest.useRealTimers());

/** For how long a call has to wait. */
async function waitOf(action: string, deadlineMs = 10 * 60_000): Promise<number> {
  const startedMs = Date.now();
  const passed = gate.pass(action, Deadline.after(deadlineMs)).then(() => Date.now() - startedMs);
  await jest.runAllTimersAsync();
  return passed;
}

test("lets calls through that were never refused", async () => {
  expect(await waitOf("Assign")).toBe(0);
});

test("a refusal makes all calls of its kind wait, and no other kind", async () => {
  gate.close("Assign");
  expect(await waitOf("Describe")).toBe(0);
  const together = [waitOf("Assign"), waitOf("Assign"), waitOf("Assign")];
  await expect(Promise.all(together)).resolves.toEqual([throttleBaseMs, throttleBaseMs, throttleBaseMs]);
});

test("each refusal in a row doubles the wait, up to its bound", async () => {
  const waits: number[] = [];
  for (let refusal = 1; refusal <= 7; refusal += 1) {
    gate.close("Assign");
    waits.push(await waitOf("Assign"));
  }
  expect(waits).toEqual(
    [1, 2, 4, 8, 16].map((times) => times * throttleBaseMs).concat(throttleCapMs, throttleCapMs),
  );
});

test("the wait is a random part of its bound", async () => {
  random = 0.25;
  gate.close("Assign");
  expect(await waitOf("Assign")).toBe(throttleBaseMs / 4);
});

test("a call that was admitted opens the gate, and the next refusal begins anew", async () => {
  gate.close("Assign");
  gate.close("Assign");
  gate.open("Assign");
  expect(await waitOf("Assign")).toBe(0);
  gate.close("Assign");
  expect(await waitOf("Assign")).toBe(throttleBaseMs);
});

test("who waits waits on when the gate is closed again meanwhile", async () => {
  gate.close("Assign");
  const waiting = waitOf("Assign");
  setTimeout(() => {
    gate.close("Assign");
  }, throttleBaseMs - 1);
  await jest.runAllTimersAsync();
  expect(await waiting).toBe(throttleBaseMs - 1 + 2 * throttleBaseMs);
});

test("nobody waits past a deadline", async () => {
  gate.close("Assign");
  expect(await waitOf("Assign", 300)).toBe(300);
  expect(await waitOf("Assign", 0)).toBe(0);
});

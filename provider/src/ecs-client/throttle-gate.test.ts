import { performance } from "node:perf_hooks";
import { EcsError } from "../ecs/ecs-error";
import { Deadline } from "../shared/deadline";
import { pacingTimes } from "../shared/retry";
import { ThrottleGate } from "./throttle-gate";

// Jest's fake timers do not replace node:timers/promises.
jest.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const { throttleBaseMs, throttleCapMs } = pacingTimes(1);
const refusal = new EcsError({
  action: "Assign",
  code: "Throttling.User",
  httpStatus: 400,
  requestId: undefined,
  verdict: "throttled",
  reason: "Request was denied due to user flow control.",
});
let gate: ThrottleGate;
let random: number;

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(performance, "now").mockImplementation(() => Date.now());
  random = 1;
  gate = new ThrottleGate(pacingTimes(1), () => random);
});
afterEach(() => jest.useRealTimers());

/** How long a call waits. */
async function waitOf(action: string, deadlineMs = 10 * 60_000): Promise<number> {
  const startedMs = Date.now();
  const passed = gate.pass(action, Deadline.after(deadlineMs)).then(() => Date.now() - startedMs);
  await jest.runAllTimersAsync();
  return passed;
}

test("an open gate: calls pass at once", async () => {
  expect(await waitOf("Assign")).toBe(0);
});

test("a refusal: all calls of its action wait, other actions do not", async () => {
  gate.close("Assign", refusal);
  expect(await waitOf("Describe")).toBe(0);
  const together = [waitOf("Assign"), waitOf("Assign"), waitOf("Assign")];
  await expect(Promise.all(together)).resolves.toEqual([throttleBaseMs, throttleBaseMs, throttleBaseMs]);
});

test("consecutive refusals: each doubles the wait, up to the cap", async () => {
  const waits: number[] = [];
  for (let strike = 1; strike <= 7; strike += 1) {
    gate.close("Assign", refusal);
    waits.push(await waitOf("Assign"));
  }
  expect(waits).toEqual(
    [1, 2, 4, 8, 16].map((times) => times * throttleBaseMs).concat(throttleCapMs, throttleCapMs),
  );
});

test("a refusal: the wait is a random part of its bound", async () => {
  random = 0.25;
  gate.close("Assign", refusal);
  expect(await waitOf("Assign")).toBe(throttleBaseMs / 4);
});

test("an admitted call: the gate opens, and the next refusal starts at the first bound", async () => {
  gate.close("Assign", refusal);
  gate.close("Assign", refusal);
  gate.open("Assign");
  expect(await waitOf("Assign")).toBe(0);
  gate.close("Assign", refusal);
  expect(await waitOf("Assign")).toBe(throttleBaseMs);
});

test("a second refusal during a wait: the wait grows", async () => {
  gate.close("Assign", refusal);
  const waiting = waitOf("Assign");
  setTimeout(() => {
    gate.close("Assign", refusal);
  }, throttleBaseMs - 1);
  await jest.runAllTimersAsync();
  expect(await waiting).toBe(throttleBaseMs - 1 + 2 * throttleBaseMs);
});

test("a deadline before the end of the wait: the call fails with the refusal", async () => {
  gate.close("Assign", refusal);
  const startedMs = Date.now();
  const inVain = gate
    .pass("Assign", Deadline.after(300))
    .catch((error: unknown) => [error, Date.now() - startedMs]);
  await jest.runAllTimersAsync();
  await expect(inVain).resolves.toEqual([refusal, 300]);
  await expect(gate.pass("Assign", Deadline.after(0))).rejects.toBe(refusal);
});

test("an expired deadline: an open gate still passes the call", async () => {
  await expect(gate.pass("Assign", Deadline.after(0))).resolves.toBeUndefined();
});

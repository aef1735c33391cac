import { performance } from "node:perf_hooks";
import { Deadline } from "./deadline";
import { fullJitterMs, pacingTimes, retryUntil, type RetryDecision } from "./retry";

// Jest's fake timers do not replace node:timers/promises.
jest.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

describe("fullJitterMs", () => {
  test.each([
    { attempt: 1, random: 1, ms: 100 },
    { attempt: 2, random: 1, ms: 200 },
    { attempt: 4, random: 1, ms: 800 },
    { attempt: 5, random: 1, ms: 1_000 },
    { attempt: 5_000, random: 1, ms: 1_000 },
    { attempt: 4, random: 0, ms: 0 },
    { attempt: 4, random: 0.5, ms: 400 },
    { attempt: 5_000, random: 0.5, ms: 500 },
  ])("attempt $attempt, random $random: $ms ms", ({ attempt, random, ms }) => {
    expect(fullJitterMs(attempt, 100, 1_000, () => random)).toBe(ms);
  });
});

describe("retryUntil", () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    jest.spyOn(performance, "now").mockImplementation(() => Date.now());
  });
  afterEach(() => jest.useRealTimers());

  /** Runs with a virtual clock; fails `failures` times, then succeeds. */
  async function attempt(options: {
    failures: number;
    decide?: (error: unknown, attempt: number) => RetryDecision;
    deadlineMs?: number;
    eachMs?: number;
  }) {
    const { failures, decide = () => 100, deadlineMs = 10_000, eachMs = 0 } = options;
    const startedMs = Date.now();
    const startsMs: number[] = [];
    const run = async () => {
      startsMs.push(Date.now() - startedMs);
      if (eachMs > 0) await new Promise((resolve) => setTimeout(resolve, eachMs));
      if (startsMs.length <= failures) throw new Error(`failure ${startsMs.length}`);
      return "done";
    };
    const outcome = retryUntil(Deadline.after(deadlineMs), decide, run).catch(String);
    await jest.runAllTimersAsync();
    return { outcome: await outcome, startsMs };
  }

  test("a first attempt that succeeds needs no decision", async () => {
    const decide = jest.fn(() => 100);
    expect(await attempt({ failures: 0, decide })).toEqual({ outcome: "done", startsMs: [0] });
    expect(decide).not.toHaveBeenCalled();
  });

  test("the decided delay starts at the end of the attempt", async () => {
    const decide = (_error: unknown, failed: number) => failed * 100;
    expect(await attempt({ failures: 3, decide, eachMs: 10 })).toEqual({
      outcome: "done",
      startsMs: [0, 110, 320, 630],
    });
  });

  test("delays of 0 repeat without a limit on attempts", async () => {
    const { outcome, startsMs } = await attempt({ failures: 200, decide: () => 0 });
    expect(outcome).toBe("done");
    expect(startsMs).toHaveLength(201);
  });

  test("each decision receives the error and the number of failures", async () => {
    const decide = jest.fn<RetryDecision, [unknown, number]>(() => 1);
    await attempt({ failures: 2, decide });
    expect(decide.mock.calls).toEqual([
      [new Error("failure 1"), 1],
      [new Error("failure 2"), 2],
    ]);
  });

  test("undefined ends with the last error", async () => {
    const decide = (_error: unknown, failed: number) => (failed < 3 ? 100 : undefined);
    expect(await attempt({ failures: 9, decide })).toEqual({
      outcome: "Error: failure 3",
      startsMs: [0, 100, 200],
    });
  });

  test("a next attempt at or after the deadline ends with the last error", async () => {
    expect(await attempt({ failures: 99, deadlineMs: 300 })).toEqual({
      outcome: "Error: failure 3",
      startsMs: [0, 100, 200],
    });
    expect(await attempt({ failures: 99, deadlineMs: 301 })).toEqual({
      outcome: "Error: failure 4",
      startsMs: [0, 100, 200, 300],
    });
  });

  test("a delay beyond the deadline ends at once", async () => {
    expect(await attempt({ failures: 1, deadlineMs: 300, decide: () => 60_000 })).toEqual({
      outcome: "Error: failure 1",
      startsMs: [0],
    });
  });

  test("an expired deadline allows the first attempt", async () => {
    expect(await attempt({ failures: 1, deadlineMs: 0, decide: () => 0 })).toEqual({
      outcome: "Error: failure 1",
      startsMs: [0],
    });
  });
});

test("pacingTimes: one factor multiplies every wait, and leaves time for an answer", () => {
  const [full, tenth] = [pacingTimes(1), pacingTimes(0.1)];
  const answers = { evidenceMs: 1_000, lastReadMs: 5_000, previewMs: 5_000 };
  expect(Object.keys(tenth)).toEqual(Object.keys(full));
  for (const [key, ms] of Object.entries({ ...full, ...answers }))
    expect(tenth[key as keyof typeof full]).toBeCloseTo(key in answers ? ms : ms / 10);
});

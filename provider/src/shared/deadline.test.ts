import { performance } from "node:perf_hooks";
import { Deadline, within } from "./deadline";

describe("Deadline", () => {
  let nowMs: number;
  beforeEach(() => {
    nowMs = 5_000;
    jest.spyOn(performance, "now").mockImplementation(() => nowMs);
  });

  test("leftMs: decreases to 0, and not below", () => {
    const deadline = Deadline.after(1_000);
    expect(deadline.leftMs()).toBe(1_000);
    nowMs += 400;
    expect(deadline.leftMs()).toBe(600);
    nowMs += 600;
    expect(deadline.leftMs()).toBe(0);
    nowMs += 1;
    expect(deadline.leftMs()).toBe(0);
  });

  test.each([
    { limit: 300, left: 300 },
    { limit: 5_000, left: 600 },
    { limit: 0, left: 0 },
  ])("within: $limit ms of 600 ms leave $left ms, and totalMs stays", ({ limit, left }) => {
    const deadline = Deadline.after(1_000);
    nowMs += 400;
    expect(deadline.within(limit).leftMs()).toBe(left);
    expect(deadline.within(limit).totalMs).toBe(1_000);
    expect(deadline.leftMs()).toBe(600);
  });

  test.each([
    { limit: 100, share: 1 / 4, left: 100 },
    { limit: 5_000, share: 1 / 4, left: 150 },
    { limit: 5_000, share: 1 / 2, left: 300 },
  ])("optional: $limit ms and $share of 600 ms leave $left ms", ({ limit, share, left }) => {
    const deadline = Deadline.after(1_000);
    nowMs += 400;
    expect(deadline.optional(limit, share).leftMs()).toBe(left);
    expect(deadline.optional(limit).leftMs()).toBe(Math.min(limit, 150));
  });

  test("whyLate: the last failure, else the call without an answer, of this deadline and of parts of it", () => {
    const [deadline, other] = [Deadline.after(1_000), Deadline.after(1_000)];
    const [refused, unanswered] = [new Error("refused"), new Error("no answer")];
    const repeated = deadline.within(100).beginAttempts();
    const sent = Deadline.latestOf([deadline, other]).beginAttempts(unanswered);
    expect([deadline.whyLate, deadline.lastFailure]).toEqual([unanswered, undefined]);
    repeated.failed(refused);
    expect([deadline.whyLate, deadline.lastFailure]).toEqual([refused, refused]);
    expect(other.whyLate).toBe(unanswered);
    repeated.end();
    sent.end();
    expect([deadline.whyLate, other.whyLate]).toEqual([undefined, undefined]);
  });

  test("keeping: ends earlier by the reserve", () => {
    const deadline = Deadline.after(1_000);
    expect(deadline.keeping(200).leftMs()).toBe(800);
    expect(deadline.keeping(2_000).leftMs()).toBe(0);
    expect(deadline.keeping(200).totalMs).toBe(1_000);
  });

  test("a deadline beyond the limit of timers: is the longest possible one", () => {
    const days = 24 * 60 * 60 * 1_000;
    const deadline = Deadline.after(365 * days);
    // With a longer delay, Node's timers fire at once.
    expect(deadline.leftMs()).toBe(2 ** 31 - 1);
    expect(deadline.totalMs).toBe(365 * days);
  });
});

describe("within", () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(performance, "now").mockImplementation(() => Date.now());
  });
  afterEach(() => jest.useRealTimers());

  const late = () => new Error("too late");
  const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(resolve, ms, value));

  test("a result in time: is returned, and no timer remains", async () => {
    const result = within(Deadline.after(1_000), late, after(999, "value"));
    await jest.advanceTimersByTimeAsync(999);
    await expect(result).resolves.toBe("value");
    expect(jest.getTimerCount()).toBe(0);
  });

  test("an error in time: is thrown, and no timer remains", async () => {
    await expect(within(Deadline.after(1_000), late, Promise.reject(new Error("own")))).rejects.toThrow(
      "own",
    );
    expect(jest.getTimerCount()).toBe(0);
  });

  test("a late result: is an error", async () => {
    const result = within(Deadline.after(1_000), late, after(1_001, "value")).catch(String);
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(result).resolves.toBe("Error: too late");
  });

  test("a very long deadline: does not end at once", async () => {
    const result = within(Deadline.after(1e15), late, after(60_000, "value"));
    await jest.advanceTimersByTimeAsync(60_000);
    await expect(result).resolves.toBe("value");
  });
});

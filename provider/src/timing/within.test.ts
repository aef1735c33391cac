import { performance } from "node:perf_hooks";
import { Deadline } from "./deadline";
import { within } from "./within";

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(performance, "now").mockImplementation(() => Date.now());
});
afterEach(() => jest.useRealTimers());

const late = () => new Error("too late");
const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(resolve, ms, value));

test("what comes in time is passed on, and no timer is left behind", async () => {
  const result = within(Deadline.after(1_000), late, after(999, "value"));
  await jest.advanceTimersByTimeAsync(999);
  await expect(result).resolves.toBe("value");
  expect(jest.getTimerCount()).toBe(0);
});

test("an error in time is passed on, and no timer is left behind", async () => {
  await expect(within(Deadline.after(1_000), late, Promise.reject(new Error("own")))).rejects.toThrow("own");
  expect(jest.getTimerCount()).toBe(0);
});

test("what does not come in time is an error", async () => {
  const result = within(Deadline.after(1_000), late, after(1_001, "value")).catch(String);
  await jest.advanceTimersByTimeAsync(1_000);
  await expect(result).resolves.toBe("Error: too late");
});

test("the longest deadline there is does not end at once", async () => {
  const result = within(Deadline.after(1e15), late, after(60_000, "value"));
  await jest.advanceTimersByTimeAsync(60_000);
  await expect(result).resolves.toBe("value");
});

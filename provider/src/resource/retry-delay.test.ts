import { EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import { pacingTimes } from "../shared/retry";
import { retryDelayMs, type RetryCircumstances } from "./retry-delay";
import {
  EngineGoneError,
  EniNotFoundError,
  NotReadyYet,
  NotVisibleError,
  OperationError,
  PlanRefusedError,
} from "./operation-error";

interface Circumstances extends Omit<RetryCircumstances, "pacing" | "random"> {
  readonly random: number;
}

const pacing = pacingTimes(1);
const { backoffBaseMs, backoffCapMs, throttleBaseMs, throttleCapMs, pollMs, releaseMs, appearMs } = pacing;

function delayMs(
  error: unknown,
  { attempt = 1, staleMs = 0, unseenMs = 0, release, random = 1 }: Partial<Circumstances> = {},
) {
  return retryDelayMs(error, { attempt, staleMs, unseenMs, release, pacing, random: () => random });
}

const failedWith = (verdict: Verdict) =>
  new EcsError({
    action: "AssignPrivateIpAddresses",
    code: "AnyCode",
    httpStatus: 400,
    requestId: undefined,
    verdict,
    reason: "any",
  });

const giveUp = undefined;

test.each<[Verdict, number, number | undefined]>([
  ["transient", 1, backoffBaseMs],
  ["transient", 3, 4 * backoffBaseMs],
  ["transient", 1_000, backoffCapMs],
  ["conflict", 2, 2 * backoffBaseMs],
  ["conflict", 1_000, backoffCapMs],
  ["state", 1, backoffBaseMs],
  ["state", 1_000, backoffCapMs],
  ["throttled", 1, throttleBaseMs],
  ["throttled", 3, 4 * throttleBaseMs],
  ["throttled", 1_000, throttleCapMs],
  ["stale", 1, 0],
  ["stale", 2, 2 * backoffBaseMs],
  ["token-burnt", 1, 0],
  ["token-burnt", 2, 2 * backoffBaseMs],
  ["not-found", 1, 0],
  ["not-found", 2, 2 * backoffBaseMs],
  ["quota", 1, giveUp],
  ["invalid-parameter", 1, giveUp],
  ["final", 1, giveUp],
])("%s, failure %d in a row: waits at most %s ms", (verdict, attempt, ms) => {
  expect(delayMs(failedWith(verdict), { attempt })).toBe(ms);
});

test.each<Verdict>(["transient", "conflict", "state", "throttled"])("%s: waits a random part", (verdict) => {
  const longest = delayMs(failedWith(verdict)) ?? 0;
  expect(delayMs(failedWith(verdict), { random: 0 })).toBe(0);
  expect(delayMs(failedWith(verdict), { random: 0.25 })).toBe(longest / 4);
});

test.each<Verdict>(["stale", "token-burnt", "not-found"])(
  "%s: gives up when new plans do not cure it in time, unless a release is expected",
  (verdict) => {
    const failure = failedWith(verdict);
    expect(delayMs(failure, { attempt: 9, staleMs: releaseMs - 1 })).toBe(backoffCapMs);
    expect(delayMs(failure, { attempt: 9, staleMs: releaseMs })).toBe(giveUp);
    expect(delayMs(failure, { attempt: 9, staleMs: releaseMs, release: "possible" })).toBe(giveUp);
    expect(delayMs(failure, { attempt: 9, staleMs: releaseMs, release: "expected" })).toBe(backoffCapMs);
  },
);

test.each<[string, unknown]>([
  ["a plan that was refused", new PlanRefusedError([])],
  ["no room on the ENI", failedWith("quota")],
])("%s: waits only for a release, longer than usual if it is expected", (_what, failure) => {
  expect(delayMs(failure)).toBe(giveUp);
  expect(delayMs(failure, { release: "possible" })).toBe(backoffBaseMs);
  expect(delayMs(failure, { attempt: 9, staleMs: releaseMs - 1, release: "possible" })).toBe(backoffCapMs);
  expect(delayMs(failure, { attempt: 9, staleMs: releaseMs, release: "possible" })).toBe(giveUp);
  expect(delayMs(failure, { attempt: 9, staleMs: releaseMs, release: "expected" })).toBe(backoffCapMs);
});

test("a passing status: is read again at a fixed interval, however often", () => {
  const passing = new NotReadyYet("ENI eni-x is Attaching");
  expect([1, 2, 100].map((attempt) => delayMs(passing, { attempt }))).toEqual([pollMs, pollMs, pollMs]);
});

test.each<[string, unknown]>([
  ["a refusal of the plan", new OperationError("cannot be")],
  ["an ENI that is gone", new EniNotFoundError("eni-x", "cn-hangzhou")],
  ["an engine that is gone", new EngineGoneError()],
  ["a mistake in the program", new TypeError("undefined is not a function")],
  ["something that is no error", "text"],
])("%s: gives up", (_what, error) => {
  expect(delayMs(error)).toBe(giveUp);
});

test("an ENI or an instance that is not visible: is read again at a fixed interval, for a while", () => {
  const unseen = new NotVisibleError("does not exist");
  expect(delayMs(unseen, { attempt: 9, unseenMs: appearMs - 1 })).toBe(pollMs);
  expect(delayMs(unseen, { unseenMs: appearMs })).toBe(giveUp);
});

test("throttling: the waits outlast the minute after which ECS admits a call again", () => {
  const longest = Array.from({ length: 7 }, (_unused, index) =>
    delayMs(failedWith("throttled"), { attempt: index + 1 }),
  );
  // Full jitter waits half as long on average.
  expect(longest.reduce<number>((sum, ms) => sum + (ms ?? 0), 0) / 2).toBeGreaterThan(30_000);
});

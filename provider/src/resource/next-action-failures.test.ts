import { callTimedOut, EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import type { Step } from "../plan/steps";
import { situationOf, type Given } from "../../../test/support/situation";
import type { Holder } from "../ecs/holders";
import { Sightings } from "../ecs/sightings";
import { contentionWith, type Contention } from "./contention";
import { Ledger } from "./ledger";
import { nextAction } from "./next-action";
import { noTrouble, type Action, type Trouble } from "./situation";
import { EniNotFoundError, isTaken, NotReadyYet, OperationError } from "./operation-error";
import { noLimits } from "./limits";
import { nothingRefused } from "./refused-items";

const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;
const { pacing, nowMs } = situationOf();
const { backoffBaseMs, throttleBaseMs, pollMs, releaseMs } = pacing;
const holder: Holder = { id: "eni-holder", addresses: [a] };

/** Verdicts on a plan that was made from a read that is out of date. */
const outdated = ["stale", "token-burnt", "not-found"] as const;

const failedWith = (verdict: Verdict, action = "AssignPrivateIpAddresses", code = "AnyCode") =>
  new EcsError({ action, code, httpStatus: 400, requestId: undefined, verdict, reason: "any" });
const taken = failedWith("stale");
const timedOut = callTimedOut("AssignPrivateIpAddresses");

const contended = (more: Partial<Contention> = {}): Contention => ({
  holders: [holder],
  releaseExpected: false,
  expectedNow: false,
  ...more,
});

/** What follows after this failure, the last of `failuresInARow` before it. */
const after = (failure: unknown, given: Given = {}, trouble: Partial<Trouble> = {}): Action =>
  nextAction(situationOf({ failure, ...given, trouble: { ...noTrouble, ...trouble } }));

/** A time at which the API has refused the plan as out of date for so long. */
const staleFor = (ms: number): Partial<Trouble> => ({ failuresInARow: 1, staleSinceMs: nowMs - ms });

/** A ledger in which another resource is about to unassign the address. */
function announcing(address: string, networkInterfaceId = "eni-x"): Ledger {
  const ledger = new Ledger();
  ledger.beginOperation(networkInterfaceId, "other").announce([address]);
  return ledger;
}

describe("a failure", () => {
  test.each<[Verdict, number, number]>([
    ["transient", 0, backoffBaseMs],
    ["transient", 2, 4 * backoffBaseMs],
    ["conflict", 1, 2 * backoffBaseMs],
    ["state", 0, backoffBaseMs],
    ["throttled", 0, throttleBaseMs],
    ["throttled", 1, 2 * throttleBaseMs],
  ])("%s after %d others: backs off, and counts", (verdict, failuresInARow, delayMs) => {
    const failure = failedWith(verdict);
    expect(after(failure, {}, { failuresInARow })).toEqual({
      do: "wait",
      delayMs,
      reason: failure,
      trouble: { failuresInARow: failuresInARow + 1, difficulty: failure, staleSinceMs: undefined },
    });
  });

  test.each<[string, Given, string | undefined]>([
    ["and others may make room: waits", {}, "possible"],
    ["and room is announced: waits", { ledger: announcing(c) }, "expected"],
    ["and room is announced on another ENI: waits", { ledger: announcing(c, "eni-y") }, "possible"],
  ])("no room on the ENI %s", (_name, given, release) => {
    const goal = { ...situationOf().goal, othersMayRelease: true };
    const seen = { secondaryIpAddresses: [c] };
    const refusedSize = { place: "InUse i-1", size: 2, error: failedWith("quota") };
    const limits = { ...noLimits, refusedSize, capacityReadAt: "InUse i-1" };
    expect(nextAction(situationOf({ seen, goal, limits, ...given }))).toMatchObject({ do: "wait", release });
  });

  test("the factor of jitter: comes from the situation", () => {
    expect(after(failedWith("conflict"), { random: () => 0.5 })).toMatchObject({
      delayMs: backoffBaseMs / 2,
    });
  });

  test.each<Verdict>(["stale", "not-found"])(
    "%s once: reads again at once, and notes the time",
    (verdict) => {
      const failure = failedWith(verdict);
      const trouble = { failuresInARow: 1, difficulty: failure, staleSinceMs: nowMs };
      expect(after(failure)).toMatchObject({ do: "wait", delayMs: 0, reason: failure, trouble });
    },
  );

  test("token-burnt once: reads again at once; the time counts from the second one", () => {
    const failure = failedWith("token-burnt");
    const once = { failuresInARow: 1, difficulty: failure, staleSinceMs: undefined };
    expect(after(failure)).toEqual({ do: "wait", delayMs: 0, reason: failure, trouble: once });
    expect(after(failure, {}, once)).toEqual({
      do: "wait",
      delayMs: 2 * backoffBaseMs,
      reason: failure,
      trouble: { failuresInARow: 2, difficulty: failure, staleSinceMs: nowMs },
    });
  });

  test.each<unknown>([failedWith("transient"), new NotReadyYet("passing")])(
    "token-burnt after another difficulty, %s: the time does not count yet",
    (difficulty) => {
      const action = after(failedWith("token-burnt"), {}, { failuresInARow: 1, difficulty });
      expect(action).toMatchObject({ do: "wait", trouble: { staleSinceMs: undefined } });
    },
  );

  test("another failure meanwhile: the time still counts from the first refusal", () => {
    const trouble = { failuresInARow: 1, staleSinceMs: nowMs - 7 };
    expect(after(failedWith("transient"), {}, trouble)).toMatchObject({
      trouble: { staleSinceMs: nowMs - 7 },
    });
    expect(after(failedWith("not-found"), {}, trouble)).toMatchObject({
      trouble: { staleSinceMs: nowMs - 7 },
    });
  });

  test.each(outdated)("%s for less than the time for a release: backs off, then fails", (verdict) => {
    const failure = failedWith(verdict);
    const given = { holdersKnown: true, contention: contended() };
    expect(after(failure, given, staleFor(releaseMs - 1))).toMatchObject({
      do: "wait",
      delayMs: 2 * backoffBaseMs,
    });
    expect(after(failure, given, staleFor(releaseMs))).toEqual({ do: "fail", error: failure });
  });

  test("stale assign while a release is expected: goes on after the time for a release", () => {
    const given = { holdersKnown: true, contention: contended({ releaseExpected: true }) };
    expect(after(taken, given, staleFor(2 * releaseMs))).toMatchObject({ do: "wait" });
  });

  test.each([failedWith("stale", "UnassignPrivateIpAddresses"), failedWith("not-found")])(
    "%s while a release is expected: the release does not prolong it",
    (failure) => {
      const given = { holdersKnown: true, contention: contended({ releaseExpected: true }) };
      expect(after(failure, given, staleFor(releaseMs))).toEqual({ do: "fail", error: failure });
    },
  );

  test.each<[string, unknown]>([
    ["quota", failedWith("quota")],
    ["invalid-parameter", failedWith("invalid-parameter")],
    ["final", failedWith("final")],
    ["a refusal", new OperationError("cannot be")],
    ["a mistake in the program", new TypeError("undefined is not a function")],
  ])("%s: fails", (_what, error) => {
    expect(after(error)).toEqual({ do: "fail", error });
  });

  describe("an ENI that is not found", () => {
    const error = new EniNotFoundError("eni-x", "cn-hangzhou");
    const { confirmMs } = situationOf().pacing;
    const notFound = (...readsAtMs: number[]) => {
      const sightings = new Sightings();
      for (const readAtMs of readsAtMs) sightings.addMissing(readAtMs);
      return sightings;
    };

    test("by one read: a second read after a pause", () => {
      expect(after(error, { sightings: notFound(999_000) })).toEqual({
        do: "confirm",
        startMs: 999_000 + confirmMs,
      });
    });

    test("by two reads with a pause between them: fails", () => {
      const sightings = notFound(999_000, 999_000 + confirmMs);
      expect(after(error, { sightings })).toEqual({ do: "fail", error });
    });

    test("by one read, without time for a second one: fails as not ready", () => {
      const action = after(error, { sightings: notFound(1_000_000), leftMs: confirmMs });
      expect(action).toEqual({ do: "fail", error: expect.any(NotReadyYet) as unknown });
    });
  });

  test("a failure before the first read, and one in the rest of a plan: are handled before anything else", () => {
    const rest: Step[] = [{ action: "assign", kind: "address", addresses: [a] }];
    expect(after(failedWith("conflict"), { seen: {}, rest })).toMatchObject({ do: "wait" });
    expect(after(failedWith("final"), {})).toMatchObject({ do: "fail" });
  });

  test("a wait for a status: does not count as a failure, and is the difficulty", () => {
    const reason = new NotReadyYet("ENI eni-x is Attaching; waiting until it is Available or InUse");
    const before = { failuresInARow: 3, difficulty: taken, staleSinceMs: nowMs - 7 };
    const action = nextAction(situationOf({ seen: { status: "Attaching" }, trouble: before }));
    const trouble = { ...before, difficulty: reason };
    expect(action).toMatchObject({ do: "wait", delayMs: pollMs, trouble });
  });
});

describe("the end of the time", () => {
  const conflict = failedWith("conflict");

  test("a delay that is not shorter than the time left: fails", () => {
    expect(after(conflict, { leftMs: backoffBaseMs + 1 })).toMatchObject({ do: "wait" });
    expect(after(conflict, { leftMs: backoffBaseMs })).toEqual({ do: "fail", error: conflict });
    expect(after(failedWith("not-found"), { leftMs: 0 })).toMatchObject({ do: "fail" });
  });

  test("a status that does not pass: fails with it", () => {
    const action = nextAction(situationOf({ seen: { status: "Attaching" }, leftMs: pollMs }));
    expect(action).toMatchObject({ do: "fail", error: { name: "NotReadyYet" } });
  });

  test("a call that the end cut off: fails with the difficulty before it", () => {
    expect(after(timedOut, { leftMs: 0 }, { difficulty: conflict })).toEqual({ do: "fail", error: conflict });
    expect(after(timedOut, { leftMs: 0 })).toEqual({ do: "fail", error: timedOut });
    expect(after(taken, { leftMs: 0 }, { difficulty: conflict })).toEqual({ do: "fail", error: taken });
  });

  test("a call that timed out earlier: is repeated, and the difficulty before it stays", () => {
    const trouble = { failuresInARow: 1, difficulty: conflict, staleSinceMs: undefined };
    const action = after(timedOut, {}, { difficulty: conflict });
    expect(action).toEqual({ do: "wait", delayMs: backoffBaseMs, reason: timedOut, trouble });
  });
});

describe("an address that is taken", () => {
  test("once: reads again at once, and looks for no holders", () => {
    expect(after(taken)).toMatchObject({ do: "wait", delayMs: 0 });
  });

  test.each<[string, Given, Partial<Trouble>, boolean]>([
    ["twice: looks up the holders", {}, staleFor(5), true],
    ["a third time: uses the holders that are known", { contention: contended() }, staleFor(5), false],
    [
      "and the holders could not be read: looks them up",
      { contention: contended({ holders: undefined }) },
      staleFor(5),
      true,
    ],
    [
      "just before the wait for a release ends: uses the holders that are known",
      { contention: contended() },
      staleFor(releaseMs - 1),
      false,
    ],
    [
      "when the wait for a release ends: looks up the holders again",
      { contention: contended() },
      staleFor(releaseMs),
      true,
    ],
    ["again after progress: uses the holders that are known", { contention: contended() }, {}, false],
  ])("%s", (_name, given, trouble, lookUp) => {
    expect(after(taken, given, trouble)).toEqual({ do: "find holders", lookUp });
  });

  test("with the holders found for this failure: backs off", () => {
    const action = after(taken, { holdersKnown: true, contention: contended() }, staleFor(5));
    expect(action).toMatchObject({ do: "wait", delayMs: 2 * backoffBaseMs });
  });

  test.each([failedWith("stale", "UnassignPrivateIpAddresses"), failedWith("conflict")])(
    "another failure, %s: looks for no holders",
    (failure) => {
      expect(after(failure, { contention: contended() }, staleFor(5))).toMatchObject({ do: "wait" });
    },
  );

  test.each<[unknown, boolean]>([
    [taken, true],
    [failedWith("stale", "UnassignPrivateIpAddresses"), false],
    [failedWith("conflict"), false],
    [new OperationError("stale"), false],
  ])("%s: taken is %s", (error, is) => {
    expect(isTaken(error)).toBe(is);
  });
});

describe("a refusal because of one address", () => {
  const request: Step = { action: "assign", kind: "address", addresses: [a, b] };
  const given: Given = { failedStep: request, holdersKnown: true, contention: contended({ holders: [] }) };
  const halves = { ...nothingRefused, apart: [[a], [b]] };
  const outside = failedWith("final", "AssignPrivateIpAddresses", "InvalidVSwitchId.IpInvalid");
  const invalid = failedWith("invalid-parameter");
  const trouble = (difficulty: unknown) => ({ ...noTrouble, difficulty });

  test("that is taken, for the first time: reads again, and cuts nothing", () => {
    expect(after(taken, { failedStep: request })).toMatchObject({ do: "wait", delayMs: 0 });
    expect(after(taken, { failedStep: request })).not.toHaveProperty("learnt");
  });

  test("that is taken, again, and no ENI holds it: cuts the request into halves", () => {
    expect(after(taken, given)).toEqual({
      do: "wait",
      delayMs: 0,
      reason: taken,
      trouble: trouble(taken),
      learnt: { refused: halves },
    });
  });

  test.each([outside, invalid])("%s, for the first time: cuts the request into halves", (error) => {
    const action = after(error, { failedStep: request });
    expect(action).toMatchObject({ do: "wait", delayMs: 0, learnt: { refused: halves } });
  });

  test("that is invalid and was requested alone: larger requests may be tried again", () => {
    const limits = { ...noLimits, batchSize: 1 };
    const alone = { ...request, addresses: [a] };
    expect(after(invalid, { failedStep: alone, limits })).toMatchObject({ learnt: { limits: noLimits } });
    expect(after(invalid, { failedStep: request, limits })).not.toHaveProperty("learnt.limits");
  });

  test("that another ENI holds: notes it, and cuts nothing", () => {
    const action = after(taken, { ...given, contention: contended() });
    const item = { error: taken, sinceMs: nowMs, held: true, givenUp: false };
    const learnt = { refused: { items: new Map([[a, item]]), tried: [a], apart: [] } };
    expect(action).toMatchObject({ do: "wait", delayMs: 0, learnt });
  });

  test("during a search: is not repeated as it is, and uses the holders that are known", () => {
    const more = { ...given, refused: halves, holdersKnown: false };
    expect(after(taken, { ...more, failedStep: { ...request, addresses: [a] } })).toEqual({
      do: "find holders",
      lookUp: false,
    });
    const unassign = failedWith("stale", "UnassignPrivateIpAddresses");
    expect(after(unassign, more)).toHaveProperty("learnt");
  });

  test("when the time is over: looks up the holders again", () => {
    const item = { error: taken, sinceMs: nowMs - releaseMs, held: false, givenUp: false };
    const refused = { ...nothingRefused, items: new Map([[a, item]]) };
    const more = { ...given, refused, holdersKnown: false };
    expect(after(taken, more)).toEqual({ do: "find holders", lookUp: true });
  });

  test("without time left: fails", () => {
    expect(after(taken, { ...given, leftMs: 0 })).toEqual({ do: "fail", error: taken });
  });

  describe("with everything else done", () => {
    const refusedItem = (more: object) => ({
      error: taken,
      sinceMs: nowMs,
      held: false,
      givenUp: false,
      ...more,
    });
    const seen = { secondaryIpAddresses: [b] };
    const goal = { ...situationOf().goal, wanted: [a, b] };
    const next = (more: object, rest: Given = {}) => {
      const refused = { items: new Map([[a, refusedItem(more)]]), tried: [a], apart: [] };
      return nextAction(
        situationOf({ seen, goal, refused, contention: contended({ holders: [] }), ...rest }),
      );
    };

    test("may become free: backs off, then requests it again", () => {
      expect(next({})).toMatchObject({
        do: "wait",
        delayMs: backoffBaseMs,
        reason: { message: `${a} is in use, but no ENI holds it` },
        trouble: { failuresInARow: 1 },
        learnt: { refused: { tried: [], apart: [[a]] } },
      });
    });

    test("is given up: fails with it", () => {
      const error = { name: "ItemsRefusedError", refusals: new Map([[a, taken]]) };
      expect(next({ givenUp: true })).toMatchObject({ do: "fail", error });
    });

    test("may become free, without time left: fails with it", () => {
      expect(next({}, { leftMs: 1 })).toMatchObject({ do: "fail", error: { name: "ItemsRefusedError" } });
    });

    test("arrived meanwhile: done", () => {
      expect(next({}, { seen: { secondaryIpAddresses: [a, b] } })).toMatchObject({ do: "done" });
    });
  });
});

describe("addresses that other ENIs hold", () => {
  const goal = { ...situationOf().goal, wanted: [a, b], owned: [c] };
  const item = { error: taken, sinceMs: nowMs, held: true, givenUp: false };
  const refused = { ...nothingRefused, items: new Map([[a, item]]), tried: [a] };
  const assign = (...addresses: string[]) => ({ action: "assign", kind: "address", addresses }) as const;
  const unassign = { action: "unassign", kind: "address", addresses: [c] } as const;

  test("and the API has refused: everything is unassigned first, and the others are assigned", () => {
    const facts = { ...situationOf().facts, capacity: 9 };
    const limits = { ...noLimits, capacityReadAt: "InUse i-1" };
    const seen = { secondaryIpAddresses: [c] };
    const given = { seen, goal, contention: contended(), refused, facts, limits };
    const action = nextAction(situationOf(given));
    expect(action).toMatchObject({ do: "call", step: unassign, rest: [assign(b)] });
  });

  test("when no other call is left: are waited for", () => {
    const given = { seen: { secondaryIpAddresses: [b] }, goal, contention: contended(), refused };
    expect(nextAction(situationOf(given))).toMatchObject({
      do: "wait",
      reason: { message: `${a} is held by eni-holder` },
    });
  });

  test("when this ENI holds them meanwhile: are wanted like any other", () => {
    const given = { seen: { secondaryIpAddresses: [a, b] }, contention: contended(), goal, refused };
    expect(nextAction(situationOf(given))).toMatchObject({ do: "done", plan: { unmanaged: [] } });
  });

  test.each([undefined, []])("when the holders are %j: nothing is left out", (holders) => {
    const action = nextAction(situationOf({ seen: {}, goal, contention: contended({ holders }) }));
    expect(action).toMatchObject({ do: "call", step: assign(a, b) });
  });

  test.each<[string, Holder[] | undefined, Step]>([
    ["could not be read: everything is unassigned first, as one may wait for it", undefined, unassign],
    ["were not found: what is to be replaced stays until then", [], assign(a, b)],
    [
      "held what this ENI holds meanwhile: nothing is unassigned first",
      [{ id: "eni-holder", addresses: [c] }],
      assign(a, b),
    ],
  ])("when the holders %s", (_what, holders, step) => {
    const given = { seen: { secondaryIpAddresses: [c] }, goal, contention: contended({ holders }) };
    expect(
      nextAction(situationOf({ ...given, limits: { ...noLimits, capacityReadAt: "InUse i-1" } })),
    ).toMatchObject({
      do: "call",
      step,
    });
  });
});

describe("the release of addresses that other ENIs hold", () => {
  let ledger: Ledger;
  beforeEach(() => (ledger = new Ledger()));

  const announce = (address: string) => {
    const operation = ledger.beginOperation("eni-holder", "core");
    operation.announce([address]);
    return operation;
  };

  test("an operation has announced it: is expected", () => {
    announce(a);
    expect(contentionWith([holder], undefined, ledger)).toEqual({
      holders: [holder],
      expectedNow: true,
      releaseExpected: true,
    });
  });

  test("it has happened since the API refused: one more try", () => {
    const operation = announce(a);
    const first = contentionWith([holder], undefined, ledger);
    operation.end();
    const second = contentionWith([holder], first, ledger);
    expect(second).toMatchObject({ expectedNow: false, releaseExpected: true });
    expect(contentionWith([holder], second, ledger)).toMatchObject({ releaseExpected: false });
  });

  test.each<[string, Holder[] | undefined]>([
    ["one of the addresses stays", [{ id: "eni-holder", addresses: [a, b] }]],
    ["one of the holders keeps its address", [holder, { id: "eni-other", addresses: [b] }]],
    ["no holder was found", []],
    ["the holders could not be read", undefined],
  ])("%s: is not expected", (_what, holders) => {
    announce(a);
    expect(contentionWith(holders, undefined, ledger)).toEqual({
      holders,
      expectedNow: false,
      releaseExpected: false,
    });
  });
});

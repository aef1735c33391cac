import { EcsError } from "../ecs/ecs-error";
import type { Goal } from "../plan/plan";
import type { Step } from "../plan/steps";
import { networkInterface } from "../../../test/support/network-interface";
import { situationOf, type Given } from "../../../test/support/situation";
import { Sightings } from "../ecs/sightings";
import { CallJournal } from "./call-journal";
import { Ledger } from "./ledger";
import { noLimits } from "./limits";
import { modes } from "./model";
import { nextAction } from "./next-action";
import { noTrouble, type Action } from "./situation";
import { NotReadyYet, OperationError, PlanRefusedError } from "./operation-error";
import { eniStatusRuleForDelete } from "./statuses";

const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;
const { confirmMs, pollMs, settleMs } = situationOf().pacing;

/** The next action, without the plan that it may follow from. */
function decide(given: Given): Action {
  const { plan: _plan, ...action } = nextAction(situationOf(given));
  return action;
}

const goal = (more: Partial<Goal> = {}): Goal => ({ ...situationOf().goal, ...more });
const assign = (...addresses: string[]): Step => ({ action: "assign", kind: "address", addresses });
const unassign = (...addresses: string[]): Step => ({ action: "unassign", kind: "address", addresses });

/** A journal in which these calls were confirmed after a first read. */
function journalWith(...steps: Step[]): CallJournal {
  const journal = new CallJournal();
  journal.addRead(networkInterface());
  for (const step of steps)
    journal.addCall({ step, before: journal.held, token: undefined, outcome: { named: [] } });
  return journal;
}

const read = (maxAgeMs: number): Action => ({ do: "read", maxAgeMs });
const call = (step: Step, ...rest: Step[]): Action => ({ do: "call", step, rest });
const foreign = { secondaryIpAddresses: [c] };
const quota = new EcsError({
  action: "AssignPrivateIpAddresses",
  code: "AnyCode",
  httpStatus: 403,
  requestId: undefined,
  verdict: "quota",
  reason: "any",
});
const takeover = goal({ refuseOthers: true });

describe("reads", () => {
  test.each<[string, Given, Action]>([
    ["first read: may be cached for 10 s", {}, read(10_000)],
    ["read after a call: is fresh", { journal: journalWith(assign(a)) }, read(0)],
    ["read after a read: is fresh", { journal: journalWith() }, read(0)],
    ["cached read, calls to make: starts them", { seen: {}, fresh: false }, call(assign(a))],
    [
      "cached read, nothing to do: a fresh read",
      { seen: {}, fresh: false, goal: goal({ wanted: [] }) },
      read(0),
    ],
    ["cached read, a refusal: a fresh read", { seen: foreign, fresh: false, goal: takeover }, read(0)],
    ["cached read, a passing status: a fresh read", { seen: { status: "Attaching" }, fresh: false }, read(0)],
    ["cached read, a final status: a fresh read", { seen: { status: "Deleting" }, fresh: false }, read(0)],
    ["fresh read, calls to make: starts them", { seen: {} }, call(assign(a))],
  ])("%s", (_name, given, action) => {
    expect(decide(given)).toEqual(action);
  });
});

describe("plans", () => {
  test("nothing to do after a fresh read: done", () => {
    expect(decide({ seen: { secondaryIpAddresses: [a] } })).toEqual({ do: "done" });
  });

  test("a refused plan after a fresh read: fails with all refusals", () => {
    const seen = { secondaryIpAddresses: [b, c], eipBoundAddresses: [b] };
    const action = decide({ seen, goal: goal({ owned: [b], refuseOthers: true }) });
    expect(action).toEqual({ do: "fail", error: expect.any(PlanRefusedError) as unknown });
    const message = action.do === "fail" && (action.error as Error).message;
    expect(message).toMatch(
      /^unassignOnCreate: eni-x already holds 1 .*; allowUnassignWithEip: an EIP is bound to/,
    );
  });

  test("calls of a plan: the first one now, the rest later", () => {
    const seen = { secondaryIpAddresses: [b] };
    const action = decide({
      seen,
      goal: goal({ owned: [b] }),
      facts: { ...situationOf().facts, batchSize: 1, capacity: 9 },
    });
    expect(action).toEqual(call(assign(a), unassign(b)));
  });

  test("the rest of a plan: goes on without a new plan, whatever the ENI's status was", () => {
    const rest = [assign(b), unassign(c)];
    expect(nextAction(situationOf({ seen: { status: "Attaching" }, fresh: false, rest }))).toEqual(
      call(assign(b), unassign(c)),
    );
  });

  test.each<[string, Given]>([
    ["a read", { seen: {}, fresh: false, goal: goal({ wanted: [] }) }],
    ["a failure", { seen: foreign, goal: takeover }],
    ["the end", { seen: { secondaryIpAddresses: [a] } }],
    ["a wait for unsettled calls", { seen: {}, journal: journalWith(assign(a)) }],
    ["a wait for a status", { seen: { status: "Attaching" } }],
    ["a check of the instance", { seen: { type: "Primary" } }],
    ["a call", { seen: {} }],
  ])("%s that follows from a plan: comes with it", (_what, given) => {
    expect(nextAction(situationOf(given)).plan).toBeDefined();
  });

  test.each<[string, Given, Action]>([
    [
      "an address that another resource claims: is not unassigned",
      { seen: { secondaryIpAddresses: [a, b] }, goal: goal({ owned: [b] }), claimed: [b] },
      { do: "done" },
    ],
    [
      "a takeover of addresses that the state listed before: is not refused",
      { seen: foreign, goal: takeover, ledger: ledgerThatListedBefore(c) },
      call(assign(a)),
    ],
    [
      "capacity: a full ENI is made room on first",
      {
        seen: { secondaryIpAddresses: [b] },
        goal: goal({ owned: [b] }),
        facts: { ...situationOf().facts, capacity: 1 },
        limits: { ...noLimits, capacityReadAt: "InUse i-1" },
      },
      call(unassign(b), assign(a)),
    ],
    [
      "an ENI that the API allows no more: is made room on first",
      {
        seen: { secondaryIpAddresses: [b] },
        goal: goal({ owned: [b] }),
        limits: {
          ...noLimits,
          refusedSize: { place: "InUse i-1", size: 2, error: quota },
          capacityReadAt: "InUse i-1",
        },
      },
      call(unassign(b), assign(a)),
    ],
    [
      "a batch size that a refusal taught: limits the calls",
      { seen: {}, goal: goal({ wanted: [a, b] }), limits: { ...noLimits, batchSize: 1 } },
      call(assign(a), assign(b)),
    ],
    [
      "a batch size that the process knows: limits the calls",
      { seen: {}, goal: goal({ wanted: [a, b] }), facts: { ...situationOf().facts, batchSize: 1 } },
      call(assign(a), assign(b)),
    ],
  ])("%s", (_name, given, action) => {
    expect(decide(given)).toEqual(action);
  });

  test("a vSwitch that is known: an address outside it is refused", () => {
    const facts = { ...situationOf().facts, cidrBlock: "10.0.2.0/24" };
    expect(decide({ seen: {}, facts })).toEqual({
      do: "fail",
      error: expect.any(PlanRefusedError) as unknown,
    });
  });

  test("too many addresses after a pick: the picked ones leave first", () => {
    const count = { size: 1, oldestFirst: [b] };
    const journal = new CallJournal();
    journal.addRead(networkInterface({ secondaryIpAddresses: [b] }));
    const pick = { action: "assign", kind: "address", addresses: [], pick: 1 } as const;
    journal.addCall({ step: pick, before: [b], token: "t", outcome: { named: [a] } });
    const mode = modes.secondaryPrivateIpAddressCount;
    const given = {
      journal,
      seen: { secondaryIpAddresses: [a, b] },
      goal: goal({ mode, wanted: [], count }),
    };
    expect(decide(given)).toEqual(call(unassign(a)));
  });
});

/** A ledger in which a resource of `eni-x` listed the address before this run. */
function ledgerThatListedBefore(address: string): Ledger {
  const ledger = new Ledger();
  const before = { networkInterfaceId: "eni-x", listed: [address] };
  ledger.check({ identity: "core", before, now: undefined });
  return ledger;
}

test("addresses that the state of another resource listed, without a takeover: stay", () => {
  const given = { seen: foreign, goal: goal({ wanted: [] }), ledger: ledgerThatListedBefore(c) };
  expect(nextAction(situationOf(given))).toMatchObject({ do: "done", plan: { unmanaged: [c] } });
});

describe("a plan that is refused for what others hold", () => {
  const { releaseMs } = situationOf().pacing;
  const around = "10.0.1.16/28";
  const prefixGoal = (more: Partial<Goal> = {}) =>
    goal({ mode: modes.ipv4Prefixes, wanted: [around], othersMayRelease: true, ...more });
  const given = (more: Given = {}): Given => ({
    seen: { secondaryIpAddresses: [a, "10.0.1.50"] },
    goal: prefixGoal(),
    nowMs: 900_000,
    ...more,
  });
  /** A ledger in which another resource of the ENI is about to unassign the address. */
  const releasing = (address: string) => {
    const ledger = new Ledger();
    ledger.beginOperation("eni-x", "other").announce([address]);
    return ledger;
  };
  const waited = (ms: number) => ({ ...noTrouble, staleSinceMs: 900_000 - ms });

  test.each<[string, Given, object]>([
    ["the release is possible, not announced: waits", given(), { do: "wait", release: "possible" }],
    ["the release is announced: waits", given({ ledger: releasing(a) }), { do: "wait", release: "expected" }],
    [
      "the release of another address is announced: waits",
      given({ ledger: releasing("10.0.1.50") }),
      { do: "wait", release: "possible" },
    ],
    ["the release is not announced in time: fails", given({ trouble: waited(releaseMs) }), { do: "fail" }],
    [
      "the release is announced: waits longer",
      given({ ledger: releasing(a), trouble: waited(releaseMs) }),
      { do: "wait", release: "expected" },
    ],
    [
      "no other resource can release it: fails",
      given({ goal: prefixGoal({ othersMayRelease: false }) }),
      { do: "fail" },
    ],
    [
      "and for the inputs: fails",
      given({ facts: { ...situationOf().facts, cidrBlock: "10.0.2.0/24" } }),
      { do: "fail" },
    ],
    ["cached read: a fresh read", given({ fresh: false }), read(0)],
  ])("%s", (_name, situation, action) => {
    expect(decide(situation)).toMatchObject(action);
  });

  const owned = { goal: prefixGoal({ owned: ["10.0.1.50"] }) };

  test("something to unassign, a release is announced: unassigns first", () => {
    expect(decide(given({ ...owned, ledger: releasing(a) }))).toEqual(call(unassign("10.0.1.50")));
  });

  test("something to unassign, no release is announced: keeps it", () => {
    expect(decide(given(owned))).toMatchObject({ do: "wait", release: "possible" });
  });

  test("something to unassign, the announced release is not enough: keeps it", () => {
    const seen = { secondaryIpAddresses: [a, b, "10.0.1.50"] };
    const situation = given({ ...owned, seen, ledger: releasing(a) });
    expect(decide(situation)).toMatchObject({ do: "wait", release: "possible" });
  });

  test("something to unassign from an ENI that is Attaching: waits for its status", () => {
    const seen = { secondaryIpAddresses: [a, "10.0.1.50"], status: "Attaching" };
    const action = decide(given({ ...owned, seen, ledger: releasing(a) }));
    expect(action.do === "wait" && (action.reason as Error).message).toMatch(/^ENI eni-x is Attaching/);
  });

  test("after a wait: the error says that no resource released it", () => {
    const action = decide(given({ trouble: waited(releaseMs) }));
    expect(action.do === "fail" && (action.error as Error).message).toMatch(
      /^ipv4Prefixes: 10\.0\.1\.16\/28 shares .*; no other resource of this program released/,
    );
  });
});

describe("a dry run", () => {
  const isDryRun = true;
  const holders = [{ id: "eni-y", addresses: [a] }];
  const lookUp: Action = { do: "find holders", lookUp: true };
  const known = { holders, expectedNow: false, releaseExpected: false };
  const releasing = new Ledger();
  releasing.beginOperation("eni-y", "leaving").announce([a]);

  test.each<[string, Given, Action]>([
    ["plans from a fresh read only", { seen: {}, fresh: false }, read(0)],
    ["ends where a call would follow, once it knows who holds the address", { seen: {} }, lookUp],
    ["no other ENI holds the address: done", { seen: {}, holdersKnown: true }, { do: "done" }],
    [
      "another ENI is about to release it: done",
      { seen: {}, holdersKnown: true, contention: known, ledger: releasing },
      { do: "done" },
    ],
    ["nothing to assign: done without a search", { seen: { secondaryIpAddresses: [a] } }, { do: "done" }],
    [
      "waits for a passing status",
      { seen: { status: "Attaching" } },
      expect.objectContaining({ do: "wait" }),
    ],
    [
      "waits for others that may release what the ENI holds",
      { seen: foreign, goal: { ...takeover, othersMayRelease: true } },
      expect.objectContaining({ do: "wait", release: "possible" }),
    ],
    [
      "waits for an ENI that may release the address",
      { seen: {}, holdersKnown: true, contention: known },
      expect.objectContaining({ do: "wait", release: "possible" }),
    ],
  ])("%s", (_name, given, action) => {
    expect(decide({ ...given, isDryRun })).toEqual(action);
  });

  test("an ENI that keeps the address: fails, and names it", () => {
    const { releaseMs } = situationOf().pacing;
    const trouble = { ...noTrouble, staleSinceMs: 1_000_000 - releaseMs };
    const action = decide({ seen: {}, isDryRun, holdersKnown: true, contention: known, trouble });
    expect(action.do === "fail" && (action.error as Error).message).toMatch(
      "privateIpAddresses: 10.0.1.20 is held by eni-y; no other resource of this program released",
    );
  });

  test("announced releases refuse nothing", () => {
    const ledger = new Ledger();
    ledger.beginOperation("eni-x", "leaving").announce([c]);
    expect(decide({ seen: foreign, goal: takeover, ledger, isDryRun })).toEqual(lookUp);
  });
});

describe("a new count on an ENI with an address that a resource lists on another ENI", () => {
  const count = goal({ wanted: [], count: { size: 1, oldestFirst: [] }, refuseOthers: true });
  const listed = new Ledger();
  listed.claim("eni-y", "leaving", [c]);

  test("waits until it has left", () => {
    expect(decide({ seen: foreign, goal: count, ledger: listed })).toMatchObject({
      do: "wait",
      release: "possible",
    });
    const leaving = new Ledger();
    leaving.claim("eni-y", "leaving", [c]);
    leaving.beginOperation("eni-x", "leaving").announce([c]);
    expect(decide({ seen: foreign, goal: count, ledger: leaving })).toMatchObject({
      do: "wait",
      release: "expected",
    });
  });

  test("adopts it when it does not leave in time, or is not listed elsewhere", () => {
    const trouble = { ...noTrouble, staleSinceMs: 1_000_000 - situationOf().pacing.releaseMs };
    expect(decide({ seen: foreign, goal: count, ledger: listed, trouble })).toEqual({ do: "done" });
    expect(decide({ seen: foreign, goal: count })).toEqual({ do: "done" });
    const prefixes = { ...count, mode: modes.ipv4PrefixCount, count: { size: 0, oldestFirst: [] } };
    expect(decide({ seen: foreign, goal: prefixes, ledger: listed })).toEqual({ do: "done" });
  });

  test("an update keeps what it owns", () => {
    const update = { ...count, owned: [c], refuseOthers: false };
    expect(decide({ seen: foreign, goal: update, ledger: listed })).toEqual({ do: "done" });
  });
});

describe("the capacity of the ENI", () => {
  const facts = (capacity?: number) => ({ ...situationOf().facts, capacity });
  const exchange = { seen: { secondaryIpAddresses: [b] }, goal: goal({ owned: [b] }) };
  const full = { ...exchange, facts: facts(1) };
  const readHere = { ...noLimits, capacityReadAt: "InUse i-1" };
  const reading = (again: boolean): Partial<Action> => ({ do: "read capacity", again });

  test.each<[string, Given, Partial<Action>]>([
    ["not known, for an exchange: is read", exchange, reading(false)],
    [
      "not known, after a read: the exchange starts",
      { ...exchange, limits: readHere },
      call(assign(a), unassign(b)),
    ],
    ["known, for an exchange: it starts", { ...exchange, facts: facts(2) }, call(assign(a), unassign(b))],
    ["known, for a plan that makes room: is read again", full, reading(true)],
    [
      "known, for a plan that makes room, by a cached read: the ENI is read first",
      { ...full, fresh: false },
      read(0),
    ],
    ["known and read again: the plan starts", { ...full, limits: readHere }, call(unassign(b), assign(a))],
    [
      "known and too small: is read again before the plan is refused",
      { seen: {}, facts: facts(0) },
      reading(true),
    ],
    [
      "read on another instance: is read again",
      { ...full, limits: { ...readHere, capacityReadAt: "InUse i-9" } },
      reading(true),
    ],
    [
      "refused by the API: is read again",
      {
        ...exchange,
        facts: facts(9),
        limits: { ...noLimits, refusedSize: { place: "InUse i-1", size: 2, error: quota } },
      },
      reading(true),
    ],
    [
      "refused by the API on another instance: says nothing here",
      {
        ...exchange,
        facts: facts(9),
        limits: { ...readHere, refusedSize: { place: "InUse i-9", size: 2, error: quota } },
      },
      call(assign(a), unassign(b)),
    ],
  ])("%s", (_what, given, action) => {
    expect(decide(given)).toMatchObject(action);
  });

  test("read again and too small: fails with the numbers", () => {
    const action = decide({ seen: {}, facts: facts(0), limits: readHere });
    expect(action).toMatchObject({
      do: "fail",
      error: { message: expect.stringContaining("can hold 0") as string },
    });
  });
});

describe("unsettled calls", () => {
  const journal = () => journalWith(assign(a, b), unassign(c));
  const given = () => ({ seen: { secondaryIpAddresses: [c] }, journal: journal(), nowMs: 50_000 });

  test("reads that do not show confirmed calls: waits, and says which changes", () => {
    const reason = new NotReadyYet(
      `eni-x: the API has confirmed a change of ${a}, ${b}, ${c} and does not show it yet`,
    );
    expect(decide({ ...given(), lastProgressMs: 50_000 - settleMs + 1 })).toEqual({
      do: "wait",
      delayMs: pollMs,
      reason,
      trouble: { ...noTrouble, difficulty: reason },
    });
  });

  test("reads that do not show them for too long: abandons them, and asks for the rest again", () => {
    const late = { ...given(), lastProgressMs: 50_000 - settleMs };
    expect(decide(late)).toEqual({ do: "abandon unsettled" });
    late.journal.abandonUnsettled();
    expect(decide(late)).toEqual(call(assign(a)));
  });

  test("unsettled calls while nothing is left to do: done", () => {
    expect(decide({ ...given(), goal: goal({ wanted: [] }) })).toEqual({ do: "done" });
  });

  test("unsettled calls and a status that is passing: the calls are waited for first", () => {
    const seen = { status: "Attaching", secondaryIpAddresses: [c] };
    const action = decide({ ...given(), seen, lastProgressMs: 50_000 });
    expect(action.do === "wait" && (action.reason as Error).message).toMatch(/does not show it yet/);
  });
});

describe("recorded addresses that a read does not show", () => {
  const now = 1_000_000;
  const mode = modes.secondaryPrivateIpAddressCount;
  /** Reads of the ENI, each `agoMs` before now, with what they show. */
  const readsAgo = (...reads: [agoMs: number, shown: string[]][]) => {
    const sightings = new Sightings();
    for (const [agoMs, shown] of reads) sightings.addRead(shown, now - agoMs);
    return sightings;
  };
  const once = () => readsAgo([100, []]);
  const secondRead: Action = { do: "confirm", startMs: now - 100 + confirmMs };
  const nothingWanted = goal({ wanted: [], owned: [b] });
  const counted = (size: number) => goal({ mode, wanted: [], owned: [b], count: { size, oldestFirst: [b] } });

  test.each<[string, Given, Action]>([
    ["one read, a delete: a second read", { goal: nothingWanted, sightings: once() }, secondRead],
    [
      "two reads, a delete: done",
      { goal: nothingWanted, sightings: readsAgo([confirmMs + 1, []], [1, []]) },
      { do: "done" },
    ],
    [
      "one read, and the address is wanted: assigns it",
      { goal: goal({ wanted: [b], owned: [b] }), sightings: once() },
      call(assign(b)),
    ],
    [
      "one read, and another resource claims it: done",
      { goal: nothingWanted, sightings: once(), claimed: [b] },
      { do: "done" },
    ],
    ["one read, and other calls to make: makes them first", { sightings: once() }, call(assign(a))],
    ["one read, a count that would pick: a second read", { goal: counted(1), sightings: once() }, secondRead],
    [
      "two reads, a count that is not reached: picks",
      { goal: counted(1), sightings: readsAgo([confirmMs + 1, []], [1, []]) },
      call({ action: "assign", kind: "address", addresses: [], pick: 1 }),
    ],
    ["one read, a count that is reached: a second read", { goal: counted(0), sightings: once() }, secondRead],
    [
      "owned and not recorded, as what a create may unassign: done",
      { goal: nothingWanted, recorded: [], sightings: once() },
      { do: "done" },
    ],
  ])("%s", (_name, given, action) => {
    expect(decide({ seen: {}, recorded: [b], nowMs: now, ...given })).toEqual(action);
  });

  test("one read, without time for a second one: fails, and says what it waited for", () => {
    const given = { seen: {}, recorded: [b], goal: nothingWanted, sightings: once(), nowMs: now };
    expect(decide({ ...given, leftMs: confirmMs - 100 })).toEqual({
      do: "fail",
      error: new NotReadyYet(`eni-x: a second read has to confirm that ${b} of the state is gone`),
    });
  });
});

describe("statuses", () => {
  const primary = { type: "Primary" };
  const what = "instance i-1, whose primary ENI is eni-x,";
  const { appearMs } = situationOf().pacing;
  const unseenFor = (ms: number) => ({ ...noTrouble, unseenSinceMs: situationOf().nowMs - ms });

  test("instance that is not visible: waits, and notes since when", () => {
    const given = { seen: primary, instanceStatus: null };
    const waiting = { do: "wait", delayMs: pollMs };
    const { nowMs } = situationOf();
    expect(decide(given)).toMatchObject({ ...waiting, trouble: { unseenSinceMs: nowMs } });
    const trouble = unseenFor(appearMs - 1);
    const { unseenSinceMs } = trouble;
    expect(decide({ ...given, trouble })).toMatchObject({ ...waiting, trouble: { unseenSinceMs } });
  });

  test.each<[string, Given, string]>([
    [
      "ENI that is Attaching",
      { seen: { status: "Attaching" } },
      "ENI eni-x is Attaching; waiting until it is Available or InUse",
    ],
    [
      "ENI that is Deleting, for a delete",
      { seen: { status: "Deleting" }, statusRule: eniStatusRuleForDelete },
      "ENI eni-x is Deleting; waiting until it is Available or InUse",
    ],
    [
      "instance that is Starting",
      { seen: primary, instanceStatus: "Starting" },
      `${what} is Starting; waiting until it is Running or Stopped`,
    ],
    [
      "ENI that is Attaching to an instance that is Starting",
      { seen: { ...primary, status: "Attaching" }, instanceStatus: "Starting" },
      "ENI eni-x is Attaching; waiting until it is Available or InUse",
    ],
  ])("%s: waits", (_what, given, message) => {
    const reason = new NotReadyYet(message);
    const trouble = { ...noTrouble, difficulty: reason };
    expect(decide(given)).toEqual({ do: "wait", delayMs: pollMs, reason, trouble });
  });

  test.each<[string, Given, RegExp]>([
    ["ENI that is Deleting", { seen: { status: "Deleting" } }, /^ENI eni-x is Deleting, and its addresses/],
    [
      "ENI in no known status",
      { seen: { status: "" } },
      /^ENI eni-x is in no known status, and its addresses/,
    ],
    [
      "instance that is Deleted",
      { seen: primary, instanceStatus: "Deleted" },
      /^instance i-1, .* is Deleted, and/,
    ],
    [
      "instance that stays missing",
      { seen: primary, instanceStatus: null, trouble: unseenFor(appearMs) },
      /^instance i-1, whose primary ENI is eni-x, does not exist in region cn-hangzhou$/,
    ],
  ])("%s: fails", (_what, given, message) => {
    const action = decide(given);
    expect(action).toEqual({ do: "fail", error: expect.any(OperationError) as unknown });
    expect(action.do === "fail" && (action.error as Error).message).toMatch(message);
  });

  test.each<[string, Given]>([
    ["primary ENI whose instance is Running", { seen: primary, instanceStatus: "Running" }],
    ["primary ENI whose instance is Stopped", { seen: primary, instanceStatus: "Stopped" }],
    ["primary ENI without an instance", { seen: { ...primary, status: "Available", instanceId: undefined } }],
    ["secondary ENI, whatever its instance does", { seen: {}, instanceStatus: "Deleted" }],
    ["ENI that is Available", { seen: { status: "Available" } }],
  ])("%s: calls", (_what, given) => {
    expect(decide(given)).toEqual(call(assign(a)));
  });

  test.each<[string, NonNullable<Given["seen"]>]>([
    ["calls to make", primary],
    ["nothing to do", { ...primary, secondaryIpAddresses: [a] }],
  ])("primary ENI whose instance was not read, %s: its status is checked", (_what, seen) => {
    expect(decide({ seen })).toEqual({ do: "check instance", instanceId: "i-1" });
  });

  describe("nothing to do", () => {
    const reached = { secondaryIpAddresses: [a] };

    test.each<[string, Given, Action["do"]]>([
      ["ENI that is Attaching", { seen: { ...reached, status: "Attaching" } }, "wait"],
      ["ENI that is Deleting", { seen: { ...reached, status: "Deleting" } }, "fail"],
      [
        "ENI that is Deleting, by a cached read",
        { seen: { ...reached, status: "Deleting" }, fresh: false },
        "read",
      ],
      [
        "ENI that is Deleting, after a call",
        { seen: { ...reached, status: "Deleting" }, journal: journalWith(assign(a)) },
        "fail",
      ],
      ["instance that is Starting", { seen: { ...reached, ...primary }, instanceStatus: "Starting" }, "wait"],
      ["instance that is not visible", { seen: { ...reached, ...primary }, instanceStatus: null }, "wait"],
      [
        "instance that was not read, after a call",
        { seen: { ...reached, ...primary }, journal: journalWith(assign(a)) },
        "done",
      ],
      ["instance that is Running", { seen: { ...reached, ...primary }, instanceStatus: "Running" }, "done"],
    ])("%s: %s", (_what, given, does) => {
      expect(decide(given).do).toBe(does);
    });

    test.each(["Attaching", "Deleting"])("for a delete, an ENI that is %s: done", (status) => {
      const given = { seen: { status }, statusRule: eniStatusRuleForDelete, goal: goal({ wanted: [] }) };
      expect(decide(given)).toEqual({ do: "done" });
    });
  });
});

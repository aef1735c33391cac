import type { Kind } from "../ecs/port";
import type { Step } from "../plan/steps";
import { networkInterface } from "../../../test/support/network-interface";
import { CallJournal, type CallOutcome } from "./call-journal";

const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;
const [prefix, otherPrefix] = ["10.0.1.48/28", "10.0.1.64/28"] as const;

const holding = (...secondaryIpAddresses: string[]) => networkInterface({ secondaryIpAddresses });
const withPrefixes = (...ipv4Prefixes: string[]) => ({ ...holding(a, b), ipv4Prefixes });

const assign = (...addresses: string[]): Step => ({ action: "assign", kind: "address", addresses });
const unassign = (...addresses: string[]): Step => ({ action: "unassign", kind: "address", addresses });
const pick = (count: number, kind: Kind = "address"): Step => ({
  action: "assign",
  kind,
  addresses: [],
  pick: count,
});

const confirmed: CallOutcome = { named: [] };
const lost: CallOutcome = { verdict: "transient" };
const refused: CallOutcome = { verdict: "final" };

let journal: CallJournal;
let newTokens: number;
beforeEach(() => {
  journal = new CallJournal();
  newTokens = 0;
});

/** Sends a call as an operation does. Returns its token. */
function call(step: Step, outcome: CallOutcome = confirmed): string | undefined {
  const token = step.action === "unassign" ? undefined : (journal.tokenFor(step) ?? `new ${++newTokens}`);
  journal.addCall({ step, before: journal.held, token, outcome });
  return token;
}

describe("addresses that the ENI holds", () => {
  test("before the first read: unknown, whatever calls were confirmed", () => {
    call(assign(a));
    expect(journal.known).toBeUndefined();
    expect(journal.held).toEqual([]);
  });

  test("after a read: as it was read", () => {
    journal.addRead(withPrefixes(prefix));
    expect(journal.known).toEqual(withPrefixes(prefix));
    expect(journal.held).toEqual([a, b, prefix]);
  });

  test.each([
    { steps: [assign("10.0.1.9", "10.0.1.100")], known: ["10.0.1.9", a, b, "10.0.1.100"] },
    { steps: [unassign(a)], known: [b] },
    { steps: [unassign(a), assign(a)], known: [a, b] },
    { steps: [assign(c), unassign(c, b)], known: [a] },
    { steps: [assign(a)], known: [a, b] },
  ])("after confirmed calls: the read with their changes, $known", ({ steps, known }) => {
    const read = holding(a, b);
    journal.addRead(read);
    for (const step of steps) call(step);
    expect(journal.known).toEqual(holding(...known));
    expect(read).toEqual(holding(a, b));
  });

  test.each([lost, refused])("after a failed call, %j: as it was read", (outcome) => {
    journal.addRead(holding(a));
    call(assign(b), outcome);
    call(unassign(a), outcome);
    expect(journal.known).toEqual(holding(a));
  });

  test("after a pick: with the addresses that its answer names", () => {
    journal.addRead(holding(a));
    call(pick(1), { named: [b] });
    expect(journal.held).toEqual([a, b]);
  });

  test("after a later read that lags behind: with the calls confirmed before, until they are abandoned", () => {
    journal.addRead(holding(b));
    call(assign(a));
    call(unassign(b));
    journal.addRead(holding(b));
    expect(journal.held).toEqual([a]);
    journal.abandonUnsettled();
    expect(journal.held).toEqual([b]);
  });

  test("after a later read that shows the calls confirmed before: as the next read shows it", () => {
    journal.addRead(holding());
    call(assign(a));
    journal.addRead(holding(a));
    journal.addRead(holding(b));
    expect(journal.held).toEqual([b]);
  });

  test("prefixes: known beside addresses", () => {
    journal.addRead(withPrefixes(prefix));
    call({ action: "assign", kind: "prefix", addresses: [otherPrefix] });
    expect(journal.known).toEqual(withPrefixes(prefix, otherPrefix));
    call({ action: "unassign", kind: "prefix", addresses: [prefix, otherPrefix] });
    expect(journal.known).toEqual(withPrefixes());
  });
});

test("whether the operation wrote: from its first call on, whatever its outcome", () => {
  journal.addRead(holding(a));
  expect(journal.wrote).toBe(false);
  call(assign(a), refused);
  expect(journal.wrote).toBe(true);
});

describe("unsettled changes", () => {
  test("before a call: none", () => {
    journal.addRead(holding(a));
    expect(journal.notShown).toEqual([]);
  });

  test("an assign: unsettled until a read shows it, each address by itself", () => {
    call(assign(a, b));
    expect(journal.notShown).toEqual([a, b]);
    journal.addRead(holding());
    expect(journal.notShown).toEqual([a, b]);
    journal.addRead(holding(b));
    expect(journal.notShown).toEqual([a]);
    journal.addRead(holding(a, b));
    expect(journal.notShown).toEqual([]);
  });

  test("an unassign: unsettled as long as reads show it", () => {
    call(unassign(a, b));
    journal.addRead(holding(a, b, c));
    expect(journal.notShown).toEqual([a, b]);
    journal.addRead(holding(b));
    expect(journal.notShown).toEqual([b]);
    journal.addRead(holding());
    expect(journal.notShown).toEqual([]);
  });

  test.each([lost, refused])("a failed call, %j: nothing to settle", (outcome) => {
    call(assign(a), outcome);
    call(pick(1), outcome);
    journal.addRead(holding());
    expect(journal.notShown).toEqual([]);
  });

  test("a change that one read has shown: settled, so that a later read may differ", () => {
    call(assign(a));
    journal.addRead(holding(a));
    journal.addRead(holding());
    expect(journal.notShown).toEqual([]);
  });

  test("two calls for one address: the last one counts", () => {
    call(assign(a));
    call(unassign(a));
    journal.addRead(holding());
    expect(journal.notShown).toEqual([]);
    call(unassign(b));
    call(assign(b));
    journal.addRead(holding());
    expect(journal.notShown).toEqual([b]);
  });

  test("an abandoned change: waited for no longer", () => {
    journal.addRead(holding(b));
    call(assign(a));
    call(unassign(b));
    call(pick(1));
    journal.abandonUnsettled();
    journal.addRead(holding(b));
    expect(journal.notShown).toEqual([]);
  });

  test("addresses that the answer to a pick names: unsettled like listed ones", () => {
    journal.addRead(holding());
    call(pick(2), { named: [a, b] });
    journal.addRead(holding(b));
    expect(journal.notShown).toEqual([a]);
  });

  test("prefixes: unsettled like addresses, and counted apart from them", () => {
    journal.addRead(withPrefixes());
    call({ action: "assign", kind: "prefix", addresses: [prefix] });
    journal.addRead(withPrefixes());
    expect(journal.notShown).toEqual([prefix]);
    journal.addRead(withPrefixes(prefix));
    expect(journal.notShown).toEqual([]);
    call(pick(1, "prefix"));
    expect(journal.notShown).toEqual(["1 that the cloud picked"]);
    journal.addRead({ ...withPrefixes(prefix), secondaryIpAddresses: [a, b, c] });
    expect(journal.notShown).toEqual(["1 that the cloud picked"]);
    journal.addRead(withPrefixes(prefix, otherPrefix));
    expect(journal.notShown).toEqual([]);
  });

  test("unnamed picks of both kinds: their numbers add up, and too many of one kind do not make up for the other", () => {
    journal.addRead(holding());
    call(pick(1));
    call(pick(2, "prefix"));
    expect(journal.notShown).toEqual(["3 that the cloud picked"]);
    journal.addRead(holding(a, b, c));
    expect(journal.notShown).toEqual(["2 that the cloud picked"]);
  });
});

describe("the ClientToken of a call", () => {
  beforeEach(() => {
    journal.addRead(holding());
  });

  test("first call of its content: a new token", () => {
    expect(journal.tokenFor(assign(a))).toBeUndefined();
    call(assign("10.0.1.2", "210.0.1.3"), lost);
    expect(journal.tokenFor(assign("10.0.1.2"))).toBeUndefined();
    expect(journal.tokenFor(assign("10.0.1.22", "10.0.1.3"))).toBeUndefined();
  });

  test("another operation: a new token", () => {
    call(assign(a), lost);
    expect(new CallJournal().tokenFor(assign(a))).toBeUndefined();
  });

  test.each(["transient", "conflict", "throttled"] as const)(
    "repetition after %s: the same token",
    (verdict) => {
      const token = call(assign(a), { verdict });
      call(assign(b), refused);
      call(unassign(a), refused);
      expect(call(assign(a))).toBe(token);
    },
  );

  test.each(["state", "stale", "token-burnt", "quota", "invalid-parameter", "not-found", "final"] as const)(
    "repetition after %s: a new token, and the tokens of other calls stay",
    (verdict) => {
      const kept = call(assign(b), lost);
      call(assign(a), { verdict });
      expect(journal.tokenFor(assign(a))).toBeUndefined();
      expect(journal.tokenFor(assign(b))).toBe(kept);
    },
  );

  test("repetition after success: a new token", () => {
    call(assign(a));
    expect(journal.tokenFor(assign(a))).toBeUndefined();
  });

  test("repetition after a lost answer and a refusal: the last outcome counts", () => {
    call(assign(a), lost);
    call(assign(a), refused);
    expect(journal.tokenFor(assign(a))).toBeUndefined();
  });

  test("a pick: another number, kind or other addresses beside it make another request", () => {
    const token = call(pick(1), lost);
    expect(journal.tokenFor(pick(1))).toBe(token);
    expect(journal.tokenFor(pick(2))).toBeUndefined();
    expect(journal.tokenFor(pick(1, "prefix"))).toBeUndefined();
    journal.addRead(withPrefixes(prefix));
    expect(journal.tokenFor(pick(1))).toBeUndefined();
  });

  test("a pick: another order of the addresses beside it is the same request", () => {
    journal.addRead(holding(a, b));
    const token = call(pick(1), lost);
    journal.addRead(holding(b, a));
    expect(journal.tokenFor(pick(1))).toBe(token);
  });

  test("a pick that took effect: the next one has a new token", () => {
    call(pick(1), { named: [a] });
    expect(journal.tokenFor(pick(1))).toBeUndefined();
  });

  test.each<[string, string[]]>([
    ["named addresses", [a]],
    ["named nothing", []],
  ])("a confirmed pick that %s and that no read shows: the same token", (_what, named) => {
    const token = call(pick(1), { named });
    journal.addRead(holding());
    journal.abandonUnsettled();
    expect(journal.tokenFor(pick(1))).toBe(token);
  });

  test("a confirmed pick whose answer names only addresses from before: a new token", () => {
    journal.addRead(holding(a, b));
    call(pick(1), { named: [a] });
    expect(journal.tokenFor(pick(1))).toBeUndefined();
  });
});

describe("addresses that the cloud picked", () => {
  test("named by the answer: picked, except those from before, and no others", () => {
    journal.addRead(holding(a));
    call(pick(2), { named: [a, b] });
    journal.addRead(holding(a, "10.0.1.30", "10.0.1.31"));
    expect(journal.picked).toEqual([b]);
  });

  test("listed by the call: not picked", () => {
    call(assign(a));
    journal.addRead(holding(a));
    expect(journal.picked).toEqual([]);
  });

  test.each<[string, CallOutcome]>([
    ["a lost answer", lost],
    ["an answer that names nothing", confirmed],
  ])("%s: exactly as many new addresses as requested are picked, once", (_what, outcome) => {
    journal.addRead(holding(a));
    call(pick(2), outcome);
    journal.addRead(holding(a));
    expect(journal.picked).toEqual([]);
    journal.addRead(holding(a, b, c));
    journal.addRead(holding(a, "10.0.1.30", "10.0.1.31"));
    expect(journal.picked).toEqual([b, c]);
  });

  test("a lost answer: fewer new addresses are attributed only when the rest appears", () => {
    journal.addRead(holding());
    call(pick(2), lost);
    journal.addRead(holding(a));
    expect(journal.picked).toEqual([]);
    journal.addRead(holding(a, b));
    expect(journal.picked).toEqual([a, b]);
  });

  test("a lost answer: if more appeared than requested, or another kind, none is attributed, now or later", () => {
    journal.addRead(holding());
    call(pick(1), lost);
    journal.addRead(networkInterface({ ipv4Prefixes: [prefix] }));
    expect(journal.picked).toEqual([]);
    journal.addRead(holding(a, c));
    journal.addRead(holding(a));
    expect(journal.picked).toEqual([]);
  });

  test("a later answer that names addresses: nothing of the lost pick is attributed", () => {
    journal.addRead(holding());
    call(pick(1), lost);
    call(pick(1), { named: [a] });
    journal.addRead(holding(a));
    expect(journal.picked).toEqual([a]);
    journal.addRead(holding(a, b));
    expect(journal.picked).toEqual([a]);
  });

  test.each(["conflict", "throttled", "quota", "final"] as const)(
    "a pick refused with %s: nothing is attributed",
    (verdict) => {
      journal.addRead(holding());
      call(pick(1), { verdict });
      journal.addRead(holding(a));
      expect(journal.picked).toEqual([]);
    },
  );

  test("other calls after a lost pick: it is still attributed", () => {
    journal.addRead(holding(a));
    call(pick(1), lost);
    for (const outcome of [refused, lost]) call(assign(b), outcome);
    call(pick(2), refused);
    call(unassign(a));
    journal.addRead(holding(c));
    expect(journal.picked).toEqual([c]);
  });
});

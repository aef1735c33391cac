import { Ledger } from "./ledger";

const [eni, other] = ["eni-a", "eni-b"];
const [a, b] = ["10.0.1.20", "10.0.1.21"];

let ledger: Ledger;
beforeEach(() => (ledger = new Ledger()));

/** Check finds that a resource no longer lists these, and lists `keeps`. */
function drop(addresses: readonly string[], { on = eni, keeps = [] as string[], identity = "edge" } = {}) {
  ledger.check({
    identity,
    before: { networkInterfaceId: on, listed: [...addresses, ...keeps] },
    now: { networkInterfaceId: on, listed: keeps, keeps, ownership: "additive" },
  });
}

test("an address that no operation has announced: no release is expected", () => {
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
  ledger.beginOperation(other, "core").announce([a]);
  ledger.beginOperation(eni, "edge");
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
});

test.each([
  ["the prefix around it", ["10.0.1.16/28"], "10.0.1.20"],
  ["an address within it", ["10.0.1.20"], "10.0.1.16/28"],
])("a release of %s: expected, announced or dropped", (_what, released, wanted) => {
  const operation = ledger.beginOperation(eni, "edge");
  operation.announce(released);
  expect(ledger.isReleaseExpected(eni, wanted)).toBe(true);
  expect(ledger.isReleaseExpected(other, wanted)).toBe(false);
  operation.end();
  drop(released);
  ledger.beginOperation(other, "core");
  expect(ledger.isReleaseExpected(eni, wanted)).toBe(true);
  expect(ledger.isReleaseExpected(eni, "10.0.1.40")).toBe(false);
});

test("an announced release: expected until the operation ends, also while it waits", () => {
  const operation = ledger.beginOperation(eni, "edge");
  operation.announce(["10.0.1.99", a]);
  operation.setWaiting(true);
  expect(ledger.isReleaseExpected(eni, a)).toBe(true);
  expect(ledger.isReleaseExpected(eni, b)).toBe(false);
  operation.announce([b]);
  expect(ledger.isReleaseExpected(eni, a)).toBe(true);
  expect(ledger.isReleaseExpected(eni, b)).toBe(true);
  operation.end();
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
});

test("several operations on an ENI: each announces its own releases", () => {
  const first = ledger.beginOperation(eni, "edge");
  const second = ledger.beginOperation(eni, "edge");
  ledger.beginOperation(eni, "core").announce([b]);
  second.announce([a]);
  first.end();
  expect(ledger.isReleaseExpected(eni, a)).toBe(true);
  second.end();
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
  expect(ledger.isReleaseExpected(eni, b)).toBe(true);
});

test("check: an address that was listed and is not kept is dropped, on its ENI", () => {
  drop([a], { keeps: [b] });
  expect(ledger.isDropped(eni, a)).toBe(true);
  expect(ledger.isDropped(eni, b)).toBe(false);
  expect(ledger.isDropped(eni, "10.0.1.16/28")).toBe(false);
  expect(ledger.isDropped(other, a)).toBe(false);
});

test("check of a count, which keeps its addresses: nothing is dropped", () => {
  ledger.check({
    identity: "edge",
    before: { networkInterfaceId: eni, listed: [a] },
    now: { networkInterfaceId: eni, listed: [], keeps: [a], ownership: "exclusive" },
  });
  expect(ledger.isDropped(eni, a)).toBe(false);
});

test("check of a resource that moves to another ENI: the old ENI drops everything, the new one nothing", () => {
  ledger.check({
    identity: "edge",
    before: { networkInterfaceId: eni, listed: [a] },
    now: { networkInterfaceId: other, listed: [a], keeps: [a], ownership: "additive" },
  });
  expect([ledger.isDropped(eni, a), ledger.isDropped(other, a)]).toEqual([true, false]);
});

test("a resource leaves the ENI: it drops what its state owned there, which counts as listed before", () => {
  ledger.leave(eni, "edge", [a]);
  expect([ledger.isDropped(eni, a), ledger.isDropped(eni, b), ledger.isDropped(other, a)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([ledger.listedBeforeOn(eni), ledger.claimedOn(eni)]).toEqual([[a], []]);
});

test("a resource leaves the ENI: what its old inputs list and it never got is not dropped", () => {
  ledger.check({
    identity: "edge",
    before: { networkInterfaceId: eni, listed: [a, b] },
    now: { networkInterfaceId: other, listed: [], keeps: [], ownership: "additive" },
  });
  ledger.leave(eni, "edge", [a]);
  expect([ledger.isDropped(eni, a), ledger.isDropped(eni, b)]).toEqual([true, false]);
  expect(ledger.listedBeforeOn(eni)).toEqual([a]);
});

test("a dropped address: its release is expected while an operation works, not while all wait", () => {
  ledger.claim("eni-c", "third", [b]);
  drop([a]);
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
  const waiting = ledger.beginOperation(other, "core");
  const working = ledger.beginOperation(other, "core");
  waiting.setWaiting(true);
  expect(ledger.isReleaseExpected(eni, a)).toBe(true);
  working.setWaiting(true);
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
  working.setWaiting(false);
  expect(ledger.isReleaseExpected(eni, a)).toBe(true);
  working.end();
  expect(ledger.isReleaseExpected(eni, a)).toBe(false);
});

test("an operation that works on an ENI beside idle resources: a dropped address is expected elsewhere", () => {
  drop([a]);
  drop([b], { identity: "core" });
  ledger.claim(other, "idle", [b]);
  ledger.beginOperation(other, "third");
  expect(ledger.isReleaseExpected(eni, a)).toBe(true);
  expect(ledger.isReleaseExpected(eni, b)).toBe(true);
});

test("an operation ends: its announced addresses no longer count as dropped, the others still do", () => {
  drop([a]);
  drop([b]);
  drop([a], { identity: "core" });
  drop([a], { on: other });
  ledger.beginOperation(other, "third");
  const operation = ledger.beginOperation(eni, "edge");
  operation.announce([a]);
  operation.end();
  expect([ledger.isDropped(eni, a), ledger.isReleaseExpected(eni, a)]).toEqual([false, false]);
  expect([ledger.isDropped(eni, b), ledger.isReleaseExpected(eni, b)]).toEqual([true, true]);
  expect(ledger.isDropped(other, a)).toBe(true);
});

import type { Refusal } from "../plan/refusals";
import { PlanRefusedError } from "./operation-error";
import { recordFailedUpdate, recordOptions, recordUpdated } from "./record";
import {
  all,
  beforeOf,
  decidedOf,
  eniOf,
  factsBefore,
  forBothKinds,
  outcomeOf,
  recordedOf,
  type Expected,
  type Next,
  type Row,
} from "../../../test/support/record-rows";

/* The table in record.ts, row by row: update. Those of create and read are in record.test.ts. */

const list = { mode: "list", inputs: "desired" } as const;
const count = { mode: "count", inputs: "desired" } as const;
const before = { mode: "list", owned: "a b", ages: "b a" } as const;
const countBefore = { ...before, mode: "count" } as const;
const refusal: Refusal = {
  property: "ipv4PrefixCount",
  reason: "too many",
  cause: "permission",
  dependsOn: "ownership",
};
const refused = new PlanRefusedError([{ ...refusal, refreshHelps: true }, refusal]);
/** A count that finds more of its kind than it may unassign. */
const newKind: Row = {
  before: { mode: "otherList", owned: "x" },
  desired: { count: 1 },
  held: "a b x y",
  wrote: false,
};

describe("update: success", () => {
  test.each(
    forBothKinds<[string, Row, Expected]>([
      [
        "a list owns what it lists, and records no ages",
        { before, desired: { list: "b c" }, held: "b c d x" },
        { ...list, owned: "b c", unmanaged: "d" },
      ],
      [
        "a list keeps the program's order",
        { before, desired: { list: "c a b" }, held: "a b c" },
        { ...list, owned: "a b c", order: "c a b" },
      ],
      [
        "a count owns everything held, the recorded ages first",
        { before: countBefore, desired: { count: 4 }, held: "a b c d x" },
        { ...count, owned: "a b c d", ages: "b a c d" },
      ],
      [
        "a count after a list without ages takes the list as the oldest",
        { before: { mode: "list", owned: "c d" }, desired: { count: 4 }, held: "a b c d" },
        { ...count, owned: "a b c d", ages: "c d a b" },
      ],
    ]),
  )("%s: %s", (kind, _title, row, expected) => {
    const eni = eniOf(kind, row.held ?? "");
    const orphaned = all(kind, row.orphaned ?? "");
    expect(recordUpdated(decidedOf(kind, row), eni, beforeOf(kind, row), orphaned, [])).toEqual(
      recordedOf(kind, row, expected),
    );
  });
});

test.each(["address", "prefix"] as const)(
  "update that succeeded: a count of one %s leaves the newer one to the delete of another resource",
  (kind) => {
    const row: Row = { before: { mode: "list", owned: "" }, desired: { count: 1 }, held: "a b" };
    const eni = eniOf(kind, "a b");
    const recorded = recordUpdated(decidedOf(kind, row), eni, beforeOf(kind, row), [], all(kind, "a b"));
    expect([recorded.owned, recorded.unmanaged]).toEqual([all(kind, "a"), []]);
  },
);

describe("update: options only", () => {
  test.each(
    forBothKinds<[string, Row, Expected]>([
      [
        "a list keeps what it owned",
        { before: { mode: "list", owned: "a b" }, desired: { list: "a b" }, ownership: "additive" },
        { ...list, ownership: "additive", owned: "a b", unmanaged: "e" },
      ],
      [
        "a count keeps what it owned, and its ages",
        { before: countBefore, desired: { count: 2 }, mayUnassign: "c" },
        { ...count, owned: "a b", unmanaged: "e", ages: "b a" },
      ],
    ]),
  )("%s: %s", (kind, _title, row, expected) => {
    expect(recordOptions(decidedOf(kind, row), beforeOf(kind, row))).toEqual(
      recordedOf(kind, row, expected, factsBefore),
    );
  });
});

describe("update: failed", () => {
  const additive = { ...before, ownership: "additive" } as const;
  const asBefore = { mode: "list", inputs: "before" } as const;

  test.each(
    forBothKinds<[string, Row, Expected | undefined, Next]>([
      [
        "after a call, a list owns what it lists and what it owned",
        { before, desired: { list: "b c d" }, held: "a b c e x" },
        { ...list, owned: "a b c", order: "b c a", unmanaged: "e" },
        "resume",
      ],
      [
        "after a call, an additive list owns what it lists and what it owned",
        { before: additive, desired: { list: "c" }, ownership: "additive", held: "a c d" },
        { ...list, ownership: "additive", owned: "a c", order: "c a", unmanaged: "d" },
        "resume",
      ],
      [
        "after a call, an exclusive list that becomes additive owns what it lists and what it owned",
        { before, desired: { list: "c" }, ownership: "additive", held: "a c d" },
        { ...list, ownership: "additive", owned: "a c", order: "c a", unmanaged: "d" },
        "resume",
      ],
      [
        "after a call, unassignOnCreate is ignored without a takeover",
        { before, desired: { list: "a" }, mayUnassign: "c", held: "a c" },
        { ...list, owned: "a", unmanaged: "c" },
        "resume",
      ],
      [
        "after a call, a count not exceeded owns everything held",
        { before: countBefore, desired: { count: 4 }, held: "a b c d x", picked: "c" },
        { ...count, owned: "a b c d", ages: "b a c d" },
        "resume",
      ],
      [
        "after a call, a count exceeded owns what it owned and what was picked",
        { before: countBefore, desired: { count: 3 }, held: "a b c d", picked: "d" },
        { ...count, owned: "a b d", unmanaged: "c", ages: "b a d" },
        "resume",
      ],
      [
        "after a call, a change of the kind leaves the old kind owned",
        { before: { mode: "otherList", owned: "x y" }, desired: { list: "a b" }, held: "a c x" },
        { ...list, owned: "a x", unmanaged: "c" },
        "resume",
      ],
      [
        "after a call, the ENI is gone: nothing is recorded",
        { before, desired: { list: "a" } },
        undefined,
        "nothing done",
      ],
      [
        "after a call, a refusal that a refresh remedies resumes",
        {
          before: { mode: "otherCount", owned: "x" },
          desired: { count: 1 },
          held: "a b x",
          failure: refused,
        },
        { ...count, owned: "x", unmanaged: "a b", ages: "x" },
        "resume",
      ],
      [
        "after a call, what was owned or is listed and may still be held stays owned",
        { before: { mode: "list", owned: "a b" }, desired: { list: "c d" }, held: "e", perhapsHeld: "b c f" },
        { ...list, owned: "b c", unmanaged: "e", order: "c b" },
        "resume",
      ],
      [
        "a takeover after a call, addresses that may still be held stay owned",
        { before: additive, desired: { list: "c" }, held: "c", perhapsHeld: "a" },
        { ...list, ownership: "additive", owned: "a c" },
        "retry",
      ],
      [
        "before any call, addresses that may still be held stay owned",
        { before, desired: { list: "c" }, held: "b", perhapsHeld: "a", wrote: false },
        { ...asBefore, owned: "a b" },
        "nothing done",
      ],
      [
        "refused, a refresh helps a count of a new kind: addresses that may still be held stay owned",
        { ...newKind, held: "a b y", perhapsHeld: "x", failure: refused },
        { ...count, owned: "x", unmanaged: "a b", ages: "x" },
        "resume",
      ],
      [
        "a takeover after a call, a list is recorded as before with what was assigned for it",
        { before: additive, desired: { list: "b c" }, mayUnassign: "d", held: "a b c d x" },
        { ...list, ownership: "additive", owned: "a b c", unmanaged: "d" },
        "retry",
      ],
      [
        "a takeover after a call, a count is recorded as the list that it was",
        { before: additive, desired: { count: 4 }, mayUnassign: "d", held: "a b c d", picked: "c" },
        { ...list, ownership: "additive", owned: "a b c", unmanaged: "d" },
        "retry",
      ],
      [
        "a takeover after a call, a change of the kind is recorded with both kinds",
        {
          before: { ...additive, mode: "otherList", owned: "x", ages: "x" },
          desired: { list: "a" },
          held: "a b x y",
        },
        {
          mode: "otherList",
          inputs: "desired",
          ownership: "additive",
          owned: "a x",
          unmanaged: "y",
        },
        "retry",
      ],
      [
        "before any call, everything but the region is recorded as before",
        { before, desired: { list: "b c" }, held: "b c d x", picked: "d", wrote: false },
        { ...asBefore, owned: "b", unmanaged: "c d" },
        "nothing done",
      ],
      [
        "before any call, addresses that were handed over and are held are recorded",
        { before, desired: { list: "a b c d" }, held: "a b c x", wrote: false, handedOver: "c d" },
        { ...asBefore, owned: "a b c" },
        "nothing done",
      ],
      [
        "after a call, a count records handed-over addresses",
        { before: countBefore, desired: { count: 2 }, held: "a b c d", handedOver: "c" },
        { ...count, owned: "a b c", unmanaged: "d", ages: "b a c" },
        "resume",
      ],
      [
        "a takeover before any call, it is recorded as additive as before",
        { before: additive, desired: { list: "a" }, mayUnassign: "c", held: "a b c", wrote: false },
        { ...asBefore, ownership: "additive", owned: "a b", unmanaged: "c" },
        "nothing done",
      ],
      [
        "before any call, an ENI that was never read: nothing is recorded",
        { before, desired: { list: "a" }, wrote: false },
        undefined,
        "nothing done",
      ],
      [
        "before any call, a state without an ENI: the ENI is recorded",
        { before: { owned: "a" }, desired: { list: "b" }, held: "a b", wrote: false },
        { inputs: "before", owned: "a", unmanaged: "b" },
        "nothing done",
      ],
      [
        "refused, a refresh helps a count of a new kind: the new kind is recorded",
        { ...newKind, failure: refused },
        { ...count, owned: "x", unmanaged: "a b", ages: "x" },
        "resume",
      ],
      [
        "refused, a refresh helps a count where the state has no mode: the kind is recorded",
        { before: { owned: "a" }, desired: { count: 1 }, held: "a b", wrote: false, failure: refused },
        { ...count, owned: "a", unmanaged: "b", ages: "a" },
        "resume",
      ],
      [
        "refused, a refresh helps a count of the same kind: as before",
        { before: countBefore, desired: { count: 1 }, held: "a b c", wrote: false, failure: refused },
        { mode: "count", inputs: "before", owned: "a b", unmanaged: "c", ages: "b a" },
        "nothing done",
      ],
      [
        "refused, a refresh does not help: as before",
        { ...newKind, failure: new PlanRefusedError([refusal]) },
        { mode: "otherList", inputs: "before", owned: "x", unmanaged: "y" },
        "nothing done",
      ],
      [
        "a new kind, the failure is no refusal: as before",
        newKind,
        { mode: "otherList", inputs: "before", owned: "x", unmanaged: "y" },
        "nothing done",
      ],
      [
        "a takeover of a new kind, a refresh helps: as before",
        { ...newKind, before: { mode: "otherList", owned: "x", ownership: "additive" }, failure: refused },
        { mode: "otherList", inputs: "before", ownership: "additive", owned: "x", unmanaged: "y" },
        "nothing done",
      ],
    ]),
  )("%s: %s", (kind, _title, row, expected, next) => {
    const recorded = expected && recordedOf(kind, row, expected);
    const handedOver = all(kind, row.handedOver ?? "");
    expect(
      recordFailedUpdate(decidedOf(kind, row), beforeOf(kind, row), outcomeOf(kind, row), handedOver),
    ).toEqual({ recorded, next });
  });

  test.each(["address", "prefix"] as const)(
    "%s: an ENI that was never read, handed-over addresses are recorded with the old inputs",
    (kind) => {
      const row: Row = { before, desired: { list: "a b c" }, wrote: false };
      const failed = recordFailedUpdate(
        decidedOf(kind, row),
        beforeOf(kind, row),
        outcomeOf(kind, row),
        all(kind, "c"),
      );
      const recorded = recordedOf(kind, row, { ...asBefore, owned: "a b c" }, factsBefore);
      expect(failed).toEqual({ recorded: { ...recorded, unmanaged: all(kind, "e") }, next: "nothing done" });
    },
  );
});

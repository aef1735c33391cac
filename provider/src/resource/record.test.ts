import { OperationError } from "./operation-error";
import { heldByCount, recordCreated, recordFailedCreate, recordRead } from "./record";
import {
  all,
  beforeOf,
  decidedOf,
  eniOf,
  forBothKinds,
  outcomeOf,
  recordedOf,
  type Expected,
  type Next,
  type Row,
} from "../../../test/support/record-rows";

/* The table in record.ts, row by row: create and read. Those of update are in record-update.test.ts. */

const list = { mode: "list", inputs: "desired" } as const;
const count = { mode: "count", inputs: "desired" } as const;
const before = { mode: "list", owned: "a b", ages: "b a" } as const;

describe("create: success", () => {
  test.each(
    forBothKinds<[string, Row, string, Expected]>([
      [
        "a list owns what it lists",
        { desired: { list: "a b" }, held: "a b c x" },
        "",
        { ...list, owned: "a b", unmanaged: "c" },
      ],
      [
        "an additive list owns what it lists",
        { desired: { list: "b" }, ownership: "additive", held: "a b x" },
        "",
        { ...list, ownership: "additive", owned: "b", unmanaged: "a" },
      ],
      [
        "a count owns everything held, the lowest first",
        { desired: { count: 3 }, held: "c a b x" },
        "",
        { ...count, owned: "a b c", ages: "a b c" },
      ],
      [
        "a count leaves the newest of a replaced resource to its delete",
        { desired: { count: 2 }, held: "a b c d x" },
        "a c d",
        { ...count, owned: "a b", ages: "a b" },
      ],
      [
        "the addresses of a replaced resource are not unmanaged",
        { desired: { list: "a" }, mayUnassign: "f", held: "a b c" },
        "b",
        { ...list, owned: "a", unmanaged: "c" },
      ],
    ]),
  )("%s: %s", (kind, _title, row, expected, recorded) => {
    expect(recordCreated(decidedOf(kind, row), eniOf(kind, row.held ?? ""), all(kind, expected))).toEqual(
      recordedOf(kind, row, recorded),
    );
  });
});

describe("create: failed", () => {
  test.each(
    forBothKinds<[string, Row, Expected | undefined, Next]>([
      [
        "before any call, nothing is recorded",
        { desired: { list: "a" }, held: "a", wrote: false },
        undefined,
        "nothing done",
      ],
      [
        "before any call, addresses that were handed over and are held are recorded as an additive list",
        { desired: { count: 3 }, held: "a b", wrote: false, handedOver: "a c" },
        { ...list, ownership: "additive", owned: "a", unmanaged: "b" },
        "retry",
      ],
      [
        "after a call, handed-over addresses are recorded too",
        { desired: { count: 2 }, held: "a b c", picked: "c", handedOver: "a" },
        { ...count, owned: "a c", unmanaged: "b", ages: "a c" },
        "resume",
      ],
      [
        "an ENI that was never read, nothing is recorded",
        { desired: { list: "a" } },
        undefined,
        "nothing done",
      ],
      [
        "nothing of the list is held, nothing is recorded",
        { desired: { list: "a b" }, held: "c x" },
        undefined,
        "nothing done",
      ],
      [
        "unassignOnCreate partly left and nothing owned, nothing is recorded",
        { desired: { list: "a" }, mayUnassign: "c d", held: "c" },
        undefined,
        "nothing done",
      ],
      [
        "unassignOnCreate partly left, a list is recorded as additive",
        { desired: { list: "a b" }, mayUnassign: "c d", held: "a c x" },
        { ...list, ownership: "additive", owned: "a", unmanaged: "c" },
        "retry",
      ],
      [
        "unassignOnCreate partly left, a count is recorded as an additive list of what was picked",
        { desired: { count: 3 }, mayUnassign: "c d", held: "a b c", picked: "b" },
        { ...list, ownership: "additive", owned: "b", unmanaged: "a c" },
        "retry",
      ],
      [
        "unassignOnCreate lists only what was picked or is wanted, the next operation resumes",
        { desired: { list: "a" }, mayUnassign: "a b", held: "a b", picked: "b" },
        { ...list, owned: "a b" },
        "resume",
      ],
      [
        "unassignOnCreate unassigned, a list owns what it lists of what is held",
        { desired: { list: "a b" }, mayUnassign: "c", held: "a d x" },
        { ...list, owned: "a", unmanaged: "d" },
        "resume",
      ],
      [
        "an additive list that lists nothing to unassign, it owns what it lists",
        { desired: { list: "a b" }, ownership: "additive", mayUnassign: "c", held: "a c" },
        { ...list, ownership: "additive", owned: "a", unmanaged: "c" },
        "resume",
      ],
      [
        "a list owns what it has assigned and may still be held",
        { desired: { list: "a b" }, held: "d", perhapsHeld: "a" },
        { ...list, owned: "a", unmanaged: "d" },
        "resume",
      ],
      [
        "unassignOnCreate partly left, picked addresses that may still be held are owned",
        { desired: { count: 3 }, mayUnassign: "c", held: "c", picked: "b", perhapsHeld: "b" },
        { ...list, ownership: "additive", owned: "b", unmanaged: "c" },
        "retry",
      ],
      [
        "a count not exceeded, everything held is owned",
        { desired: { count: 3 }, held: "a b c x", picked: "b c" },
        { ...count, owned: "a b c", ages: "a b c" },
        "resume",
      ],
      [
        "a count exceeded, only picked addresses are owned",
        { desired: { count: 2 }, held: "a b c", picked: "c" },
        { ...count, owned: "c", unmanaged: "a b", ages: "c" },
        "resume",
      ],
    ]),
  )("%s: %s", (kind, _title, row, expected, next) => {
    const recorded = expected && recordedOf(kind, row, expected);
    const handedOver = all(kind, row.handedOver ?? "");
    expect(recordFailedCreate(decidedOf(kind, row), outcomeOf(kind, row), handedOver)).toEqual({
      recorded,
      next,
    });
  });
});

describe("read", () => {
  const read = { inputs: "before" } as const;
  const mixed = { mode: "list", owned: "a x", ages: "x a" } as const;

  test.each(
    forBothKinds<[string, Row, Expected]>([
      [
        "an exclusive list owns everything held",
        { before, held: "a b c x" },
        { ...read, mode: "list", owned: "a b c" },
      ],
      [
        "an exclusive count no longer owns what is gone",
        { before: { ...before, mode: "count" }, held: "b d" },
        { ...read, mode: "count", owned: "b d", ages: "b d" },
      ],
      [
        "an unfinished change of the kind, the rest of the old kind stays owned",
        { before: mixed, held: "a b x y" },
        { ...read, mode: "list", owned: "a b x" },
      ],
      [
        "a list in the program's order, each address keeps its place and new ones fill the gaps",
        { before: { mode: "list", owned: "a b c", order: "c a b" }, held: "b c d e" },
        { ...read, mode: "list", owned: "b c d e", order: "c d b e" },
      ],
      [
        "an exclusive list owns what it owned and may still be held",
        { before, held: "a c", perhapsHeld: "b" },
        { ...read, mode: "list", owned: "a b c" },
      ],
      [
        "an additive list owns what it owned and may still be held",
        { before: { ...before, ownership: "additive" }, held: "c", perhapsHeld: "b" },
        { ...read, mode: "list", ownership: "additive", owned: "b", unmanaged: "c" },
      ],
      ["get, both kinds are owned", { before: { owned: "" }, held: "a b x" }, { ...read, owned: "a b x" }],
      [
        "an additive list owns what of its own is held",
        { before: { ...before, ownership: "additive" }, held: "b c x" },
        { ...read, mode: "list", ownership: "additive", owned: "b", unmanaged: "c" },
      ],
      [
        "an additive list owns its rest of the old kind",
        { before: { ...mixed, ownership: "additive" }, held: "a b x y" },
        { ...read, mode: "list", ownership: "additive", owned: "a x", unmanaged: "b" },
      ],
    ]),
  )("%s: %s", (kind, _title, row, expected) => {
    const eni = eniOf(kind, row.held ?? "");
    const perhapsHeld = all(kind, row.perhapsHeld ?? "");
    expect(recordRead(beforeOf(kind, row), eni, "cn-shanghai", perhapsHeld)).toEqual(
      recordedOf(kind, row, expected),
    );
  });

  test("an answer without the account: the recorded account stays", () => {
    const eni = { ...eniOf("address", "a"), ownerId: "" };
    expect(recordRead(beforeOf("address", { before }), eni, "cn-shanghai").account).toBe("account before");
  });

  test("an answer without the primary address: an error, nothing is recorded", () => {
    const eni = { ...eniOf("address", "a"), primaryIpAddress: "" };
    expect(() => recordRead(beforeOf("address", { before }), eni, "cn-shanghai")).toThrow(
      new OperationError(
        "the API does not say which address of eni-x is the primary one; nothing is recorded before it does",
      ),
    );
  });
});

test.each(["address", "prefix"] as const)(
  "create: failed, %s: an ENI that was never read, handed-over addresses are recorded",
  (kind) => {
    const row: Row = { desired: { list: "a b" }, wrote: false };
    const unread = { account: undefined, primaryIpAddress: undefined, vSwitchId: undefined };
    expect(recordFailedCreate(decidedOf(kind, row), outcomeOf(kind, row), all(kind, "a"))).toEqual({
      recorded: { ...recordedOf(kind, row, { ...list, ownership: "additive", owned: "a" }), ...unread },
      next: "retry",
    });
  },
);

describe("heldByCount", () => {
  test.each(
    forBothKinds<[string, Row, string]>([
      [
        "a count that is reached holds everything of the kind",
        { desired: { count: 2 }, held: "a b x" },
        "a b",
      ],
      ["a count that is not reached holds everything", { desired: { count: 3 }, held: "a b" }, "a b"],
      ["a count that is exceeded holds nothing", { desired: { count: 1 }, held: "a b" }, ""],
      [
        "a count that is exceeded holds the oldest, as far as ages are known",
        { desired: { count: 2 }, held: "a b c x", before: { owned: "", ages: "c a" } },
        "c a",
      ],
      ["a list holds nothing", { desired: { list: "a" }, held: "a" }, ""],
      ["an ENI that was never read: nothing", { desired: { count: 2 } }, ""],
    ]),
  )("%s: %s", (kind, _title, row, expected) => {
    const { eni } = outcomeOf(kind, row);
    const ages = row.before?.ages === undefined ? undefined : all(kind, row.before.ages);
    expect(heldByCount(decidedOf(kind, row).target, eni, ages)).toEqual(all(kind, expected));
  });
});

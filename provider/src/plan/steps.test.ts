import fc from "fast-check";
import { isOutdated, makeChanges, makesRoom, orderSteps, peakOf, sizeOf, type Step } from "./steps";

const addresses = (prefix: string, count: number) =>
  Array.from({ length: count }, (_unused, index) => `${prefix}.${index + 1}`);

interface Limits {
  readonly batchSize: number;
  readonly free: number;
  readonly isDoubtful?: boolean;
}

const ordered = (assign: number, unassign: number, limits: Limits) =>
  orderSteps(addresses("10.0.1", assign), addresses("10.0.2", unassign), limits);

/** The steps as signed sizes, such as `+10 -10 +2`. */
const shapesIn = (steps: readonly Step[]) =>
  steps.map((step) => `${step.action === "assign" ? "+" : "-"}${sizeOf(step)}`).join(" ");

const shapeOf = (assign: number, unassign: number, limits: Limits) =>
  shapesIn(ordered(assign, unassign, limits));

const unlimited = Infinity;

test.each([
  // Everything fits: assign first.
  { assign: 0, unassign: 0, batchSize: 10, free: unlimited, shape: "" },
  { assign: 7, unassign: 12, batchSize: 10, free: unlimited, shape: "+7 -10 -2" },
  { assign: 21, unassign: 0, batchSize: 10, free: unlimited, shape: "+10 +10 +1" },
  { assign: 20, unassign: 20, batchSize: 10, free: 20, shape: "+10 +10 -10 -10" },
  { assign: 3, unassign: 1, batchSize: 1, free: 3, shape: "+1 +1 +1 -1" },
  { assign: 5, unassign: 0, batchSize: 10, free: 5, shape: "+5" },
  // Only a part fits: it is assigned first, and then the ENI dips as little as one call more allows.
  { assign: 10, unassign: 10, batchSize: 10, free: 9, shape: "+9 -10 +1" },
  { assign: 10, unassign: 10, batchSize: 10, free: 1, shape: "+1 -10 +9" },
  { assign: 12, unassign: 10, batchSize: 10, free: 9, shape: "+9 -9 +3 -1" },
  { assign: 7, unassign: 12, batchSize: 10, free: 6, shape: "+6 -2 +1 -10" },
  { assign: 20, unassign: 20, batchSize: 10, free: 10, shape: "+10 -10 +10 -10" },
  { assign: 20, unassign: 20, batchSize: 10, free: 19, shape: "+10 -10 +10 -10" },
  { assign: 20, unassign: 20, batchSize: 10, free: 5, shape: "+5 -10 +10 -10 +5" },
  { assign: 10, unassign: 4, batchSize: 5, free: 6, shape: "+5 -4 +5" },
  { assign: 3, unassign: 3, batchSize: 1, free: 1, shape: "+1 -1 +1 -1 +1 -1" },
  // Nothing fits: two calls more.
  { assign: 1, unassign: 1, batchSize: 10, free: 0, shape: "-1 +1" },
  { assign: 10, unassign: 10, batchSize: 10, free: 0, shape: "-5 +5 -5 +5" },
  { assign: 20, unassign: 20, batchSize: 10, free: 0, shape: "-7 +7 -7 +7 -6 +6" },
  { assign: 1, unassign: 25, batchSize: 10, free: 0, shape: "-1 +1 -10 -10 -4" },
  // The ENI holds more than fits: it may always unassign.
  { assign: 0, unassign: 3, batchSize: 10, free: -5, shape: "-3" },
  { assign: 1, unassign: 12, batchSize: 10, free: -5, shape: "-6 +1 -6" },
  { assign: 4, unassign: 12, batchSize: 10, free: -8, shape: "-10 +2 -2 +2" },
])(
  "orderSteps: +$assign -$unassign, batches of $batchSize, $free free, gives $shape",
  ({ assign, unassign, batchSize, free, shape }) => {
    expect(shapeOf(assign, unassign, { batchSize, free })).toBe(shape);
  },
);

test.each([
  { assign: 4, unassign: 4, free: 0, shape: "-1 +1 -3 +3" },
  { assign: 4, unassign: 12, free: 0, shape: "-1 +1 -3 +3 -8" },
  { assign: 4, unassign: 4, free: -2, shape: "-3 +1 -1 +3" },
])(
  "orderSteps: +$assign -$unassign with $free free, it is doubtful that room helps: one is tried, $shape",
  ({ assign, unassign, free, shape }) => {
    expect(shapeOf(assign, unassign, { batchSize: 10, free, isDoubtful: true })).toBe(shape);
  },
);

test("orderSteps: any changes that fit, the calls are few, and the ENI neither overflows nor dips deep", () => {
  const size = fc.nat({ max: 40 });
  const room = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 12 }), room, (assign, unassign, batchSize, free) => {
      fc.pre(assign - unassign <= free);
      const steps = ordered(assign, unassign, { batchSize, free });
      const fewest = Math.ceil(assign / batchSize) + Math.ceil(unassign / batchSize);
      const more = assign <= free || unassign === 0 ? 0 : free > 0 ? 1 : 2;
      expect(steps.length).toBeLessThanOrEqual(fewest + more);
      expect(makeChanges(steps, addresses("10.0.1", assign), addresses("10.0.2", unassign), nothing)).toBe(
        true,
      );
      expect(peakOf(steps, 0)).toBeLessThanOrEqual(free);
      if (free > 0 && assign > 0) expect(steps[0]?.action).toBe("assign");
      const last = steps.findLastIndex(({ action }) => action === "assign");
      let held = 0;
      for (const step of steps.slice(0, Math.max(0, last))) {
        held += step.action === "assign" ? sizeOf(step) : -sizeOf(step);
        expect(held).toBeGreaterThanOrEqual(Math.min(0, free - batchSize));
      }
    }),
  );
});

test.each([
  { assign: 6, unassign: 0, free: 5, shape: "+6" },
  { assign: 8, unassign: 2, free: 5, shape: "+5 -2 +3" },
  { assign: 21, unassign: 20, free: 0, shape: "-7 +7 -7 +7 -6 +7" },
])(
  "orderSteps: +$assign -$unassign with $free free fits in no order: $shape",
  ({ assign, unassign, free, shape }) => {
    expect(shapeOf(assign, unassign, { batchSize: 10, free })).toBe(shape);
  },
);

test("orderSteps: several calls of one action, the addresses keep their order", () => {
  expect(orderSteps(["a", "b", "c"], ["d", "e", "f"], { batchSize: 2, free: 9 })).toEqual([
    { action: "assign", kind: "address", addresses: ["a", "b"] },
    { action: "assign", kind: "address", addresses: ["c"] },
    { action: "unassign", kind: "address", addresses: ["d", "e"] },
    { action: "unassign", kind: "address", addresses: ["f"] },
  ]);
});

test.each([
  { steps: [], before: 4, peak: 4 },
  { steps: [["unassign", 3]], before: 4, peak: 4 },
  { steps: [["assign", 3]], before: 4, peak: 7 },
  {
    steps: [
      ["assign", 3],
      ["unassign", 5],
    ],
    before: 15,
    peak: 18,
  },
  {
    steps: [
      ["unassign", 5],
      ["assign", 3],
      ["unassign", 1],
      ["assign", 4],
    ],
    before: 10,
    peak: 11,
  },
] as const)("peakOf: $steps from $before on, is $peak", ({ steps, before, peak }) => {
  const made = steps.map(([action, count]) => ({
    action,
    kind: "address" as const,
    addresses: addresses("10.0.1", count),
  }));
  expect(peakOf(made, before)).toBe(peak);
});

const prefixes = (count: number) => Array.from({ length: count }, (_unused, index) => `10.1.${index}.16/28`);

test("orderSteps: addresses and prefixes, are in separate calls, addresses first", () => {
  const mixed = ["10.0.1.20", "10.0.1.32/28", "10.0.1.60", "10.0.1.64/28"];
  expect(orderSteps([], mixed, { batchSize: 10, free: 0 })).toEqual([
    { action: "unassign", kind: "address", addresses: ["10.0.1.20", "10.0.1.60"] },
    { action: "unassign", kind: "prefix", addresses: ["10.0.1.32/28", "10.0.1.64/28"] },
  ]);
});

const nothing = { kind: "address", pick: 0 } as const;
const picked = (kind: "address" | "prefix", pick: number) =>
  orderSteps([], [], { batchSize: 50, free: 50 }, { kind, pick });

test("a call: a larger batch size, still holds at most ten prefixes", () => {
  const sizes = (steps: readonly { readonly addresses: readonly string[] }[]) =>
    steps.map(({ addresses: { length } }) => length);
  expect(sizes(orderSteps(prefixes(21), [], { batchSize: 50, free: 30 }))).toEqual([10, 10, 1]);
  expect(sizes(orderSteps(prefixes(5), [], { batchSize: 2, free: 30 }))).toEqual([2, 2, 1]);
  expect(picked("prefix", 21).map(({ pick }) => pick)).toEqual([10, 10, 1]);
  expect(picked("address", 21).map(({ pick }) => pick)).toEqual([21]);
});

test.each([
  { pick: 2, unassign: 3, free: unlimited, shape: "pick 2, -3" },
  { pick: 2, unassign: 3, free: 2, shape: "pick 2, -3" },
  { pick: 2, unassign: 13, free: 1, shape: "pick 1, -3, pick 1, -10" },
  { pick: 12, unassign: 13, free: 10, shape: "pick 10, -3, pick 2, -10" },
  { pick: 2, unassign: 0, free: 0, shape: "pick 2" },
])(
  "orderSteps: the cloud picks $pick, -$unassign, $free free, gives $shape",
  ({ pick, unassign, free, shape }) => {
    const picks = { kind: "prefix", pick } as const;
    const steps = orderSteps([], addresses("10.0.2", unassign), { batchSize: 10, free }, picks);
    expect(
      steps.map(({ addresses: { length }, pick: more }) => (more ? `pick ${more}` : `-${length}`)).join(", "),
    ).toBe(shape);
  },
);

test("orderSteps: no room for all prefixes, assigns those that fit and unassigns addresses next", () => {
  const steps = orderSteps(prefixes(10), addresses("10.0.2", 10), { batchSize: 10, free: 9 });
  expect(shapesIn(steps)).toBe("+9 -10 +1");
  expect(steps.map(({ kind }) => kind)).toEqual(["prefix", "address", "prefix"]);
});

test("orderSteps: prefixes around addresses, only these leave before, and after the other prefixes have come", () => {
  const steps = orderSteps(
    ["10.0.1.16/28", "10.0.1.32/28"],
    ["10.0.1.5", "10.0.1.20", "10.0.1.21", "10.0.1.60"],
    { batchSize: 10, free: 9 },
  );
  expect(steps.map(({ addresses: named }) => named)).toEqual([
    ["10.0.1.32/28"],
    ["10.0.1.20", "10.0.1.21"],
    ["10.0.1.16/28"],
    ["10.0.1.5", "10.0.1.60"],
  ]);
});

test("orderSteps: requests of their own, where only a part fits, are not joined with others", () => {
  const [one, two, three] = ["10.0.1.1", "10.0.1.2", "10.0.1.3"] as const;
  const limits = { batchSize: 10, apart: [[one, two]], free: 2 };
  const steps = orderSteps([one, two, three], ["10.0.2.1"], limits);
  expect(steps.map(({ addresses: named }) => named)).toEqual([[three], ["10.0.2.1"], [one, two]]);
});

test("sizeOf: addresses or picks, counts both", () => {
  expect(sizeOf({ action: "assign", kind: "address", addresses: addresses("10.0.1", 3) })).toBe(3);
  expect(sizeOf({ action: "assign", kind: "address", addresses: [], pick: 4 })).toBe(4);
});

test("peakOf: picks, are counted", () => {
  expect(peakOf(picked("address", 12), 3)).toBe(15);
});

test.each([
  { assign: 5, unassign: 4, free: 0, makes: true },
  { assign: 4, unassign: 4, free: 0, makes: true },
  { assign: 5, unassign: 4, free: 9, makes: false },
  { assign: 0, unassign: 4, free: 0, makes: false },
  { assign: 25, unassign: 14, free: 0, makes: true },
])("makesRoom: +$assign -$unassign with $free free, is $makes", ({ assign, unassign, free, makes }) => {
  expect(makesRoom(ordered(assign, unassign, { batchSize: 10, free }))).toBe(makes);
});

test.each([
  { what: "the same", assign: ["a", "b"], unassign: ["c"], pick: 0, makes: true },
  { what: "one more to assign", assign: ["a", "b", "d"], unassign: ["c"], pick: 0, makes: false },
  { what: "another one to unassign", assign: ["a", "b"], unassign: ["d"], pick: 0, makes: false },
  { what: "picks", assign: ["a", "b"], unassign: ["c"], pick: 1, makes: false },
])("makeChanges: of +a -c +b and $what, is $makes", ({ assign, unassign, pick, makes }) => {
  const step = (action: Step["action"], one: string): Step => ({ action, kind: "address", addresses: [one] });
  const steps = [step("assign", "a"), step("unassign", "c"), step("assign", "b")];
  expect(makeChanges(steps, assign, unassign, { kind: "address", pick })).toBe(makes);
});

test.each([
  {
    action: "unassign",
    addresses: ["10.0.1.20", "10.0.1.21"],
    claimed: ["10.0.1.21", "10.0.1.22"],
    outdated: true,
  },
  { action: "unassign", addresses: ["10.0.1.20"], claimed: ["10.0.1.21"], outdated: false },
  { action: "assign", addresses: ["10.0.1.20"], claimed: ["10.0.1.20"], outdated: false },
] as const)("isOutdated: $action $addresses, claimed are $claimed", ({ outdated, claimed, ...step }) => {
  expect(isOutdated({ ...step, kind: "address" }, claimed)).toBe(outdated);
});

import { isOutdated, makesRoom, orderSteps, peakOf, pickSteps, sizeOf } from "./steps";

const addresses = (prefix: string, count: number) =>
  Array.from({ length: count }, (_unused, index) => `${prefix}.${index + 1}`);

/** The steps as signed sizes, such as `+10 -10 +2`. */
function shapeOf(assign: number, unassign: number, limits: { batchSize: number; free: number }) {
  return orderSteps(addresses("10.0.1", assign), addresses("10.0.2", unassign), limits)
    .map((step) => `${step.action === "assign" ? "+" : "-"}${step.addresses.length}`)
    .join(" ");
}

const unlimited = Infinity;

test.each([
  // Everything fits: assign first.
  { assign: 0, unassign: 0, batchSize: 10, free: unlimited, shape: "" },
  { assign: 7, unassign: 12, batchSize: 10, free: unlimited, shape: "+7 -10 -2" },
  { assign: 21, unassign: 0, batchSize: 10, free: unlimited, shape: "+10 +10 +1" },
  { assign: 20, unassign: 20, batchSize: 10, free: 20, shape: "+10 +10 -10 -10" },
  { assign: 3, unassign: 1, batchSize: 1, free: 3, shape: "+1 +1 +1 -1" },
  { assign: 5, unassign: 0, batchSize: 10, free: 5, shape: "+5" },
  // It does not fit: unassign only as many batches as the next assign needs.
  { assign: 7, unassign: 12, batchSize: 10, free: 6, shape: "-10 +7 -2" },
  { assign: 20, unassign: 20, batchSize: 10, free: 10, shape: "+10 -10 +10 -10" },
  { assign: 20, unassign: 20, batchSize: 10, free: 0, shape: "-10 +10 -10 +10" },
  { assign: 20, unassign: 20, batchSize: 10, free: 19, shape: "+10 -10 +10 -10" },
  { assign: 10, unassign: 4, batchSize: 5, free: 6, shape: "+5 -4 +5" },
  { assign: 1, unassign: 25, batchSize: 10, free: 0, shape: "-10 +1 -10 -5" },
  // The ENI holds more than fits: it may always unassign.
  { assign: 0, unassign: 3, batchSize: 10, free: -5, shape: "-3" },
  { assign: 1, unassign: 12, batchSize: 10, free: -5, shape: "-10 +1 -2" },
  { assign: 4, unassign: 12, batchSize: 10, free: -8, shape: "-10 -2 +4" },
])(
  "orderSteps: +$assign -$unassign, batches of $batchSize, $free free, gives $shape",
  ({ assign, unassign, batchSize, free, shape }) => {
    expect(shapeOf(assign, unassign, { batchSize, free })).toBe(shape);
  },
);

test.each([
  { assign: 6, unassign: 0, free: 5, shape: "+6" },
  { assign: 8, unassign: 2, free: 5, shape: "-2 +8" },
  { assign: 21, unassign: 20, free: 0, shape: "-10 +10 -10 +10 +1" },
])(
  "orderSteps: +$assign -$unassign with $free free fits in no order, unassigns as much as possible first: $shape",
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

test("a call: a larger batch size, still holds at most ten prefixes", () => {
  const sizes = (steps: readonly { readonly addresses: readonly string[] }[]) =>
    steps.map(({ addresses: { length } }) => length);
  expect(sizes(orderSteps(prefixes(21), [], { batchSize: 50, free: 30 }))).toEqual([10, 10, 1]);
  expect(sizes(orderSteps(prefixes(5), [], { batchSize: 2, free: 30 }))).toEqual([2, 2, 1]);
  expect(pickSteps(21, "prefix", 50).map(({ pick }) => pick)).toEqual([10, 10, 1]);
  expect(pickSteps(21, "address", 50).map(({ pick }) => pick)).toEqual([21]);
});

test.each([
  { pick: 2, unassign: 3, free: unlimited, shape: "pick 2, -3" },
  { pick: 2, unassign: 3, free: 2, shape: "pick 2, -3" },
  { pick: 2, unassign: 13, free: 1, shape: "-10, pick 2, -3" },
  { pick: 12, unassign: 13, free: 10, shape: "pick 10, -10, pick 2, -3" },
  { pick: 2, unassign: 0, free: 0, shape: "pick 2" },
])(
  "orderSteps: the cloud picks $pick, -$unassign, $free free, gives $shape",
  ({ pick, unassign, free, shape }) => {
    const picks = pickSteps(pick, "prefix", 10);
    const steps = orderSteps([], addresses("10.0.2", unassign), { batchSize: 10, free }, picks);
    expect(
      steps.map(({ addresses: { length }, pick: more }) => (more ? `pick ${more}` : `-${length}`)).join(", "),
    ).toBe(shape);
  },
);

test("orderSteps: no room for a batch of prefixes, unassigns addresses first", () => {
  const steps = orderSteps(prefixes(10), addresses("10.0.2", 10), { batchSize: 10, free: 9 });
  expect(steps.map(({ action, kind }) => `${action} ${kind}`)).toEqual(["unassign address", "assign prefix"]);
});

test("sizeOf: addresses or picks, counts both", () => {
  expect(sizeOf({ action: "assign", kind: "address", addresses: addresses("10.0.1", 3) })).toBe(3);
  expect(sizeOf({ action: "assign", kind: "address", addresses: [], pick: 4 })).toBe(4);
});

test("peakOf: picks, are counted", () => {
  expect(peakOf(pickSteps(12, "address", 10), 3)).toBe(15);
});

test.each([
  { assign: 5, unassign: 4, free: 0, makes: true },
  { assign: 4, unassign: 4, free: 0, makes: false },
  { assign: 5, unassign: 4, free: 9, makes: false },
  { assign: 0, unassign: 4, free: 0, makes: false },
  { assign: 25, unassign: 14, free: 0, makes: true },
])("makesRoom: +$assign -$unassign with $free free, is $makes", ({ assign, unassign, free, makes }) => {
  const steps = orderSteps(addresses("10.0.1", assign), addresses("10.0.2", unassign), {
    batchSize: 10,
    free,
  });
  expect(makesRoom(steps)).toBe(makes);
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

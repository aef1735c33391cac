import { describePlan } from "./describe-plan";
import type { Plan } from "./plan";

const nothing: Plan = {
  of: "address",
  assign: [],
  unassign: [],
  pick: 0,
  left: [],
  unmanaged: [],
  steps: [],
  refusals: [],
};
const twelve = Array.from({ length: 12 }, (_unused, index) => `10.0.1.${index + 20}`);
const seven = Array.from({ length: 7 }, (_unused, index) => `10.0.1.${index + 50}`);

test.each<[string, Partial<Plan>, number, number | undefined, string | undefined]>([
  ["nothing to do", { unmanaged: twelve }, 12, 49, undefined],
  [
    "addresses that the cloud picks",
    {
      pick: 12,
      steps: [
        { action: "assign", kind: "address", addresses: [], pick: 10 },
        { action: "assign", kind: "address", addresses: [], pick: 2 },
      ],
    },
    3,
    29,
    "eni-x: assign 12 that the cloud picks, 2 calls, peak 15 of 29",
  ],
  [
    "prefixes that the cloud picks",
    { of: "prefix", pick: 2, steps: [{ action: "assign", kind: "prefix", addresses: [], pick: 2 }] },
    3,
    29,
    "eni-x: assign 2 prefixes that the cloud picks, 1 call, peak 5 of 29",
  ],
  [
    "one address to come",
    { assign: ["10.0.1.20"], steps: [{ action: "assign", kind: "address", addresses: ["10.0.1.20"] }] },
    0,
    undefined,
    "eni-x: assign 10.0.1.20, 1 call, peak 1",
  ],
  [
    "many to come and to go, with a known quota",
    {
      assign: seven,
      unassign: twelve,
      steps: [
        { action: "assign", kind: "address", addresses: seven },
        { action: "unassign", kind: "address", addresses: twelve.slice(0, 10) },
        { action: "unassign", kind: "address", addresses: twelve.slice(10) },
      ],
    },
    15,
    29,
    "eni-x: assign 10.0.1.50 and 6 more, unassign 10.0.1.20 and 11 more, 3 calls, peak 22 of 29",
  ],
  [
    "addresses that only another resource wants",
    { left: ["10.0.1.20", "10.0.1.21"] },
    2,
    49,
    "eni-x: leave 10.0.1.20 and 1 more to another resource",
  ],
  [
    "a plan that is refused, and has no steps",
    { assign: seven, refusals: [{ property: "networkInterfaceId", reason: "it is managed" }] },
    0,
    49,
    "eni-x: assign 10.0.1.50 and 6 more",
  ],
])("says %s", (_what, plan, heldBefore, capacity, sentence) => {
  expect(describePlan("eni-x", { ...nothing, ...plan }, heldBefore, capacity)).toBe(sentence);
});

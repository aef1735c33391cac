import { at, planFor, range } from "../../../test/support/plans";
import { describePlan } from "./plan";
import type { Plan } from "./plan";

const nothing: Plan = {
  kind: "address",
  assign: [],
  unassign: [],
  pick: 0,
  left: [],
  unmanaged: [],
  surplus: [],
  steps: [],
  calls: 0,
  peak: 0,
  refusals: [],
};
const twelve = range(20, 12);
const seven = range(50, 7);

test.each<[string, Partial<Plan>, number | undefined, string | undefined]>([
  ["nothing changes, no sentence", { unmanaged: twelve, surplus: at(20), peak: 12 }, 49, undefined],
  [
    "the cloud picks addresses, their number",
    { pick: 12, calls: 2, peak: 15 },
    29,
    "eni-x: assign 12 that the cloud picks, 2 calls, peak 15 of 29",
  ],
  [
    "the cloud picks prefixes, the word prefixes",
    { kind: "prefix", pick: 2, calls: 1, peak: 5 },
    29,
    "eni-x: assign 2 prefixes that the cloud picks, 1 call, peak 5 of 29",
  ],
  [
    "the cloud picks one prefix, the word prefix",
    { kind: "prefix", pick: 1, calls: 1, peak: 5 },
    29,
    "eni-x: assign 1 prefix that the cloud picks, 1 call, peak 5 of 29",
  ],
  [
    "one address is assigned and the quota is not known, no limit",
    { assign: at(20), calls: 1, peak: 1 },
    undefined,
    "eni-x: assign 10.0.1.20, 1 call, peak 1",
  ],
  [
    "many are assigned and unassigned, the first of each and how many more",
    { assign: seven, unassign: twelve, calls: 3, peak: 22 },
    29,
    "eni-x: assign 10.0.1.50 and 6 more, unassign 10.0.1.20 and 11 more, 3 calls, peak 22 of 29",
  ],
  [
    "another resource claims addresses, they are left without a call",
    { left: at(20, 21), peak: 2 },
    49,
    "eni-x: leave 10.0.1.20 and 1 more to another resource",
  ],
  [
    "an impossible plan, no calls and no peak",
    {
      assign: seven,
      peak: 7,
      refusals: [
        { property: "networkInterfaceId", reason: "it is managed", cause: "impossible", dependsOn: "inputs" },
      ],
    },
    49,
    "eni-x: assign 10.0.1.50 and 6 more",
  ],
])("describePlan: %s", (_what, plan, capacity, sentence) => {
  expect(describePlan("eni-x", { ...nothing, ...plan }, capacity)).toBe(sentence);
});

const secret = { isSecret: (address: string) => twelve.includes(address), count: false };

test.each<[string, Partial<Plan>, Partial<typeof secret>, string]>([
  [
    "secret addresses, their number",
    { assign: at(20), unassign: at(21, 22), left: at(50, 51), calls: 2, peak: 3 },
    {},
    "eni-x: assign 1 address, unassign 2 addresses, leave 10.0.1.50 and 1 more to another resource, 2 calls, peak 3 of 49",
  ],
  [
    "one secret address among others, the number of all",
    { assign: at(20, 50), unassign: [...at(20), "10.0.1.64/28"], calls: 2, peak: 3 },
    {},
    "eni-x: assign 2 addresses, unassign 1 address and 1 prefix, 2 calls, peak 3 of 49",
  ],
  [
    "a secret count, no number",
    { pick: 7, calls: 1, peak: 7 },
    { count: true },
    "eni-x: assign addresses that the cloud picks",
  ],
  [
    "a secret count of prefixes, no number",
    { kind: "prefix", pick: 7, calls: 1, peak: 7 },
    { count: true },
    "eni-x: assign prefixes that the cloud picks",
  ],
])("describePlan: %s", (_what, plan, hidden, sentence) => {
  expect(describePlan("eni-x", { ...nothing, ...plan }, 49, { ...secret, ...hidden })).toBe(sentence);
});

test("describePlan: a plan that lacks only a permission, calls and peak are part of the sentence", () => {
  const plan = planFor({ wanted: seven, refuseOthers: true }, at(40));
  expect(describePlan("eni-x", plan, 49)).toBe("eni-x: assign 10.0.1.50 and 6 more, 1 call, peak 8 of 49");
});

test("describePlan: a plan over the quota, the peak exceeds the limit", () => {
  const plan = planFor({ wanted: seven }, at(40), { capacity: 5 });
  expect(describePlan("eni-x", plan, 5)).toBe("eni-x: assign 10.0.1.50 and 6 more, 1 call, peak 8 of 5");
});

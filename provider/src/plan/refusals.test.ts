import {
  at,
  planFor,
  prefixRange,
  range,
  refusalsIn,
  type GoalParts,
  type ObservationParts,
} from "../../../test/support/plans";
import { overlapping, whyUnusableInVSwitch } from "./refusals";

test.each([
  ["10.0.1.0", "10.0.1.0/24", "reserved"],
  ["10.0.1.1", "10.0.1.0/24", undefined],
  ["10.0.1.252", "10.0.1.0/24", undefined],
  ["10.0.1.253", "10.0.1.0/24", "reserved"],
  ["10.0.1.254", "10.0.1.0/24", "reserved"],
  ["10.0.1.255", "10.0.1.0/24", "reserved"],
  ["10.0.0.255", "10.0.1.0/24", "outside"],
  ["10.0.2.0", "10.0.1.0/24", "outside"],
  // A block whose last octet is not 0.
  ["10.0.1.16", "10.0.1.16/28", "reserved"],
  ["10.0.1.17", "10.0.1.16/28", undefined],
  ["10.0.1.28", "10.0.1.16/28", undefined],
  ["10.0.1.29", "10.0.1.16/28", "reserved"],
  ["10.0.1.32", "10.0.1.16/28", "outside"],
  // A large block: the last octets 0 and 255 alone are not reserved.
  ["10.1.0.0", "10.0.0.0/8", undefined],
  ["10.1.0.255", "10.0.0.0/8", undefined],
  ["10.255.255.253", "10.0.0.0/8", "reserved"],
  ["11.0.0.0", "10.0.0.0/8", "outside"],
  // Above 2^31, where a signed number would be negative.
  ["192.168.1.20", "192.168.1.0/24", undefined],
  ["192.168.2.20", "192.168.1.0/24", "outside"],
  // A block that is not written with its first address.
  ["10.0.1.0", "10.0.1.77/24", "reserved"],
  ["10.0.1.20", "10.0.1.77/24", undefined],
])("whyUnusableInVSwitch: %s in %s, %s", (address, cidrBlock, why) => {
  const reason = whyUnusableInVSwitch(address, cidrBlock);
  if (why === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(`is ${why}`);
});

test("whyUnusableInVSwitch: an unusable address, the reason names the block", () => {
  expect(whyUnusableInVSwitch("10.0.2.9", "10.0.1.0/24")).toBe(
    "is outside the vSwitch's CIDR block 10.0.1.0/24",
  );
  expect(whyUnusableInVSwitch("10.0.1.0", "10.0.1.0/24")).toBe(
    "is reserved in the vSwitch's CIDR block 10.0.1.0/24: the first and the last three addresses are the system's",
  );
});

test.each(["", "10.0.1.0/33", "2001:db8::/64"])(
  "whyUnusableInVSwitch: the block %p is not an IPv4 block, every address is usable",
  (block) => {
    expect(whyUnusableInVSwitch("10.0.1.20", block)).toBeUndefined();
  },
);

test.each([
  ["10.0.1.0/28", "10.0.1.0/24", undefined],
  ["10.0.1.240/28", "10.0.1.0/24", undefined],
  ["10.0.0.240/28", "10.0.1.0/24", "outside"],
  ["10.0.2.0/28", "10.0.1.0/24", "outside"],
  // The block lies within the prefix.
  ["10.0.1.16/28", "10.0.1.16/29", "outside"],
])("whyUnusableInVSwitch: prefix %s in %s, %s", (prefix, cidrBlock, why) => {
  const reason = whyUnusableInVSwitch(prefix, cidrBlock);
  if (why === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(`is ${why}`);
});

test.each([
  { coming: at(20), there: ["10.0.1.0/28", "10.0.1.16/28"], pairs: [["10.0.1.20", "10.0.1.16/28"]] },
  { coming: ["10.0.1.16/28"], there: at(15, 32), pairs: [] },
  { coming: ["10.0.1.16/28"], there: at(31, 16), pairs: [["10.0.1.16/28", "10.0.1.31"]] },
  { coming: at(20), there: at(20), pairs: [] },
  { coming: ["10.0.1.16/28"], there: ["10.0.1.16/28"], pairs: [] },
  {
    coming: ["10.0.1.16/28", "10.0.1.64/28", "10.0.1.32/28"],
    there: at(33, 20),
    pairs: [
      ["10.0.1.16/28", "10.0.1.20"],
      ["10.0.1.32/28", "10.0.1.33"],
    ],
  },
])("overlapping: $coming and $there, $pairs", ({ coming, there, pairs }) => {
  expect(overlapping(coming, there)).toEqual(pairs);
});

test("the primary address in the list: the plan is refused", () => {
  const plan = planFor({ wanted: at(10, 20) });
  expect(plan.steps).toEqual([]);
  expect(refusalsIn(plan)).toEqual([
    expect.stringContaining("privateIpAddresses: 10.0.1.10 is the primary address of eni-x"),
  ]);
});

const cidrBlock = "10.0.1.0/24";

test("addresses that the vSwitch cannot have: each is refused", () => {
  const plan = planFor({ wanted: [...at(0, 20, 254), "10.0.2.20"] }, [], { cidrBlock });
  expect(plan.steps).toEqual([]);
  expect(refusalsIn(plan)).toEqual([
    expect.stringMatching(/^privateIpAddresses: 10\.0\.1\.0 is reserved/),
    expect.stringMatching(/^privateIpAddresses: 10\.0\.1\.254 is reserved/),
    expect.stringMatching(/^privateIpAddresses: 10\.0\.2\.20 is outside/),
  ]);
  expect(plan.refusals.map(({ cause }) => cause)).toEqual(["impossible", "impossible", "impossible"]);
});

test("addresses that the vSwitch cannot have: accepted when present, and when unassigned", () => {
  expect(planFor({ wanted: at(254), owned: at(254, 255) }, at(254, 255), { cidrBlock }).refusals).toEqual([]);
});

test("addresses that the vSwitch cannot have: accepted while its block is not known", () => {
  expect(planFor({ wanted: ["192.168.0.1"] }).refusals).toEqual([]);
});

test("prefixes outside the vSwitch's block: refused, those with its reserved addresses are left to the API", () => {
  const goal: GoalParts = { input: "ipv4Prefixes", wanted: ["10.0.1.240/28", "10.0.2.0/28"] };
  expect(refusalsIn(planFor(goal, [], { cidrBlock }))).toEqual([
    "ipv4Prefixes: 10.0.2.0/28 is outside the vSwitch's CIDR block 10.0.1.0/24",
  ]);
});

test("other addresses on the ENI: a create is refused, and prints them as unassignOnCreate", () => {
  const plan = planFor({ wanted: at(20), refuseOthers: true }, at(31, 30));
  expect(plan.steps).toEqual([]);
  expect(refusalsIn(plan)).toEqual([
    expect.stringMatching(
      /^unassignOnCreate: eni-x already holds 2 .*unassignOnCreate: \["10\.0\.1\.30","10\.0\.1\.31"\]/,
    ),
  ]);
});

const held = { seen: { ipv4Prefixes: ["10.0.1.32/28", "10.0.1.48/28"] } };

test("other prefixes on the ENI: a create is refused, and prints them as unassignOnCreate", () => {
  const goal: GoalParts = { input: "ipv4Prefixes", wanted: ["10.0.1.32/28"], refuseOthers: true };
  const refusals = refusalsIn(planFor(goal, at(20), held));
  expect(refusals).toEqual([expect.stringContaining('unassignOnCreate: ["10.0.1.48/28"]')]);
  expect(refusals[0]).toContain("1 prefix that ipv4Prefixes does not list");
});

test.each<[string, GoalParts, string]>([
  [
    "an address that stays",
    { input: "ipv4Prefixes", wanted: ["10.0.1.16/28"] },
    "ipv4Prefixes: 10.0.1.16/28 shares addresses with 10.0.1.20, which eni-x holds and this resource may not " +
      "unassign; use another one, or unassign 10.0.1.20 first",
  ],
  [
    "a prefix that stays",
    { wanted: at(50) },
    "privateIpAddresses: 10.0.1.50 shares addresses with 10.0.1.48/28, which eni-x holds and this resource may not " +
      "unassign; use another one, or unassign 10.0.1.48/28 first",
  ],
  [
    "the primary address",
    { input: "ipv4Prefixes", wanted: ["10.0.1.0/28"] },
    "ipv4Prefixes: 10.0.1.0/28 contains 10.0.1.10, the primary address of eni-x; use another prefix",
  ],
])("an overlap with %s: the plan is refused", (_what, goal, refusal) => {
  const plan = planFor(goal, at(20), held);
  expect(refusalsIn(plan)).toEqual([refusal]);
  expect(plan).toMatchObject({ steps: [], calls: 0, refusals: [{ cause: "impossible" }] });
});

test.each([
  ["to assign", { wanted: at(20) }, []],
  ["to unassign", { owned: at(20) }, at(20)],
])("an ENI that a service manages: refused when there is something %s", (_what, goal, present) => {
  const plan = planFor(goal, present, { seen: { serviceManaged: true } });
  expect(plan).toMatchObject({ steps: [], calls: 0, refusals: [{ cause: "impossible" }] });
  expect(refusalsIn(plan)).toEqual([expect.stringMatching(/^networkInterfaceId: eni-x is managed by/)]);
});

test.each([
  ["nothing changes", { wanted: at(20), owned: at(20) }, []],
  ["another resource claims the rest", { owned: at(20) }, at(20)],
])("an ENI that a service manages: accepted when %s", (_what, goal, claimed) => {
  expect(planFor(goal, at(20), { seen: { serviceManaged: true }, claimed }).refusals).toEqual([]);
});

test.each([
  ["", "eni-x is managed by an Alibaba Cloud service, which alone"],
  ["Created by NLB", 'eni-x is managed by an Alibaba Cloud service: "Created by NLB", which alone'],
])(
  "an ENI that a service manages: the refusal quotes what the API says of it, %p",
  (managingService, text) => {
    const seen = { serviceManaged: true, managingService };
    expect(refusalsIn(planFor({ wanted: at(20) }, [], { seen }))).toEqual([expect.stringContaining(text)]);
  },
);

test.each([
  { wanted: 49, present: [], prefixes: 0, fits: true },
  { wanted: 50, present: [], prefixes: 0, fits: false },
  { wanted: 47, present: [], prefixes: 2, fits: true },
  { wanted: 48, present: [], prefixes: 2, fits: false },
  { wanted: 46, present: at(200, 201, 202), prefixes: 0, fits: true },
  { wanted: 47, present: at(200, 201, 202), prefixes: 0, fits: false },
])(
  "the capacity of 49: $wanted addresses beside $present and $prefixes prefixes, fits: $fits",
  ({ wanted, present, prefixes, fits }) => {
    const seen = { ipv4Prefixes: prefixRange(prefixes) };
    const plan = planFor({ wanted: range(20, wanted) }, present, { capacity: 49, seen });
    expect(plan.refusals).toHaveLength(fits ? 0 : 1);
    expect(plan.steps).toHaveLength(fits ? 5 : 0);
  },
);

test("the capacity: the refusal names the number needed, the capacity and the status", () => {
  const plan = planFor({ wanted: range(20, 50) }, [], { capacity: 49 });
  expect(refusalsIn(plan)).toEqual([
    "privateIpAddresses: eni-x would hold 50 secondary addresses and prefixes, but it can hold 49 while it is " +
      "Available; want fewer, or spread them over more ENIs",
  ]);
  expect(plan.refusals).toMatchObject([{ cause: "quota" }]);
});

test("the capacity: prefixes are counted beside addresses", () => {
  const goal: GoalParts = { input: "ipv4Prefixes", wanted: prefixRange(3) };
  expect(refusalsIn(planFor(goal, range(20, 4), { capacity: 6 }))).toEqual([
    "ipv4Prefixes: eni-x would hold 7 secondary addresses and prefixes, but it can hold 6 while it is Available; " +
      "want fewer, or spread them over more ENIs",
  ]);
});

const withEip = { seen: { eipBoundAddresses: at(20) } };

test("an address with an EIP: unassigning is refused, with the address and the remedies", () => {
  const plan = planFor({ owned: at(20, 21) }, at(20, 21), withEip);
  expect(refusalsIn(plan)).toEqual([
    "allowUnassignWithEip: an EIP is bound to 10.0.1.20, which would be unassigned; unbind it first, keep the address, " +
      "or set allowUnassignWithEip: true",
  ]);
  expect(plan.steps).toEqual([]);
});

test("an address with an EIP: is unassigned when that is allowed", () => {
  const goal = { owned: at(20, 21), allowUnassignWithEip: true };
  expect(planFor(goal, at(20, 21), withEip)).toMatchObject({ refusals: [], unassign: at(20, 21) });
});

test("an address with an EIP: refuses nothing while it stays", () => {
  const goal = { wanted: at(20), owned: at(20, 21) };
  expect(planFor(goal, at(20, 21), withEip)).toMatchObject({ refusals: [], unassign: at(21) });
});

const unknownPrimary = { seen: { primaryIpAddress: "" } };

test("an ENI whose primary address is not known: nothing is unassigned, as each address could be it", () => {
  const plan = planFor({ owned: at(20) }, at(20), unknownPrimary);
  expect(refusalsIn(plan)).toEqual([
    "networkInterfaceId: the API does not say which address of eni-x is the primary one; nothing is unassigned before it does",
  ]);
  expect(plan).toMatchObject({ steps: [], calls: 0, refusals: [{ cause: "impossible" }] });
});

test("an ENI whose primary address is not known: addresses and prefixes are assigned", () => {
  expect(planFor({ wanted: at(20) }, [], unknownPrimary)).toMatchObject({ refusals: [], assign: at(20) });
  const goal: GoalParts = { input: "ipv4Prefixes", wanted: ["10.0.1.0/28"] };
  expect(planFor(goal, [], unknownPrimary)).toMatchObject({ refusals: [] });
});

test("several refusals: all are reported, and nothing is planned", () => {
  const plan = planFor({ wanted: [...range(10, 50), "10.0.2.1"], refuseOthers: true }, at(200), {
    capacity: 49,
    cidrBlock,
    seen: { serviceManaged: true },
  });
  expect(plan.refusals.map(({ property, cause }) => `${property}: ${cause}`)).toEqual([
    "privateIpAddresses: impossible", // the primary address
    "privateIpAddresses: impossible", // outside the block
    "unassignOnCreate: permission",
    "networkInterfaceId: impossible",
    "privateIpAddresses: quota",
  ]);
  expect(plan.steps).toEqual([]);
});

test("each refusal: ends with what to do", () => {
  const goal = { wanted: at(10, 30), refuseOthers: true, owned: at(20, 21) };
  const plan = planFor(goal, at(20, 21, 40, 41), {
    seen: { serviceManaged: true, eipBoundAddresses: at(20, 21) },
  });
  expect(refusalsIn(plan)).toEqual([
    "privateIpAddresses: 10.0.1.10 is the primary address of eni-x, which cannot be assigned or unassigned; list secondary " +
      "addresses only",
    "unassignOnCreate: eni-x already holds 2 secondary addresses that privateIpAddresses does not list. They may belong to " +
      "something else, or be left over from a create that was killed. Add to privateIpAddresses what has to stay, and allow " +
      'the rest to be unassigned with unassignOnCreate: ["10.0.1.40","10.0.1.41"]. If another resource of this program ' +
      "leaves the ENI, let this one depend on it with `dependsOn`. If the program no longer has the resource that owns " +
      "them, run `pulumi up` without the change of this one first. After a rename, use the option `aliases`. With " +
      "--replace, run `pulumi up` without it first",
    expect.stringMatching(/^networkInterfaceId: eni-x is managed by .*; use an ENI of your own$/),
    "allowUnassignWithEip: an EIP is bound to 10.0.1.20, 10.0.1.21, which would be unassigned; unbind it first, keep the " +
      "address, or set allowUnassignWithEip: true",
  ]);
});

const prefix = (wanted: string): GoalParts => ({ input: "ipv4Prefixes", wanted: [wanted] });
const count = (size: number): GoalParts => ({
  input: "secondaryPrivateIpAddressCount",
  count: { size, oldestFirst: [] },
});

test.each<[string, "inputs" | "ownership", GoalParts, string[], ObservationParts]>([
  ["the primary address", "inputs", { wanted: at(10) }, [], {}],
  ["a prefix around the primary address", "inputs", prefix("10.0.1.0/28"), [], {}],
  ["an address outside the block", "inputs", { wanted: ["10.0.2.1"] }, [], { cidrBlock }],
  ["a service-managed ENI", "inputs", { wanted: at(20) }, [], { seen: { serviceManaged: true } }],
  ["an unknown primary address", "inputs", { owned: at(20) }, at(20), unknownPrimary],
  ["an EIP", "inputs", { owned: at(20) }, at(20), withEip],
  ["a list over the capacity", "inputs", { wanted: range(20, 3) }, [], { capacity: 2 }],
  ["a count over the capacity", "inputs", count(3), at(20), { capacity: 2 }],
  ["a count below the EIPs", "inputs", count(0), at(20), withEip],
  ["a list beside what others hold", "ownership", { wanted: at(20, 21) }, at(30), { capacity: 2 }],
  ["a count of addresses beside prefixes", "ownership", count(2), [], { capacity: 2, ...held }],
  ["an address in a held prefix", "ownership", { wanted: at(50) }, [], held],
  ["a prefix around a held address", "ownership", prefix("10.0.1.16/28"), at(20), {}],
  ["a takeover", "ownership", { refuseOthers: true }, at(20), {}],
  ["a takeover by a count", "ownership", { ...count(0), refuseOthers: true }, at(20), {}],
  ["a takeover by a count below the EIPs", "ownership", { ...count(0), refuseOthers: true }, at(20), withEip],
  ["a count that may unassign too few", "ownership", count(0), at(20), {}],
])("%s: the refusal depends on %s", (_what, dependsOn, goal, present, observation) => {
  expect(planFor(goal, present, observation).refusals).toEqual([expect.objectContaining({ dependsOn })]);
});

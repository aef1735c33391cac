import {
  agesOf,
  asksForWhatIsOwned,
  goalOf,
  goalOfDelete,
  listedIn,
  listModeOf,
  modeInputs,
  modes,
  permitted,
  takesOver,
  type Mode,
  type Recorded,
  type Target,
} from "./model";

const recorded: Recorded = {
  networkInterfaceId: "eni-x",
  mode: modes.privateIpAddresses,
  owned: ["10.0.1.20", "10.0.1.16/28"],
  oldestFirst: undefined,
  ownership: "exclusive",
  allowUnassignWithEip: true,
  unassignOnCreate: ["10.0.1.9"],
  region: "cn-hangzhou",
  account: "1234567890123456",
  primaryIpAddress: "10.0.1.10",
  vSwitchId: "vsw-1",
  unmanaged: ["10.0.1.30"],
  hidden: { schemaVersion: 2, name: "edge", timeouts: {} },
};

const list = (one: string): Target => ({
  mode: one.includes("/") ? modes.ipv4Prefixes : modes.privateIpAddresses,
  list: [one],
});

test("modes: there are two for addresses and two for prefixes, each a list and a count", () => {
  expect(modeInputs.map((input) => modes[input])).toEqual([
    { input: "privateIpAddresses", kind: "address", target: "list" },
    { input: "secondaryPrivateIpAddressCount", kind: "address", target: "count" },
    { input: "ipv4Prefixes", kind: "prefix", target: "list" },
    { input: "ipv4PrefixCount", kind: "prefix", target: "count" },
  ]);
});

test("listModeOf: any mode, the list of the same kind", () => {
  expect(modeInputs.map((input) => listModeOf(modes[input]).input)).toEqual([
    "privateIpAddresses",
    "privateIpAddresses",
    "ipv4Prefixes",
    "ipv4Prefixes",
  ]);
});

describe("goalOf", () => {
  const { privateIpAddresses, secondaryPrivateIpAddressCount, ipv4Prefixes, ipv4PrefixCount } = modes;

  test("a list of addresses: it wants what it lists, without ages", () => {
    const target = { mode: privateIpAddresses, list: ["10.0.1.20"] };
    expect(goalOf(target, ["10.0.1.9"])).toEqual({ mode: privateIpAddresses, wanted: ["10.0.1.20"] });
  });

  test("a list of prefixes: it wants what it lists", () => {
    const target = { mode: ipv4Prefixes, list: ["10.0.1.16/28"] };
    expect(goalOf(target, [])).toEqual({ mode: ipv4Prefixes, wanted: ["10.0.1.16/28"] });
  });

  test("a count of addresses: it wants that number, with the ages", () => {
    expect(goalOf({ mode: secondaryPrivateIpAddressCount, count: 2 }, ["10.0.1.9"])).toEqual({
      mode: secondaryPrivateIpAddressCount,
      wanted: [],
      count: { size: 2, oldestFirst: ["10.0.1.9"] },
    });
  });

  test("a count of 0 prefixes: it is a count", () => {
    expect(goalOf({ mode: ipv4PrefixCount, count: 0 }, [])).toEqual({
      mode: ipv4PrefixCount,
      wanted: [],
      count: { size: 0, oldestFirst: [] },
    });
  });
});

test("goalOfDelete: it wants nothing, and may unassign both kinds of what is owned and nothing else", () => {
  expect(goalOfDelete(recorded)).toEqual({
    mode: modes.privateIpAddresses,
    wanted: [],
    owned: recorded.owned,
    refuseOthers: false,
    allowUnassignWithEip: true,
  });
  expect(goalOfDelete({ ...recorded, allowUnassignWithEip: false }).allowUnassignWithEip).toBe(false);
});

test.each<[string, Target | undefined, string[]]>([
  ["a list, what it lists", list("10.0.1.20"), ["10.0.1.20"]],
  ["a count, nothing", { mode: modes.ipv4PrefixCount, count: 3 }, []],
  ["an unknown target, nothing", undefined, []],
])("listedIn: %s", (_title, target, expected) => {
  expect(listedIn(target)).toEqual(expected);
});

test("agesOf: recorded ages, they are used", () => {
  expect(agesOf({ ...recorded, oldestFirst: ["10.0.1.9"] })).toEqual(["10.0.1.9"]);
  expect(agesOf({ ...recorded, oldestFirst: [] })).toEqual([]);
});

test("agesOf: without recorded ages, the owned ones in their order", () => {
  expect(agesOf(recorded)).toEqual(recorded.owned);
});

test.each([
  ["additive", "exclusive", true],
  ["additive", "additive", false],
  ["additive", undefined, false],
  ["exclusive", "exclusive", false],
  ["exclusive", "additive", false],
] as const)("takesOver: from %s to %s, %p", (before, ownership, expected) => {
  expect(takesOver({ ownership: before }, ownership)).toBe(expected);
});

test.each([
  ["exclusive", ["10.0.1.9"], ["10.0.1.9"]],
  ["exclusive", undefined, []],
  ["additive", ["10.0.1.9"], []],
  [undefined, ["10.0.1.9"], []],
] as const)(
  "permitted: ownership %s and unassignOnCreate %j, %j",
  (ownership, unassignOnCreate, expected) => {
    expect(permitted({ ownership, unassignOnCreate: unassignOnCreate && [...unassignOnCreate] })).toEqual(
      expected,
    );
  },
);

test.each<[string, Target | undefined, Mode | undefined, readonly string[], boolean]>([
  ["the same list, true", list("10.0.1.20"), modes.privateIpAddresses, ["10.0.1.20"], true],
  ["another list, false", list("10.0.1.20"), modes.privateIpAddresses, ["10.0.1.21"], false],
  [
    "the number that is owned, true",
    { mode: modes.ipv4PrefixCount, count: 1 },
    modes.ipv4PrefixCount,
    ["10.0.1.16/28"],
    true,
  ],
  [
    "another number, false",
    { mode: modes.ipv4PrefixCount, count: 2 },
    modes.ipv4PrefixCount,
    ["10.0.1.16/28"],
    false,
  ],
  ["the same in another mode, false", list("10.0.1.16/28"), modes.ipv4PrefixCount, ["10.0.1.16/28"], false],
  ["an unknown target, false", undefined, modes.privateIpAddresses, [], false],
  ["a state without a mode, false", list("10.0.1.20"), undefined, ["10.0.1.20"], false],
  [
    "the same list beside a rest of the other kind, false",
    list("10.0.1.16/28"),
    modes.ipv4Prefixes,
    ["10.0.1.16/28", "10.0.1.99"],
    false,
  ],
])("asksForWhatIsOwned: %s", (_title, target, mode, owned, expected) => {
  expect(asksForWhatIsOwned(target, { mode, owned })).toBe(expected);
});

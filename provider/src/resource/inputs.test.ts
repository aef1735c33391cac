import { hiddenKey, schemaVersion } from "./hidden-inputs";
import { inspectInputs, isUnknown, unknownValue } from "./inputs";
import { modes, type Target } from "./model";

const good = { networkInterfaceId: "eni-bp1fvxhbdfj0xgx3abcd", privateIpAddresses: ["10.0.1.20"] };

const noList = { privateIpAddresses: undefined };

/** The problems, each as `property: reason`. */
function problems(properties: Record<string, unknown>): string[] {
  return inspectInputs({ ...good, ...properties }).problems.map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
}

test("inspectInputs: correct inputs, all are read and lists keep their order", () => {
  expect(
    inspectInputs({
      ...good,
      privateIpAddresses: ["10.0.1.100", "10.0.1.20"],
      unassignOnCreate: ["10.0.1.40", "10.0.1.5"],
      region: "ap-southeast-1",
      [hiddenKey]: { name: "edge", timeouts: { create: "5m" } },
      __provider: "exports.handler=…",
    }),
  ).toEqual({
    problems: [],
    desired: {
      networkInterfaceId: "eni-bp1fvxhbdfj0xgx3abcd",
      target: { mode: modes.privateIpAddresses, list: ["10.0.1.100", "10.0.1.20"] },
      ownership: "exclusive",
      allowUnassignWithEip: false,
      unassignOnCreate: ["10.0.1.40", "10.0.1.5"],
      givenDefaults: [],
      region: "ap-southeast-1",
      undecided: [],
      hidden: { schemaVersion, name: "edge", timeouts: { create: "5m" } },
    },
  });
});

test("inspectInputs: options that are not the default, they are read", () => {
  const options = { ownership: "additive", allowUnassignWithEip: true };
  expect(inspectInputs({ ...good, ...options }).desired).toMatchObject(options);
});

test.each([
  ["no option", {}, []],
  ["options with another value", { ownership: "additive", allowUnassignWithEip: true }, []],
  [
    "options with their default",
    { ownership: "exclusive", allowUnassignWithEip: false },
    ["ownership", "allowUnassignWithEip"],
  ],
])("inspectInputs: %s is given, those with their default are known", (_what, options, expected) => {
  expect(inspectInputs({ ...good, ...options }).desired.givenDefaults).toEqual(expected);
});

test.each<[string, Record<string, unknown>, Target]>([
  ["an empty list", { privateIpAddresses: [] }, { mode: modes.privateIpAddresses, list: [] }],
  [
    "no region and no unassignOnCreate",
    { region: undefined, unassignOnCreate: null },
    { mode: modes.privateIpAddresses, list: ["10.0.1.20"] },
  ],
  [
    "a count of 0",
    { ...noList, secondaryPrivateIpAddressCount: 0 },
    { mode: modes.secondaryPrivateIpAddressCount, count: 0 },
  ],
  [
    "prefixes",
    { ...noList, ipv4Prefixes: ["10.0.1.16/28", "10.0.1.0/28"] },
    { mode: modes.ipv4Prefixes, list: ["10.0.1.16/28", "10.0.1.0/28"] },
  ],
  ["an empty list of prefixes", { ...noList, ipv4Prefixes: [] }, { mode: modes.ipv4Prefixes, list: [] }],
  [
    "a count of prefixes with prefixes in unassignOnCreate",
    { ...noList, ipv4PrefixCount: 1, unassignOnCreate: ["10.0.1.0/28"] },
    { mode: modes.ipv4PrefixCount, count: 1 },
  ],
  [
    "a region of three parts",
    { region: "cn-shanghai-finance-1" },
    { mode: modes.privateIpAddresses, list: ["10.0.1.20"] },
  ],
  [
    "an ENI id with an underscore",
    { networkInterfaceId: "eni-edge_1" },
    { mode: modes.privateIpAddresses, list: ["10.0.1.20"] },
  ],
])("inspectInputs: accepts %s", (_title, properties, target) => {
  expect(problems(properties)).toEqual([]);
  expect(inspectInputs({ ...good, ...properties }).desired.target).toEqual(target);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "a missing ENI",
    { networkInterfaceId: undefined },
    /^networkInterfaceId: no ENI is given; expected the id of an ENI/,
  ],
  ["an ENI that is null", { networkInterfaceId: null }, /^networkInterfaceId: no ENI is given/],
  ["an ENI that is empty", { networkInterfaceId: "" }, /^networkInterfaceId: "": expected the id of an ENI/],
  ["an instance id as the ENI", { networkInterfaceId: "i-1" }, /^networkInterfaceId: "i-1": expected/],
  ["an ENI with a space", { networkInterfaceId: "eni-1 " }, /^networkInterfaceId: "eni-1 ": expected/],
  ["an ENI that is a number", { networkInterfaceId: 7 }, /^networkInterfaceId: 7: expected the id of an ENI/],
  [
    "no list and no count",
    noList,
    /^privateIpAddresses: no list and no count is given; set exactly one of .*The list may be empty$/,
  ],
  [
    "no list and no count, with the four inputs",
    noList,
    / of privateIpAddresses, secondaryPrivateIpAddressCount, ipv4Prefixes, ipv4PrefixCount\. /,
  ],
  [
    "two lists",
    { ipv4Prefixes: ["10.0.1.16/28"] },
    /^ipv4Prefixes: conflicts with privateIpAddresses; set exactly one of privateIpAddresses, secondaryPr/,
  ],
  [
    "two counts",
    { ...noList, secondaryPrivateIpAddressCount: 1, ipv4PrefixCount: 1 },
    /^ipv4PrefixCount: conflicts with secondaryPrivateIpAddressCount; set exactly one of/,
  ],
  [
    "a prefix that does not begin at its first address",
    { ...noList, ipv4Prefixes: ["10.0.1.20/28"] },
    /^ipv4Prefixes: \[0\] is "10\.0\.1\.20\/28": the block that contains it is 10\.0\.1\.16\/28; expected an IPv4 prefix/,
  ],
  [
    "a prefix of another length",
    { ...noList, ipv4Prefixes: ["10.0.1.0/24"] },
    /^ipv4Prefixes: \[0\] is "10\.0\.1\.0\/24": expected an IPv4 prefix: a \/28 block/,
  ],
  [
    "an address in a list of prefixes",
    { ...noList, ipv4Prefixes: ["10.0.1.16"] },
    /^ipv4Prefixes: \[0\] is "10\.0\.1\.16": expected an IPv4 prefix/,
  ],
  [
    "a prefix in a list of addresses",
    { privateIpAddresses: ["10.0.1.16/28"] },
    /^privateIpAddresses: \[0\] is "10\.0\.1\.16\/28": expected an IPv4 address/,
  ],
  [
    "a prefix listed twice",
    { ...noList, ipv4Prefixes: ["10.0.1.16/28", "10.0.1.16/28"] },
    /^ipv4Prefixes: \[1\] is "10\.0\.1\.16\/28": already listed at \[0\]/,
  ],
  [
    "a fraction as a count of prefixes",
    { ...noList, ipv4PrefixCount: 0.5 },
    /^ipv4PrefixCount: 0\.5: expected a whole number, 0 or more, of IPv4 prefixes/,
  ],
  [
    "a negative count",
    { ...noList, secondaryPrivateIpAddressCount: -1 },
    /^secondaryPrivateIpAddressCount: -1: expected a whole number, 0 or more, of secondary addresses/,
  ],
  [
    "an additive count of prefixes",
    { ...noList, ipv4PrefixCount: 1, ownership: "additive" },
    /^ownership: a count needs exclusive ownership, because it counts everything/,
  ],
  [
    "an additive count of addresses",
    { ...noList, secondaryPrivateIpAddressCount: 1, ownership: "additive" },
    /^ownership: a count needs exclusive ownership/,
  ],
  [
    "an unknown ownership",
    { ownership: "shared" },
    /^ownership: "shared": expected "exclusive" \(the default\) or "additive"$/,
  ],
  [
    "text as allowUnassignWithEip",
    { allowUnassignWithEip: "yes" },
    /^allowUnassignWithEip: "yes": expected true or false \(the default\)$/,
  ],
  [
    "unassignOnCreate beside additive ownership",
    { ownership: "additive", unassignOnCreate: [] },
    /^unassignOnCreate: only a resource with ownership "exclusive" takes an ENI over; leave it out/,
  ],
  [
    "addresses in unassignOnCreate of a prefix mode",
    { ...noList, ipv4PrefixCount: 1, unassignOnCreate: ["10.0.1.20"] },
    /^unassignOnCreate: \[0\] is "10\.0\.1\.20": expected an IPv4 prefix/,
  ],
  [
    "a prefix both listed and in unassignOnCreate",
    { ...noList, ipv4Prefixes: ["10.0.1.16/28"], unassignOnCreate: ["10.0.1.16/28"] },
    /^unassignOnCreate: 10\.0\.1\.16\/28 is in ipv4Prefixes too; remove it from one of the two$/,
  ],
  [
    "an address instead of a list",
    { privateIpAddresses: "10.0.1.20" },
    /^privateIpAddresses: "10\.0\.1\.20": expected a list/,
  ],
  [
    "a word in a list of addresses",
    { privateIpAddresses: ["10.0.1.20", "web"] },
    /^privateIpAddresses: \[1\] is "web": expected an IPv4 address/,
  ],
  [
    "a number in a list of addresses",
    { privateIpAddresses: [7] },
    /^privateIpAddresses: \[0\] is 7: expected an IPv4 address/,
  ],
  [
    "null in a list of addresses",
    { privateIpAddresses: [null] },
    /^privateIpAddresses: \[0\] is null: expected an IPv4 address/,
  ],
  [
    "an address with a suffix",
    { privateIpAddresses: ["10.0.1.20/32"] },
    /^privateIpAddresses: \[0\] is .*without leading zeros or a suffix/,
  ],
  [
    "an IPv6 address",
    { privateIpAddresses: ["fd00::1"] },
    /^privateIpAddresses: \[0\] is "fd00::1": this looks like an IPv6 address/,
  ],
  [
    "an address listed twice",
    { privateIpAddresses: ["10.0.1.20", "10.0.1.21", "10.0.1.20"] },
    /^privateIpAddresses: \[2\] is "10\.0\.1\.20": already listed at \[0\]/,
  ],
  [
    "a word in unassignOnCreate",
    { unassignOnCreate: ["web"] },
    /^unassignOnCreate: \[0\] is "web": expected/,
  ],
  [
    "an address both listed and in unassignOnCreate",
    { unassignOnCreate: ["10.0.1.20"] },
    /^unassignOnCreate: 10\.0\.1\.20 is in privateIpAddresses too/,
  ],
  [
    "a city as a region",
    { region: "Hangzhou" },
    /^region: "Hangzhou": expected a region id such as cn-hangzhou/,
  ],
  [
    "a region that would change the host name",
    { region: "cn-hangzhou.example.com/" },
    /^region: .*expected a region id/,
  ],
  ["a region that is empty", { region: "" }, /^region: "": expected a region id/],
  [
    "a misspelt input",
    { privateIpAddress: [] },
    /^privateIpAddress: is not an input.*allowed: networkInterfaceId, privateIpAddresses/,
  ],
  [
    "a time-out that is no duration",
    { [hiddenKey]: { timeouts: { update: "soon" } } },
    /^customTimeouts\.update: "soon" is not a duration/,
  ],
])("inspectInputs: rejects %s", (_what, properties, problem) => {
  expect(problems(properties)).toEqual([expect.stringMatching(problem)]);
});

test("inspectInputs: several problems, all are reported at once", () => {
  const found = problems({
    networkInterfaceId: "edge",
    privateIpAddresses: ["web", "10.0.1.20", "10.0.1.20"],
    region: "here",
    colour: "red",
  });
  expect(found.map((problem) => problem.split(":")[0])).toEqual([
    "networkInterfaceId",
    "privateIpAddresses",
    "privateIpAddresses",
    "region",
    "colour",
  ]);
});

describe("inspectInputs: a value that is not known yet", () => {
  test.each([
    ["an ENI", { networkInterfaceId: unknownValue }],
    ["a region", { region: unknownValue }],
    ["an address in unassignOnCreate", { unassignOnCreate: [unknownValue] }],
    ["an ownership", { ownership: unknownValue }],
    ["allowUnassignWithEip", { allowUnassignWithEip: unknownValue }],
  ])("%s: no problem, and undecided", (_title, properties) => {
    expect(problems(properties)).toEqual([]);
    const [key = ""] = Object.keys(properties);
    const { desired } = inspectInputs({ ...good, ...properties });
    expect(desired).toMatchObject({ [key]: undefined, undecided: [key] });
  });

  test.each([
    ["a list", { privateIpAddresses: unknownValue }],
    ["an address in a list", { privateIpAddresses: ["10.0.1.20", unknownValue] }],
    ["two addresses in a list, which may differ", { privateIpAddresses: [unknownValue, unknownValue] }],
  ])("%s: no problem, and the target is not known", (_title, properties) => {
    expect(problems(properties)).toEqual([]);
    const { desired } = inspectInputs({ ...good, ...properties });
    expect(desired).toMatchObject({ target: undefined, undecided: ["privateIpAddresses"] });
  });

  test("a list of prefixes: unassignOnCreate is still checked as prefixes", () => {
    const properties = { ...noList, ipv4Prefixes: unknownValue };
    expect(problems({ ...properties, unassignOnCreate: ["10.0.1.0/28"] })).toEqual([]);
    expect(problems({ ...properties, unassignOnCreate: ["10.0.1.20"] })).toEqual([
      expect.stringContaining("expected an IPv4 prefix"),
    ]);
  });

  test("a wrong entry beside it: a problem", () => {
    expect(problems({ privateIpAddresses: [unknownValue, "web"] })).toEqual([
      expect.stringContaining('privateIpAddresses: [1] is "web"'),
    ]);
  });
});

test("unknownValue: the engine's placeholder for a value that is not known yet", () => {
  expect(unknownValue).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
});

test.each([
  ["the placeholder itself", unknownValue],
  ["a list", ["10.0.1.20", unknownValue]],
  ["an object", { a: 1, b: unknownValue }],
  ["any depth", [{ a: [null, { b: [unknownValue] }] }]],
])("isUnknown: the placeholder in %s, true", (_where, value) => {
  expect(isUnknown(value)).toBe(true);
});

test.each([
  undefined,
  null,
  0,
  false,
  "",
  "text",
  [],
  {},
  { [unknownValue]: 1 },
  `${unknownValue} `,
  [[], {}],
])("isUnknown: %j, false", (value) => {
  expect(isUnknown(value)).toBe(false);
});

import { hiddenKey } from "./hidden-inputs";
import { inspectInputs, isUnknown, unknownValue } from "./inputs";

const good = { networkInterfaceId: "eni-bp1fvxhbdfj0xgx3abcd", privateIpAddresses: ["10.0.1.20"] };

const undeclared = { privateIpAddresses: undefined };

/** The problems, each as `property: reason`. */
function problems(properties: Record<string, unknown>): string[] {
  return inspectInputs({ ...good, ...properties }).problems.map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
}

test("good inputs are read, and lists sorted", () => {
  expect(
    inspectInputs({
      ...good,
      privateIpAddresses: ["10.0.1.100", "10.0.1.20"],
      unassignOnCreate: ["10.0.1.40", "10.0.1.5"],
      region: "ap-southeast-1",
      [hiddenKey]: { name: "edge", timeouts: { create: "5m" } },
      __provider: "exports.handler=…",
    }),
  ).toMatchObject({
    problems: [],
    networkInterfaceId: "eni-bp1fvxhbdfj0xgx3abcd",
    declared: { privateIpAddresses: ["10.0.1.20", "10.0.1.100"] },
    unassignOnCreate: ["10.0.1.5", "10.0.1.40"],
    region: "ap-southeast-1",
    hidden: { name: "edge", timeouts: { create: "5m" } },
  });
});

test.each<[string, Record<string, unknown>]>([
  ["no secondary address", { privateIpAddresses: [] }],
  ["no region and no unassignOnCreate", { region: undefined, unassignOnCreate: null }],
  ["a count", { ...undeclared, secondaryPrivateIpAddressCount: 0 }],
  ["prefixes", { ...undeclared, ipv4Prefixes: ["10.0.1.16/28", "10.0.1.0/28"] }],
  ["no prefix", { ...undeclared, ipv4Prefixes: [] }],
  ["prefixes that may go", { ...undeclared, ipv4PrefixCount: 1, unassignOnCreate: ["10.0.1.0/28"] }],
  ["a region of three parts", { region: "cn-shanghai-finance-1" }],
  ["an ENI of a test", { networkInterfaceId: "eni-edge_1" }],
])("%s is fine", (_what, properties) => {
  expect(problems(properties)).toEqual([]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "no ENI",
    { networkInterfaceId: undefined },
    /^networkInterfaceId: no ENI is given; expected the id of an ENI/,
  ],
  ["an ENI that is null", { networkInterfaceId: null }, /^networkInterfaceId: no ENI is given/],
  ["an ENI that is empty", { networkInterfaceId: "" }, /^networkInterfaceId: "": expected the id of an ENI/],
  ["an instance instead of an ENI", { networkInterfaceId: "i-1" }, /^networkInterfaceId: "i-1": expected/],
  ["an ENI with a space", { networkInterfaceId: "eni-1 " }, /^networkInterfaceId: "eni-1 ": expected/],
  ["an ENI that is a number", { networkInterfaceId: 7 }, /^networkInterfaceId: 7: expected the id of an ENI/],
  ["no list", { privateIpAddresses: undefined }, /^privateIpAddresses: no list is given; .*may be none/],
  [
    "no list, with what there is instead",
    { privateIpAddresses: undefined },
    /secondaryPrivateIpAddressCount, ipv4Prefixes or ipv4PrefixCount instead$/,
  ],
  [
    "two declarations",
    { ipv4Prefixes: ["10.0.1.16/28"] },
    /^ipv4Prefixes: stands beside privateIpAddresses; .*exactly one of privateIpAddresses, secondaryPr/,
  ],
  [
    "two counts",
    { ...undeclared, secondaryPrivateIpAddressCount: 1, ipv4PrefixCount: 1 },
    /^ipv4PrefixCount: stands beside secondaryPrivateIpAddressCount/,
  ],
  [
    "a prefix that does not begin at its first address",
    { ...undeclared, ipv4Prefixes: ["10.0.1.20/28"] },
    /^ipv4Prefixes: \[0\] is "10\.0\.1\.20\/28": the block that contains it is 10\.0\.1\.16\/28; expected an IPv4 prefix/,
  ],
  [
    "a prefix of another length",
    { ...undeclared, ipv4Prefixes: ["10.0.1.0/24"] },
    /^ipv4Prefixes: \[0\] is "10\.0\.1\.0\/24": expected an IPv4 prefix: a \/28 block/,
  ],
  [
    "an address as a prefix",
    { ...undeclared, ipv4Prefixes: ["10.0.1.16"] },
    /^ipv4Prefixes: \[0\] is "10\.0\.1\.16": expected an IPv4 prefix/,
  ],
  [
    "a prefix as an address",
    { privateIpAddresses: ["10.0.1.16/28"] },
    /^privateIpAddresses: \[0\] is "10\.0\.1\.16\/28": expected an IPv4 address/,
  ],
  [
    "a prefix twice",
    { ...undeclared, ipv4Prefixes: ["10.0.1.16/28", "10.0.1.16/28"] },
    /^ipv4Prefixes: \[1\] is "10\.0\.1\.16\/28": already listed at \[0\]/,
  ],
  [
    "half a prefix",
    { ...undeclared, ipv4PrefixCount: 0.5 },
    /^ipv4PrefixCount: 0\.5: expected a whole number, 0 or more, of IPv4 prefixes/,
  ],
  [
    "fewer than no address",
    { ...undeclared, secondaryPrivateIpAddressCount: -1 },
    /^secondaryPrivateIpAddressCount: -1: expected a whole number, 0 or more, of secondary addresses/,
  ],
  [
    "a count of prefixes beside other resources",
    { ...undeclared, ipv4PrefixCount: 1, ownership: "additive" },
    /^ownership: a count counts all/,
  ],
  [
    "addresses that may go where prefixes are managed",
    { ...undeclared, ipv4PrefixCount: 1, unassignOnCreate: ["10.0.1.20"] },
    /^unassignOnCreate: \[0\] is "10\.0\.1\.20": expected an IPv4 prefix/,
  ],
  [
    "a prefix that both stays and goes",
    { ...undeclared, ipv4Prefixes: ["10.0.1.16/28"], unassignOnCreate: ["10.0.1.16/28"] },
    /^unassignOnCreate: 10\.0\.1\.16\/28 is in ipv4Prefixes too/,
  ],
  [
    "one address instead of a list",
    { privateIpAddresses: "10.0.1.20" },
    /^privateIpAddresses: "10\.0\.1\.20": expected a list/,
  ],
  [
    "no address",
    { privateIpAddresses: ["10.0.1.20", "web"] },
    /^privateIpAddresses: \[1\] is "web": expected an IPv4 address/,
  ],
  ["a number", { privateIpAddresses: [7] }, /^privateIpAddresses: \[0\] is 7: expected an IPv4 address/],
  [
    "null in a list",
    { privateIpAddresses: [null] },
    /^privateIpAddresses: \[0\] is null: expected an IPv4 address/,
  ],
  [
    "a suffix",
    { privateIpAddresses: ["10.0.1.20/32"] },
    /^privateIpAddresses: \[0\] is .*without leading zeros or a suffix/,
  ],
  [
    "IPv6",
    { privateIpAddresses: ["fd00::1"] },
    /^privateIpAddresses: \[0\] is "fd00::1": this looks like an IPv6 address/,
  ],
  [
    "a duplicate",
    { privateIpAddresses: ["10.0.1.20", "10.0.1.21", "10.0.1.20"] },
    /^privateIpAddresses: \[2\] is "10\.0\.1\.20": already listed at \[0\]/,
  ],
  ["no address to unassign", { unassignOnCreate: ["web"] }, /^unassignOnCreate: \[0\] is "web": expected/],
  [
    "an address to keep and to unassign",
    { unassignOnCreate: ["10.0.1.20"] },
    /^unassignOnCreate: 10\.0\.1\.20 is in privateIpAddresses too/,
  ],
  [
    "a zone instead of a region",
    { region: "Hangzhou" },
    /^region: "Hangzhou": expected a region id such as cn-hangzhou/,
  ],
  [
    "a region that would make another host",
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
    "a time-out",
    { [hiddenKey]: { timeouts: { update: "soon" } } },
    /^customTimeouts\.update: "soon" is not a duration/,
  ],
])("%s is refused, with what was seen and what is allowed", (_what, properties, problem) => {
  expect(problems(properties)).toEqual([expect.stringMatching(problem)]);
});

test("every problem is said at once", () => {
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

describe("what is not known yet", () => {
  test.each([
    ["an ENI", { networkInterfaceId: unknownValue }],
    ["a list", { privateIpAddresses: unknownValue }],
    ["an address", { privateIpAddresses: ["10.0.1.20", unknownValue] }],
    ["two addresses, which need not be the same", { privateIpAddresses: [unknownValue, unknownValue] }],
    ["a region", { region: unknownValue }],
    ["what may go", { unassignOnCreate: [unknownValue] }],
  ])("is no problem: %s", (_what, properties) => {
    expect(problems(properties)).toEqual([]);
    const [key] = Object.keys(properties);
    const { declared, ...inspected } = inspectInputs({ ...good, ...properties });
    expect({ ...inspected, ...declared }).toMatchObject({ [key ?? ""]: undefined });
  });

  test("hides no problem beside it", () => {
    expect(problems({ privateIpAddresses: [unknownValue, "web"] })).toEqual([
      expect.stringContaining('privateIpAddresses: [1] is "web"'),
    ]);
  });
});

test("an unknown value is what the engine writes for one", () => {
  expect(unknownValue).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
});

test.each([
  ["itself", unknownValue],
  ["in a list", ["10.0.1.20", unknownValue]],
  ["in an object", { a: 1, b: unknownValue }],
  ["at any depth", [{ a: [null, { b: [unknownValue] }] }]],
])("is found %s", (_where, value) => {
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
])("is not %j", (value) => {
  expect(isUnknown(value)).toBe(false);
});

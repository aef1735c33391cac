import {
  arrangedLike,
  addressesInBoth,
  addressesOnlyIn,
  isIpv4Address,
  isIpv4Prefix,
  overlap,
  prefixAround,
  sameAddresses,
  sortedAddresses,
} from "./addresses";

test.each(["0.0.0.0", "10.0.1.20", "192.168.255.254", "255.255.255.255"])(
  "isIpv4Address: %p is an address",
  (text) => {
    expect(isIpv4Address(text)).toBe(true);
  },
);

test.each([
  ["a number too few", "10.0.1"],
  ["a number too many", "10.0.1.2.3"],
  ["a number above 255", "10.0.1.256"],
  ["a leading zero", "10.0.1.020"],
  ["hexadecimal", "0x0a.0.1.2"],
  ["a sign", "10.0.1.+2"],
  ["a suffix", "10.0.1.20/32"],
  ["the start of a suffix", "10.0.1.20/"],
  ["a space before", " 10.0.1.20"],
  ["a line feed after", "10.0.1.20\n"],
  ["digits of another script", "١٠.0.1.20"],
  ["IPv6", "::ffff:10.0.1.20"],
  ["nothing", ""],
])("isIpv4Address: %s is not an address: %p", (_what, text) => {
  expect(isIpv4Address(text)).toBe(false);
});

test("sortedAddresses: sorts by number, not by text, without duplicates", () => {
  expect(
    sortedAddresses(["10.0.1.100", "10.0.1.20", "9.255.0.1", "200.0.0.1", "10.0.1.20", "10.0.1.3"]),
  ).toEqual(["9.255.0.1", "10.0.1.3", "10.0.1.20", "10.0.1.100", "200.0.0.1"]);
});

test("sortedAddresses: accepts any iterable and does not change it", () => {
  const given = ["10.0.1.3", "10.0.1.2"];
  expect(sortedAddresses(new Set(given))).toEqual(["10.0.1.2", "10.0.1.3"]);
  expect(sortedAddresses([])).toEqual([]);
  sortedAddresses(given);
  expect(given).toEqual(["10.0.1.3", "10.0.1.2"]);
});

const [a, b, c, d] = ["10.0.1.9", "10.0.1.10", "10.0.1.11", "10.0.1.12"] as const;

test.each([
  { left: [c, a, b], others: [[b]], result: [a, c] },
  { left: [a, b, c], others: [[a], [c], []], result: [b] },
  { left: [a, a], others: [], result: [a] },
  { left: [a], others: [[a, b]], result: [] },
  { left: [], others: [[a]], result: [] },
])("addressesOnlyIn: $left without $others is $result", ({ left, others, result }) => {
  expect(addressesOnlyIn(left, ...others)).toEqual(result);
});

test.each([
  { left: [d, c, b], right: [b, c, a], result: [b, c] },
  { left: [a, a], right: [a], result: [a] },
  { left: [a], right: [b], result: [] },
  { left: [], right: [a], result: [] },
])("addressesInBoth: $left and $right is $result", ({ left, right, result }) => {
  expect(addressesInBoth(left, right)).toEqual(result);
});

test.each([
  { left: [a, b], right: [b, a], same: true },
  { left: [a, a, b], right: [a, b], same: true },
  { left: [], right: [], same: true },
  { left: [a, b], right: [a], same: false },
  { left: [a], right: [a, b], same: false },
  { left: [a, b], right: [a, c], same: false },
])("sameAddresses: $left and $right is $same", ({ left, right, same }) => {
  expect(sameAddresses(left, right)).toBe(same);
});

test.each(["10.0.1.0/28", "10.0.1.16/28", "255.255.255.240/28"])("isIpv4Prefix: %s is a prefix", (text) => {
  expect(isIpv4Prefix(text)).toBe(true);
});

test.each([
  ...["10.0.1.16", "10.0.1.20/28", "10.0.1.0/24", "10.0.1.16/29", "10.0.01.16/28", "10.0.1.16/28/28"],
  ...["/28", "", "fd00::/28", "10.0.1/28", " 10.0.1.16/28", "10.0.1.256/28"],
])("isIpv4Prefix: %p is not a prefix", (text) => {
  expect(isIpv4Prefix(text)).toBe(false);
});

test("prefixAround: returns the /28 block of the address, only for /28 blocks", () => {
  expect(prefixAround("10.0.1.31/28")).toBe("10.0.1.16/28");
  expect(prefixAround("10.0.1.16/28")).toBe("10.0.1.16/28");
  expect(prefixAround("10.0.1.31/27")).toBeUndefined();
  expect(prefixAround("web/28")).toBeUndefined();
});

test.each([
  ["10.0.1.16/28", "10.0.1.16", true],
  ["10.0.1.16/28", "10.0.1.31", true],
  ["10.0.1.31", "10.0.1.16/28", true],
  ["10.0.1.16/28", "10.0.1.15", false],
  ["10.0.1.16/28", "10.0.1.32", false],
  ["10.0.1.16/28", "10.0.1.16/28", true],
  ["10.0.1.16/28", "10.0.1.32/28", false],
  ["10.0.1.16", "10.0.1.16", true],
  ["10.0.1.16", "10.0.1.17", false],
])("overlap: %s and %s is %p", (left, right, shared) => {
  expect(overlap(left, right)).toBe(shared);
});

test.each<[string, string[], string[], string[]]>([
  ["the same", ["3", "1", "2"], ["1", "2", "3"], ["3", "1", "2"]],
  ["no order", [], ["2", "1"], ["1", "2"]],
  ["the last one is gone", ["3", "1", "2"], ["1", "3"], ["3", "1"]],
  ["the first one is gone, the last one fills the gap", ["3", "1", "2"], ["1", "2"], ["2", "1"]],
  ["one is replaced", ["3", "1", "2"], ["3", "4", "2"], ["3", "4", "2"]],
  ["others are new", ["3", "1"], ["1", "3", "5", "2"], ["3", "1", "2", "5"]],
  ["all are new", ["3", "1"], ["5", "4", "2"], ["2", "4", "5"]],
  ["none is left", ["3", "1"], [], []],
  ["the order repeats one", ["3", "3", "1"], ["1", "2", "3"], ["3", "1", "2"]],
])("arrangedLike: %s", (_title, order, addresses, expected) => {
  const all = (digits: string[]) => digits.map((digit) => `10.0.1.${digit}`);
  expect(arrangedLike(all(order), all(addresses))).toEqual(all(expected));
});

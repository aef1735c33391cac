import { isIpv4Prefix, overlap, prefixAround } from "./ipv4-prefix";

test.each(["10.0.1.0/28", "10.0.1.16/28", "255.255.255.240/28"])("%s is a prefix", (text) => {
  expect(isIpv4Prefix(text)).toBe(true);
});

test.each([
  ...["10.0.1.16", "10.0.1.20/28", "10.0.1.0/24", "10.0.1.16/29", "10.0.01.16/28", "10.0.1.16/28/28"],
  ...["/28", "", "fd00::/28", "10.0.1/28", " 10.0.1.16/28", "10.0.1.256/28"],
])("%p is none", (text) => {
  expect(isIpv4Prefix(text)).toBe(false);
});

test("the prefix that was meant is found, where a /28 block was", () => {
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
])("%s and %s share addresses: %p", (left, right, shared) => {
  expect(overlap(left, right)).toBe(shared);
});

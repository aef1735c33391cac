import { networkInterface } from "../testing/network-interface";
import { UnsettledCalls } from "./unsettled-calls";

const holding = (...secondaryIpAddresses: string[]) => networkInterface({ secondaryIpAddresses });

const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;
let unsettled: UnsettledCalls;
beforeEach(() => (unsettled = new UnsettledCalls()));

test("nothing is unsettled before a call", () => {
  expect(unsettled.notShownBy(holding(a))).toEqual([]);
});

test("an assign is unsettled until a read shows it, each address by itself", () => {
  unsettled.confirm({ action: "assign", kind: "address", addresses: [a, b] });
  expect(unsettled.notShownBy(holding())).toEqual([a, b]);
  expect(unsettled.notShownBy(holding(b))).toEqual([a]);
  expect(unsettled.notShownBy(holding(a, b))).toEqual([]);
});

test("an unassign is unsettled as long as a read still shows it", () => {
  unsettled.confirm({ action: "unassign", kind: "address", addresses: [a, b] });
  expect(unsettled.notShownBy(holding(a, b, c))).toEqual([a, b]);
  expect(unsettled.notShownBy(holding(b))).toEqual([b]);
  expect(unsettled.notShownBy(holding())).toEqual([]);
});

test("what a read has shown is settled for good: a later change is somebody else's", () => {
  unsettled.confirm({ action: "assign", kind: "address", addresses: [a] });
  unsettled.notShownBy(holding(a));
  expect(unsettled.notShownBy(holding())).toEqual([]);
});

test("the last call about an address counts", () => {
  unsettled.confirm({ action: "assign", kind: "address", addresses: [a] });
  unsettled.confirm({ action: "unassign", kind: "address", addresses: [a] });
  expect(unsettled.notShownBy(holding())).toEqual([]);
  unsettled.confirm({ action: "unassign", kind: "address", addresses: [b] });
  unsettled.confirm({ action: "assign", kind: "address", addresses: [b] });
  expect(unsettled.notShownBy(holding())).toEqual([b]);
});

test("what was given up is waited for no more", () => {
  unsettled.confirm({ action: "assign", kind: "address", addresses: [a] });
  unsettled.confirm({ action: "unassign", kind: "address", addresses: [b] });
  unsettled.abandon();
  expect(unsettled.notShownBy(holding(b))).toEqual([]);
});

test("prefixes are unsettled as addresses are, and counted apart", () => {
  const withPrefixes = (...ipv4Prefixes: string[]) => ({ ...holding(a, b), ipv4Prefixes });
  unsettled.confirm({ action: "assign", kind: "prefix", addresses: ["10.0.1.48/28"] });
  expect(unsettled.notShownBy(withPrefixes())).toEqual(["10.0.1.48/28"]);
  expect(unsettled.notShownBy(withPrefixes("10.0.1.48/28"))).toEqual([]);
  unsettled.expectAtLeast(2, "prefix");
  expect(unsettled.notShownBy(withPrefixes("10.0.1.48/28"))).toEqual(["1 that the cloud picked"]);
  expect(unsettled.notShownBy(withPrefixes("10.0.1.48/28", "10.0.1.64/28"))).toEqual([]);
});

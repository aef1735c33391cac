import { isNativeState, stateOf } from "./native-state";

const news = { __internal: { name: "edge", resource: "parent/edge", timeouts: { create: "1m" } } };
const program = { name: "edge", resource: "parent/edge" };

test("a state of the dynamic resource stays as it is", () => {
  const olds = { privateIpAddresses: ["10.0.1.20"], __internal: { name: "old" } };
  expect(stateOf(olds, news)).toEqual(olds);
  expect(isNativeState(olds)).toBe(false);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["a list", { privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: [] }, {}],
  ["a count", { secondaryPrivateIpAddressCount: 1, privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: [] }, {}],
  ["prefixes", { privateIpAddresses: [], ipv4Prefixes: ["10.0.1.32/28"] }, { mode: "ipv4Prefixes" }],
  [
    "a count of prefixes",
    { ipv4PrefixCount: 0, privateIpAddresses: [], ipv4Prefixes: [] },
    { mode: "ipv4PrefixCount" },
  ],
])("%s of the native plugin: gets the hidden key, with the names of the program", (_what, outputs, mode) => {
  const recorded = { schemaVersion: 2, account: "1", oldestFirst: [0] };
  const olds = { ...outputs, __recorded: recorded };
  expect(isNativeState(olds)).toBe(true);
  expect(stateOf(olds, news)).toEqual({ ...outputs, __internal: { ...program, ...mode, ...recorded } });
});

test("the mode that the native plugin has recorded after a failure", () => {
  const outputs = { privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: ["10.0.1.32/28"] };
  const olds = { ...outputs, __recorded: { mode: "privateIpAddresses" } };
  expect(stateOf(olds, news)).toEqual({ ...outputs, __internal: { ...program, mode: "privateIpAddresses" } });
});

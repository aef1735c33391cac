import { declaresWhatIsOwned, holdingOfMode, listedIn, modeOf, modes, targetOf } from "./model";

test("the mode is the input that is given, as far as it is known", () => {
  expect(modeOf({ privateIpAddresses: [] })).toBe("privateIpAddresses");
  expect(modeOf({ secondaryPrivateIpAddressCount: 0 })).toBe("secondaryPrivateIpAddressCount");
  expect(modeOf({ ipv4Prefixes: [] })).toBe("ipv4Prefixes");
  expect(modeOf({ ipv4PrefixCount: 0 })).toBe("ipv4PrefixCount");
  expect(modeOf({})).toBeUndefined();
});

test("two modes manage addresses, and two prefixes", () => {
  expect(modes.map(holdingOfMode)).toEqual(["address", "address", "prefix", "prefix"]);
});

test("a list wants what it lists, a count so many", () => {
  expect(targetOf({ privateIpAddresses: ["10.0.1.20"] }, ["10.0.1.9"])).toEqual({
    of: "address",
    wanted: ["10.0.1.20"],
  });
  expect(targetOf({ ipv4Prefixes: ["10.0.1.16/28"] }, [])).toEqual({
    of: "prefix",
    wanted: ["10.0.1.16/28"],
  });
  expect(targetOf({ secondaryPrivateIpAddressCount: 2 }, ["10.0.1.9"])).toEqual({
    of: "address",
    wanted: [],
    count: { of: 2, oldestFirst: ["10.0.1.9"] },
  });
  expect(targetOf({ ipv4PrefixCount: 0 }, [])).toEqual({
    of: "prefix",
    wanted: [],
    count: { of: 0, oldestFirst: [] },
  });
  expect(targetOf({}, [])).toBeUndefined();
  expect(listedIn({ ipv4PrefixCount: 3 })).toEqual([]);
});

test.each([
  ["the same list", { privateIpAddresses: ["10.0.1.20"] }, "privateIpAddresses", ["10.0.1.20"], true],
  ["another list", { privateIpAddresses: ["10.0.1.20"] }, "privateIpAddresses", ["10.0.1.21"], false],
  ["the number that is there", { ipv4PrefixCount: 1 }, "ipv4PrefixCount", ["10.0.1.16/28"], true],
  ["another number", { ipv4PrefixCount: 2 }, "ipv4PrefixCount", ["10.0.1.16/28"], false],
  [
    "the same in another mode",
    { ipv4Prefixes: ["10.0.1.16/28"] },
    "ipv4PrefixCount",
    ["10.0.1.16/28"],
    false,
  ],
  ["nothing known", {}, "privateIpAddresses", [], false],
  [
    "what another mode left",
    { ipv4Prefixes: ["10.0.1.16/28"] },
    "ipv4Prefixes",
    ["10.0.1.16/28", "10.0.1.99"],
    false,
  ],
] as const)("%s: no change is %p", (_what, declared, mode, owned, same) => {
  expect(declaresWhatIsOwned(declared, { mode, owned })).toBe(same);
});

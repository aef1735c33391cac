import type { EniRecord } from "./reconciler";
import { networkInterface } from "../testing/network-interface";
import { hiddenKey, schemaVersion } from "./hidden-inputs";
import { inputsOf, outputsOf, parseState } from "./state";

const hidden = { schemaVersion, name: "edge", timeouts: { create: "5m" } };
const mode = "privateIpAddresses" as const;
const options = { ownership: "exclusive", allowUnassignWithEip: false } as const;
const noHidden = { schemaVersion, name: "EniSecondaryIps", timeouts: {} };

const record: EniRecord = {
  eni: networkInterface({ secondaryIpAddresses: ["10.0.1.20", "10.0.1.100", "10.0.1.200"] }),
  owned: ["10.0.1.100", "10.0.1.20"],
  unmanaged: ["10.0.1.200"],
};

describe("parseState", () => {
  test("reads back what outputsOf wrote", () => {
    const outputs = outputsOf(record, {
      mode,
      region: "cn-hangzhou",
      unassignOnCreate: ["10.0.1.9"],
      ...options,
      hidden,
    });
    expect(parseState(outputs)).toEqual({
      networkInterfaceId: "eni-x",
      mode,
      owned: ["10.0.1.20", "10.0.1.100"],
      unassignOnCreate: ["10.0.1.9"],
      ...options,
      region: "cn-hangzhou",
      hidden: { ...hidden, mode },
    });
  });

  test("reads an empty state, as `get` begins with", () => {
    expect(parseState({})).toEqual({
      networkInterfaceId: undefined,
      mode: undefined,
      owned: [],
      unassignOnCreate: undefined,
      ...options,
      region: undefined,
      hidden: noHidden,
    });
  });

  test.each([
    ["networkInterfaceId", ["", null, 7, ["eni-x"]], undefined],
    ["region", ["", null, 7, {}], undefined],
    ["unassignOnCreate", [null, "10.0.1.20", 7, {}], undefined],
  ])("a damaged %s is as good as none", (key, values, expected) => {
    for (const value of values) {
      expect(parseState({ region: "cn-hangzhou", [key]: value })).toMatchObject({ [key]: expected });
    }
  });

  test.each(["privateIpAddresses", "ipv4Prefixes"])("a damaged %s is as good as none", (key) => {
    for (const value of [null, "10.0.1.20", 7, {}]) {
      expect(parseState({ region: "cn-hangzhou", [key]: value })).toMatchObject({ owned: [] });
    }
  });

  test("what is no address in a list of addresses costs none of the others", () => {
    const list = ["10.0.1.20", "10.0.1.021", null, 7, "10.0.1.22/32", "fd00::1", "10.0.1.23"];
    expect(parseState({ privateIpAddresses: list, unassignOnCreate: list })).toMatchObject({
      owned: ["10.0.1.20", "10.0.1.23"],
      unassignOnCreate: ["10.0.1.20", "10.0.1.23"],
    });
  });

  test("what is no prefix in a list of prefixes costs none of the others", () => {
    const list = ["10.0.1.32/28", "10.0.1.20/28", "10.0.1.20", "10.0.1.64/27", null, "10.0.1.48/28"];
    expect(parseState({ ipv4Prefixes: list })).toMatchObject({ owned: ["10.0.1.32/28", "10.0.1.48/28"] });
  });

  test.each([
    [{ privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: [] }, "privateIpAddresses"],
    [
      { privateIpAddresses: ["10.0.1.20"], secondaryPrivateIpAddressCount: 1 },
      "secondaryPrivateIpAddressCount",
    ],
    [{ ipv4Prefixes: ["10.0.1.32/28"], [hiddenKey]: { mode: "ipv4Prefixes" } }, "ipv4Prefixes"],
    [{ ipv4PrefixCount: 1, [hiddenKey]: { mode: "ipv4PrefixCount" } }, "ipv4PrefixCount"],
    [{ [hiddenKey]: { mode: "of a later release" } }, "privateIpAddresses"],
  ])("of %j the mode is %s", (state, expected) => {
    expect(parseState({ networkInterfaceId: "eni-x", ...state }).mode).toBe(expected);
  });

  test("keys that other releases write are no trouble", () => {
    const later = { networkInterfaceId: "eni-x", ownership: "shared", [hiddenKey]: { schemaVersion: 9 } };
    expect(parseState(later)).toMatchObject({
      networkInterfaceId: "eni-x",
      ownership: "exclusive",
      hidden: { schemaVersion: 9 },
    });
  });
});

describe("inputsOf", () => {
  test("says what the ENI holds of the resource's own, in numerical order", () => {
    expect(
      inputsOf(record, { mode, region: "cn-hangzhou", unassignOnCreate: undefined, ...options, hidden }),
    ).toEqual({
      networkInterfaceId: "eni-x",
      privateIpAddresses: ["10.0.1.20", "10.0.1.100"],
      region: "cn-hangzhou",
      [hiddenKey]: hidden,
    });
  });

  test.each([
    ["privateIpAddresses", ["10.0.1.20"]],
    ["secondaryPrivateIpAddressCount", 1],
    ["ipv4Prefixes", ["10.0.1.32/28", "10.0.1.48/28"]],
    ["ipv4PrefixCount", 2],
  ] as const)("declares by %s alone, as the resource does", (declaredBy, expected) => {
    const both = { ...record, owned: ["10.0.1.20", "10.0.1.48/28", "10.0.1.32/28"] };
    const inputs = inputsOf(both, {
      mode: declaredBy,
      region: "cn-hangzhou",
      unassignOnCreate: undefined,
      ...options,
      hidden,
    });
    expect(inputs).toEqual({
      networkInterfaceId: "eni-x",
      [declaredBy]: expected,
      region: "cn-hangzhou",
      [hiddenKey]: hidden,
    });
  });

  test("has no key without a value, which the engine would stumble over", () => {
    const inputs = inputsOf(record, {
      mode,
      region: "cn-hangzhou",
      unassignOnCreate: undefined,
      ...options,
      hidden,
    });
    expect(Object.keys(inputs)).not.toContain("unassignOnCreate");
    expect(Object.values(inputs)).not.toContain(undefined);
  });

  test("names the form of this release, whatever the state was written in", () => {
    const old = { ...hidden, schemaVersion: 0 };
    expect(
      inputsOf(record, { mode, region: "cn-hangzhou", unassignOnCreate: [], ...options, hidden: old }),
    ).toMatchObject({
      unassignOnCreate: [],
      [hiddenKey]: { schemaVersion, name: "edge" },
    });
  });
});

test("options that are not the default are among the inputs, those that are only among the outputs", () => {
  const additive = { ownership: "additive", allowUnassignWithEip: true } as const;
  const inputs = { mode, region: "cn-hangzhou", unassignOnCreate: undefined, hidden };
  expect(inputsOf(record, { ...inputs, ...additive })).toMatchObject(additive);
  expect(Object.keys(inputsOf(record, { ...inputs, ...options }))).not.toContain("ownership");
  expect(parseState(outputsOf(record, { ...inputs, ...additive }))).toMatchObject(additive);
});

test("the outputs are the inputs, and what was seen", () => {
  const inputs = { mode, region: "cn-hangzhou", unassignOnCreate: undefined, ...options, hidden };
  expect(outputsOf(record, inputs)).toEqual({
    ...inputsOf(record, inputs),
    ...options,
    [hiddenKey]: { ...hidden, mode },
    ipv4Prefixes: [],
    primaryIpAddress: "10.0.1.10",
    vswitchId: "vsw-1",
    unmanagedPrivateIpAddresses: ["10.0.1.200"],
  });
});

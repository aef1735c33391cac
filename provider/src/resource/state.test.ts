import { hiddenKey, schemaVersion } from "./hidden-inputs";
import { modeInputs, modes, type ModeInput, type Recorded } from "./model";
import { inputsOf, outputsOf, parseState } from "./state";

const hidden = { schemaVersion, name: "edge", timeouts: { create: "5m" } };

const recorded: Recorded = {
  networkInterfaceId: "eni-x",
  mode: modes.privateIpAddresses,
  owned: ["10.0.1.20", "10.0.1.100"],
  oldestFirst: undefined,
  ownership: "exclusive",
  allowUnassignWithEip: false,
  unassignOnCreate: undefined,
  region: "cn-hangzhou",
  account: "1234567890123456",
  primaryIpAddress: "10.0.1.10",
  vSwitchId: "vsw-1",
  unmanaged: ["10.0.1.200"],
  hidden,
};

const nothing: Recorded = {
  networkInterfaceId: undefined,
  mode: undefined,
  owned: [],
  oldestFirst: undefined,
  ownership: "exclusive",
  allowUnassignWithEip: false,
  unassignOnCreate: undefined,
  region: undefined,
  account: undefined,
  primaryIpAddress: undefined,
  vSwitchId: undefined,
  unmanaged: [],
  hidden: { schemaVersion, name: "EniSecondaryIps" },
};

describe("parseState(outputsOf(…))", () => {
  test.each<[string, Partial<Recorded>]>([
    ["a list", {}],
    ["an additive list", { ownership: "additive" }],
    ["other options", { allowUnassignWithEip: true, unassignOnCreate: ["10.0.1.9"] }],
    ["an empty list", { owned: [], unassignOnCreate: [], unmanaged: [] }],
    ["a list in the program's order", { order: ["10.0.1.100", "10.0.1.20"] }],
    ["options that are given with their default", { givenDefaults: ["ownership", "allowUnassignWithEip"] }],
    ["a resource that is only read", { mode: undefined, owned: ["10.0.1.20", "10.0.1.32/28"] }],
    ["a count", { mode: modes.secondaryPrivateIpAddressCount, oldestFirst: ["10.0.1.100", "10.0.1.20"] }],
    ["prefixes", { mode: modes.ipv4Prefixes, owned: ["10.0.1.32/28"], unmanaged: ["10.0.1.64/28"] }],
    [
      "a count of prefixes",
      { mode: modes.ipv4PrefixCount, owned: ["10.0.1.32/28"], oldestFirst: ["10.0.1.32/28"] },
    ],
    ["an unfinished change of the kind", { owned: ["10.0.1.20", "10.0.1.32/28"] }],
    ["unknown facts", { primaryIpAddress: undefined, vSwitchId: undefined, region: undefined }],
    ["nothing", nothing],
  ])("%s: parseState reads back the record", (_title, more) => {
    const all = { ...recorded, ...more };
    expect(parseState(outputsOf(all))).toEqual(all);
  });

  test("a state of an older form: it is written in the form of this release", () => {
    const old = { ...recorded, hidden: { ...hidden, schemaVersion: 1 } };
    expect(parseState(outputsOf(old))).toEqual(recorded);
  });
});

describe("parseState", () => {
  test("the empty state of get, nothing is recorded", () => {
    expect(parseState({})).toEqual(nothing);
  });

  test("a list of version 1, everything is read", () => {
    expect(
      parseState({
        networkInterfaceId: "eni-x",
        privateIpAddresses: ["10.0.1.100", "10.0.1.20"],
        region: "cn-hangzhou",
        primaryIpAddress: "10.0.1.10",
        vswitchId: "vsw-1",
        unmanagedPrivateIpAddresses: ["10.0.1.200"],
        [hiddenKey]: { schemaVersion: 1, name: "edge", timeouts: { create: "5m" } },
      }),
    ).toEqual({ ...recorded, account: undefined, hidden: { ...hidden, schemaVersion: 1 } });
  });

  test("a count of version 1, ages are read", () => {
    expect(
      parseState({
        networkInterfaceId: "eni-x",
        privateIpAddresses: ["10.0.1.20", "10.0.1.100"],
        secondaryPrivateIpAddressCount: 2,
        [hiddenKey]: { schemaVersion: 1, name: "edge", oldestFirst: ["10.0.1.100", "10.0.1.20"] },
      }),
    ).toMatchObject({
      mode: modes.secondaryPrivateIpAddressCount,
      owned: recorded.owned,
      oldestFirst: ["10.0.1.100", "10.0.1.20"],
    });
  });

  test.each<[string, object, ModeInput]>([
    ["version 1 with a list", { privateIpAddresses: ["10.0.1.20"], ipv4Prefixes: [] }, "privateIpAddresses"],
    [
      "version 1 with a count",
      { privateIpAddresses: ["10.0.1.20"], secondaryPrivateIpAddressCount: 1 },
      "secondaryPrivateIpAddressCount",
    ],
    ["version 1 with a count of 0", { secondaryPrivateIpAddressCount: 0 }, "secondaryPrivateIpAddressCount"],
    ["version 1 with a damaged count", { secondaryPrivateIpAddressCount: -1 }, "privateIpAddresses"],
    [
      "version 2 with a list of prefixes",
      { ipv4Prefixes: ["10.0.1.32/28"], [hiddenKey]: { mode: "ipv4Prefixes" } },
      "ipv4Prefixes",
    ],
    [
      "version 2 with a count of prefixes",
      { ipv4PrefixCount: 1, [hiddenKey]: { mode: "ipv4PrefixCount" } },
      "ipv4PrefixCount",
    ],
    ["a mode of a later release", { [hiddenKey]: { mode: "ipv6Addresses" } }, "privateIpAddresses"],
    [
      "a mode of a later release beside a count",
      { secondaryPrivateIpAddressCount: 1, [hiddenKey]: { mode: "ipv6Addresses" } },
      "secondaryPrivateIpAddressCount",
    ],
  ])("%s, the mode is found: %j", (_title, state, input) => {
    expect(parseState({ networkInterfaceId: "eni-x", ...state }).mode).toBe(modes[input]);
  });

  test("a mode without an ENI, there is no mode", () => {
    expect(parseState({ [hiddenKey]: { mode: "ipv4Prefixes" } }).mode).toBeUndefined();
  });

  test("values of another release, the others are read", () => {
    const other = { networkInterfaceId: "eni-x", ownership: "shared", [hiddenKey]: { schemaVersion: 0 } };
    expect(parseState(other)).toMatchObject({
      networkInterfaceId: "eni-x",
      ownership: "exclusive",
      hidden: { schemaVersion: 0 },
    });
  });

  test.each<[string, keyof Recorded, readonly unknown[]]>([
    ["networkInterfaceId", "networkInterfaceId", ["", null, 7, ["eni-x"]]],
    ["region", "region", ["", null, 7, {}]],
    ["unassignOnCreate", "unassignOnCreate", [null, "10.0.1.20", 7, {}]],
    ["privateIpAddresses", "owned", [null, "10.0.1.20", 7, {}]],
    ["ipv4Prefixes", "owned", [null, "10.0.1.16/28", 7, {}]],
    ["unmanagedPrivateIpAddresses", "unmanaged", [null, "10.0.1.20", 7, {}]],
    ["primaryIpAddress", "primaryIpAddress", [null, 7, []]],
    ["vswitchId", "vSwitchId", [null, 7, []]],
    ["allowUnassignWithEip", "allowUnassignWithEip", [null, "true", 1]],
    ["ownership", "ownership", [null, "", 1]],
  ])("a damaged %s, it counts as absent and the others are read", (key, property, values) => {
    for (const value of values) {
      const read = parseState({ ...outputsOf(recorded), [key]: value });
      expect(read).toEqual(parseState({ ...outputsOf(recorded), [key]: undefined }));
      if (property !== "owned") expect(read[property]).toEqual(nothing[property]);
    }
  });

  test("a list of addresses with damaged entries, the others are read", () => {
    const list = ["10.0.1.20", "10.0.1.021", null, 7, "10.0.1.22/32", "fd00::1", "10.0.1.23"];
    expect(
      parseState({
        privateIpAddresses: [...list, "10.0.1.32/28"],
        unassignOnCreate: list,
        unmanagedPrivateIpAddresses: list,
      }),
    ).toMatchObject({
      owned: ["10.0.1.20", "10.0.1.23"],
      unassignOnCreate: ["10.0.1.20", "10.0.1.23"],
      unmanaged: ["10.0.1.20", "10.0.1.23"],
    });
  });

  test("a list of prefixes with damaged entries, the others are read", () => {
    const list = ["10.0.1.32/28", "10.0.1.20/28", "10.0.1.20", "10.0.1.64/27", null, "10.0.1.48/28"];
    expect(parseState({ ipv4Prefixes: list })).toMatchObject({ owned: ["10.0.1.32/28", "10.0.1.48/28"] });
  });

  test.each([
    ["too few indices", [0]],
    ["an index twice", [1, 1]],
    ["an index too high", [0, 2]],
    ["text", "10"],
  ])("an order with %s, it counts as absent", (_what, order) => {
    const outputs = outputsOf({ ...recorded, order: ["10.0.1.100", "10.0.1.20"] });
    const damaged = { ...outputs, [hiddenKey]: { ...(outputs[hiddenKey] as object), order } };
    expect(parseState(damaged)).toEqual(recorded);
  });

  test("unassignOnCreate and unmanaged in a prefix mode, prefixes are read", () => {
    const list = ["10.0.1.32/28", "10.0.1.48/28"];
    expect(parseState({ unassignOnCreate: list, unmanagedPrivateIpAddresses: list })).toMatchObject({
      unassignOnCreate: list,
      unmanaged: list,
    });
  });
});

describe("inputsOf", () => {
  test("a list in the program's order, and options that the program gives with their default: as written", () => {
    const order = ["10.0.1.100", "10.0.1.20"];
    const givenDefaults = ["ownership", "allowUnassignWithEip"];
    expect(inputsOf({ ...recorded, order, givenDefaults })).toMatchObject({
      privateIpAddresses: order,
      ownership: "exclusive",
      allowUnassignWithEip: false,
    });
  });

  test("a list without an order: the owned ones in numerical order", () => {
    expect(inputsOf({ ...recorded, owned: ["10.0.1.100", "10.0.1.20"] })).toEqual({
      networkInterfaceId: "eni-x",
      privateIpAddresses: ["10.0.1.20", "10.0.1.100"],
      region: "cn-hangzhou",
      [hiddenKey]: hidden,
    });
  });

  const given = {
    privateIpAddresses: ["10.0.1.20"],
    secondaryPrivateIpAddressCount: 1,
    ipv4Prefixes: ["10.0.1.32/28", "10.0.1.48/28"],
    ipv4PrefixCount: 2,
  };
  test.each(modeInputs)("%s, only the input of this mode is given", (input) => {
    const owned = ["10.0.1.20", "10.0.1.48/28", "10.0.1.32/28"];
    expect(inputsOf({ ...recorded, owned, mode: modes[input], oldestFirst: owned })).toEqual({
      networkInterfaceId: "eni-x",
      [input]: given[input],
      region: "cn-hangzhou",
      [hiddenKey]: hidden,
    });
  });

  test("the state of get, which has no mode, the addresses are given", () => {
    expect(inputsOf({ ...recorded, mode: undefined })).toMatchObject({ privateIpAddresses: recorded.owned });
  });

  test("absent values, there is no key with an undefined value", () => {
    const absent = { name: "edge", resource: undefined, timeouts: {}, schemaVersion };
    const inputs = inputsOf({ ...nothing, hidden: absent });
    expect(Object.keys(inputs)).toEqual(["privateIpAddresses", hiddenKey]);
    expect(Object.keys(inputs[hiddenKey] as object)).toEqual(["name", "timeouts", "schemaVersion"]);
  });

  test("options with the default, they are not given; others are", () => {
    expect(Object.keys(inputsOf(recorded))).not.toContain("ownership");
    expect(Object.keys(inputsOf(recorded))).not.toContain("allowUnassignWithEip");
    const others = { ownership: "additive", allowUnassignWithEip: true, unassignOnCreate: [] } as const;
    expect(inputsOf({ ...recorded, ...others })).toMatchObject(others);
  });

  test("a state of another version, the version of this release is given", () => {
    const old = { ...hidden, schemaVersion: 0 };
    expect(inputsOf({ ...recorded, hidden: old })).toMatchObject({
      [hiddenKey]: { schemaVersion, name: "edge" },
    });
  });
});

describe("outputsOf", () => {
  test("a list, the outputs are the inputs with defaults and facts", () => {
    expect(outputsOf(recorded)).toEqual({
      ...inputsOf(recorded),
      ownership: "exclusive",
      allowUnassignWithEip: false,
      [hiddenKey]: { ...hidden, mode: "privateIpAddresses", account: "1234567890123456" },
      ipv4Prefixes: [],
      primaryIpAddress: "10.0.1.10",
      vswitchId: "vsw-1",
      unmanagedPrivateIpAddresses: ["10.0.1.200"],
    });
  });

  test("a list in the program's order, the outputs are numerical and no value is repeated", () => {
    const outputs = outputsOf({ ...recorded, order: ["10.0.1.100", "10.0.1.20"] });
    expect(outputs).toMatchObject({ privateIpAddresses: recorded.owned, [hiddenKey]: { order: [1, 0] } });
    expect(JSON.stringify(outputs[hiddenKey])).not.toContain("10.0.1.");
  });

  test("a program that runs for a preview, the outputs are those of the update", () => {
    expect(outputsOf({ ...recorded, hidden: { ...hidden, preview: true } })).toEqual(outputsOf(recorded));
  });

  test("a count, the outputs name the addresses and their ages too", () => {
    const oldestFirst = ["10.0.1.100", "10.0.1.20"];
    expect(outputsOf({ ...recorded, mode: modes.secondaryPrivateIpAddressCount, oldestFirst })).toMatchObject(
      {
        secondaryPrivateIpAddressCount: 2,
        privateIpAddresses: ["10.0.1.20", "10.0.1.100"],
        // Positions, because an address could be secret.
        [hiddenKey]: { mode: "secondaryPrivateIpAddressCount", oldestFirst: [1, 0] },
      },
    );
  });

  test("absent values, there is no key with an undefined value", () => {
    const outputs = outputsOf({ ...nothing, hidden });
    expect(Object.values(outputs)).not.toContain(undefined);
    expect(Object.values(outputs[hiddenKey] as object)).not.toContain(undefined);
  });
});

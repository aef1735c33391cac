import {
  hiddenKey,
  identityOf,
  parseDuration,
  parseHiddenInputs,
  sameTimeouts,
  schemaVersion,
  timeoutMs,
  unreadableTimeouts,
} from "./hidden-inputs";

const parse = (value: unknown) => parseHiddenInputs({ [hiddenKey]: value });
const withTimeouts = (timeouts: object) => parse({ timeouts });
const defaults = { schemaVersion, name: "EniSecondaryIps" };

test("hiddenKey: it begins with two underscores, previews hide it", () => {
  expect(hiddenKey).toMatch(/^__/);
});

test("parseHiddenInputs: every key of the resource class and of a state, it is read", () => {
  const written = {
    schemaVersion,
    name: "edge",
    resource: "a::b/edge",
    preview: true,
    mode: "ipv4PrefixCount",
    readOnly: true,
    oldestFirst: ["10.0.1.16/28"],
    order: [1, 0],
    givenDefaults: ["ownership"],
    timeouts: { create: "5m", update: "6m", delete: "1h" },
  };
  expect(parse(written)).toEqual(written);
});

test.each([
  ["absent", undefined],
  ["null", null],
  ["empty", {}],
  ["text", "damaged"],
  ["a list", []],
])("parseHiddenInputs: the key is %s, everything has its default", (_what, value) => {
  expect(parse(value)).toEqual(defaults);
});

test.each([null, "5m"])(
  "parseHiddenInputs: timeouts is %j, the default and the name are read",
  (timeouts) => {
    expect(parse({ name: "edge", timeouts })).toEqual({ ...defaults, name: "edge", timeouts: {} });
  },
);

test.each([
  [
    "the other keys are damaged",
    {
      name: "edge",
      resource: 1,
      preview: "yes",
      mode: 2,
      readOnly: 1,
      oldestFirst: "10.0.1.20",
      order: ["1"],
      givenDefaults: 0,
    },
  ],
  ["a later release added a key", { name: "edge", later: { key: true } }],
])("parseHiddenInputs: %s, the name is still read", (_what, value) => {
  expect(parse(value)).toEqual({ ...defaults, name: "edge" });
});

test.each([3, 2.0001, "2", "one", [], {}, false])(
  "parseHiddenInputs: the schema version is %j, an error that names both versions",
  (version) => {
    expect(() => parse({ name: "edge", schemaVersion: version })).toThrow(
      `the state has schema version ${JSON.stringify(version)}, which a newer release of the package wrote; this release ` +
        `reads versions up to ${schemaVersion}`,
    );
  },
);

test.each([null, -1, 0, 1, 1.5])(
  "parseHiddenInputs: the schema version is %j, the name is read",
  (version) => {
    expect(parse({ name: "edge", schemaVersion: version })).toMatchObject({ name: "edge" });
  },
);

test("parseHiddenInputs: a time-out is no text, the others are still read", () => {
  expect(withTimeouts({ create: null, update: 5, delete: "1h" }).timeouts).toEqual({ delete: "1h" });
});

test("parseHiddenInputs: the name is damaged, the time-outs are still read", () => {
  expect(parse({ name: 7, timeouts: { create: "5m" } })).toEqual({ ...defaults, timeouts: { create: "5m" } });
});

describe("timeoutMs", () => {
  test.each([
    [{}, 600_000],
    [{ create: "5m" }, 300_000],
    [{ update: "5m" }, 600_000],
    // Pulumi's own meaning of zero.
    [{ create: "0s" }, 600_000],
  ])("create with %j, %d ms", (timeouts, ms) => {
    expect(timeoutMs(withTimeouts(timeouts), "create")).toBe(ms);
  });

  test("text that is no duration, the default: a state must stay usable", () => {
    expect(timeoutMs(withTimeouts({ create: "1d" }), "create")).toBe(600_000);
  });
});

test("unreadableTimeouts: text that is no duration, it is returned", () => {
  expect(unreadableTimeouts(withTimeouts({ create: "1d", update: "5m" }))).toEqual([
    { operation: "create", text: "1d" },
  ]);
});

describe("sameTimeouts", () => {
  test.each([
    [{}, {}, true],
    [{}, { create: "10m" }, true],
    [{ create: "0s" }, { create: "600s" }, true],
    [{ create: "60s", update: "1h", delete: "90m" }, { create: "1m", update: "60m", delete: "1h30m" }, true],
    [{}, { create: "11m" }, false],
    [{}, { update: "11m" }, false],
    [{}, { delete: "11m" }, false],
    [{ create: "5m" }, { update: "5m" }, false],
  ])("%j and %j, %p", (left, right, same) => {
    expect(sameTimeouts(withTimeouts(left), withTimeouts(right))).toBe(same);
  });
});

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["1h0m0s", 3_600_000],
  ["1.5h", 5_400_000],
  ["0.5s", 500],
  ["250ms", 250],
  ["1m500ms", 60_500],
  ["2s2s", 4_000],
  ["0s", 0],
  ["100h", 360_000_000],
])("parseDuration: %s, %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  "",
  "5",
  "5 m",
  " 5m",
  "5m ",
  "-5m",
  "five minutes",
  "5d",
  "5M",
  "m",
  "5m3",
  "5,5s",
  "1e3s",
  "5m\n",
])("parseDuration: %p, no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [{ name: "edge", resource: "a::b/edge" }, "a::b/edge"],
  [{ name: "edge" }, "edge"],
])("identityOf: %j, %s", (value, identity) => {
  expect(identityOf(parse(value))).toBe(identity);
});

import {
  hiddenKey,
  parseDuration,
  parseHiddenInputs,
  sameTimeouts,
  schemaVersion,
  timeoutMs,
  unreadableTimeouts,
} from "./hidden-inputs";

const parse = (value: unknown) => parseHiddenInputs({ [hiddenKey]: value });
const withTimeouts = (timeouts: object) => parse({ timeouts });
const defaults = { schemaVersion, name: "EniSecondaryIps", timeouts: {} };

test("previews hide the key", () => {
  expect(hiddenKey).toMatch(/^__/);
});

test("reads what the resource class wrote", () => {
  const written = { schemaVersion, name: "edge", timeouts: { create: "5m", delete: "1h" } };
  expect(parse(written)).toEqual(written);
});

test.each([
  ["absent", undefined],
  ["null", null],
  ["empty", {}],
  ["text", "damaged"],
  ["a list", []],
])("where the key is %s, everything is the default", (_what, value) => {
  expect(parse(value)).toEqual(defaults);
});

test.each([
  ["timeouts is null", { name: "edge", timeouts: null }],
  ["timeouts is text", { name: "edge", timeouts: "5m" }],
  ["the version is text", { name: "edge", schemaVersion: "one" }],
  ["a later release added a key", { name: "edge", later: { key: true } }],
])("where %s, the name is still read", (_what, value) => {
  expect(parse(value)).toEqual({ ...defaults, name: "edge" });
});

test("where a time-out is no text, the other ones are still read", () => {
  expect(withTimeouts({ create: null, update: 5, delete: "1h" }).timeouts).toEqual({ delete: "1h" });
});

test("where the name is damaged, the time-outs are still read", () => {
  expect(parse({ name: 7, timeouts: { create: "5m" } })).toEqual({ ...defaults, timeouts: { create: "5m" } });
});

describe("timeoutMs", () => {
  test.each([
    [{}, 600_000],
    [{ create: "5m" }, 300_000],
    [{ update: "5m" }, 600_000],
    // Pulumi's own meaning of zero.
    [{ create: "0s" }, 600_000],
  ])("of %j for create: %d", (timeouts, ms) => {
    expect(timeoutMs(withTimeouts(timeouts), "create")).toBe(ms);
  });

  test("takes what is no duration for the default: a state must stay usable", () => {
    expect(timeoutMs(withTimeouts({ create: "1d" }), "create")).toBe(600_000);
  });
});

test("time-outs that are no durations are found", () => {
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
  ])("%j and %j: %p", (left, right, same) => {
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
])("%s is %d ms", (text, ms) => {
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
])("%p is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

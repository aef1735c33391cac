import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { callsAtMost, judge, memoryUnder, timeOfEngineOrCalls } from "./bounds";
import type { Figures } from "./bounds";
import { chartOf } from "./chart";
import { changeBetween, lowerBound } from "./lower-bound";
import { chooseWorks } from "./main";
import { pages } from "./page";
import { usageOf, watchUsage } from "./process-usage";
import { medianFigures, problemsOf, rowOf } from "./results";
import type { Results } from "./results";
import { besidesAddressesBytes } from "./stack";
import { tableOf } from "./table";
import { planSteps, works } from "./works";

const figures: Figures = {
  calls: { DescribeNetworkInterfaces: 2, AssignPrivateIpAddresses: 2 },
  ...{ failedCalls: 0, wallMs: 3_000, aboveEmptyMs: 1_000, stateBytes: 4_000, besidesAddressesBytes: 500 },
};

test.each([
  [[], 1],
  [[{ assigned: 15, unassigned: 0 }], 3],
  [[{ assigned: 7, unassigned: 12 }], 4],
  [[{ assigned: 10, unassigned: 10 }], 3],
  [Array.from({ length: 20 }, () => ({ assigned: 5, unassigned: 5 })), 41],
])("lower bound of %j: %i calls", (changes, calls) => {
  expect(lowerBound(changes)).toBe(calls);
});

test("change between two lists: counts what was added and what was removed", () => {
  expect(changeBetween(["a", "b", "c"], ["c", "d"])).toEqual({ assigned: 1, unassigned: 2 });
});

test("works: each command begins with what the one before has left", () => {
  const bounds = works.map((work) =>
    planSteps(work).map(({ name, lowerBound: lowest }) => `${name}: ${lowest}`),
  );
  expect(bounds).toEqual([
    ["create, 15 addresses: 3", "update, −12 +7: 4", "nothing to do: 1", "refresh: 1", "destroy: 2"],
    ["create, 10 addresses each: 21", "update, −5 +5 each: 41"],
    [
      ...["preview: 1", "create, 10 addresses each: 101", "nothing to do: 1", "refresh: 1"],
      ...["one changed, −1 +1: 3", "destroy: 101"],
    ],
    ["create, 10 addresses each: 1001", "refresh: 1", "destroy: 1001"],
    ["create, 10 addresses each: 301"],
  ]);
});

test("choice: --quick has the works with 1 and 20 ENIs, --only those with a part of the name", () => {
  const names = (choice: Parameters<typeof chooseWorks>[0]) => chooseWorks(choice).map(({ name }) => name);
  expect(names({ quick: true })).toEqual(["1 ENI", "20 ENIs"]);
  expect(names({ quick: false, only: ["1,000"] })).toEqual(["1,000 ENIs"]);
  expect(chooseWorks({ quick: false, runs: 2 }).map(({ runs }) => runs)).toEqual([2, 2, 2, 2, 2]);
});

test("judge: says for each bound whether it is held, and leaves out what was not measured", () => {
  const bounds = [callsAtMost((lowest) => lowest + 1), callsAtMost(() => 3), memoryUnder(300)];
  const judged = judge(bounds, figures, { lowerBound: 3 });
  expect(judged.map(({ limit, isHeld }) => [limit, isHeld])).toEqual([
    [4, true],
    [3, false],
  ]);
});

test("judge: the bound of the time is the slower of the calls and the engine", () => {
  const bound = timeOfEngineOrCalls({ factor: 1.5, parallel: 2, latencyMs: 50 });
  const limits = [10, 1_000].map(
    (engineMs) => judge([bound], figures, { lowerBound: 1, engineMs })[0]?.limit,
  );
  // Four calls, two at a time, take 100 ms.
  expect(limits).toEqual([150, 1_500]);
});

test("medians: each figure has its own, and the calls are those of one run", () => {
  const runs = [3, 1, 2].map((n) => ({
    ...figures,
    calls: { DescribeNetworkInterfaces: n },
    aboveEmptyMs: 1_000 * n,
    cpuMs: 100 / n,
  }));
  expect(medianFigures(runs)).toMatchObject({
    calls: { DescribeNetworkInterfaces: 2 },
    aboveEmptyMs: 2_000,
    cpuMs: 50,
  });
});

describe("a run with a broken bound and two failed commands", () => {
  const [work] = works;
  if (work === undefined) throw new Error("there is no work");
  const [step] = planSteps(work);
  if (step === undefined) throw new Error("there is no step");
  const row = (contender: "dynamic" | "native" | "plain", run: Figures | { failure: string }) =>
    rowOf(work, step, { contender, engineMs: undefined }, [run]);
  const five = { ...figures, calls: { AssignPrivateIpAddresses: 5 } };
  const failure = "Diagnostics:\n  error: the call was throttled\n";
  const results: Results = {
    ...{ command: "npm run bench", machine: "two cores", latencyMs: 50, parallel: 8, emptyMs: 2_000 },
    ...{ engineMs: {}, loading: [] },
    rows: [row("dynamic", five), row("native", { failure }), row("plain", { failure })],
  };

  test("problems: has what is ours, and not the failure of the plain provider", () => {
    expect(problemsOf(results)).toEqual([
      "1 ENI, create, 15 addresses, dynamic: calls 5 of at most 4",
      "1 ENI, create, 15 addresses, native: failed",
    ]);
  });

  test("table: marks the broken bound and says why a command failed", () => {
    const [dynamic, native, plain] = tableOf(results)
      .split("\n")
      .filter((line) => /dynamic|native|plain/.test(line));
    expect(dynamic).toContain("calls 5 ≤ 4: NOT HELD");
    expect(native).toContain("failed: the call was throttled");
    expect(plain).toContain("failed: the call was throttled");
  });

  test("page: has a row for each, and refuses a page without its marks", () => {
    const withFigures = pages["docs/performance.md"] as (text: string, results: Results) => string;
    const marks = "<!-- Written by `npm run bench -- --docs`. -->\n<!-- End of the figures. -->\n";
    const rows = withFigures(`# Title\n\n${marks}`, results)
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    expect(rows.map((cells) => cells.slice(1, 4))).toEqual([
      ["command", "provider", "calls"],
      ["-".repeat(20), "--------", "------"],
      ["create, 15 addresses", "dynamic", "5"],
      ["", "native", "failed"],
      ["", "plain", "failed"],
    ]);
    expect(() => withFigures("# Title\n", results)).toThrow("the page needs the lines <!-- Written by");
  });
});

test("state: leaves out addresses, provider text, stack and providers", () => {
  const resource = (type: string, inputs: object) => ({ type, custom: true, inputs, outputs: {} });
  const resources = [
    { type: "pulumi:pulumi:Stack", custom: false, inputs: { long: "x".repeat(99) } },
    resource("pulumi:providers:alicloud-secondary-ips", { long: "x".repeat(99) }),
    resource("alicloud:EniSecondaryIps", { a: 1, privateIpAddresses: ["10.0.0.1"], __provider: "text" }),
  ];
  const file = JSON.stringify({ checkpoint: { latest: { resources } } });
  expect(besidesAddressesBytes(file)).toBe('{"a":1}'.length + "{}".length);
});

test("process usage: finds the watched process below another one, with its CPU time and its most memory", async () => {
  // It holds 64 MiB, lets them go and works for 300 ms of CPU time. Then it prints a line and waits.
  const watched = `
    let held = Buffer.alloc(64 * 2 ** 20, 1);
    held = undefined;
    while (process.cpuUsage().user < 300_000);
    console.log("ready");
    process.stdin.resume();`;
  const parent = `
    const { spawn } = require("node:child_process");
    spawn(process.execPath, ["-e", ${JSON.stringify(watched)}, "watched"], { stdio: "inherit" });`;
  const child = spawn(process.execPath, ["-e", parent], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const end = watchUsage(child.pid ?? 0, (commandLine) => commandLine.endsWith(" watched"));
  await once(child.stdout, "data");
  const usage = end();
  child.stdin.end();
  await ended;
  if (process.platform === "linux") {
    expect(usage?.cpuMs).toBeGreaterThanOrEqual(300);
    expect(usage?.memoryMiB).toBeGreaterThanOrEqual(64);
  } else expect(usage).toBeUndefined();
});

test("process usage: has nothing for a process that has ended", () => {
  expect(usageOf(2 ** 30)).toBeUndefined();
});

describe("the figures of the last run", () => {
  const read = (name: string) => readFileSync(path.resolve(__dirname, "../..", name), "utf8");
  const results = JSON.parse(read("docs/performance.json")) as Results;

  test.each(Object.entries(pages))("%s has those of docs/performance.json", (name, withFigures) => {
    const text = read(name);
    expect(text).toBe(withFigures(text, results));
    // Of other figures, the page would have others.
    const changed = results.rows.map((row) => ({
      ...row,
      ...(row.figures && { figures: { ...row.figures, wallMs: 2 * row.figures.wallMs, cpuMs: 12_345 } }),
    }));
    expect(withFigures(text, { ...results, rows: changed })).not.toBe(text);
  });

  test("the chart is drawn from them", () => {
    expect(read("docs/performance.svg")).toBe(chartOf(results));
  });
});

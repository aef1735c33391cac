/** The test suites in the order they run, the quickest first. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFolder } from "./paths.mjs";

const inJest = {
  read: readJest,
  command: ({ only }, resultFile) => [
    path.join(repositoryFolder, "node_modules", "jest", "bin", "jest.js"),
    ...["--json", "--outputFile", resultFile],
    ...(only === undefined ? [] : [only]),
  ],
};

const inNode = (folder) => ({
  read: readTap,
  command: (_suite, resultFile) => {
    const files = readdirSync(path.join(repositoryFolder, folder), { recursive: true })
      .filter((file) => file.endsWith(".test.mjs"))
      .map((file) => path.join(folder, file));
    const report = (kind, destination) => [
      `--test-reporter=${kind}`,
      `--test-reporter-destination=${destination}`,
    ];
    return ["--test", ...report("spec", "stdout"), ...report("tap", resultFile), ...files];
  },
});

/**
 * What each command runs: `usual` is `npm test`, `all` is `npm test -- --all`, `full` is `npm run test:full`. A suite without an
 * entry is left out; `full` runs what `all` runs, unless it has an entry of its own. `--suite NAME` runs a suite as `all` does.
 *
 * An entry has the `seconds` on two idle cores, what jest is to run (`only`), and variables for the tests (`env`).
 * `limitMinutes` ends a suite that hangs. `needs`: what is made ready before: the real engine with the native plugin's bundle, the
 * clients in other languages, or the engine with the plugin's releases and the language hosts of other languages.
 */
export const suites = [
  { name: "tools", ...inNode("tools"), limitMinutes: 5, usual: { seconds: 10 }, all: { seconds: 10 } },
  { name: "unit", ...inJest, limitMinutes: 10, usual: { seconds: 50 }, all: { seconds: 50 } },
  {
    name: "contract",
    ...inJest,
    limitMinutes: 10,
    // Packing and installing the packages, and the story of test:cloud, take more than half of the time.
    usual: { seconds: 40, only: "test/(bench|contract)/(?!tarballs|cloud|image)" },
    all: { seconds: 110 },
  },
  // In node's own runner: the browser's packages are ES modules, which jest cannot load.
  { name: "browser", ...inNode("test/browser"), limitMinutes: 5, all: { seconds: 40 } },
  { name: "clients", ...inJest, limitMinutes: 15, needs: "clients", all: { seconds: 120 } },
  { name: "host", ...inJest, limitMinutes: 15, usual: { seconds: 150 }, all: { seconds: 150 } },
  {
    name: "plugin",
    ...inJest,
    limitMinutes: 60,
    needs: "engine",
    all: { seconds: 200, only: "test/(plugin|engine/(crashes|ctrl-c|preconditions))" },
    full: { seconds: 1_800 },
  },
  {
    name: "properties",
    ...inJest,
    limitMinutes: 15,
    // Half of the histories run with each adaptor.
    usual: { seconds: 30, env: { PROPERTIES_HISTORIES: "100" } },
    all: { seconds: 240, env: { PROPERTIES_HISTORIES: "1000" } },
    full: {
      seconds: 2_400,
      limitMinutes: 420,
      env: { PROPERTIES_HISTORIES: "20000", PROPERTIES_SEED: "random" },
    },
  },
  {
    name: "engine",
    ...inJest,
    limitMinutes: 40,
    needs: "engine",
    usual: { seconds: 80, only: "test/engine/story" },
    all: { seconds: 1_200 },
  },
  { name: "languages", ...inJest, limitMinutes: 15, needs: "languages", all: { seconds: 190 } },
  { name: "crashes", ...inJest, limitMinutes: 30, needs: "engine", all: { seconds: 900 } },
  { name: "team", ...inJest, limitMinutes: 10, needs: "engine", full: { seconds: 30 } },
  { name: "scale", ...inJest, limitMinutes: 120, needs: "engine", full: { seconds: 900 } },
  {
    name: "matrix",
    ...inJest,
    limitMinutes: 60,
    needs: "engine",
    all: { seconds: 240 },
    full: { seconds: 1_200, env: { MATRIX: "all" } },
  },
];

/** The suites of a command, each with its entry. */
export function suitesOf(command) {
  return suites.flatMap((suite) => {
    const entry = suite[command] ?? (command === "full" ? suite.all : undefined);
    return entry === undefined ? [] : [{ ...suite, ...entry }];
  });
}

/** What a run says first: the suites, and how long they take. */
export function planLine(chosen) {
  const names = chosen.map(({ name, only, seconds, env: { PROPERTIES_HISTORIES: histories } = {} }) => {
    const what = [only, histories && `${histories} histories`].filter(Boolean);
    return `${name} (${[...what, describeSeconds(seconds)].join(", ")})`;
  });
  const total = chosen.reduce((sum, { seconds }) => sum + seconds, 0);
  return `runs ${names.join(", ")}: ${describeSeconds(total)} on two idle cores`;
}

function describeSeconds(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** Counts from what jest wrote. A test file that could not be loaded counts as one failed test: jest counts none. */
export function readJest(text) {
  const result = JSON.parse(text);
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** Counts from the lines that end a report in TAP form: `# pass 12`. */
export function readTap(text) {
  const count = (word) => Number(text.match(new RegExp(`^# ${word} (\\d+)$`, "m"))[1]);
  return {
    passed: count("pass"),
    failed: count("fail") + count("cancelled"),
    skipped: count("skipped") + count("todo"),
  };
}

/** The counts of a suite that has ended: one that ran nothing, or ended badly without a failed test, has failed. */
export function judge(suite, { exitCode, resultFile }) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  let problem;
  const found = readCounts(suite, resultFile);
  if (Object.values(found).some(Number.isInteger)) counts = found;
  else problem = "left no results";
  if (!problem && counts.passed + counts.failed === 0) problem = "ran no test";
  if (!problem && exitCode !== 0 && counts.failed === 0) problem = `ended with ${exitCode ?? "a signal"}`;
  return problem ? { ...counts, failed: counts.failed + 1, problem } : counts;
}

/** Empty when there is no report, or only a part of one: what a runner leaves that was killed. */
function readCounts(suite, resultFile) {
  try {
    return suite.read(readFileSync(resultFile, "utf8"));
  } catch {
    return {};
  }
}

/** The line that closes a run. */
export function totalLine(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

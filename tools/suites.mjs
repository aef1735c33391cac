/** The test suites in the order they run, the quickest first. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repositoryFolder } from "./paths.mjs";

/**
 * `limitMinutes` ends a suite that hangs. `needs`: what is made ready for its tests before, the real engine or the
 * clients in other languages.
 * `longer`: not part of `npm test`, which is to stay under 15 minutes; asked for by name, or with `--all`.
 */
export const suites = [
  { name: "tools", limitMinutes: 5, command: nodeTests, read: readTap },
  { name: "unit", limitMinutes: 10, command: jestTests, read: readJest },
  { name: "contract", limitMinutes: 10, command: jestTests, read: readJest },
  { name: "browser", limitMinutes: 5, command: browserTests, read: readTap },
  { name: "clients", limitMinutes: 15, command: jestTests, read: readJest, needs: "clients" },
  { name: "host", limitMinutes: 15, command: jestTests, read: readJest },
  { name: "properties", limitMinutes: 15, command: jestTests, read: readJest },
  { name: "engine", limitMinutes: 40, command: jestTests, read: readJest, needs: "engine" },
  { name: "crashes", limitMinutes: 30, command: jestTests, read: readJest, needs: "engine", longer: true },
];

function jestTests({ name }, resultFile) {
  return [
    path.join(repositoryFolder, "node_modules", "jest", "bin", "jest.js"),
    ...["--config", path.join("test", "jest", `${name}.config.js`), "--json", "--outputFile", resultFile],
  ];
}

function nodeTests(_suite, resultFile) {
  return nodeTestsIn("tools", resultFile);
}

/** In node's own runner: the browser's packages are ES modules, which jest cannot load. */
function browserTests(_suite, resultFile) {
  return nodeTestsIn(path.join("test", "browser"), resultFile);
}

function nodeTestsIn(folder, resultFile) {
  const files = readdirSync(path.join(repositoryFolder, folder), { recursive: true })
    .filter((file) => file.endsWith(".test.mjs"))
    .map((file) => path.join(folder, file));
  const report = (kind, destination) => [
    `--test-reporter=${kind}`,
    `--test-reporter-destination=${destination}`,
  ];
  return ["--test", ...report("spec", "stdout"), ...report("tap", resultFile), ...files];
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

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { judge, planLine, readJest, readTap, suitesOf, totalLine } from "./suites.mjs";

const suite = { name: "sample", read: JSON.parse };

function judged(counts, exitCode) {
  const folder = mkdtempSync(path.join(tmpdir(), "judge-"));
  try {
    const resultFile = path.join(folder, "result");
    if (counts) writeFileSync(resultFile, JSON.stringify(counts));
    return judge(suite, { exitCode, resultFile });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("counts a test file that could not be loaded as failed", () => {
  const text = JSON.stringify({
    ...{
      numPassedTests: 3,
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      numPendingTests: 1,
      numTodoTests: 0,
    },
  });
  assert.deepEqual(readJest(text), { passed: 3, failed: 2, skipped: 1 });
});

test("reads the end of a TAP report", () => {
  const text = "TAP version 13\n# tests 5\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
  assert.deepEqual(readTap(text), { passed: 2, failed: 2, skipped: 1 });
});

test("lets a suite pass that ran its tests", () => {
  assert.deepEqual(judged({ passed: 2, failed: 0, skipped: 0 }, 0), { passed: 2, failed: 0, skipped: 0 });
});

test("counts a suite as failed that ran nothing, left nothing, or ended badly", () => {
  assert.equal(judged({ passed: 0, failed: 0, skipped: 4 }, 0).failed, 1);
  assert.equal(judged(undefined, 0).failed, 1);
  assert.equal(judged({ tests: ["only", "listed"] }, 0).failed, 1);
  assert.equal(judged({ passed: 2, failed: 0, skipped: 0 }, null).failed, 1);
  assert.equal(judged({ passed: 2, failed: 1, skipped: 0 }, 1).failed, 1);
});

test("sums up in one line", () => {
  const quiet = { passed: 2, failed: 0, skipped: 0 };
  assert.equal(totalLine([quiet, quiet]), "4 passed, 0 failed");
  assert.equal(totalLine([quiet, { passed: 0, failed: 1, skipped: 3 }]), "2 passed, 1 failed, 3 skipped");
});

const namesOf = (command) => suitesOf(command).map(({ name }) => name);

test("npm test runs the quick suites, 100 histories and one story", () => {
  assert.deepEqual(namesOf("usual"), ["tools", "unit", "contract", "host", "properties", "engine"]);
  const [properties, engine] = suitesOf("usual").slice(-2);
  assert.equal(properties.env.PROPERTIES_HISTORIES, "100");
  assert.equal(engine.only, "test/engine/story");
});

test("--all and test:full run every suite, with 1,000 and 20,000 histories; of the plugin --all runs its own tests and some stories", () => {
  for (const [command, histories] of [
    ["all", "1000"],
    ["full", "20000"],
  ]) {
    const chosen = suitesOf(command);
    assert.deepEqual(namesOf(command), [
      "tools",
      "unit",
      "contract",
      "browser",
      "clients",
      "host",
      "plugin",
      "properties",
      "engine",
      "languages",
      "crashes",
      ...(command === "full" ? ["team", "scale"] : []),
      "matrix",
    ]);
    assert.deepEqual(
      chosen.flatMap(({ only }) => only ?? []),
      command === "all" ? ["test/(plugin|engine/(crashes|ctrl-c|preconditions))"] : [],
    );
    assert.equal(chosen.find(({ name }) => name === "properties").env.PROPERTIES_HISTORIES, histories);
  }
});

test("says what a run takes", () => {
  const line = planLine([
    { name: "unit", seconds: 20 },
    { name: "properties", seconds: 90, env: { PROPERTIES_HISTORIES: "100" } },
    { name: "engine", seconds: 60, only: "test/engine/story" },
  ]);
  assert.equal(
    line,
    "runs unit (20 s), properties (100 histories, 2 min), engine (test/engine/story, 1 min): 3 min on two idle cores",
  );
});

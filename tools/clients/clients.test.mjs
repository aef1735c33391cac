import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { findGoClients } from "./go.mjs";
import { describeLeftOut } from "./index.mjs";
import { findPythonClients } from "./python.mjs";

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "clients-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function interpreterThatSays(folder, ...lines) {
  const file = path.join(folder, "python3");
  writeFileSync(file, `#!/bin/sh\n${lines.map((line) => `echo '${line}'`).join("\n")}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("leaves Python out where there is none", () =>
  inTemporaryFolder(async (cache) => {
    const found = await findPythonClients({ cache, interpreter: "python-that-does-not-exist" });
    assert.deepEqual(found, { leftOut: "there is no python-that-does-not-exist on PATH" });
  }));

test("leaves Python out where it cannot make virtual environments", () =>
  inTemporaryFolder(async (cache) => {
    // Not Python at all: it fails on the question, as a Python does that has no ensurepip.
    const found = await findPythonClients({ cache, interpreter: process.execPath });
    assert.match(found.leftOut, /cannot make virtual environments/);
  }));

test("leaves a Python out that is too old", () =>
  inTemporaryFolder(async (cache) => {
    const interpreter = interpreterThatSays(cache, "3.10.9", "/usr");
    const found = await findPythonClients({ cache, interpreter });
    assert.match(found.leftOut, /is 3\.10\.9, and the clients need 3\.11 or newer$/);
  }));

test("makes another environment for another Python", () =>
  inTemporaryFolder(async (cache) => {
    const entryFor = async (version) => {
      const interpreter = interpreterThatSays(cache, version, "/usr");
      return (await findPythonClients({ cache, interpreter })).missing.entry;
    };
    const entry = await entryFor("3.12.1");
    assert.equal(await entryFor("3.12.1"), entry);
    assert.notEqual(await entryFor("3.13.0"), entry);
  }));

test("leaves Go out where there is none", () =>
  inTemporaryFolder(async (cache) => {
    const { PATH } = process.env;
    process.env.PATH = cache;
    try {
      assert.deepEqual(await findGoClients({ cache }), { leftOut: "there is no `go` on PATH" });
    } finally {
      process.env.PATH = PATH;
    }
  }));

test("says what was left out, and nothing of the rest", () => {
  const clients = { python: { leftOut: "there is no python3 on PATH" }, go: { command: ["driver"] } };
  assert.deepEqual(describeLeftOut(clients, {}), [
    "LEFT OUT: clients in Python, for there is no python3 on PATH. Their tests count as skipped, not as passed.",
  ]);
  assert.match(describeLeftOut(clients, { CI: "true" })[0], /Their tests fail, for CI is set\.$/);
});

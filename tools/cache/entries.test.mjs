import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { contentKey, makeEntry, removeUnfinished } from "./entries.mjs";

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "cache-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("gives other content another key", () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "go.sum");
    writeFileSync(file, "one");
    const key = await contentKey([file], { cli: "3.259.0" });
    assert.equal(await contentKey([file], { cli: "3.259.0" }), key);
    assert.notEqual(await contentKey([file], { cli: "3.260.0" }), key);
    writeFileSync(file, "two");
    assert.notEqual(await contentKey([file], { cli: "3.259.0" }), key);
  }));

test("shows an entry only when it is complete", () =>
  inTemporaryFolder(async (cache) => {
    const entry = path.join(cache, "entry");
    await makeEntry(entry, async (folder) => {
      writeFileSync(path.join(folder, "file"), "whole");
      assert.equal(existsSync(entry), false);
    });
    assert.equal(readFileSync(path.join(entry, "file"), "utf8"), "whole");
  }));

test("leaves nothing of an entry that fails", () =>
  inTemporaryFolder(async (cache) => {
    const failing = makeEntry(path.join(cache, "entry"), async (folder) => {
      writeFileSync(path.join(folder, "file"), "half");
      throw new Error("no disk");
    });
    await assert.rejects(failing, /no disk/);
    assert.deepEqual(readdirSync(cache), []);
  }));

test("keeps the entry of a faster run", () =>
  inTemporaryFolder(async (cache) => {
    const entry = path.join(cache, "entry");
    await makeEntry(entry, async (slow) => {
      writeFileSync(path.join(slow, "file"), "slow");
      await makeEntry(entry, async (fast) => writeFileSync(path.join(fast, "file"), "fast"));
    });
    assert.equal(readFileSync(path.join(entry, "file"), "utf8"), "fast");
    assert.deepEqual(readdirSync(cache), ["entry"]);
  }));

test("removes what a killed run left unfinished, and nothing else", () =>
  inTemporaryFolder(async (cache) => {
    mkdirSync(path.join(cache, "unfinished-abc"));
    mkdirSync(path.join(cache, "entry"));
    await removeUnfinished(cache);
    assert.deepEqual(readdirSync(cache), ["entry"]);
  }));

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { isAbandoned, withLock } from "./lock.mjs";

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "lock-"));
  try {
    await work(path.join(folder, "lock"), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("lets one after the other work, and tells the second that it waits", () =>
  inTemporaryFolder(async (file) => {
    const events = [];
    let second;
    await withLock(file, async () => {
      events.push("first begins");
      await new Promise((secondWaits) => {
        const onWait = ({ pid }) => {
          events.push(`second waits for ${pid}`);
          secondWaits();
        };
        second = withLock(file, () => Promise.resolve(events.push("second works")), { pollMs: 10, onWait });
      });
      events.push("first ends");
    });
    await second;
    assert.deepEqual(events, [
      "first begins",
      `second waits for ${process.pid}`,
      "first ends",
      "second works",
    ]);
    assert.equal(existsSync(file), false);
  }));

test("releases the lock when the work fails", () =>
  inTemporaryFolder(async (file) => {
    await assert.rejects(
      withLock(file, () => Promise.reject(new Error("no disk"))),
      /no disk/,
    );
    assert.equal(existsSync(file), false);
  }));

test("takes over the lock of a process that is gone", () =>
  inTemporaryFolder(async (file, folder) => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(file, JSON.stringify({ pid, host: hostname() }));
    assert.equal(await withLock(file, () => Promise.resolve("worked")), "worked");
    assert.deepEqual(readdirSync(folder), []);
  }));

test("takes over a lock that was not touched for an hour", () =>
  inTemporaryFolder(async (file) => {
    writeFileSync(file, "");
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file, longAgo, longAgo);
    assert.equal(await withLock(file, () => Promise.resolve("worked")), "worked");
  }));

test("gives up waiting when asked to stop, and leaves the lock alone", () =>
  inTemporaryFolder(async (file) => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("Ctrl-C")), 50);
    const waiting = withLock(file, () => assert.fail("may not work"), {
      signal: controller.signal,
      pollMs: 10,
    });
    await assert.rejects(waiting, /Ctrl-C/);
    assert.equal(existsSync(file), true);
  }));

test("trusts a recent lock of a living process, and of another machine", () => {
  const here = { host: "here", isAlive: (pid) => pid === 1 };
  assert.equal(isAbandoned({ owner: { pid: 1, host: "here" }, ageMs: 1_000 }, here), false);
  assert.equal(isAbandoned({ owner: { pid: 2, host: "here" }, ageMs: 1_000 }, here), true);
  assert.equal(isAbandoned({ owner: { pid: 2, host: "elsewhere" }, ageMs: 1_000 }, here), false);
  assert.equal(isAbandoned({ owner: { pid: 1, host: "here" }, ageMs: 3_600_000 }, here), true);
  assert.equal(isAbandoned({ owner: undefined, ageMs: 1_000 }, here), false);
});

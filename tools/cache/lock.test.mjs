import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { withLock } from "./lock.mjs";

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "lock-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const lockOf = (folder) => path.join(folder, "in-use.lock");

/** Another process that holds the lock until it is ended. */
async function startHolder(folder) {
  const modules = ["cache/lock.mjs", "entry-point.mjs"].map(
    (name) => new URL(`../${name}`, import.meta.url).href,
  );
  const program = `
    const [{ withLock }, { runEntryPoint }] = await Promise.all(${JSON.stringify(modules)}.map((url) => import(url)));
    await runEntryPoint(({ signal }) =>
      withLock(${JSON.stringify(folder)}, () => new Promise((_, reject) => {
        const working = setInterval(() => {}, 1_000);
        signal.addEventListener("abort", () => (clearInterval(working), reject(signal.reason)));
        process.stdout.write("holds");
      })),
    );`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  return holder;
}

test("lets one after the other work, and tells the second that it waits", () =>
  inTemporaryFolder(async (folder) => {
    const events = [];
    let second;
    await withLock(folder, async () => {
      events.push("first begins");
      await new Promise((secondWaits) => {
        const onWait = () => {
          events.push("second waits");
          secondWaits();
        };
        second = withLock(folder, () => Promise.resolve(events.push("second works")), { pollMs: 10, onWait });
      });
      events.push("first ends");
    });
    await second;
    assert.deepEqual(events, ["first begins", "second waits", "first ends", "second works"]);
    assert.deepEqual(readdirSync(folder), []);
  }));

test("makes the folder, and releases the lock when the work fails", () =>
  inTemporaryFolder(async (parent) => {
    const folder = path.join(parent, "cache");
    await assert.rejects(
      withLock(folder, () => Promise.reject(new Error("no disk"))),
      /no disk/,
    );
    assert.deepEqual(readdirSync(folder), []);
  }));

test("waits for another process, and works once Ctrl-C has ended that", () =>
  inTemporaryFolder(async (folder) => {
    const holder = await startHolder(folder);
    const ended = once(holder, "close");
    const onWait = () => holder.kill("SIGINT");
    assert.equal(await withLock(folder, () => Promise.resolve("worked"), { pollMs: 10, onWait }), "worked");
    assert.deepEqual(await ended, [130, null]);
    assert.deepEqual(readdirSync(folder), []);
  }));

test("takes over the lock of a process that was killed a minute ago", () =>
  inTemporaryFolder(async (folder) => {
    const holder = await startHolder(folder);
    holder.kill("SIGKILL");
    await once(holder, "close");
    assert.equal(existsSync(lockOf(folder)), true);
    const minuteAgo = new Date(Date.now() - 60_000);
    utimesSync(lockOf(folder), minuteAgo, minuteAgo);
    assert.equal(await withLock(folder, () => Promise.resolve("worked")), "worked");
    assert.deepEqual(readdirSync(folder), []);
  }));

test("gives up waiting when asked to stop, and leaves the lock alone", () =>
  inTemporaryFolder(async (folder) => {
    mkdirSync(lockOf(folder));
    const controller = new AbortController();
    const waiting = withLock(folder, () => assert.fail("may not work"), {
      signal: controller.signal,
      onWait: () => controller.abort(new Error("Ctrl-C")),
    });
    await assert.rejects(waiting, /Ctrl-C/);
    assert.equal(existsSync(lockOf(folder)), true);
  }));

test("ends the work as usual when the folder was deleted meanwhile", () =>
  inTemporaryFolder(async (folder) => {
    const work = () => {
      rmSync(folder, { recursive: true });
      return Promise.resolve("worked");
    };
    assert.equal(await withLock(folder, work), "worked");
  }));

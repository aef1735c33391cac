import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { setTimeout as sleep } from "node:timers/promises";

const heartbeatMs = 5_000;
const abandonedAfterMs = 60_000;

/**
 * Runs `work` while holding a lock file, so that two runs do not build the same thing at once. It only saves work:
 * an entry is renamed into place when it is complete, so two holders would do no harm.
 */
export async function withLock(file, work, { onWait = () => {}, signal, pollMs = 300 } = {}) {
  await mkdir(path.dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, host: hostname(), nonce: randomBytes(6).toString("hex") });
  for (let announced = false; !(await create(file, own));) {
    const held = await read(file);
    if (held && isAbandoned(held)) await takeAway(file, held.text);
    else {
      if (held && !announced) onWait(held.owner);
      announced ||= held !== undefined;
      await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  // Another machine, or another container, cannot ask whether this process lives: it sees the file's age.
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {}); // the cache was deleted meanwhile, which is allowed
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await read(file))?.text === own) await rm(file, { force: true });
  }
}

async function create(file, text) {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

async function read(file) {
  try {
    const [text, { mtimeMs }] = [await readFile(file, "utf8"), await stat(file)];
    return { text, owner: parseOwner(text), ageMs: Date.now() - mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The file of a holder that has created it and not yet written it, or was killed in between, names no owner. */
function parseOwner(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the lock is abandoned: its process is gone, or has not touched it for a minute. */
export function isAbandoned({ owner, ageMs }, { host = hostname(), isAlive = isProcessAlive } = {}) {
  if (owner && owner.host === host && !isAlive(owner.pid)) return true;
  return ageMs > abandonedAfterMs;
}

function isProcessAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Removes an abandoned lock. Of two that try, the slower one may get hold of the faster one's new lock: it puts it back. */
async function takeAway(file, abandonedText) {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== abandonedText) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

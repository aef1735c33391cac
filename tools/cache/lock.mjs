import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installIfNone } from "../install.mjs";

/** A holder touches its lock in half of this time, so that a run that was killed blocks others no longer than this. */
const abandonedAfterMs = 20_000;

/**
 * Runs `work` while holding the lock of a folder, so that two runs do not build the same thing at once. It only saves work:
 * an entry is renamed into place when it is complete, so two holders would do no harm.
 */
export async function withLock(folder, work, { onWait = () => {}, signal, pollMs = 300 } = {}) {
  const release = await acquire(folder, { onWait, signal, pollMs });
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(folder, { onWait, signal, pollMs }) {
  // The tools start on a bare clone. A run that finds everything in the cache needs no package.
  await installIfNone({ signal });
  const { lock } = await import("proper-lockfile");
  const options = {
    realpath: false,
    lockfilePath: path.join(folder, "in-use.lock"),
    stale: abandonedAfterMs,
    // The cache was deleted, or the computer slept and another run took over. Both are allowed.
    onCompromised: () => {},
  };
  for (let announced = false; ; announced = true) {
    await mkdir(folder, { recursive: true });
    try {
      const release = await lock(folder, options);
      return () => release().catch(ignoreLoss);
    } catch (error) {
      if (error.code !== "ELOCKED") throw error;
      if (!announced) onWait();
      await sleep(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function ignoreLoss(error) {
  if (error.code !== "ERELEASED") throw error;
}

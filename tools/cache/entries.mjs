/**
 * The cache folder. An entry's name holds everything its content depends on, and an entry appears by a rename when it is
 * complete. An entry with its final name is therefore complete, and is never changed in place.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";

const unfinishedPrefix = "unfinished-";

/** A short name for the content of files and other things that decide what a build gives. */
export async function contentKey(files, ...others) {
  const hash = createHash("sha256").update(JSON.stringify(others));
  for (const file of files) hash.update(`\0${path.basename(file)}\0`).update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

/**
 * Makes an entry: `fill` writes into an empty folder, which then takes the entry's name. Nothing remains of a fill that
 * fails; what remains of one that was killed is removed by the next run that holds the lock.
 */
export async function makeEntry(entry, fill) {
  await mkdir(path.dirname(entry), { recursive: true });
  const unfinished = await mkdtemp(path.join(path.dirname(entry), unfinishedPrefix));
  try {
    await fill(unfinished);
    try {
      await rename(unfinished, entry);
    } catch (error) {
      // Another run was faster, which can only be if it took over this run's lock.
      if (!existsSync(entry)) throw error;
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Only for the holder of the lock: no other run fills an entry meanwhile. */
export async function removeUnfinished(cache) {
  for (const name of await readdir(cache)) {
    if (name.startsWith(unfinishedPrefix)) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

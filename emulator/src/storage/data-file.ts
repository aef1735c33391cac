import { realpathSync } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import type { SavedWorld } from "../world/world";
import { DataFileError, reasonOf } from "./data-file-error";
import { readSavedWorld, writeSavedWorld } from "./data-format";
import { lockFile } from "./file-lock";
import type { FileLock } from "./file-lock";

/**
 * The file that a world lives in. Each write puts a whole new one in its place (written beside it, synchronised, renamed),
 * so that whoever reads it after a crash finds one state or the next. A journal of changes would write less, but every
 * action would have to describe what it changes; and a world is small. write-file-atomic, the usual library, leaves a file
 * of another name behind with every kill and does not synchronise the folder, which a rename takes to outlive the power.
 */
export class DataFile {
  readonly #file: string;
  readonly #lock: FileLock;
  /** What was in the file when it was opened; undefined where there was none. */
  readonly saved: SavedWorld | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closed = false;

  private constructor(file: string, lock: FileLock, saved: SavedWorld | undefined) {
    this.#file = file;
    this.#lock = lock;
    this.saved = saved;
  }

  /** Takes the file for this emulator alone, and reads it if it is there. */
  static async open(given: string): Promise<DataFile> {
    const file = realPath(given);
    const lock = await lockFile(file);
    try {
      return new DataFile(file, lock, await read(file));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Writes what the snapshot gives, and resolves once it is on the disk. Those who ask while a write is under way share the
   * next one: that one's world was taken before.
   */
  write(snapshot: () => SavedWorld): Promise<void> {
    if (this.#next) return this.#next;
    const next = this.#last.then(() => {
      this.#next = undefined;
      return this.#write(snapshot);
    });
    this.#next = next;
    // Who asked learns of a failure; the next write tries again.
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Resolves once no write is under way that was asked for before. */
  async written(): Promise<void> {
    // A call whose effect can be seen already may be about to ask for its write.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#last;
  }

  /** Writes for the last time, and leaves the file to others. */
  async close(snapshot: () => SavedWorld): Promise<void> {
    if (this.#closed) return;
    try {
      await this.write(snapshot);
    } finally {
      this.release();
    }
  }

  /** Leaves the file to others as it is. */
  release(): void {
    this.#closed = true;
    this.#lock.release();
  }

  async #write(snapshot: () => SavedWorld): Promise<void> {
    if (this.#closed) throw new DataFileError(`${this.#file} is closed`);
    try {
      await replaceFile(this.#file, writeSavedWorld(snapshot()));
    } catch (error) {
      throw new DataFileError(`cannot write ${this.#file}: ${reasonOf(error)}`, { cause: error });
    }
  }
}

/** Without links: the rename is to replace the file and not a link to it, and two links are to be one lock. */
function realPath(given: string): string {
  try {
    return realpathSync(given);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new DataFileError(`cannot read the data file ${given}: ${reasonOf(error)}`);
  }
  const folder = path.dirname(path.resolve(given));
  try {
    return path.join(realpathSync(folder), path.basename(given));
  } catch (error) {
    throw new DataFileError(`cannot make the data file ${given}: its folder is missing (${reasonOf(error)})`);
  }
}

async function read(file: string): Promise<SavedWorld | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DataFileError(`cannot read the data file ${file}: ${reasonOf(error)}`);
  }
  return readSavedWorld(text, file);
}

async function replaceFile(file: string, text: string): Promise<void> {
  // One name for every draft: what a killed process leaves behind is written over by the next.
  const draft = `${file}.tmp`;
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(path.dirname(file));
}

/** The rename itself. Windows has no such call, and writes its folders through. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

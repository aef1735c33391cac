import { realpathSync } from "node:fs";
import { constants, open, readFile, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import type { SavedWorld, WorldChange } from "../world/world";
import { DataFileError, reasonOf } from "./data-file-error";
import { readSavedWorld, writeChange, writeSavedWorld } from "./data-format";
import { lockFile } from "./file-lock";
import type { FileLock } from "./file-lock";

/** What is to be written: the whole world, or what has changed in it. */
export interface Unwritten {
  /** Undefined where another world is in the place of the one that was written last. */
  readonly change: WorldChange | undefined;
  readonly whole: () => SavedWorld;
  /** Undoes it, when it cannot be written. */
  readonly undo: () => void;
}

/** The changes of a file that are at least so long are put together in a new file. */
const minJournalBytes = 1024 * 1024;

interface Batch {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The file that a world lives in: the world, and a line for each change since. When the changes are as long as the world, a new file
 * takes the place of the old one, written beside it, synchronised and renamed: a change costs the same in a large world as in a small
 * one. A journal library would bring a database with its own format; this file can be read with `jq`.
 */
export class DataFile {
  readonly #file: string;
  readonly #lock: FileLock;
  /** What was in the file when it was opened; undefined where there was none. */
  readonly saved: SavedWorld | undefined;
  #take: () => Unwritten | undefined = () => undefined;
  /** Those who wait for the next write: it begins when the present one is done. */
  #waiting: Batch | undefined;
  #running: Batch | undefined;
  #closed = false;

  /** The open file; undefined where the next write has to make a new one. */
  #handle: FileHandle | undefined;
  #lengthBytes = 0;
  #worldBytes = 0;

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
   * @param take - gives what is to be written at that moment; undefined where that is nothing
   */
  writeFrom(take: () => Unwritten | undefined): void {
    this.#take = take;
  }

  /**
   * Writes what is to be written, and resolves once it is on the disk. If that fails, it is undone, with all that has
   * changed since, and every caller that waits learns of it. Callers during a write share the next one.
   */
  write(): Promise<void> {
    if (this.#closed) return Promise.reject(new DataFileError(`${this.#file} is closed`));
    this.#waiting ??= newBatch();
    const { promise } = this.#waiting;
    if (!this.#running) void this.#run();
    return promise;
  }

  /** Resolves once no write is under way that was asked for before. */
  async written(): Promise<void> {
    await (this.#waiting ?? this.#running)?.promise;
  }

  /** Writes for the last time, and leaves the file to others. */
  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.write();
    } finally {
      this.release();
    }
  }

  /** Leaves the file to others as it is. */
  release(): void {
    this.#closed = true;
    if (this.#handle) void this.#abandon(this.#handle);
    this.#lock.release();
  }

  async #run(): Promise<void> {
    while (this.#waiting) {
      const batch = this.#waiting;
      this.#running = batch;
      this.#waiting = undefined;
      const unwritten = this.#take();
      try {
        if (unwritten) await this.#write(unwritten);
        batch.resolve();
      } catch (error) {
        this.#take()?.undo();
        unwritten?.undo();
        const failure = new DataFileError(`cannot write ${this.#file}: ${reasonOf(error)}`, { cause: error });
        batch.reject(failure);
        this.#refuseWaiting(failure);
      }
    }
    this.#running = undefined;
  }

  #refuseWaiting(failure: DataFileError): void {
    this.#waiting?.reject(failure);
    this.#waiting = undefined;
  }

  async #write({ change, whole }: Unwritten): Promise<void> {
    const isLong = this.#lengthBytes - this.#worldBytes > Math.max(minJournalBytes, this.#worldBytes);
    const handle = this.#handle;
    if (!change || !handle || !(await this.#isAsWritten(handle)))
      await this.#replace(writeSavedWorld(whole()));
    else if (!isLong) await this.#append(handle, writeChange(change));
    else {
      // There may be room for the change, but none for another file.
      await this.#replace(writeSavedWorld(whole())).catch(() => this.#append(handle, writeChange(change)));
    }
  }

  /**
   * Whether the file is still the one that is open, and ends where it was written to. A user can remove it or put another one in
   * its place: a change that is added to the removed one would be lost.
   */
  async #isAsWritten(handle: FileHandle): Promise<boolean> {
    const [opened, named] = await Promise.all([
      handle.stat({ bigint: true }),
      stat(this.#file, { bigint: true }).catch(() => undefined),
    ]);
    const isSame = opened.ino === named?.ino && opened.dev === named.dev;
    return isSame && opened.size === BigInt(this.#lengthBytes);
  }

  async #append(handle: FileHandle, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      for (let written = 0; written < bytes.length;) {
        const position = this.#lengthBytes + written;
        written += (await handle.write(bytes, written, bytes.length - written, position)).bytesWritten;
      }
    } catch (error) {
      // Remove the part of the line that was written: the next line must not follow it.
      await handle.truncate(this.#lengthBytes).catch(() => this.#abandon(handle));
      throw error;
    }
    await handle.datasync().catch(async (error: unknown) => {
      // The change is undone: the next start must not find it.
      await handle.truncate(this.#lengthBytes).catch(() => undefined);
      // Nothing is known of what the disk has: the next write makes a new file.
      await this.#abandon(handle);
      throw error;
    });
    this.#lengthBytes += bytes.length;
  }

  async #abandon(handle: FileHandle): Promise<void> {
    this.#handle = undefined;
    await handle.close().catch(() => undefined);
  }

  async #replace(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    // One name for every draft: the next process removes the draft of a killed one. A link there is removed, not followed.
    const draft = `${this.#file}.tmp`;
    await rm(draft, { force: true });
    const handle = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
      await rename(draft, this.#file);
    } catch (error) {
      await handle.close();
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
    const former = this.#handle;
    this.#handle = handle;
    this.#lengthBytes = bytes.length;
    this.#worldBytes = bytes.length;
    await former?.close().catch(() => undefined);
    await syncFolder(path.dirname(this.#file)).catch(async (error: unknown) => {
      await this.#abandon(handle);
      throw error;
    });
  }
}

function newBatch(): Batch {
  let resolve: Batch["resolve"] = () => undefined;
  let reject: Batch["reject"] = () => undefined;
  const promise = new Promise<void>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  // A caller may not wait: control calls in the same process do not.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
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
  let content: string;
  try {
    content = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new DataFileError(`cannot read the data file ${file}: ${reasonOf(error)}`);
  }
  return readSavedWorld(content, file);
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

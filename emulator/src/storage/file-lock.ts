import { createHash } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { createServer } from "node:net";
import { DataFileError, reasonOf } from "./data-file-error";

/** A file that is this emulator's alone until it is released. */
export interface FileLock {
  release(): void;
}

/**
 * `open` takes the lock of flock(2) with it, on the BSDs and macOS. Node has no name for the flag, and passes it on.
 *
 * @see https://developer.apple.com/library/archive/documentation/System/Conceptual/ManPages_iPhoneOS/man2/open.2.html
 */
const exclusiveLockFlag = 0x20;

/**
 * Takes a file for this emulator alone, or refuses. What holds it belongs to the kernel and ends with the process, however that
 * ends: a file with a process number in it would outlive a killed emulator, and one that is renewed now and then
 * (proper-lockfile) would keep the next one waiting. It keeps out other emulators of this machine, or of this container.
 *
 * @param file - its real path: two ways to write it would be two locks
 */
export async function lockFile(file: string): Promise<FileLock> {
  return process.platform === "darwin" ? lockByOpen(file) : lockByName(file);
}

function inUse(file: string): DataFileError {
  return new DataFileError(
    `${file} is in use by another emulator: end that one, or give this one a file of its own`,
  );
}

/** A socket without clients: abstract on Linux, a named pipe on Windows. Neither is a file that stays behind. */
function lockByName(file: string): Promise<FileLock> {
  const name = `alicloud-ecs-emulator-${createHash("sha256").update(file).digest("hex")}`;
  const socket = createServer((connection) => connection.destroy()).unref();
  return new Promise((resolve, reject) => {
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE" || error.code === "EACCES";
      reject(taken ? inUse(file) : new DataFileError(`cannot lock ${file}: ${reasonOf(error)}`));
    });
    socket.listen(
      { path: process.platform === "win32" ? `\\\\.\\pipe\\${name}` : `\0${name}`, exclusive: true },
      () => {
        resolve({ release: () => socket.close() });
      },
    );
  });
}

function lockByOpen(file: string): FileLock {
  try {
    // Beside the data file, which is replaced with each write. Empty, and left in its place: removing it would be a race.
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLockFlag;
    const descriptor = openSync(`${file}.lock`, flags);
    return {
      release: () => {
        closeSync(descriptor);
      },
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EAGAIN" || code === "EWOULDBLOCK") throw inUse(file);
    throw new DataFileError(`cannot lock ${file}: ${reasonOf(error)}`);
  }
}

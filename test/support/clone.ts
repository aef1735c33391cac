import { cpSync, symlinkSync } from "node:fs";
import path from "node:path";

const repository = path.resolve(__dirname, "../..");
/** What packing needs. */
const names = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tools",
  "provider",
  "emulator",
  "plugin",
  "LICENSE",
];

/**
 * Copies the packages and their build scripts, with a link to the installed packages. Never copies `node_modules`.
 *
 * @param leftOut - what the copy does not have, by its whole path
 */
export function copyClone(to: string, leftOut = /^$/): void {
  for (const name of names)
    cpSync(path.join(repository, name), path.join(to, name), {
      recursive: true,
      // The build then skips the files that are up to date.
      preserveTimestamps: true,
      filter: (source) => path.basename(source) !== "node_modules" && !leftOut.test(source),
    });
  symlinkSync(path.join(repository, "node_modules"), path.join(to, "node_modules"));
}

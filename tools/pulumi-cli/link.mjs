import { copyFileSync, linkSync, mkdirSync } from "node:fs";
import path from "node:path";

/** The same file in another place, without a second copy of its bytes where the file system allows. */
export function linkOrCopy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch (error) {
    if (error.code !== "EEXIST") copyFileSync(from, to);
  }
}

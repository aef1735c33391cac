import path from "node:path";
import { repositoryFolder } from "./paths.mjs";
import { runCommand } from "./run-command.mjs";

const tsc = path.join(repositoryFolder, "node_modules", "typescript", "bin", "tsc");

/** Compiles the two packages; what is up to date already takes a second. */
export async function buildPackages({ progress, signal }) {
  await progress.step("building the packages", "about 10 s the first time", () =>
    runCommand(process.execPath, [tsc, "-b"], { cwd: repositoryFolder, signal }),
  );
}

/**
 * Builds the two packages: compiles them, puts the SDK into the provider, and the emulator's command into one file. As a command it installs first what a build
 * needs, so that `npm run build` and `npm pack` work on a bare clone.
 */
import path from "node:path";
import process from "node:process";
import { bundleEmulator } from "./bundle-emulator.mjs";
import { bundleSdk } from "./bundle-sdk.mjs";
import { isEntryPoint, runEntryPoint } from "./entry-point.mjs";
import { installIfNone } from "./install.mjs";
import { repositoryFolder } from "./paths.mjs";
import { createProgress } from "./progress.mjs";
import { runCommand } from "./run-command.mjs";

const tsc = path.join(repositoryFolder, "node_modules", "typescript", "bin", "tsc");

/** What is up to date already takes a second. */
export async function buildPackages({ progress, signal }) {
  await progress.step("building the packages", "about 10 s the first time", async () => {
    await runCommand(process.execPath, [tsc, "-b"], { cwd: repositoryFolder, signal });
    await bundleSdk();
    await bundleEmulator();
  });
}

if (isEntryPoint(import.meta.url)) {
  await runEntryPoint(
    async ({ signal }) => {
      const progress = createProgress();
      await installIfNone({ progress, signal });
      await buildPackages({ progress, signal });
    },
    { usage: "npm run build" },
  );
}

/**
 * The demonstration: `npm run demo`. On a bare clone it installs what it needs, builds, gets a Pulumi CLI, and then tells
 * a story with the real engine against the emulator, each of whose statements is checked as it is told.
 */
import { buildPackages } from "./build.mjs";
import { runEntryPoint } from "./entry-point.mjs";
import { ensureInstalled } from "./install.mjs";
import { createProgress } from "./progress.mjs";
import { ensurePulumiCli } from "./pulumi-cli/index.mjs";

const commandLine = { usage: "npm run demo" };

await runEntryPoint(async ({ signal }) => {
  const progress = createProgress();
  await ensureInstalled("demo", { progress, signal });
  await buildPackages({ progress, signal });
  const cli = await ensurePulumiCli({ plugins: false, progress, signal });
  // Not before: it imports what was just installed and built.
  const { tellStory } = await import("./demo/story.mjs");
  await tellStory({ cli, signal });
}, commandLine);

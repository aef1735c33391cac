/**
 * A headless Chromium for tests of pages, from npm: nothing is downloaded while the tests run. Its packages are ES modules,
 * which jest cannot load; hence node's own test runner for this suite.
 */
import packed from "@sparticuz/chromium";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

/** It must not look for updates, nor for a graphics card, nor for a kernel that lets it build its own sandbox. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts it with an empty folder of its own.
 *
 * @returns the browser's context, or why it cannot start on this machine
 */
export async function startChromium() {
  const folder = await mkdtemp(path.join(tmpdir(), "browser-"));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const executablePath = await packed.executablePath();
    const context = await chromium.launchPersistentContext(folder, { executablePath, headless: true, args });
    return {
      context,
      close: async () => {
        await context.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    return { missing: reasonOf(error) };
  }
}

/** The line that names the library, if there is one: the message holds all that Chromium wrote. */
function reasonOf(error) {
  const lines = String(error?.message ?? error).split("\n");
  return (lines.find((line) => /error while loading shared libraries/.test(line)) ?? lines[0]).trim();
}

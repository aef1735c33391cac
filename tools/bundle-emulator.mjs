/**
 * Puts the emulator's command into one file, which starts in less time: Node.js opens and compiles one file in the place of several
 * hundred. Without this step the command uses the compiled modules: `tsc -b` is enough for tests.
 */
import path from "node:path";
import { bundleInto } from "./bundle-sdk.mjs";
import { repositoryFolder } from "./paths.mjs";

/** zod has its messages in fifty languages. They are a third of the bundle, and the emulator uses one. */
const englishMessages = {
  name: "english-messages",
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

export async function bundleEmulator() {
  const emulator = path.join(repositoryFolder, "emulator");
  await bundleInto({
    entryPoint: path.join(emulator, "src/cli.ts"),
    bundleFile: path.join(emulator, "dist/cli.bundle.js"),
    noticeFile: path.join(emulator, "NOTICE"),
    compact: true,
    // Of the modules of a package only those that are used come into the bundle.
    options: { minifySyntax: true, mainFields: ["module", "main"], plugins: [englishMessages] },
  });
}

/**
 * Writes the SDKs of the native plugin for Node.js, Python and Go into plugin/sdk, or into another folder: `npm run build:sdks [-- FOLDER]`. Where the language hosts of an
 * official Pulumi CLI are installed, `pulumi package gen-sdk plugin/schema.json` does the same.
 */
import path from "node:path";
import { isEntryPoint, runEntryPoint } from "./entry-point.mjs";
import { UsageError } from "./errors.mjs";
import { repositoryFolder } from "./paths.mjs";
import { createProgress } from "./progress.mjs";
import { ensureGoPrograms } from "./pulumi-cli/index.mjs";
import { runCommand } from "./run-command.mjs";

export const sdkLanguages = ["nodejs", "python", "go"];

const schema = path.join(repositoryFolder, "plugin", "schema.json");

/** Writes one folder a language into `folder`. */
export async function writeSdks({ folder, languages = sdkLanguages, progress, signal }) {
  const [binDir] = await ensureGoPrograms(["generate-sdks"], { progress, signal });
  await runCommand(path.join(binDir, "generate-sdks"), [schema, folder, ...languages], { signal });
}

if (isEntryPoint(import.meta.url)) {
  await runEntryPoint(
    async ({ signal, positionals: [folder, ...more] }) => {
      if (more.length > 0)
        throw new UsageError(
          "cannot write the SDKs: expected at most one argument, the folder to write them to",
        );
      // npm changes to the root of the repository before it runs a script; INIT_CWD is where it was called.
      const target =
        folder === undefined
          ? path.join(repositoryFolder, "plugin", "sdk")
          : path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
      await writeSdks({ folder: target, progress: createProgress(), signal });
    },
    { usage: "npm run build:sdks [-- FOLDER]", allowPositionals: true },
  );
}

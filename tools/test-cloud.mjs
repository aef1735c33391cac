/**
 * `npm run test:cloud`: tells the story of test/clients to the real ECS and VPC endpoints and to an emulator, and writes a table of
 * every difference. `--list` prints what an interrupted run has left in the account, `--clean` removes it.
 */
import { build } from "esbuild";
import { createRequire } from "node:module";
import { rm } from "node:fs/promises";
import path from "node:path";
import { runEntryPoint } from "./entry-point.mjs";
import { UsageError } from "./errors.mjs";
import { repositoryFolder } from "./paths.mjs";

const commandLine = {
  usage: "npm run test:cloud [-- --list | --clean | --out FILE.md]",
  options: {
    list: { type: "boolean" },
    clean: { type: "boolean" },
    out: { type: "string", default: "cloud-differences.md" },
  },
};

await runEntryPoint(async ({ signal, values }) => {
  // Inside the repository, where its imports are found.
  const bundle = path.join(repositoryFolder, "test", ".work", `cloud-${process.pid}.cjs`);
  try {
    await build({
      entryPoints: [path.join(repositoryFolder, "test", "cloud", "main.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      packages: "external",
      logLevel: "error",
    });
    const { runCloudTest, SettingsError } = createRequire(import.meta.url)(bundle);
    return await runCloudTest({
      command: values.clean ? "clean" : values.list ? "list" : "compare",
      file: path.resolve(values.out),
      story: path.join(repositoryFolder, "test", "clients", "story.json"),
      env: process.env,
      signal,
      say: (line) => process.stderr.write(`${line}\n`),
    }).catch((error) => {
      throw error instanceof SettingsError ? new UsageError(error.message) : error;
    });
  } finally {
    await rm(bundle, { force: true });
  }
}, commandLine);

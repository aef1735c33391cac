/**
 * `npm run test:cloud`: tells the story of test/clients to the real ECS and VPC endpoints and to an emulator, and writes a table of
 * every difference. `--list` prints what an interrupted run has left in the account, `--clean` removes it.
 */
import path from "node:path";
import { runEntryPoint } from "./entry-point.mjs";
import { UsageError } from "./errors.mjs";
import { loadTypeScript } from "./load-typescript.mjs";
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
  const { runCloudTest, SettingsError } = await loadTypeScript("cloud/main.ts");
  return runCloudTest({
    command: values.clean ? "clean" : values.list ? "list" : "compare",
    file: path.resolve(values.out),
    story: path.join(repositoryFolder, "test", "clients", "story.json"),
    env: process.env,
    signal,
    say: (line) => process.stderr.write(`${line}\n`),
  }).catch((error) => {
    throw error instanceof SettingsError ? new UsageError(error.message) : error;
  });
}, commandLine);

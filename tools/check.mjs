/**
 * Types, lint, format and language of everything, and the packages as they would be published: runs all of them, and names
 * at the end those that did not pass.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { runEntryPoint } from "./entry-point.mjs";
import { ensureInstalled } from "./install.mjs";
import { repositoryFolder } from "./paths.mjs";

const commandLine = { usage: "npm run check" };

await runEntryPoint(async ({ signal }) => {
  await ensureInstalled("all", { signal });
  const examples = readdirSync(path.join(repositoryFolder, "examples"))
    // No workspace: the types of @pulumi/alicloud are not there. A test with the engine compiles it.
    .filter((name) => name !== "with-alicloud")
    .map((name) => path.join("examples", name))
    .filter((folder) => existsSync(path.join(repositoryFolder, folder, "tsconfig.json")));
  const checks = [
    "tsc -b",
    "tsc -p test",
    ...[...examples, "tools/demo/program", "provider/templates/project"].map((folder) => `tsc -p ${folder}`),
    "eslint .",
    "prettier --check .",
    // What npm would publish: entry points that resolve, for CommonJS and ES modules, with their types.
    ...["provider", "emulator"].flatMap((name) => [
      `publint ${name} --strict`,
      `attw --pack ${name} --profile node16 --quiet`,
    ]),
  ];
  const failed = checks.filter((check) => !passes(check));
  if (!(await languagePasses())) failed.push("language");
  if (failed.length > 0) process.stderr.write(`not passed: ${failed.join(", ")}\n`);
  return failed.length > 0 ? 1 : 0;
}, commandLine);

function passes(check) {
  process.stderr.write(`${check}\n`);
  const [tool, ...args] = check.split(" ");
  const command = path.join(repositoryFolder, "node_modules", ".bin", tool);
  return spawnSync(command, args, { cwd: repositoryFolder, stdio: "inherit" }).status === 0;
}

async function languagePasses() {
  process.stderr.write("language\n");
  // Not before: it needs TypeScript, which was just installed.
  const { checkLanguage, readFiles } = await import("./language/check.mjs");
  const problems = checkLanguage(readFiles());
  problems.forEach((problem) => process.stderr.write(`${problem}\n`));
  return problems.length === 0;
}

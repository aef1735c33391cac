/**
 * Prints which Pulumi CLI there is, getting one first where needed. `--json` prints `{ binDir, pulumiHome, version, how }`
 * for programs that cannot import these modules, and with `--folder DIR` also `environment`: the variables to set for a
 * `pulumi` whose home, state and temporary files are in DIR.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { runEntryPoint } from "../entry-point.mjs";
import { ensurePulumiCli, pulumiEnvironment } from "./index.mjs";

await runEntryPoint(async ({ signal }) => {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, folder: { type: "string" } } });
  const cli = await ensurePulumiCli({ signal });
  const { PATH } = process.env;
  const environment =
    values.folder && pulumiEnvironment({ ...cli, folder: path.resolve(values.folder), base: { PATH } });
  if (values.json) {
    process.stdout.write(`${JSON.stringify(environment ? { ...cli, environment } : cli, undefined, 2)}\n`);
  } else {
    process.stdout.write(`Pulumi CLI ${cli.version} in ${cli.binDir} (${describeHow(cli.how)})\n`);
  }
});

function describeHow(how) {
  return { path: "found on PATH", download: "the official download", go: "built from Go modules" }[how];
}

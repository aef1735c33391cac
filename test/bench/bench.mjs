/**
 * `npm run bench`: measures three ways to manage the addresses, with the real Pulumi engine and an emulator that takes 50 ms for each
 * call: the dynamic resource, the native plugin, and a plain dynamic provider. Ends with 1 if a bound is not held.
 *
 * Prints a table, and writes it to bench-results.json. With `--docs` it writes the figures of the README and of docs/, and the chart.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildPackages } from "../../tools/build.mjs";
import { runEntryPoint } from "../../tools/entry-point.mjs";
import { UsageError } from "../../tools/errors.mjs";
import { ensureInstalled } from "../../tools/install.mjs";
import { loadTypeScript } from "../../tools/load-typescript.mjs";
import { repositoryFolder } from "../../tools/paths.mjs";
import { bundlePlugin } from "../../tools/plugin.mjs";
import { createProgress } from "../../tools/progress.mjs";
import { ensurePulumiCli, pulumiEnvironment } from "../../tools/pulumi-cli/index.mjs";

const commandLine = {
  usage: "npm run bench [-- [--quick] [--only PART OF A NAME]... [--runs N] | --docs [--runs N]]",
  options: {
    quick: { type: "boolean" },
    only: { type: "string", multiple: true },
    runs: { type: "string" },
    docs: { type: "boolean" },
  },
};

await runEntryPoint(async ({ signal, values }) => {
  const choice = choiceOf(values);
  const progress = createProgress();
  await ensureInstalled("all", { progress, signal });
  await buildPackages({ progress, signal });
  const cli = await ensurePulumiCli({ progress, signal });
  const folder = await mkdtemp(path.join(tmpdir(), "secondary-ips-bench-"));
  try {
    const env = pulumiEnvironment({ ...cli, folder });
    await progress.step("bundling the native plugin", "a second", bundlePlugin);
    // Where test/support finds the engine.
    process.env.PULUMI_TEST_BIN_DIR = cli.binDir;
    process.env.PULUMI_TEST_HOME = env.PULUMI_HOME;
    const bench = await loadTypeScript("bench/main.ts");
    const words = process.argv.slice(2).map((word) => (/[^\w.,-]/.test(word) ? `'${word}'` : word));
    const command = ["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" ");
    const results = await bench.runBench({ choice, command, cliVersion: cli.version, progress, signal });
    process.stdout.write(`${bench.tableOf(results)}\n`);
    for (const file of await write(bench, results, values)) process.stdout.write(`written to ${file}\n`);
    const problems = bench.problemsOf(results);
    problems.forEach((line) => process.stdout.write(`NOT HELD: ${line}\n`));
    return problems.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, commandLine);

function choiceOf({ quick = false, only, runs, docs = false }) {
  if (docs && (quick || only !== undefined))
    throw new UsageError(`--docs needs all works: leave out --quick and --only\nUsage: ${commandLine.usage}`);
  if (runs !== undefined && !/^[1-9]\d?$/.test(runs))
    throw new UsageError(`--runs ${runs} is not a number from 1 to 99\nUsage: ${commandLine.usage}`);
  return { quick, only, runs: runs && Number(runs) };
}

/** Returns the names of the written files. */
async function write({ pages, chartOf }, results, { docs }) {
  const json = `${JSON.stringify(results, undefined, 2)}\n`;
  const inRepository = (name) => path.join(repositoryFolder, name);
  const texts = docs
    ? { "docs/performance.json": json, "docs/performance.svg": chartOf(results) }
    : { "bench-results.json": json };
  if (docs)
    for (const [page, withFigures] of Object.entries(pages))
      texts[page] = withFigures(await readFile(inRepository(page), "utf8"), results);
  for (const [name, text] of Object.entries(texts)) await writeFile(inRepository(name), text);
  return Object.keys(texts);
}

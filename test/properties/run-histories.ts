import fc from "fast-check";
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { adaptors, type Adaptor } from "./adaptors";
import { missingIn } from "./coverage";
import type { History } from "./history";
import { history } from "./random-history";
import { Histogram } from "./histogram";
import { HistoryRunner } from "./history-runner";
import { currentRun, type Run } from "./run";
import { histogramFile, totalOf } from "./total";

/** Each shard is a test file, and so a process of jest. */
const shards = 2;
/** Histories that a shard runs in parallel. They spend much of their time waiting. */
const runnersPerShard = 8;
/** Time limit for shrinking a failed history. */
const shrinkingMs = 60_000;

/** The interval in which a shard writes its histograms. */
const reportMs = 5_000;

/** Number of histories of an adaptor from which a run must contain all required events. */
const coverageFrom = 500;

/** Runs this shard's part of the random histories in parallel, half of them with each adaptor. Throws the first failure. */
export async function runHistories(shard: number): Promise<void> {
  const run = currentRun();
  if (run.path !== undefined && shard > 0) return;
  const runners = run.path === undefined ? runnersPerShard : 1;
  const numRuns = run.path === undefined ? Math.ceil(run.histories / shards / runnersPerShard) : 1;
  const chosen = adaptors.filter(({ name }) => run.adaptor === undefined || run.adaptor === name);
  const histograms = new Map(chosen.map(({ name }) => [name, new Histogram()]));
  const writeHistograms = () => {
    for (const [name, histogram] of histograms) {
      const file = histogramFile(run.folder, name, shard);
      writeFileSync(`${file}.new`, JSON.stringify(histogram));
      renameSync(`${file}.new`, file);
    }
  };
  const reports = setInterval(writeHistograms, reportMs);
  const startedMs = performance.now();
  // A failure ends only its own runner. The others continue, so that a long run finds more than one failure.
  const failedAtMs = new Map<HistoryRunner, number>();
  let started = 0;
  const mayStart = (runner: HistoryRunner) => {
    // From a path on, fast-check would also run the following histories, until one of them fails.
    if (run.path !== undefined) return started === 0;
    const atMs = failedAtMs.get(runner);
    return atMs === undefined
      ? performance.now() - startedMs < run.minutes * 60_000
      : performance.now() - atMs < shrinkingMs;
  };
  const searches = Array.from({ length: runners }, async (_unused, index) => {
    const adaptor = chosen[index % chosen.length] as Adaptor;
    const histogram = histograms.get(adaptor.name) as Histogram;
    const runner = await HistoryRunner.open(adaptor, run.folder);
    const property = fc.asyncProperty(history, async (one) => {
      // After the time limit, the rest is skipped. With fast-check's own limit, the last history would continue
      // to run after the test.
      if (!mayStart(runner)) return;
      started += 1;
      try {
        await runner.run(one, histogram);
      } catch (error) {
        if (!failedAtMs.has(runner)) failedAtMs.set(runner, performance.now());
        throw error;
      }
    });
    try {
      const found = await fc.check(property, {
        numRuns,
        seed: run.seed + shard * runners + index,
        ...(run.path !== undefined && { path: run.path, endOnFailure: true }),
      });
      if (!found.failed) return;
      const failure = new Error(await reportOf(found, adaptor));
      process.stderr.write(`${failure.message}\n`);
      throw failure;
    } finally {
      await runner.close();
    }
  });
  const ended = await Promise.allSettled(searches);
  clearInterval(reports);
  writeHistograms();
  const failure = ended.find((one) => one.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  if (run.mustRunAll && started < numRuns * runners)
    throw new Error(`only ${started} of ${numRuns * runners} histories were run in ${run.minutes} min`);
  requireCoverage(run, chosen, shard);
}

/** The smallest history that fails, what it violates, and the command that repeats it. */
async function reportOf(found: fc.RunDetails<[History]>, { name }: Adaptor): Promise<string> {
  const { seed, counterexamplePath, errorInstance } = found;
  return [
    await fc.asyncDefaultReportMessage(found),
    `Cause: ${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}`,
    "Repeat it with",
    `PROPERTIES_ADAPTOR=${name} PROPERTIES_SEED=${seed} PROPERTIES_PATH=${counterexamplePath ?? ""} npm test -- --suite properties`,
  ].join("\n");
}

/** The shard that ends last checks that the histories of each adaptor contain all required events. */
function requireCoverage({ folder }: Run, chosen: readonly Adaptor[], shard: number): void {
  writeFileSync(path.join(folder, `${shard}.ended`), "");
  if (readdirSync(folder).filter((name) => name.endsWith(".ended")).length < shards) return;
  for (const { name } of chosen) {
    const total = totalOf(folder, name);
    if (total.histories < coverageFrom) continue;
    const missing = missingIn(total, name);
    if (missing.length > 0)
      throw new Error(`the histories with the adaptor ${name} did not contain: ${missing.join(", ")}`);
  }
}

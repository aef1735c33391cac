import fc from "fast-check";
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { missingIn } from "./coverage";
import { history } from "./history";
import { Histogram } from "./histogram";
import { currentRun, type Run } from "./run";
import { Stage } from "./run-history";
import { totalOf } from "./total";

/** Each shard is a test file, and so a process of jest's. */
const shards = 2;
/** Histories that a shard tells side by side, because much of their time is waiting. */
const stagesPerShard = 8;
/** How long a failure may be made smaller. */
const shrinkingMs = 60_000;

/** How often a shard leaves word of how far it is. */
const reportMs = 5_000;

/** From how many histories on a run has to have met everything. */
const surelyEnough = 500;

/** Tells this shard's part of the random histories, side by side, and throws for the first that goes wrong. */
export async function tellHistories(shard: number): Promise<void> {
  const run = currentRun();
  if (run.path !== undefined && shard > 0) return;
  const stages = run.path === undefined ? stagesPerShard : 1;
  const numRuns = run.path === undefined ? Math.ceil(run.histories / shards / stagesPerShard) : 1;
  const histogram = new Histogram();
  const leaveHistogram = () => {
    const file = path.join(run.folder, `${shard}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(histogram));
    renameSync(`${file}.new`, file);
  };
  const reports = setInterval(leaveHistogram, reportMs);
  const startedMs = performance.now();
  // What goes wrong ends its stage; the others go on, for a long run is to show all that it can.
  const failedAtMs = new Map<Stage, number>();
  let told = 0;
  const goesOn = (stage: Stage) => {
    // From a path on, fast-check would tell all its neighbours, too, until one of them goes wrong.
    if (run.path !== undefined) return told === 0;
    const atMs = failedAtMs.get(stage);
    return atMs === undefined
      ? performance.now() - startedMs < run.minutes * 60_000
      : performance.now() - atMs < shrinkingMs;
  };
  const stories = Array.from({ length: stages }, async (_unused, index) => {
    const stage = await Stage.open();
    try {
      await fc.assert(
        fc.asyncProperty(history, async (one) => {
          // When the time is over, the rest is not told. fast-check's own limit would leave the last history running
          // behind the test.
          if (!goesOn(stage)) return;
          told += 1;
          try {
            await stage.run(one, histogram);
          } catch (error) {
            if (!failedAtMs.has(stage)) failedAtMs.set(stage, performance.now());
            throw error;
          }
        }),
        {
          numRuns,
          seed: run.seed + shard * stages + index,
          ...(run.path !== undefined && { path: run.path, endOnFailure: true }),
        },
      );
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      throw error;
    } finally {
      await stage.close();
    }
  });
  const ended = await Promise.allSettled(stories);
  clearInterval(reports);
  leaveHistogram();
  const failure = ended.find((one) => one.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  if (run.mustTellAll && told < numRuns * stages)
    throw new Error(`${told} of ${numRuns * stages} histories were told in ${run.minutes} min`);
  requireCoverage(run, shard);
}

/** The shard that ends last checks that the histories of all shards have met everything. */
function requireCoverage({ folder }: Run, shard: number): void {
  writeFileSync(path.join(folder, `${shard}.ended`), "");
  if (readdirSync(folder).filter((name) => name.endsWith(".ended")).length < shards) return;
  const total = totalOf(folder);
  if (total.histories < surelyEnough) return;
  const missing = missingIn(total);
  if (missing.length > 0) throw new Error(`the histories have not met: ${missing.join(", ")}`);
}

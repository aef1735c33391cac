import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProgress } from "./progress";
import type { Run } from "./run";

/** Many times the duration of a history. Only a run that hangs exceeds it. */
const minutesPerHistory = 0.02;
const minutesAtLeast = 10;

/** Sets the run for all test files of the suite: 500 histories with fixed seeds, unless the environment says otherwise. */
export default function setUp(): void {
  const { PROPERTIES_HISTORIES, PROPERTIES_MINUTES, PROPERTIES_SEED = "1", PROPERTIES_PATH } = process.env;
  const histories = Number(PROPERTIES_HISTORIES ?? 500);
  const run: Run = {
    histories,
    minutes: Number(PROPERTIES_MINUTES ?? Math.max(minutesAtLeast, histories * minutesPerHistory)),
    seed: PROPERTIES_SEED === "random" ? Date.now() % 1_000_000_000 : Number(PROPERTIES_SEED),
    ...(PROPERTIES_PATH !== undefined && { path: PROPERTIES_PATH }),
    mustRunAll: PROPERTIES_MINUTES === undefined,
    folder: mkdtempSync(path.join(tmpdir(), "histories-")),
    startedMs: Date.now(),
  };
  process.env.PROPERTIES_RUN = JSON.stringify(run);
  if (run.path === undefined) startProgress(run);
}

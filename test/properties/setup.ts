import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProgress } from "./progress";
import { adaptorNames, type Run } from "./run";

/** Many times the duration of a history. Only a run that hangs exceeds it. */
const minutesPerHistory = 0.02;
const minutesAtLeast = 10;

/**
 * Sets the run for all test files of the suite: 500 histories for each adaptor with fixed seeds, unless the environment says
 * otherwise.
 */
export default function setUp(): void {
  const { PROPERTIES_HISTORIES, PROPERTIES_MINUTES, PROPERTIES_SEED = "1", PROPERTIES_PATH } = process.env;
  const { PROPERTIES_ADAPTOR } = process.env;
  const adaptor = adaptorNames.find((name) => name === PROPERTIES_ADAPTOR);
  const allowed = adaptorNames.join(" or ");
  if (adaptor === undefined && PROPERTIES_ADAPTOR !== undefined)
    throw new Error(`PROPERTIES_ADAPTOR is "${PROPERTIES_ADAPTOR}"; set it to ${allowed}, or omit it`);
  if (adaptor === undefined && PROPERTIES_PATH !== undefined)
    throw new Error(`PROPERTIES_PATH repeats one history; set PROPERTIES_ADAPTOR to ${allowed}`);
  const histories = Number(PROPERTIES_HISTORIES ?? 1_000);
  const run: Run = {
    histories,
    ...(adaptor !== undefined && { adaptor }),
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

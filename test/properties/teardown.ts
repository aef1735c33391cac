import { rmSync } from "node:fs";
import { stopProgress } from "./progress";
import { currentRun } from "./run";
import { totalOf } from "./total";

/** Prints the events in the histories of all test files. */
export default function tearDown(): void {
  stopProgress();
  const { folder, seed, startedMs } = currentRun();
  const total = totalOf(folder);
  rmSync(folder, { recursive: true, force: true });
  for (const [category, events] of Object.entries(total.toJSON())) {
    const sorted = Object.entries(events).sort(([, a], [, b]) => b - a);
    process.stdout.write(`${category}: ${sorted.map(([event, count]) => `${event} ${count}`).join(", ")}\n`);
  }
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  process.stdout.write(`${total.histories} histories in ${seconds} s, PROPERTIES_SEED=${seed}\n`);
}

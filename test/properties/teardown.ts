import { rmSync } from "node:fs";
import { stopProgress } from "./progress";
import { currentRun } from "./run";
import { totalOf } from "./total";

/** Prints the histogram of all test files. */
export default function tearDown(): void {
  stopProgress();
  const { folder, seed, startedMs } = currentRun();
  const total = totalOf(folder);
  rmSync(folder, { recursive: true, force: true });
  for (const [kind, ofKind] of Object.entries(total.toJSON())) {
    const sorted = Object.entries(ofKind).sort(([, a], [, b]) => b - a);
    process.stdout.write(`${kind}: ${sorted.map(([what, count]) => `${what} ${count}`).join(", ")}\n`);
  }
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  process.stdout.write(`${total.histories} histories in ${seconds} s, PROPERTIES_SEED=${seed}\n`);
}

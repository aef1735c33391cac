import { rmSync } from "node:fs";
import { stopProgress } from "./progress";
import { adaptorNames, currentRun } from "./run";
import { totalOf } from "./total";

/** Prints the events in the histories of all test files. */
export default function tearDown(): void {
  stopProgress();
  const { folder, seed, startedMs } = currentRun();
  const totals = adaptorNames.map((name) => ({ name, total: totalOf(folder, name) }));
  rmSync(folder, { recursive: true, force: true });
  for (const { name, total } of totals)
    for (const [category, events] of Object.entries(total.toJSON())) {
      const sorted = Object.entries(events).sort(([, a], [, b]) => b - a);
      const counts = sorted.map(([event, count]) => `${event} ${count}`);
      process.stdout.write(`${name}, ${category}: ${counts.join(", ")}\n`);
    }
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  const histories = totals.map(({ name, total }) => `${total.histories} ${name}`).join(" and ");
  process.stdout.write(`${histories} histories in ${seconds} s, PROPERTIES_SEED=${seed}\n`);
}

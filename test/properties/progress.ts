import type { Run } from "./run";
import { totalOf } from "./total";

const everyMs = 60_000;
let timer: NodeJS.Timeout | undefined;

/** Says every minute how many histories have been run, and how long the rest may take. */
export function startProgress({ folder, histories, minutes, startedMs }: Run): void {
  timer = setInterval(() => {
    const done = totalOf(folder).histories;
    if (done === 0) return;
    const minutesSoFar = (Date.now() - startedMs) / 60_000;
    const left = Math.min((minutesSoFar / done) * (histories - done), minutes - minutesSoFar);
    process.stdout.write(
      `${done} of ${histories} histories run in ${Math.round(minutesSoFar)} min, about ${Math.max(1, Math.round(left))} min left\n`,
    );
  }, everyMs);
  // A run that failed early does not wait for it.
  timer.unref();
}

export function stopProgress(): void {
  clearInterval(timer);
}

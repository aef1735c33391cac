import type { Run } from "./run";
import { totalOf } from "./total";

const everyMs = 60_000;
let timer: NodeJS.Timeout | undefined;

/** Prints every minute the number of started histories and an estimate of the remaining time. */
export function startProgress({ folder, histories, minutes, startedMs }: Run): void {
  timer = setInterval(() => {
    const started = totalOf(folder).histories;
    if (started === 0) return;
    const minutesSoFar = (Date.now() - startedMs) / 60_000;
    const left = Math.min((minutesSoFar / started) * (histories - started), minutes - minutesSoFar);
    process.stdout.write(
      `${started} of ${histories} histories started in ${Math.round(minutesSoFar)} min, about ${Math.max(1, Math.round(left))} min left\n`,
    );
  }, everyMs);
  // The timer must not delay the end of a failed run.
  timer.unref();
}

export function stopProgress(): void {
  clearInterval(timer);
}

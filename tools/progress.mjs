import { clearInterval, setInterval } from "node:timers";

const tickEveryMs = 1_000;
const lineEveryMs = 20_000;

/**
 * Says what is going on, on standard error: one line that ticks on a terminal, a line every 20 s
 * elsewhere. With `log`, a function that takes a line, it goes there instead.
 */
export function createProgress({ log, stream = process.stderr } = {}) {
  const ticking = !log && Boolean(stream.isTTY) && process.env.TERM !== "dumb";
  const say = log ?? ((line) => stream.write(`${line}\n`));

  /** Announces a slow step. `expected` tells how long it may take. */
  function start(title, expected) {
    const startedAt = Date.now();
    const elapsed = () => formatDuration(Date.now() - startedAt);
    const announcement = expected ? `${title} (${expected})` : title;
    let detail = "";
    const status = () => `${announcement}: ${detail ? `${detail}, ` : ""}${elapsed()} so far`;

    let timer;
    if (ticking) {
      const tick = () => stream.write(`\r\u001b[K${status().slice(0, (stream.columns || 80) - 1)}`);
      tick();
      timer = setInterval(tick, tickEveryMs);
    } else {
      say(`${announcement} ...`);
      timer = setInterval(() => say(`  ${detail || "still at it"}, ${elapsed()} so far`), lineEveryMs);
    }
    timer.unref();

    const end = (outcome) => {
      clearInterval(timer);
      if (ticking) stream.write("\r\u001b[K");
      say(`${title}: ${outcome}`);
    };
    return {
      update: (text) => void (detail = text),
      done: () => end(`done in ${elapsed()}`),
      failed: (why) => end(`${why ?? "failed"} after ${elapsed()}`),
    };
  }

  /** Runs `work` as a step, which ends as the work does. */
  async function step(title, expected, work) {
    const running = start(title, expected);
    try {
      const result = await work(running);
      running.done();
      return result;
    } catch (error) {
      running.failed();
      throw error;
    }
  }

  return { say, start, step };
}

function formatDuration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

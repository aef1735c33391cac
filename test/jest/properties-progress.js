const { clearInterval, setInterval } = require("node:timers");
const { historiesIn, totalOf } = require("./properties-total");

const everyMs = 60_000;
let timer;

/** Says every minute how many histories have been told, and how long the rest may take. */
function startProgress({ folder, histories, minutes, startedMs }) {
  timer = setInterval(() => {
    const told = historiesIn(totalOf(folder));
    if (told === 0) return;
    const minutesSoFar = (Date.now() - startedMs) / 60_000;
    const left = Math.min((minutesSoFar / told) * (histories - told), minutes - minutesSoFar);
    process.stdout.write(
      `${told} of ${histories} histories told in ${Math.round(minutesSoFar)} min, about ${Math.max(1, Math.round(left))} min left\n`,
    );
  }, everyMs);
  // What has failed early must not wait for it.
  timer.unref();
}

function stopProgress() {
  clearInterval(timer);
}

module.exports = { startProgress, stopProgress };

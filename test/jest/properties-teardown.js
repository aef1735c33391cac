const { rmSync } = require("node:fs");
const { stopProgress } = require("./properties-progress");
const { historiesIn, totalOf } = require("./properties-total");

/** Says what the suite's histories have met, all its test files together. */
module.exports = () => {
  stopProgress();
  const { folder, seed, startedMs } = JSON.parse(process.env.PROPERTIES_RUN);
  const total = totalOf(folder);
  rmSync(folder, { recursive: true, force: true });
  for (const [kind, ofKind] of Object.entries(total)) {
    const sorted = Object.entries(ofKind).sort(([, a], [, b]) => b - a);
    process.stdout.write(`${kind}: ${sorted.map(([what, count]) => `${what} ${count}`).join(", ")}\n`);
  }
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  process.stdout.write(`${historiesIn(total)} histories in ${seconds} s, PROPERTIES_SEED=${seed}\n`);
};

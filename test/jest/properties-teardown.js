const { readdirSync, readFileSync, rmSync } = require("node:fs");
const path = require("node:path");

/** Says what the suite's histories have met, all its test files together. */
module.exports = () => {
  const { folder, seed, startedMs } = JSON.parse(process.env.PROPERTIES_RUN);
  const total = {};
  for (const file of readdirSync(folder)) {
    const counts = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
    for (const [kind, ofKind] of Object.entries(counts)) {
      total[kind] ??= {};
      for (const [what, count] of Object.entries(ofKind))
        total[kind][what] = (total[kind][what] ?? 0) + count;
    }
  }
  rmSync(folder, { recursive: true, force: true });
  for (const [kind, ofKind] of Object.entries(total)) {
    const sorted = Object.entries(ofKind).sort(([, a], [, b]) => b - a);
    process.stdout.write(`${kind}: ${sorted.map(([what, count]) => `${what} ${count}`).join(", ")}\n`);
  }
  const histories = Object.values(total.enis ?? {}).reduce((sum, count) => sum + count, 0);
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  process.stdout.write(`${histories} histories in ${seconds} s, PROPERTIES_SEED=${seed}\n`);
};

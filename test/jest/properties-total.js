const { readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");

/** What the shards' histories have met so far, all together: counts by kind and by what it was. */
function totalOf(folder) {
  const total = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const counts = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
    for (const [kind, ofKind] of Object.entries(counts)) {
      total[kind] ??= {};
      for (const [what, count] of Object.entries(ofKind))
        total[kind][what] = (total[kind][what] ?? 0) + count;
    }
  }
  return total;
}

function historiesIn(total) {
  return Object.values(total.enis ?? {}).reduce((sum, count) => sum + count, 0);
}

module.exports = { totalOf, historiesIn };

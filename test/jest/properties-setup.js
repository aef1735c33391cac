const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { startProgress } = require("./properties-progress");

/** Decides once, for all test files of the suite, what is told: what the configuration says, unless the environment does. */
module.exports = (_globalConfig, { globals: { propertiesDefaults: defaults } }) => {
  const { PROPERTIES_HISTORIES, PROPERTIES_MINUTES, PROPERTIES_SEED, PROPERTIES_PATH } = process.env;
  const run = {
    histories: Number(PROPERTIES_HISTORIES ?? defaults.histories),
    minutes: Number(PROPERTIES_MINUTES ?? defaults.minutes),
    seed: Number(PROPERTIES_SEED ?? defaults.seed ?? Date.now() % 1_000_000_000),
    path: PROPERTIES_PATH,
    mustTellAll: PROPERTIES_MINUTES === undefined,
    folder: mkdtempSync(path.join(tmpdir(), "histories-")),
    startedMs: Date.now(),
  };
  process.env.PROPERTIES_RUN = JSON.stringify(run);
  if (run.path === undefined) startProgress(run);
};

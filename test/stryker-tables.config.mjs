import decisions from "./stryker.config.mjs";

/**
 * The same for the tables that are loaded once and for all: the codes of the API with their verdicts, and the statuses. A mutant
 * there costs a run of all tests, so only those of the tables are run.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  ...decisions,
  jest: {
    config: {
      ...decisions.jest.config,
      testMatch: ["<rootDir>/provider/src/{ecs/verdict,resource/statuses}.test.ts"],
    },
  },
  mutate: ["provider/src/ecs/verdict.ts", "provider/src/resource/statuses.ts"],
  ignoreStatic: false,
};

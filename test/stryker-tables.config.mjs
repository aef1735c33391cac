import decisions from "./stryker.config.mjs";

/**
 * The same for the tables, which are static code: the verdicts on the codes of the API, the statuses, and the modes. Only the
 * tests of the tables run.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  ...decisions,
  jest: {
    config: {
      ...decisions.jest.config,
      testMatch: ["<rootDir>/provider/src/{ecs/verdict,resource/statuses,resource/model}.test.ts"],
    },
  },
  mutate: ["provider/src/ecs/verdict.ts", "provider/src/resource/{statuses,model}.ts"],
  ignoreStatic: false,
};

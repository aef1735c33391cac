import configurationOf from "../jest.config.js";

/**
 * Mutation tests of what decides: the plan, its application and the table of errors. Stryker changes the code in one place at
 * a time, and some test has to fail. `npm run test:mutation`.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  testRunner: "jest",
  jest: { config: configurationOf("mutation") },
  coverageAnalysis: "perTest",
  mutate: ["provider/src/plan/*.ts", "provider/src/ecs/*.ts", "!**/*.test.ts"],
  // Loaded once and for all, not run in a test: a mutant there costs a run of everything.
  ignoreStatic: true,
  concurrency: 2,
  tempDirName: "test/.work/stryker",
  ignorePatterns: ["**/dist", "test/.work", ".pulumi-cli", "examples"],
  reporters: ["clear-text", "progress"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
};

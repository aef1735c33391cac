import configurationOf from "../jest.config.js";

/**
 * Mutation tests of everything that decides: the plan, the next action, the call journal, the record, the ledger and the
 * model. Stryker changes the code in one place at a time, and a unit test has to fail. `npm run test:mutation`.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  testRunner: "jest",
  jest: { config: configurationOf("mutation") },
  coverageAnalysis: "perTest",
  mutate: [
    "provider/src/plan/*.ts",
    "provider/src/resource/{next-action,limits,refused-items,call-journal,record,ledger,model}.ts",
    "!**/*.test.ts",
  ],
  // Static code is loaded once, outside the tests: each mutant there costs a run of all tests.
  ignoreStatic: true,
  concurrency: 2,
  tempDirName: "test/.work/stryker",
  ignorePatterns: ["**/dist", "test/.work", ".pulumi-cli", "examples"],
  reporters: ["clear-text", "progress"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};

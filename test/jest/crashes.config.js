/** The crashes for which the engine suite has no time. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/crashes/**/*.test.ts"],
  testTimeout: 300_000,
};

/** Whole stories with the real Pulumi engine. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
  // Much of the time is spent waiting for processes and for the network.
  maxWorkers: 2,
  testSequencer: "<rootDir>/test/jest/by-name.js",
  testTimeout: 300_000,
};

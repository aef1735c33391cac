/** The crashes for which the engine suite has no time. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/crashes/**/*.test.ts"],
  // Much of the time is spent waiting for processes and for the network.
  maxWorkers: 2,
  testTimeout: 300_000,
};

const path = require("node:path");

/** Random histories over gRPC and HTTP, judged by the emulator's world and its log of calls. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/properties/**/*.test.ts"],
  globalSetup: path.join(__dirname, "properties-setup.js"),
  globalTeardown: path.join(__dirname, "properties-teardown.js"),
  // Much of the time is spent waiting for processes and for the network.
  maxWorkers: 2,
  testTimeout: 24 * 3_600_000,
  // The same histories each time: a run that is to land a change must not fail for what another one would find.
  globals: { propertiesDefaults: { histories: 1_000, minutes: 12, seed: 1 } },
};

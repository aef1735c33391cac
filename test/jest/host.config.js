/** The provider over gRPC, in the host process that the engine starts, against the emulator. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/host/**/*.test.ts"],
  // Much of the time is spent waiting for processes and for the network.
  maxWorkers: 2,
  testTimeout: 60_000,
};

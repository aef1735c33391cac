/** The provider over gRPC, in the host process that the engine starts, against the emulator. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/host/**/*.test.ts"],
  testTimeout: 60_000,
};

/** Clients of the cloud's API that nobody here wrote, unmodified, against the emulator. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/clients/**/*.test.ts"],
  // Each starts processes of its own.
  maxWorkers: 2,
  testTimeout: 180_000,
};

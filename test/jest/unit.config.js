/** Unit tests: they stand beside the source they test. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/provider/src/**/*.test.ts", "<rootDir>/emulator/src/**/*.test.ts"],
  testTimeout: 10_000,
};

/** Random histories over gRPC and HTTP, judged by the emulator's world and its log of calls. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/properties/**/*.test.ts"],
  testTimeout: 24 * 3_600_000,
  globals: { propertiesDefaults: { histories: 1_000, minutes: 4 } },
};

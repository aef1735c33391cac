/** Random histories over gRPC and HTTP, judged by the emulator's world and its log of calls. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/properties/**/*.test.ts"],
  testTimeout: 24 * 3_600_000,
  // The same histories each time: a run that is to land a change must not fail for what another one would find.
  globals: { propertiesDefaults: { histories: 240, minutes: 3, seed: 1 } },
};

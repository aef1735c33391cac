/** Whole stories with the real Pulumi engine. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
  testTimeout: 300_000,
};

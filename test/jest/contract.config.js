/** What the client and the emulator promise each other over HTTP. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/test/contract/**/*.test.ts"],
  testTimeout: 30_000,
};

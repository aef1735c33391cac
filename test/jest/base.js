const path = require("node:path");

/** What every suite shares; a suite is one configuration, because jest's `projects` ignore `testTimeout`. */
module.exports = {
  rootDir: path.resolve(__dirname, "../.."),
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // Compiled copies of the packages live beside their sources.
  modulePathIgnorePatterns: ["<rootDir>/.*/dist/", "<rootDir>/.pulumi-cli/", "<rootDir>/test/.work/"],
  restoreMocks: true,
};

/** The unit tests of what decides, for the mutation tests. */
module.exports = {
  ...require("./base"),
  testMatch: ["<rootDir>/provider/src/{plan,resource,shared,ecs}/**/*.test.ts"],
  // A random test looks for the smallest example of each mutant that it finds, which takes minutes: these tests stand alone.
  testPathIgnorePatterns: ["\\.property\\.test\\.ts$"],
  testTimeout: 30_000,
  // Stryker's sandboxes lie in this folder.
  modulePathIgnorePatterns: ["<rootDir>/.*/dist/"],
};

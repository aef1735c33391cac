/** The unit tests of the tables that are loaded once and for all, for the mutation tests. */
module.exports = {
  ...require("./mutation.config"),
  testMatch: ["<rootDir>/provider/src/{ecs/verdict,resource/statuses}.test.ts"],
};

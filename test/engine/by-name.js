const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Sorts test files by name. Without times of an earlier run, jest starts with the largest file. `crashes.test.ts` is small
 * and slow: it would then run last, in one process alone.
 */
module.exports = class ByName extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};

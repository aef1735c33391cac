const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Files in the order of their names. Without times of an earlier run jest begins with the largest file, and so would leave the
 * kills of `crashes`, whose file is small, for one process alone at the end.
 */
module.exports = class ByName extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};

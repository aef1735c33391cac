/** The tests that also run against the native plugin. */
const forBothAdaptors = [
  ...[
    ...["life-cycle", "ownership", "count", "prefixes", "moves", "preconditions", "faults", "secrets"],
    ...["remedies", "additive", "absence", "eip", "statuses", "replacements", "missing-eni", "new-eni"],
    "call-counts",
  ].map((name) => `host/${name}`),
  ...[
    ...["crashes", "ctrl-c", "faults", "missing-eni", "model", "moves", "preconditions"],
    ...["refresh-first", "secrets", "story"],
  ].map((name) => `engine/${name}`),
  "crashes/crashes",
];

/** What differs between the suites. A suite is a configuration of its own, because jest's `projects` ignore `testTimeout`. */
const suites = {
  /** Unit tests are next to the source that they test. */
  unit: {
    testMatch: ["<rootDir>/provider/src/**/*.test.ts", "<rootDir>/emulator/src/**/*.test.ts"],
    testTimeout: 10_000,
  },
  /** HTTP between the client and the emulator; and the benchmark's own parts. */
  contract: { testMatch: [...testsIn("contract"), ...testsIn("bench")], testTimeout: 30_000 },
  /** The vendor's own clients, unmodified, against the emulator. Each starts processes. */
  clients: { testMatch: testsIn("clients"), testTimeout: 180_000 },
  /** The dynamic provider behind Pulumi's protocol, against the emulator. */
  host: { testMatch: testsIn("host"), testTimeout: 60_000 },
  /** The native plugin, against the emulator: its own tests, and those of other suites that suit both adaptors. */
  plugin: {
    testMatch: [...testsIn("plugin"), ...forBothAdaptors.map((name) => `<rootDir>/test/${name}.test.ts`)],
    testSequencer: "<rootDir>/test/engine/by-name.js",
    testTimeout: 300_000,
  },
  /** Random histories, judged by the emulator's world and its log of calls. */
  properties: {
    testMatch: testsIn("properties"),
    globalSetup: "<rootDir>/test/properties/setup.ts",
    globalTeardown: "<rootDir>/test/properties/teardown.ts",
    testTimeout: 24 * 3_600_000,
  },
  /** Whole stories with the real Pulumi engine. Most of their time is waiting for processes. */
  engine: {
    testMatch: testsIn("engine"),
    testSequencer: "<rootDir>/test/engine/by-name.js",
    testTimeout: 300_000,
  },
  /** The native plugin: its releases, and programs in other languages with the real engine. */
  languages: { testMatch: testsIn("languages"), testTimeout: 300_000 },
  /** Package managers, module systems and versions, with the real engine in folders outside the repository. */
  matrix: { testMatch: testsIn("matrix"), testTimeout: 600_000 },
  /** A team's set-up: stacks in a PostgreSQL server, several commands at the same time. */
  team: { testMatch: testsIn("team"), testTimeout: 300_000 },
  /** 1,000 ENIs with the real engine. */
  scale: { testMatch: testsIn("scale"), testTimeout: 3_600_000 },
  /** The crashes for which the engine suite has no time. */
  crashes: { testMatch: testsIn("crashes"), testTimeout: 300_000 },
  /**
   * The unit tests of what decides, for the mutation tests. A random test would look for the smallest example of each mutant,
   * which takes minutes. Stryker's sandboxes lie in test/.work.
   */
  mutation: {
    testMatch: ["<rootDir>/provider/src/{plan,resource,shared,ecs}/**/*.test.ts"],
    testPathIgnorePatterns: ["\\.property\\.test\\.ts$"],
    modulePathIgnorePatterns: ["<rootDir>/.*/dist/"],
    testTimeout: 30_000,
  },
};

function testsIn(folder) {
  return [`<rootDir>/test/${folder}/**/*.test.ts`];
}

/**
 * The configuration of a suite. jest calls it without an argument: `npx jest` runs the unit tests, and `npm test -- --suite NAME`
 * names another suite in TEST_SUITE.
 */
module.exports = function configurationOf(suite = process.env.TEST_SUITE ?? "unit") {
  if (!Object.hasOwn(suites, suite))
    throw new Error(`there is no suite ${suite}; there are ${Object.keys(suites).join(", ")}`);
  return {
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
    // Compiled copies of the packages lie beside their sources.
    modulePathIgnorePatterns: [
      "<rootDir>/.*/dist/",
      "<rootDir>/.pulumi-cli/",
      "<rootDir>/test/.work/",
      "<rootDir>/plugin/",
    ],
    restoreMocks: true,
    // Of two cores jest would use one. Most suites wait for processes and for the network.
    maxWorkers: 2,
    ...suites[suite],
  };
};

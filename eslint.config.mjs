import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** `export *` hides what a package promises; see the rule on public surfaces in CONTRIBUTING. */
const noExportAll = {
  selector: "ExportAllDeclaration",
  message: "name what is exported: `export *` hides the public surface",
};

/**
 * The folders of provider/src from top to bottom, and what the files of each must not import: imports point downwards,
 * only the adaptor knows Pulumi, only the client knows HTTP.
 */
const layers = [
  {
    folder: "tracing",
    not: ["addresses", "timing", "ecs", "ecs-client", "plan", "apply", "reconcile", "pulumi"],
  },
  { folder: "addresses", not: ["timing", "ecs", "ecs-client", "plan", "apply", "reconcile", "pulumi"] },
  { folder: "timing", not: ["addresses", "ecs", "ecs-client", "plan", "apply", "reconcile", "pulumi"] },
  { folder: "ecs", not: ["ecs-client", "plan", "apply", "reconcile", "pulumi"] },
  { folder: "ecs-client", not: ["plan", "apply", "reconcile", "pulumi"] },
  { folder: "plan", not: ["tracing", "timing", "ecs-client", "apply", "reconcile", "pulumi"] },
  { folder: "apply", not: ["ecs-client", "reconcile", "pulumi"] },
  { folder: "reconcile", not: ["ecs-client", "pulumi"] },
].map(({ folder, not }) => ({
  files: [`provider/src/${folder}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: [
              ...not.map((other) => `**/${other}/*`),
              "@pulumi/*",
              ...(folder === "ecs-client" ? [] : ["@alicloud/*", "node:http", "node:https"]),
            ],
            message: `files of ${folder}/ do not import this: see "Structure" in CONTRIBUTING.md`,
          },
        ],
      },
    ],
  },
}));

/** The two packages know nothing of each other: code that both shared would hide its mistakes from the tests. */
const strangers = [
  { files: ["emulator/**"], group: ["pulumi-alicloud-secondary-ips", "**/provider/**"] },
  {
    files: ["provider/src/*.ts", "provider/src/pulumi/**"],
    group: ["alicloud-ecs-emulator", "**/emulator/**"],
  },
].map(({ files, group }) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group, message: "provider and emulator are strangers" }] },
    ],
  },
}));

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", ".pulumi-cli/", "coverage/", "test/.work/"]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-syntax": ["error", noExportAll],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    // Tests stand beside their sources, and are no part of the packages: the tests' own project knows their types.
    files: ["provider/src/**/*.test.ts", "emulator/src/**/*.test.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "test/tsconfig.json" } },
  },
  ...layers,
  ...strangers,
  {
    // What runs in a browser: the emulator's page, and what its tests run there.
    files: ["emulator/page/*.js", "test/browser/*.mjs"],
    languageOptions: {
      globals: Object.fromEntries(
        ["document", "window", "location", "getComputedStyle", "EventSource"].map((name) => [
          name,
          "readonly",
        ]),
      ),
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "module",
          "require",
          "__dirname",
          "setTimeout",
          "clearTimeout",
          "fetch",
          "URL",
          "AbortController",
          "AbortSignal",
          "Buffer",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
);

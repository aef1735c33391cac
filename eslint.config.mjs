import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** `export *` hides what a package promises; see the rule on public surfaces in CONTRIBUTING. */
const noExportAll = {
  selector: "ExportAllDeclaration",
  message: "name what is exported: `export *` hides the public surface",
};

/** The folders of provider/src, and those that the files of each may import from: imports point down this list. */
const mayImport = {
  dynamic: ["runtime", "ecs-client", "resource", "plan", "ecs", "shared"],
  plugin: ["runtime", "ecs-client", "resource", "plan", "ecs", "shared"],
  runtime: ["ecs-client", "resource", "plan", "ecs", "shared"],
  "ecs-client": ["ecs", "shared"],
  resource: ["plan", "ecs", "shared"],
  plan: ["ecs", "shared"],
  ecs: ["shared"],
  shared: [],
};
const folders = Object.keys(mayImport);

/** Shared code would hide its mistakes from the tests. */
const noEmulator = {
  group: ["alicloud-ecs-emulator", "alicloud-ecs-emulator/*", "**/emulator/**"],
  message: "provider and emulator share no code",
};

const layers = folders.map((folder) => {
  const forbidden = folders.filter((other) => other !== folder && !mayImport[folder].includes(other));
  const adaptor = folder === "dynamic" || folder === "plugin";
  return {
    files: [`provider/src/${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            noEmulator,
            {
              group: [
                ...forbidden.map((other) => `**/${other}/*`),
                // The entry points.
                ...["index", "provider", "cli"].map((entry) => `../${entry}`),
                ...(adaptor ? [] : ["@pulumi/*"]),
                ...(folder === "ecs-client"
                  ? []
                  : ["@alicloud/*", "@darabonba/*", "node:http", "node:https"]),
              ],
              message: `files of ${folder}/ do not import this: see "Structure" in CONTRIBUTING.md`,
            },
          ],
        },
      ],
    },
  };
});

const strangers = [
  { files: ["provider/src/*.ts", "provider/src/testing/**"], patterns: [noEmulator] },
  {
    files: ["emulator/**"],
    patterns: [
      {
        group: ["pulumi-alicloud-secondary-ips", "pulumi-alicloud-secondary-ips/*", "**/provider/**"],
        message: "provider and emulator share no code",
      },
    ],
  },
].map(({ files, patterns }) => ({ files, rules: { "no-restricted-imports": ["error", { patterns }] } }));

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
    // Unit tests are next to their sources, and not part of the packages: the tests' own project knows their types.
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

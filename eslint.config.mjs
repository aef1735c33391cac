import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { importRules } from "./tools/import-rules.mjs";

/** `export *` hides what a package promises; see the rule on public surfaces in CONTRIBUTING. */
const noExportAll = {
  selector: "ExportAllDeclaration",
  message: "name what is exported: `export *` hides the public surface",
};

export default defineConfig(
  globalIgnores([
    ...["**/dist/", "**/node_modules/", ".pulumi-cli/", "coverage/", "test/.work/"],
    // No workspace: the types of @pulumi/alicloud are not there. A test with the engine compiles it.
    "examples/with-alicloud/",
    // Its SDK is generated, and the bundle is built.
    ...["examples/native/", "plugin/plugin.js", "plugin/sdk/"],
  ]),
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
  ...importRules,
  {
    // What runs in a browser: the emulator's page, and what its tests run there.
    files: ["emulator/page/*.js", "test/browser/*.mjs"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "document",
          "window",
          "location",
          "getComputedStyle",
          "EventSource",
          "performance",
          "addEventListener",
          "requestAnimationFrame",
          "innerHeight",
          "scrollTo",
        ].map((name) => [name, "readonly"]),
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

import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** `export *` hides what a package promises; see the rule on public surfaces in CONTRIBUTING. */
const noExportAll = {
  selector: "ExportAllDeclaration",
  message: "name what is exported: `export *` hides the public surface",
};

/** Forbids imports of the given folders from files of another folder. */
function mayNotImport(files, folders, why) {
  return {
    files: [files],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: folders, message: why, allowTypeImports: false }] },
      ],
    },
  };
}

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", ".pulumi-cli/", "coverage/"]),
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
      "@typescript-eslint/switch-exhaustiveness-check": "error",
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

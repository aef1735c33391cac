import { ESLint } from "eslint";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import tseslint from "typescript-eslint";
import configuration from "../eslint.config.mjs";
import { importRules, sdkFile } from "./import-rules.mjs";
import { repositoryFolder } from "./paths.mjs";

/** The folders of provider/src from the top down, as the design has them. A file imports what is below its folder. */
const layers = [
  ["dynamic", "plugin"],
  ["runtime"],
  ["ecs-client"],
  ["resource"],
  ["plan"],
  ["ecs"],
  ["shared"],
];
const folders = layers.flat();
const levelOf = (folder) => layers.findIndex((layer) => layer.includes(folder));

function isAllowed(from, to) {
  if (from === to) return true;
  if (from === "ecs-client") return ["ecs", "shared"].includes(to);
  return levelOf(from) < levelOf(to);
}

// Without types, so that the files need not exist, and a text takes milliseconds.
const linter = new ESLint({
  cwd: repositoryFolder,
  overrideConfigFile: true,
  overrideConfig: [{ files: ["**/*.ts"], languageOptions: { parser: tseslint.parser } }, ...importRules],
});

/** What the linter reports of every form of import, in the order of the forms. */
async function reports(file, source) {
  const forms = [
    `import { x } from "${source}";`,
    `import type { X } from "${source}";`,
    `export { y } from "${source}";`,
    `export type { Y } from "${source}";`,
  ];
  const [{ messages }] = await linter.lintText(forms.join("\n"), {
    filePath: path.join(repositoryFolder, file),
  });
  return messages.map(({ line, ruleId }) => `${line} ${ruleId}`);
}

const everyForm = [1, 2, 3, 4].map((line) => `${line} no-restricted-imports`);

/** The folders below this one that exist, and the folder itself. */
function foldersIn(parent) {
  const below = readdirSync(path.join(repositoryFolder, parent), { withFileTypes: true, recursive: true });
  return [
    parent,
    ...below
      .filter((one) => one.isDirectory())
      .map((one) => path.join(path.relative(repositoryFolder, one.parentPath), one.name)),
  ];
}

test("the linter's configuration has these rules, and no other rule on imports", () => {
  const rule = "no-restricted-imports";
  const configured = configuration.flatMap(({ rules }) => rules?.[rule] ?? []);
  assert.deepEqual(
    configured,
    importRules.flatMap(({ rules }) => rules[rule]),
  );
});

test("provider/src has no folder whose imports are not checked", () => {
  const known = ["provider/src", ...folders.map((folder) => `provider/src/${folder}`)];
  assert.deepEqual(
    foldersIn("provider/src").filter((folder) => !known.includes(folder)),
    [],
  );
});

for (const from of folders) {
  test(`${from}/ imports what is below it, and nothing else`, async () => {
    for (const to of folders) {
      const expected = isAllowed(from, to) ? [] : everyForm;
      for (const file of ["some", "some.test"]) {
        const source = from === to ? "./other" : `../${to}/other`;
        const found = await reports(`provider/src/${from}/${file}.ts`, source);
        assert.deepEqual(found, expected, `${file}.ts of ${from}/ imports ${source}`);
      }
    }
    for (const entry of ["../index", "../provider", "../cli", "../plugin"])
      assert.deepEqual(
        await reports(`provider/src/${from}/some.ts`, entry),
        everyForm,
        `${from}/ imports ${entry}`,
      );
  });
}

test("one file imports the SDK, and what else its folder imports", async () => {
  for (const source of [
    "@alicloud/credentials",
    "@alicloud/openapi-core/dist/utils",
    "@darabonba/typescript",
  ]) {
    assert.deepEqual(await reports(sdkFile, source), []);
    for (const folder of folders)
      assert.deepEqual(await reports(`provider/src/${folder}/some.ts`, source), everyForm, folder);
  }
  for (const source of ["../plan/other", "@pulumi/pulumi", "alicloud-ecs-emulator"])
    assert.deepEqual(await reports(sdkFile, source), everyForm);
});

test("the entry points import every folder", async () => {
  for (const to of folders) assert.deepEqual(await reports("provider/src/index.ts", `./${to}/other`), []);
});

test("no folder of the provider imports the emulator", async () => {
  for (const folder of new Set([
    ...foldersIn("provider/src"),
    ...folders.map((one) => `provider/src/${one}`),
  ]))
    for (const source of [
      "alicloud-ecs-emulator",
      "alicloud-ecs-emulator/server",
      "../../emulator/src/index",
      "../../../emulator/src/world/clock",
    ])
      assert.deepEqual(await reports(`${folder}/some.ts`, source), everyForm, `${folder} imports ${source}`);
});

test("no folder of the emulator imports the provider", async () => {
  for (const folder of foldersIn("emulator/src"))
    for (const source of [
      "pulumi-alicloud-secondary-ips",
      "pulumi-alicloud-secondary-ips/provider",
      "../../provider/src/index",
      "../../../provider/src/shared/addresses",
    ])
      assert.deepEqual(await reports(`${folder}/some.ts`, source), everyForm, `${folder} imports ${source}`);
});

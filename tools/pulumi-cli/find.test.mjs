import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { companions, findOnPath } from "./find.mjs";

/** A folder that holds a stand-in for an installed CLI of that version. */
function installCli(folder, version, names = ["pulumi", ...companions]) {
  mkdirSync(folder, { recursive: true });
  for (const name of names)
    writeFileSync(path.join(folder, name), `#!/bin/sh\necho v${version}\n`, { mode: 0o755 });
  return folder;
}

async function search(makeFolders) {
  const root = mkdtempSync(path.join(tmpdir(), "find-"));
  try {
    const folders = makeFolders((name, ...args) => installCli(path.join(root, name), ...args), root);
    return {
      root,
      ...(await findOnPath({ oldest: "3.254.0", env: { PATH: folders.join(path.delimiter) } })),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("takes the first CLI that is new enough", async () => {
  const found = await search((install) => [install("old", "3.100.0"), install("new", "3.260.0")]);
  assert.equal(found.version, "3.260.0");
  assert.equal(path.basename(found.binDir), "new");
});

test("follows a link to the folder that holds the companions", async () => {
  const found = await search((install, root) => {
    const folder = install("cellar", "3.260.0");
    mkdirSync(path.join(root, "bin"));
    symlinkSync(path.join(folder, "pulumi"), path.join(root, "bin", "pulumi"));
    return [path.join(root, "bin")];
  });
  assert.equal(path.basename(found.binDir), "cellar");
});

test("says why what it found will not do", async () => {
  const { rejected } = await search((install) => [
    install("old", "3.100.0"),
    install("alone", "3.260.0", ["pulumi"]),
    install("odd", "of your dreams"),
  ]);
  assert.match(rejected, /version 3\.100\.0, older than 3\.254\.0/);
  assert.match(rejected, /has no pulumi-language-nodejs/);
  assert.match(rejected, /does not tell its version/);
});

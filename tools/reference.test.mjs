import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { referencePage, writeReference } from "./reference.mjs";

test("docs/inputs-and-outputs.md says what the comments say; `node tools/reference.mjs` writes it", async () => {
  assert.equal(readFileSync(referencePage, "utf8"), await writeReference());
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { schemaFile, writeSchema } from "./schema.mjs";

const text = readFileSync(schemaFile, "utf8");

test("plugin/schema.json says what the comments say; `node tools/schema.mjs` writes it", async () => {
  assert.equal(text, await writeSchema());
});

test("plugin/schema.json: no description is about dynamic providers, TypeScript or the keys of another provider", () => {
  const descriptions = [...text.matchAll(/"description": "(.*)"/g)].map(([, description]) =>
    // The examples are programs, of which a test of their own takes care.
    description.replace(/\{\{% examples %\}\}.*/, ""),
  );
  assert.ok(descriptions.length > 40);
  const unwanted = /alicloud:[a-z]|dynamic|pulumi\.Input|EniProvider|EniSecondaryIpsArgs|\{@link|undefined/;
  assert.deepEqual(
    descriptions.filter((description) => unwanted.test(description)),
    [],
  );
});

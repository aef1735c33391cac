import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { draw, pictureFile, pictures } from "./pictures.mjs";

for (const [name, picture] of Object.entries(pictures)) {
  test(`docs/pictures/${name}.svg: is what node tools/pictures.mjs draws`, () => {
    assert.equal(readFileSync(pictureFile(name), "utf8"), draw(picture));
  });
}

test("docs/pictures: has no picture that the table does not have", () => {
  const files = readdirSync(path.dirname(pictureFile("any"))).sort();
  assert.deepEqual(
    files,
    Object.keys(pictures)
      .map((name) => `${name}.svg`)
      .sort(),
  );
});

import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The declarations of a built file, without comments: the public surface. */
function declarations(file: string): string {
  const location = path.resolve(__dirname, "../..", file);
  const source = ts.createSourceFile(file, readFileSync(location, "utf8"), ts.ScriptTarget.Latest);
  return ts.createPrinter({ removeComments: true }).printFile(source);
}

// A change of a snapshot is a change for users: it needs a review and a line in the CHANGELOG.
test.each([
  "provider/dist/index.d.ts",
  "provider/dist/dynamic/eni-provider.d.ts",
  "provider/dist/dynamic/eni-secondary-ips.d.ts",
  "provider/dist/dynamic/eni-secondary-ips-args.d.ts",
  "emulator/dist/index.d.ts",
  "emulator/dist/emulator.d.ts",
  "emulator/dist/test-hooks.d.ts",
])("%s: declarations equal the reviewed snapshot", (file) => {
  expect(declarations(file)).toMatchSnapshot();
});

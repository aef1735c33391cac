import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

interface Row {
  readonly trap: string;
  readonly metIn: readonly string[];
  readonly file: string;
  readonly name: string;
}

/** The rows of every table of docs/sdk-traps.md. */
const rows = read("docs/sdk-traps.md")
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\| *(trap|-+) *\|/.test(line))
  .map((line): Row => {
    const [trap = "", , metIn = "", test = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [, file = "", name = ""] = /^(\S+\.test\.ts): `(.+)`$/.exec(test) ?? [];
    return { trap, metIn: metIn.match(/\S+\.ts\b/g) ?? [], file, name };
  });

/** Whether a file contains a test with this title, or a row with this label in a `test.each`. */
function hasTest(source: string, name: string): boolean {
  return [JSON.stringify(name), `'${name}'`, `\`${name}\``].some(
    (title) => source.includes(`${title},`) || source.includes(`${title}]`),
  );
}

test("docs/sdk-traps.md: the tables have rows", () => {
  expect(rows.length).toBeGreaterThan(40);
});

test.each(rows)("docs/sdk-traps.md, $trap: the test and the source files exist", ({ metIn, file, name }) => {
  expect(name).not.toBe("");
  expect(hasTest(read(file), name)).toBe(true);
  for (const each of metIn)
    expect(["provider", "emulator"].some((one) => existsSync(path.join(root, one, "src", each)))).toBe(true);
});

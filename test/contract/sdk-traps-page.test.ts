import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

interface Entry {
  readonly trap: string;
  readonly sources: readonly string[];
  readonly file: string;
  readonly name: string;
}

/** The entries of docs/sdk-traps.md: the trap and what goes wrong, then `In SOURCES; TEST FILE: TEST`. */
const entries = read("docs/sdk-traps.md")
  .split(/^- (?=\*\*)/m)
  .slice(1)
  .map((text): Entry => {
    const line = text.split(/\n\n/)[0]?.replaceAll(/\s+/g, " ").trim() ?? "";
    const [, trap = "", sources = "", file = "", name = ""] =
      /^\*\*(.+?)\.\*\* .*\\ In (.+?); (\S+\.test\.ts): `(.+)`$/.exec(line) ?? [];
    return { trap, sources: sources.match(/\S+\.ts\b/g) ?? [], file, name };
  });

/** Whether a file contains a test with this title, or a row with this label in a `test.each`. */
function hasTest(source: string, name: string): boolean {
  return [JSON.stringify(name), `'${name}'`, `\`${name}\``].some(
    (title) => source.includes(`${title},`) || source.includes(`${title}]`),
  );
}

test("docs/sdk-traps.md: the page has entries", () => {
  expect(entries.length).toBeGreaterThan(40);
});

test.each(entries)(
  "docs/sdk-traps.md, $trap: the test and the source files exist",
  ({ sources, file, name }) => {
    expect(name).not.toBe("");
    expect(hasTest(read(file), name)).toBe(true);
    for (const each of sources)
      expect(["provider", "emulator"].some((one) => existsSync(path.join(root, one, "src", each)))).toBe(
        true,
      );
  },
);

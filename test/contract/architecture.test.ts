import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const page = read("docs/architecture.md");

/** The rows of the first table below a heading, each with its cells. */
function rowsBelow(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const lines = section.split(/\n## /)[0]?.split("\n") ?? [];
  const table = lines.filter((line) => line.startsWith("|")).slice(2);
  return table.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const stations = rowsBelow("The way of `privateIpAddresses`").map(([, functions = "", file = ""]) => ({
  file,
  names: [...functions.matchAll(/`(?:new )?(?:\w+\.)?(\w+)/g)].map(([, name]) => name ?? ""),
}));

test("the way of privateIpAddresses: the page has its stations", () => {
  expect(stations.length).toBeGreaterThan(10);
});

test.each(stations)("the way of privateIpAddresses: $file has $names", ({ file, names }) => {
  const source = read(path.join("provider/src", file));
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
});

test("the table of the state: the page has the table of record.ts", () => {
  const comment = read("provider/src/resource/record.ts")
    .split("\n")
    .filter((line) => line.startsWith(" * |"))
    .slice(2)
    .map((line) => line.replace(/\s+/g, " ").replace(/^ \* /, ""));
  const rows = rowsBelow("Contents of the state").map((cells) => `| ${cells.join(" | ")} |`);
  expect(rows.map((row) => row.replace(/\s+/g, " "))).toEqual(comment.map((row) => row.trim()));
});

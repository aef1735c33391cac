import { existsSync, readdirSync, readFileSync } from "node:fs";
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

/** The modules of a folder, each with the modules that it imports, types included. */
function importsIn(folder: string): Map<string, readonly string[]> {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
  const modules = files.filter((file) => file.endsWith(".ts")).map((file) => path.join(folder, file));
  return new Map(
    modules.map((file) => {
      const named = [...read(file).matchAll(/ from "(\.[^"]+)"/g)].map(([, name = ""]) => name);
      const imported = named.map((name) => path.join(path.dirname(file), `${name}.ts`));
      return [file, imported.filter((other) => existsSync(path.join(root, other)))];
    }),
  );
}

test("emulator: no module imports itself through others", () => {
  const imports = importsIn("emulator/src");
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" → "));
    if (way.includes(file) || done.has(file)) return;
    for (const other of imports.get(file) ?? []) visit(other, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  expect(imports.size).toBeGreaterThan(50);
  expect(circles).toEqual([]);
});

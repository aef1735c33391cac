import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
/** All tracked Markdown files that exist in the work tree. */
const files = execFileSync("git", ["ls-files", "-z", "--", "*.md"], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter((file) => file !== "" && !/(^|\/)node_modules\//.test(file) && existsSync(path.join(root, file)));

/** The text of a file without code, because code may look like a link. */
function prose(file: string): string {
  return readFileSync(path.join(root, file), "utf8")
    .replaceAll(/^```[^]*?^```/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
}

/** The anchors of a file's headings on GitHub: https://docs.github.com/en/get-started/writing-on-github */
function anchors(file: string): string[] {
  return [...prose(file).matchAll(/^#+ +(.+)$/gm)].map(([, title = ""]) =>
    title
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

const links = files.flatMap((file) =>
  [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ file, target })),
);

test("documentation: has links into the repository, also from docs/decisions", () => {
  expect(links.length).toBeGreaterThan(30);
  expect(links.map(({ file }) => path.dirname(file))).toContain("docs/decisions");
});

test.each(links)("$file: $target, exists with its anchor", ({ file, target }) => {
  const [location = "", anchor] = target.split("#");
  const found = location === "" ? file : path.join(path.dirname(file), location);
  expect(existsSync(path.join(root, found))).toBe(true);
  expect(statSync(path.join(root, found)).isDirectory()).toBe(location.endsWith("/"));
  if (anchor !== undefined) expect(anchors(found)).toContain(anchor);
});

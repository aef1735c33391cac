import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const docs = readdirSync(path.join(root, "docs")).filter((name) => name.endsWith(".md"));
const files = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "provider/README.md", "emulator/README.md"],
  ...docs.map((name) => `docs/${name}`),
];

/** A text without its examples: what looks like a link in a program is none. */
function prose(file: string): string {
  return readFileSync(path.join(root, file), "utf8")
    .replaceAll(/^```[^]*?^```/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
}

/** The anchors that GitHub gives a file's headings: https://docs.github.com/en/get-started/writing-on-github */
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

test("the documentation has links into the repository", () => {
  expect(links.length).toBeGreaterThan(30);
});

test.each(links)("$file: $target is there", ({ file, target }) => {
  const [location = "", anchor] = target.split("#");
  const found = location === "" ? file : path.join(path.dirname(file), location);
  expect(existsSync(path.join(root, found))).toBe(true);
  expect(statSync(path.join(root, found)).isDirectory()).toBe(location.endsWith("/"));
  if (anchor !== undefined) expect(anchors(found)).toContain(anchor);
});

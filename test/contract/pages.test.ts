import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setUps } from "../matrix/set-ups";
import {
  blocksIn,
  blocksOf,
  missingLine,
  pages,
  repository,
  shellFor,
  scriptOf,
  sessionOf,
  type Block,
} from "../support/documentation";
import { runCommand } from "../support/run-command";

const blocks = pages.flatMap(blocksOf);
const where = ({ page, line }: Block) => `${page}:${line}`;
const notRun = blocks.flatMap((block) =>
  block.notRun === undefined ? [] : [{ where: where(block), reason: block.notRun }],
);

/** Languages of blocks that hold no commands. Commands are in `sh` blocks, so that a test runs them. */
const languages = ["go", "hcl", "json", "python", "sh", "text", "ts", "yaml"];

test("pages: every block is of a known language", () => {
  expect(blocks.length).toBeGreaterThan(20);
  expect(blocks.filter(({ language }) => !languages.includes(language)).map(where)).toEqual([]);
});

test("pages: every sh block is in the session of its page, or is marked", () => {
  const commands = blocks.filter(({ language }) => language === "sh");
  const inSession = pages.flatMap(sessionOf).filter(({ language }) => language === "sh");
  expect(inSession.map(where)).toEqual(commands.filter((block) => block.notRun === undefined).map(where));
  expect(commands.length - inSession.length).toBeLessThanOrEqual(notRun.length);
});

test("pages: output follows commands of the same page", () => {
  const orphans = pages.filter(
    (page) => blocksOf(page).find(({ output, language }) => output || language === "sh")?.output,
  );
  expect(orphans).toEqual([]);
});

test("pages: at most 15 blocks are not run", () => {
  expect(notRun.slice(15)).toEqual([]);
});

test("package managers: the page has a row for each set-up", () => {
  const page = readFileSync(path.join(repository, "docs/package-managers.md"), "utf8");
  const rows = page.split("\n").map((line) => line.split("|")[1]?.trim());
  expect(setUps.filter(({ title }) => rows.filter((row) => row === title).length !== 1)).toEqual([]);
});

test("changelog: at most ten entries wait for the next release", () => {
  const [, unreleased = ""] = readFileSync(path.join(repository, "CHANGELOG.md"), "utf8").split(/^## .*$/m);
  const entries = unreleased.match(/^- /gm) ?? [];
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.slice(10)).toEqual([]);
});

test.each(notRun)("not run: $where, $reason", ({ reason }) => {
  expect(reason.split(" ").length).toBeGreaterThan(2);
});

describe("the blocks of the pages, as files", () => {
  let folder: string;
  beforeAll(() => {
    const work = path.join(repository, "test/.work");
    mkdirSync(work, { recursive: true });
    folder = mkdtempSync(path.join(work, "blocks-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes the blocks of a language: those of one page into one folder, so that they can import each other. */
  function write(language: string): string[] {
    const written = new Set<string>();
    for (const block of blocks.filter((one) => one.language === language)) {
      const page = path.join(folder, block.page.replaceAll(/[/.]/g, "-"));
      const own = path.join(page, block.file ?? `line-${block.line}.${language}`);
      // A page may write a file twice.
      const file = written.has(own) ? own.replace(/(\.\w+)$/, `-line-${block.line}$1`) : own;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, block.code);
      written.add(file);
    }
    return [...written];
  }

  async function run(tool: string, ...args: string[]): Promise<string> {
    const command = path.join(repository, "node_modules", tool);
    const result = await runCommand(process.execPath, [command, ...args], { cwd: folder, env: process.env });
    return result.exitCode === 0 ? "" : result.output;
  }

  test("ts: the blocks compile", async () => {
    expect(write("ts").length).toBeGreaterThan(0);
    const compilerOptions = {
      ...{ target: "es2022", module: "esnext", moduleResolution: "bundler", moduleDetection: "force" },
      ...{ strict: true, skipLibCheck: true, noEmit: true, types: ["node", "jest"] },
    };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    expect(await run("typescript/bin/tsc", "-p", ".")).toBe("");
  }, 120_000);

  test.each(["json", "yaml"])("%s: the blocks can be parsed", async (language) => {
    const files = write(language);
    if (files.length === 0) return;
    // Prettier reads both languages. Only the syntax matters here.
    const output = await run(
      "prettier/bin/prettier.cjs",
      "--ignore-path",
      "none",
      "--list-different",
      ...files,
    );
    expect(output.split("\n").filter((line) => line.startsWith("[error]"))).toEqual([]);
  });
});

const page = `
Text.

\`\`\`ts file=src/index.ts
a;
\`\`\`

- In a list:

  <!-- not run: needs a cloud account -->
  \`\`\`sh
  pulumi login
  \`\`\`

  \`\`\`text output
  Logged in
  \`\`\`

\`\`\`sh
echo 1
\`\`\`

\`\`\`text
no output
\`\`\`

\`\`\`text output
1
\`\`\`
`;

test("blocks of a text: have language, file, reason and the indentation of the list removed", () => {
  expect(blocksIn(page, "page.md")).toMatchObject([
    { language: "ts", file: "src/index.ts", line: 4, code: "a;\n", output: false },
    { language: "sh", notRun: "needs a cloud account", code: "pulumi login\n", line: 11 },
    { language: "text", output: true },
    { language: "sh", code: "echo 1\n" },
    { language: "text", output: false },
    { language: "text", output: true, code: "1\n" },
  ]);
});

test("script of a session: cd, export and background jobs last, the first failure ends it", async () => {
  const block = { page: "page.md", language: "sh", output: false };
  const session = [
    {
      ...block,
      line: 1,
      code: "cd /\nexport A=1\ntail -f /dev/null &\ntail -f /dev/null &\n",
    },
    { ...block, line: 5, code: 'echo "$PWD $A"\nkill %1\n' },
    { ...block, line: 9, code: "false\necho after\n" },
  ];
  const folder = mkdtempSync(path.join(tmpdir(), "session-"));
  const script = path.join(folder, "script");
  writeFileSync(
    script,
    scriptOf(session, () => ""),
  );
  const result = await runCommand("bash", shellFor(script), { cwd: folder, env: process.env });
  rmSync(folder, { recursive: true });
  expect(result.exitCode).toBe(1);
  expect(result.output).toContain("/ 1\n");
  expect(result.output).not.toContain("after");
});

test.each([
  ["a line", "b", undefined],
  ["lines in their order", "a\nc", undefined],
  ["lines in another order", "c\na", "a"],
  ["a part of a line", "is", "is"],
  ["a duration", "d is 12ms", undefined],
  ["a duration in minutes", "d is 1m2s", undefined],
  ["another word before a duration", "e is 3s", "e is 3s"],
  ["an ellipsis", "… is …", undefined],
  ["an ellipsis for no line", "a\n…\nb", undefined],
  ["an ellipsis for two lines", "a\n…\nd is 1s", undefined],
  ["a port", "http://127.0.0.1:4300/", undefined],
  ["other white space", "d  is  5s", undefined],
])("shown output: %s", (_what, shown, missing) => {
  expect(missingLine(shown, "a\n b\nc\nd is 3.4s\nhttp://127.0.0.1:8080/\n")).toBe(missing);
});

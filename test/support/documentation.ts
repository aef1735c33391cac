import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const repository = path.resolve(__dirname, "../..");

/** A code block of a page. */
export interface Block {
  readonly page: string;
  /** The line of the opening fence. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The file that the block is written to. */
  readonly file?: string;
  /** The reason why no test runs the block. */
  readonly notRun?: string;
  /** Whether the block shows what the commands before it print. */
  readonly output: boolean;
}

const forContributors = ["architecture.md", "sdk-traps.md", "package-managers.md"];

/** The pages for users, in the order in which a reader meets them. */
export const pages: readonly string[] = [
  "README.md",
  "emulator/README.md",
  ...readdirSync(path.join(repository, "docs"))
    .filter((name) => name.endsWith(".md") && !forContributors.includes(name))
    .sort()
    .map((name) => `docs/${name}`),
  "examples/README.md",
  ...["examples", "examples/native"]
    .flatMap((folder) =>
      readdirSync(path.join(repository, folder)).map((name) => `${folder}/${name}/README.md`),
    )
    .filter((page) => existsSync(path.join(repository, page))),
];

const fence = /^( *)```([^\s`]*) *(.*)\n([^]*?)^ *```$/gm;
const mark = /<!-- not run: (.+?) -->\s*$/;

/** The code blocks of a text, in its order. */
export function blocksIn(text: string, page: string): Block[] {
  return [...text.matchAll(fence)].map((found) => {
    const [, indent = "", language = "", info = "", code = ""] = found;
    const before = text.slice(0, found.index);
    const file = /^file=(\S+)$/.exec(info)?.[1];
    const notRun = mark.exec(before)?.[1];
    return {
      ...{ page, language },
      line: before.split("\n").length,
      code: code.replaceAll(new RegExp(`^ {${indent.length}}`, "gm"), ""),
      ...(file === undefined ? {} : { file }),
      ...(notRun === undefined ? {} : { notRun }),
      output: info === "output",
    };
  });
}

/** The code blocks of a page. */
export function blocksOf(page: string): Block[] {
  return blocksIn(readFileSync(path.join(repository, page), "utf8"), page);
}

/** The blocks of a page that are a session: files, commands, and what the commands print. */
export function sessionOf(page: string): Block[] {
  const session: Block[] = [];
  let commands: Block | undefined;
  for (const block of blocksOf(page)) {
    if (block.language === "sh") commands = block;
    const skipped = block.notRun !== undefined || (block.output && commands?.notRun !== undefined);
    if (!skipped && (block.language === "sh" || block.file !== undefined || block.output))
      session.push(block);
  }
  return session;
}

const heading = (block: Block) => `----- ${block.page}:${block.line}`;

/**
 * Arguments of bash that run a session's script, and then end its background jobs: they are in the session of this shell.
 * A trap in the script would do that too early: bash also runs it in a job that is killed before its command starts.
 */
export const shellFor = (script: string): string[] => [
  "-c",
  `bash -euo pipefail "$1"; code=$?; trap "" TERM; pkill -TERM -s $$ || true; exit $code`,
  "session",
  script,
];

/**
 * The script of a session: one shell for all blocks, so that `cd`, `export` and background jobs last. It ends at the first
 * command that fails.
 * @param written - returns the path of a file with this text
 */
export function scriptOf(session: readonly Block[], written: (text: string) => string): string {
  const lines = [
    "exec 2>&1",
    // As in a terminal: `kill %1` also ends the children of a job.
    "set -m",
  ];
  for (const block of session.filter(({ output }) => !output)) {
    lines.push(`echo '${heading(block)}'`);
    if (block.file !== undefined) {
      lines.push(`mkdir -p "$(dirname '${block.file}')"`, `cat '${written(block.code)}' > '${block.file}'`);
      continue;
    }
    lines.push(block.code.trimEnd());
    // A reader is slower than a script.
    const port = /alicloud-ecs-emulator .*--port (\d+).*&$/m.exec(block.code)?.[1];
    if (port !== undefined)
      lines.push(
        `curl -sSf --retry 9 --retry-connrefused --retry-max-time 30 http://127.0.0.1:${port}/_emulator/health`,
      );
  }
  return `${lines.join("\n")}\n`;
}

/** What differs from run to run, and what matches it. */
const loose = [
  ["…", ".*"],
  [String.raw`\b\d+(?:\.\d+)?(?:m?s|m\d+s)\b`, String.raw`\d+(?:\.\d+)?(?:m?s|m\d+s)`],
  [String.raw`127\.0\.0\.1:\d+`, String.raw`127\.0\.0\.1:\d+`],
  [String.raw`"pid":\d+`, String.raw`"pid":\d+`],
  [String.raw`\b[0-9A-F]{8}-[0-9A-F-]{27}\b`, "[0-9A-F]{8}-[0-9A-F-]{27}"],
  [String.raw`[ \t]+`, String.raw`\s+`],
] as const;
const anyLoose = new RegExp(loose.map(([pattern]) => `(${pattern})`).join("|"), "g");

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** A pattern for one line of shown output. */
function patternOf(line: string): RegExp {
  let [pattern, rest] = ["", 0];
  for (const found of line.matchAll(anyLoose)) {
    const groups: readonly (string | undefined)[] = found.slice(1);
    pattern += escaped(line.slice(rest, found.index));
    pattern += loose[groups.findIndex((group) => group !== undefined)]?.[1] ?? "";
    rest = found.index + found[0].length;
  }
  return new RegExp(`^${pattern}${escaped(line.slice(rest))}$`);
}

/** The first line of `shown` that `printed` does not have in this order. */
export function missingLine(shown: string, printed: string): string | undefined {
  const lines = printed.split("\n").map((line) => line.trim());
  for (const line of shown.split("\n").map((one) => one.trim())) {
    // An ellipsis alone is any number of lines.
    if (line === "" || line === "…") continue;
    const pattern = patternOf(line);
    const index = lines.findIndex((one) => pattern.test(one));
    if (index === -1) return line;
    lines.splice(0, index + 1);
  }
  return undefined;
}

/** What each block printed, by its line, from the output of a session. */
export function printedBy(session: readonly Block[], output: string): Map<number, string> {
  const printed = new Map<number, string>();
  for (const block of session) {
    const [, after] = output.split(`${heading(block)}\n`);
    if (after !== undefined) printed.set(block.line, after.split(/^----- /m)[0] ?? "");
  }
  return printed;
}

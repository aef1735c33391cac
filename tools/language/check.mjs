/** Finds phrases of the list in the texts of files: `node tools/language/check.mjs` prints each with its place. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isEntryPoint, runEntryPoint } from "../entry-point.mjs";
import { repositoryFolder } from "../paths.mjs";
import { exceptions, phrases } from "./phrases.mjs";
import { isRead, textsOf } from "./texts.mjs";

const patterns = phrases.map(({ pattern, write }) => ({
  pattern: new RegExp(pattern.source.replaceAll(" ", "\\s+"), "gi"),
  write,
}));

/** The phrases in one file, in the order of the file: line, phrase, and what to write instead. */
export function findPhrases(file, content) {
  const found = textsOf(file, content).flatMap(({ offset, text }) =>
    patterns.flatMap(({ pattern, write }) =>
      [...text.matchAll(pattern)].map((match) => ({ index: offset + match.index, phrase: match[0], write })),
    ),
  );
  return found
    .sort((a, b) => a.index - b.index)
    .map(({ index, phrase, write }) => ({
      line: content.slice(0, index + phrase.search(/\S/)).split("\n").length,
      phrase: phrase.replaceAll(/^["'`.;:\s]+|\s+$/g, "").replaceAll(/\s+/g, " "),
      write,
    }));
}

/**
 * One line for each problem: a phrase in a file that is no exception, and an exception without a phrase.
 * @param files - pairs of path and content
 */
export function checkLanguage(files, exceptionPaths = Object.keys(exceptions)) {
  const needed = new Set();
  const problems = [];
  for (const [file, content] of files) {
    const findings = findPhrases(file, content);
    const covering = exceptionPaths.filter((entry) => covers(entry, file));
    if (findings.length > 0) covering.forEach((entry) => needed.add(entry));
    if (covering.length > 0) continue;
    for (const { line, phrase, write } of findings) {
      problems.push(`${file}:${line}: "${phrase}"; write instead: ${write}`);
    }
  }
  for (const entry of exceptionPaths.filter((entry) => !needed.has(entry))) {
    problems.push(`tools/language/phrases.mjs: the exception ${entry} has no finding any more; remove it`);
  }
  return problems;
}

function covers(entry, file) {
  return entry.endsWith("/") ? file.startsWith(entry) : file === entry;
}

/** The files that git knows or would add. */
export function readFiles() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: repositoryFolder,
    encoding: "utf8",
  });
  return [...new Set(listed.split("\n"))]
    .filter((file) => isRead(file) && existsSync(path.join(repositoryFolder, file)))
    .map((file) => [file, readFileSync(path.join(repositoryFolder, file), "utf8")]);
}

function checkAll() {
  const problems = checkLanguage(readFiles());
  problems.forEach((problem) => process.stdout.write(`${problem}\n`));
  return problems.length > 0 ? 1 : 0;
}

if (isEntryPoint(import.meta.url)) await runEntryPoint(checkAll, { usage: "node tools/language/check.mjs" });

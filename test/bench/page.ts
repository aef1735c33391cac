import { callCount } from "./bounds";
import { round } from "./results";
import type { Results, Row } from "./results";
import { callsByKind, seconds } from "./table";

const begin = "<!-- Written by `npm run bench -- --docs`. -->";
const end = "<!-- End of the figures. -->";

/** Puts the figures of a run into the text of a page; by the pages' names in the repository. */
export const pages: Readonly<Record<string, (text: string, results: Results) => string>> = {
  "docs/performance.md": (text, results) => between(text, figuresOf(results)),
  "docs/scale.md": (text, results) => between(text, figuresOfThousand(results)),
  "README.md": withRows,
};

/** Replaces what is between the two marks. */
function between(text: string, figures: string): string {
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after === -1) throw new Error(`the page needs the lines ${begin} and ${end}`);
  return `${text.slice(0, before + begin.length)}\n\n${figures}\n\n${text.slice(after)}`;
}

/** Fills the rows of a table that begin with the name of a work and of a command: the calls, and the time of the whole command. */
function withRows(text: string, { rows }: Results): string {
  return text.replace(/^\| ([^|]+: [^|]+?) +\|.*$/gm, (line, label: string) => {
    const ofWork = rows.filter(({ work, step }) => `${work}: ${step}` === label);
    if (ofWork.length === 0)
      throw new Error(`the README has a row "${label}", and the run has no such command`);
    const figures = (["dynamic", "native"] as const).map((name) => {
      const found = ofWork.find(({ contender }) => contender === name)?.figures;
      return found === undefined ? "failed" : `${callCount(found)} calls, ${seconds(found.wallMs)}`;
    });
    const widths = line.split("|").map((cell) => cell.length - 2);
    return lineOf([label, ...figures], widths.slice(1, -1));
  });
}

/** What the dynamic provider needs for 1,000 ENIs. */
function figuresOfThousand({ command, machine, rows }: Results): string {
  const ofWork = rows.filter(({ work, contender }) => work === "1,000 ENIs" && contender === "dynamic");
  if (ofWork.length === 0) throw new Error("the run has no work with 1,000 ENIs");
  const body = ofWork.map(({ step, figures }) => {
    if (figures === undefined) return [step, "failed", "", "", ""];
    const { read, assign, unassign, other } = callsByKind(figures.calls);
    const calls = Object.entries({ assigns: assign, unassigns: unassign, reads: read, others: other });
    return [
      step,
      calls
        .flatMap(([noun, count]) => (count > 0 ? [`${count.toLocaleString("en")} ${noun}`] : []))
        .join(", "),
      seconds(figures.wallMs),
      figures.memoryMiB === undefined ? "" : `${figures.memoryMiB} MiB`,
      `${round(figures.stateBytes / 1_000_000, 1)} MB`,
    ];
  });
  return [
    `- Command: \`${command}\`.\n- Machine: ${machine}.`,
    markdownTable([["command", "calls", "time", "memory", "state"], ...body]),
  ].join("\n\n");
}

function figuresOf({ command, machine, emptyMs, engineMs, loading, rows }: Results): string {
  const works = [...new Set(rows.map(({ work }) => work))];
  const engine = Object.entries(engineMs).map(([name, ms]) => `${name} ${seconds(ms)}`);
  return [
    [
      `- Command: \`${command}\`.`,
      `- Machine: ${machine}.`,
      `- \`pulumi up\` of an empty stack: ${seconds(emptyMs)}.`,
      ...(engine.length === 0
        ? []
        : [`- 1,000 resources of \`@pulumi/random\`, above an empty stack: ${engine.join(", ")}.`]),
      `- Loading: ${loading.map(({ contender, ms }) => `${contender} ${ms} ms`).join(", ")}.`,
    ].join("\n"),
    ...works.map((work) =>
      workOf(
        work,
        rows.filter((row) => row.work === work),
      ),
    ),
  ].join("\n\n");
}

function workOf(work: string, rows: readonly Row[]): string {
  const [{ runs } = { runs: 0 }] = rows;
  const head = ["command", "provider", "calls", "lower bound", "ratio", "time", "CPU", "memory", "state"];
  const body = rows.map(({ step, contender, lowerBound, ratio, figures }) => {
    const label = contender === "dynamic" ? step : "";
    if (figures === undefined) return [label, contender, "failed", String(lowerBound), "", "", "", "", ""];
    const { cpuMs, memoryMiB, stateBytes, aboveEmptyMs } = figures;
    return [
      ...[
        label,
        contender,
        String(callCount(figures)),
        String(lowerBound),
        String(ratio),
        seconds(aboveEmptyMs),
      ],
      cpuMs === undefined ? "" : seconds(cpuMs),
      memoryMiB === undefined ? "" : `${memoryMiB} MiB`,
      `${round(stateBytes / 1000)} kB`,
    ];
  });
  return `### ${work}\n\n${runs === 1 ? "One run" : `Medians of ${runs} runs`}:\n\n${markdownTable([head, ...body])}`;
}

/** As prettier formats it. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? "").length)),
  );
  const [head = [], ...body] = rows;
  const lines = [head, widths.map((width) => "-".repeat(width)), ...body];
  return lines.map((cells) => lineOf(cells, widths)).join("\n");
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
}

import { callCount } from "./bounds";
import { round } from "./results";
import type { Results, Row } from "./results";
import { seconds } from "./table";

const begin = "<!-- Written by `npm run bench -- --docs`. -->";
const end = "<!-- End of the figures. -->";

/** A page with the figures of a run between its two marks. */
export function pageWith(page: string, results: Results): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before === -1 || after === -1) throw new Error(`the page needs the lines ${begin} and ${end}`);
  return `${page.slice(0, before + begin.length)}\n\n${figuresOf(results)}\n\n${page.slice(after)}`;
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
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

import Table from "cli-table3";
import type { Verdict } from "./bounds";
import { contenders } from "./contenders";
import { round } from "./results";
import type { Results, Row } from "./results";

const head = [
  "",
  "",
  "read",
  "assign",
  "un-\nassign",
  "other",
  "lower\nbound",
  "ratio",
  "time",
  "above\nempty",
];
const usage = ["CPU", "MiB", "state\nkB", "bounds"];

/** The table in the terminal. */
export function tableOf({
  machine,
  command,
  latencyMs,
  parallel,
  emptyMs,
  engineMs,
  loading,
  rows,
}: Results): string {
  const table = new Table({
    head: [...head, ...usage],
    colAligns: ["left", "left", ...Array.from({ length: 11 }, () => "right" as const), "left"],
    style: { head: [], border: [], compact: true },
  });
  let work = "";
  for (const row of rows) {
    if (row.work !== work) table.push([{ colSpan: head.length + usage.length, content: row.work }]);
    work = row.work;
    table.push(cellsOf(row));
  }
  const engine = Object.entries(engineMs).map(([step, ms]) => `${step} ${seconds(ms)}`);
  return [
    `${command} on ${machine}`,
    `each call takes ${latencyMs} ms, --parallel ${parallel}; up of an empty stack: ${seconds(emptyMs)}`,
    ...(engine.length === 0
      ? []
      : [`1,000 resources of @pulumi/random, above an empty stack: ${engine.join(", ")}`]),
    `loading: ${loading
      .map(({ contender, ms, verdict }) =>
        [contender, `${ms} ms`, ...(verdict === undefined ? [] : [describe(verdict)])].join(" "),
      )
      .join(", ")}`,
    table.toString(),
  ].join("\n");
}

function cellsOf({ step, contender, lowerBound, ratio, figures, failure, verdicts = [] }: Row) {
  const name = contenders[contender].title.replace(" dynamic provider", "").replace(/ \w+$/, "");
  const label = contender === "dynamic" ? step : "";
  if (figures === undefined) {
    const reason = /error: (.*)/.exec(failure ?? "")?.[1] ?? "failed";
    return [label, name, { colSpan: 12, content: `failed: ${reason.slice(0, 80)}` }];
  }
  const { read, assign, unassign, other } = callsByKind(figures.calls);
  return [
    ...[label, name, read, assign, unassign, other, lowerBound, ratio],
    ...[seconds(figures.wallMs), seconds(figures.aboveEmptyMs)],
    figures.cpuMs === undefined ? "" : seconds(figures.cpuMs),
    figures.memoryMiB ?? "",
    round(figures.stateBytes / 1000),
    verdicts.map(describe).join("\n"),
  ];
}

function describe({ figure, unit, value, limit, isHeld }: Verdict): string {
  const text = `${figure} ${round(value)} ≤ ${round(limit)} ${unit}`.trim();
  return isHeld ? text : `${text}: NOT HELD`;
}

/** The calls in four columns. A read is a DescribeNetworkInterfaces. */
export function callsByKind(calls: Readonly<Record<string, number>>) {
  const {
    DescribeNetworkInterfaces: read = 0,
    AssignPrivateIpAddresses: assign = 0,
    UnassignPrivateIpAddresses: unassign = 0,
    ...others
  } = calls;
  return { read, assign, unassign, other: Object.values(others).reduce((sum, count) => sum + count, 0) };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** The report about a set of stacks. Pure: nothing here knows the Automation API or the terminal. */
import type { StepEventMetadata, StepEventStateMetadata } from "@pulumi/pulumi/automation";

/** One resource whose addresses or prefixes differ from the state. */
export interface Drift {
  readonly resource: string;
  readonly urn: string;
  readonly networkInterfaceId: string;
  /** In the state, but not on the ENI. */
  readonly lost: readonly string[];
  /** On the ENI, but not in the state. */
  readonly gained: readonly string[];
  /** The list is a secret. Pulumi reports that it changed, but not how. */
  readonly secret?: true;
  /** The ENI does not exist any more. */
  readonly gone?: true;
}

export type Status = "unchanged" | "drifted" | "repaired" | "failed" | "cancelled";

/** The result for one stack. A stack that failed also reports the drift that was found before. */
export interface StackReport {
  readonly stack: string;
  readonly status: Status;
  readonly drifts: readonly Drift[];
  readonly error?: string;
}

export const formats = ["text", "json", "markdown"] as const;
export type Format = (typeof formats)[number];
export type Paint = (colour: "green" | "yellow" | "red", text: string) => string;
const plain: Paint = (_colour, text) => text;

/** The drift in one step of a previewed refresh, if there is any. */
export function driftOf({ op, type, urn, old, new: now }: StepEventMetadata): Drift | undefined {
  if (!type.endsWith(":EniSecondaryIps") || old === undefined) return undefined;
  const before = itemsOf(old);
  const after = itemsOf(now);
  const drift = {
    resource: urn.split("::").slice(3).join("::"),
    urn,
    networkInterfaceId: old.id,
    lost: before.items.filter((item) => !after.items.includes(item)),
    gained: after.items.filter((item) => !before.items.includes(item)),
  };
  if (op === "delete") return { ...drift, gone: true };
  if (before.secret || after.secret)
    return op === "update" ? { ...drift, lost: [], gained: [], secret: true } : undefined;
  return drift.lost.length + drift.gained.length > 0 ? drift : undefined;
}

/** The addresses and prefixes of a resource. A secret list is an object, without its items. */
function itemsOf(state: StepEventStateMetadata | undefined): { items: string[]; secret: boolean } {
  const lists: unknown[] = [state?.outputs.privateIpAddresses ?? [], state?.outputs.ipv4Prefixes ?? []];
  return {
    items: lists.flatMap((list) => (Array.isArray(list) ? (list as string[]) : [])),
    secret: !lists.every(Array.isArray),
  };
}

/** The exit code for schedulers. A failure is more urgent than drift. */
export function exitCodeOf(reports: readonly StackReport[]): number {
  const has = (status: Status) => reports.some((report) => report.status === status);
  return has("failed") || has("cancelled") ? 3 : has("drifted") ? 1 : 0;
}

/** The report in one of the formats, with a line break at its end. */
export function render(format: Format, reports: readonly StackReport[], paint = plain): string {
  switch (format) {
    case "json":
      return `${JSON.stringify({ exitCode: exitCodeOf(reports), stacks: reports }, undefined, 2)}\n`;
    case "markdown":
      return markdown(reports);
    case "text":
      return [...reports.map((report) => textOf(report, paint)), summaryOf(reports)].join("\n") + "\n";
  }
}

/** One line for a stack, such as `team-a:prod: drifted`. */
export function headline({ stack, status, error }: StackReport, paint = plain): string {
  const colour =
    status === "failed" ? "red" : status === "unchanged" || status === "repaired" ? "green" : "yellow";
  return `${stack}: ${paint(colour, status)}${error === undefined ? "" : `: ${error}`}`;
}

function textOf(report: StackReport, paint: Paint): string {
  const lines = report.drifts.map((drift) => {
    const { resource, networkInterfaceId } = drift;
    return `  ${resource} (${networkInterfaceId}): ${changesOf(drift)}`;
  });
  return [headline(report, paint), ...lines].join("\n");
}

function changesOf({ lost, gained, secret, gone }: Drift): string {
  return [
    ...(gone ? ["the ENI is gone"] : []),
    ...(secret ? ["the secret list changed"] : []),
    ...(lost.length > 0 ? [`lost ${lost.join(", ")}`] : []),
    ...(gained.length > 0 ? [`gained ${gained.join(", ")}`] : []),
  ].join("; ");
}

function summaryOf(reports: readonly StackReport[]): string {
  const counts = (["unchanged", "drifted", "repaired", "failed", "cancelled"] as const)
    .map((status) => ({ status, count: reports.filter((report) => report.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`);
  return `${reports.length} ${reports.length === 1 ? "stack" : "stacks"}: ${counts.join(", ")}`;
}

function markdown(reports: readonly StackReport[]): string {
  const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rows = reports.flatMap(({ stack, status, drifts, error }) => [
    ...(drifts.length === 0 || error !== undefined ? [row(stack, status, "", "", error ?? "")] : []),
    ...drifts.map((drift) => row(stack, status, drift.resource, drift.networkInterfaceId, changesOf(drift))),
  ]);
  const head = [row("stack", "status", "resource", "ENI", "changes"), row("---", "---", "---", "---", "---")];
  return `## ${summaryOf(reports)}\n\n${[...head, ...rows].join("\n")}\n`;
}

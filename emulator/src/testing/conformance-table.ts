import type { Action } from "../actions/action";
import type { ConformanceStatus } from "../actions/conformance";

const order: readonly ConformanceStatus[] = ["documented", "simplified", "ignored", "refused"];

const header = ["operation", "parameter", "status", "what differs"] as const;

/** The conformance of all operations as a table in Markdown, by product and name. */
function conformanceTable(actions: readonly Action[]): string {
  const sorted = [...actions].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rows = [header, header.map(() => "---"), ...sorted.flatMap(rowsOf)];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function keyOf({ product, name }: Action): string {
  return `${product} ${name}`;
}

/** Parameters without a note share a row, the others have one each. */
function rowsOf(action: Action): string[][] {
  const rows: [string, string, string][] = [];
  for (const note of action.differs ?? []) rows.push(["–", "simplified", note]);
  for (const status of order) {
    const declared = action.parameters.filter((one) => one.status === status);
    const plain = declared.filter(({ note }) => note === undefined).flatMap(({ names }) => names);
    if (plain.length > 0) rows.push([plain.map((name) => `\`${name}\``).join(", "), status, ""]);
    for (const { names, note } of declared)
      if (note !== undefined) rows.push([names.map((name) => `\`${name}\``).join(", "), status, note]);
  }
  const title = action.product === "ecs" ? action.name : `${action.name} (${action.product.toUpperCase()})`;
  return rows.map((row, index) => [index === 0 ? title : "", ...row]);
}

const begin = "<!-- prettier-ignore-start -->\n\n";
const end = "\n\n<!-- prettier-ignore-end -->";

/** A text with the table between its marks, whatever stood there. */
export function withConformanceTable(text: string, actions: readonly Action[]): string {
  const [from, to] = [text.indexOf(begin), text.lastIndexOf(end)];
  if (from < 0 || to < from) throw new Error(`there is no "${begin.trim()}" with "${end.trim()}" behind it`);
  return text.slice(0, from + begin.length) + conformanceTable(actions) + text.slice(to);
}

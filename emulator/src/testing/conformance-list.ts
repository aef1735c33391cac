import type { Action } from "../actions/action";
import { apiVersions } from "../actions/action";
import type { ConformanceStatus } from "../actions/conformance";

const order: readonly ConformanceStatus[] = ["documented", "simplified", "ignored", "refused"];

/** The conformance of all operations as lists in Markdown, by product and name. */
function conformanceList(actions: readonly Action[]): string {
  const sorted = [...actions].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return sorted.map((action) => [`### ${titleOf(action)}`, "", ...linesOf(action)].join("\n")).join("\n\n");
}

function keyOf({ product, name }: Action): string {
  return `${product} ${name}`;
}

function titleOf({ product, name }: Action): string {
  return product === "ecs" ? name : `${name} (${product.toUpperCase()})`;
}

/** The page of the documentation, whose address has the product, the version and the name. */
function pageOf({ product, name }: Action): string {
  const place = { ecs: "ecs", vpc: "vpc", sts: "ram" }[product];
  const page = `api-${product}-${apiVersions[product]}-${name.toLowerCase()}`;
  return `https://www.alibabacloud.com/help/en/${place}/developer-reference/${page}`;
}

/** Parameters without a note share a line, the others have one each. */
function linesOf(action: Action): string[] {
  const lines = [`- source: [${action.name}](${pageOf(action)})`];
  lines.push(...(action.differs ?? []).map((note) => `- simplified: ${note}`));
  for (const status of order) {
    const declared = action.parameters.filter((one) => one.status === status);
    const plain = declared.filter(({ note }) => note === undefined).flatMap(({ names }) => names);
    if (plain.length > 0) lines.push(`- ${status}: ${codes(plain)}`);
    for (const { names, note } of declared)
      if (note !== undefined) lines.push(`- ${status}: ${codes(names)}: ${note}`);
  }
  return lines;
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

const begin = "<!-- prettier-ignore-start -->\n\n";
const end = "\n\n<!-- prettier-ignore-end -->";

/** A text with the list between its marks, in place of the earlier one. */
export function withConformanceList(text: string, actions: readonly Action[]): string {
  const [from, to] = [text.indexOf(begin), text.lastIndexOf(end)];
  if (from < 0 || to < from) throw new Error(`there is no "${begin.trim()}" with "${end.trim()}" behind it`);
  return text.slice(0, from + begin.length) + conformanceList(actions) + text.slice(to);
}

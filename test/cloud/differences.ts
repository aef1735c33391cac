/** Compares two tellings of one story: everything that differs, but for values that differ in every run. */
import type { Action } from "../../emulator/src/actions/action";
import type { Step } from "../clients/story";
import type { LeftOut } from "./chosen-steps";
import type { Answer } from "./caller";
import type { Telling } from "./tell";

/** One field that differs. Steps of one operation with the same difference are one row. */
export interface Difference {
  readonly call: string;
  readonly steps: readonly string[];
  readonly field: string;
  readonly emulator: string;
  readonly cloud: string;
}

/** Texts that the table must not have, or that differ between two accounts, with what is written instead. */
export type Masks = readonly (readonly [text: string, shown: string])[];

const absent = "absent";
/** The order of a list is not documented. Of a page, only the number of its items is compared. */
const pageParameters = ["PageNumber", "PageSize", "MaxResults", "NextToken"];

/** The differences of two tellings, in the order of the story. */
export function differencesOf(
  steps: readonly Step[],
  emulator: Telling,
  cloud: Telling,
  masks: Masks,
): Difference[] {
  const rows = new Map<string, { difference: Difference; steps: string[] }>();
  steps.forEach((step, index) => {
    const isPage = Object.keys(step.with ?? {}).some((name) => pageParameters.includes(name));
    const plain = (telling: Telling) =>
      plainValue(shapeOf(telling.answers[index]), { telling, masks, isPage });
    for (const { field, values } of compare(plain(emulator), plain(cloud), "")) {
      const [own, other] = values.map((value) => (value === undefined ? absent : JSON.stringify(value))) as [
        string,
        string,
      ];
      const call = step.call ?? "";
      const key = JSON.stringify([call, field, own, other]);
      const row = rows.get(key) ?? {
        difference: { call, steps: [], field, emulator: own, cloud: other },
        steps: [],
      };
      row.steps.push(step.step);
      rows.set(key, row);
    }
  });
  return [...rows.values()].map(({ difference, steps: names }) => ({
    ...difference,
    steps: [...new Set(names)],
  }));
}

function shapeOf(answer: Answer | undefined): unknown {
  return answer && { status: answer.status, ...answer.body };
}

interface Context {
  readonly telling: Telling;
  readonly masks: Masks;
  readonly isPage: boolean;
}

function plainValue(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) {
    if (context.isPage) return `${value.length} items`;
    const items = value.map((item) => plainValue(item, context));
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== "RequestId")
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, plainValue(item, context)]),
    );
  if (typeof value === "string") return plainText(value, context);
  // An account, as a number.
  if (typeof value === "number") return context.masks.find(([text]) => text === String(value))?.[1] ?? value;
  return value;
}

function plainText(text: string, { telling, masks }: Context): string {
  let plain = text;
  // Numbered ones ({many1}, {many2}) are alike: their order depends on the ids.
  for (const [name, value] of Object.entries(telling.saved))
    plain = plain.replaceAll(value, `{${name.replace(/\d+$/, "")}}`);
  for (const [secret, shown] of masks) plain = plain.replaceAll(secret, shown);
  return plain
    .replaceAll(/\b(vpc|vsw|sg|eni|vtb|vrt|nacl|rg|i)-[0-9a-z]{8,}\b/g, "($1)")
    .replaceAll(/\b[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\b/gi, "(request id)")
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z/g, "(time)")
    .replaceAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "(MAC address)")
    .replaceAll(/(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]*(?:\/\d+)?/gi, "(IPv6)")
    .replaceAll(/\b[0-9a-f]{32,}\b/gi, "(hash)");
}

function compare(
  own: unknown,
  other: unknown,
  at: string,
): { field: string; values: readonly [unknown, unknown] }[] {
  if (JSON.stringify(own) === JSON.stringify(other)) return [];
  if (Array.isArray(own) && Array.isArray(other)) {
    const length =
      own.length === other.length
        ? []
        : [{ field: `${at} length`, values: [own.length, other.length] as const }];
    const [ownRest, otherRest] = [without(own, other), without(other, own)];
    const most = Math.max(ownRest.length, otherRest.length);
    return [
      ...length,
      ...Array.from({ length: most }, (_, index) =>
        compare(ownRest[index], otherRest[index], `${at}[]`),
      ).flat(),
    ];
  }
  if (isObject(own) && isObject(other)) {
    const names = [...new Set([...Object.keys(own), ...Object.keys(other)])];
    return names.flatMap((name) => compare(own[name], other[name], at === "" ? name : `${at}.${name}`));
  }
  return [{ field: at, values: [own, other] }];
}

/** The items that the other list does not have, each as often as it is missing there. */
function without(list: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = others.map((item) => JSON.stringify(item));
  return list.filter((item) => {
    const at = left.indexOf(JSON.stringify(item));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface Report {
  readonly region: string;
  readonly told: number;
  readonly leftOut: readonly LeftOut[];
  readonly differences: readonly Difference[];
  readonly actions: readonly Action[];
}

/** The differences as a Markdown page: a table for each operation, after the simplifications that the emulator declares for it. */
export function pageOf({ region, told, leftOut, differences, actions }: Report): string {
  const calls = [...new Set(differences.map(({ call }) => call))];
  const sections = calls.map((call) => {
    const declared = actions.find(({ name }) => name === call);
    const notes = [
      ...(declared?.differs ?? []),
      ...(declared?.parameters ?? []).flatMap(({ names, status, note }) =>
        status === "simplified" ? [`\`${names.join("`, `")}\`: ${note ?? ""}`] : [],
      ),
    ];
    const rows = differences.filter((difference) => difference.call === call);
    return [
      `## ${call}`,
      "",
      ...notes.map((note) => `- declared: ${note}`),
      ...(notes.length > 0 ? [""] : []),
      "| step | field | emulator | cloud |",
      "| --- | --- | --- | --- |",
      ...rows.map(({ steps, field, emulator, cloud }) => {
        const [first = "", ...others] = steps;
        const step = others.length > 0 ? `${first}, and ${others.length} more` : first;
        return `| ${[step, field, emulator, cloud].map(cell).join(" | ")} |`;
      }),
      "",
    ].join("\n");
  });
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  const left = reasons.map((reason) => {
    const steps = leftOut.filter((one) => one.reason === reason).map(({ step }) => step.step);
    return `- ${reason}: ${steps.join("; ")}`;
  });
  return [
    "# Differences between the cloud and the emulator",
    "",
    `${differences.length} differences in ${told} steps, told to ${region} and to an emulator with its defaults.`,
    "Where the cloud picked addresses, the emulator was asked for the same ones. Not compared: ids, times, IPv6 and MAC",
    "addresses, the order of lists, the items of a page.",
    "",
    ...sections,
    `## Left out: ${leftOut.length} steps`,
    "",
    ...left,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

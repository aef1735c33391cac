import { callCount } from "./bounds";
import { contenderNames, contenders } from "./contenders";
import type { Contender } from "./contenders";
import { round } from "./results";
import type { Results, Row } from "./results";

const colours: Readonly<Record<Contender, string>> = {
  dynamic: "#0969da",
  native: "#1a7f37",
  plain: "#bf8700",
};
const size = { margin: 20, label: 190, panel: 260, gap: 70, bar: 11, space: 14, head: 66 };
const text = `font-family="system-ui, sans-serif" font-size="12"`;

const panels = [
  { title: "API calls", of: ({ figures }: Row) => figures && callCount(figures), unit: "" },
  {
    title: "time above an empty stack",
    of: ({ figures }: Row) => figures && figures.aboveEmptyMs / 1000,
    unit: " s",
  },
] as const;

/** The work in the chart: it has the most commands, and the medians of several runs. */
const work = "100 ENIs";

/** An SVG with one bar for each contender and command of a work: the calls, and the time. */
export function chartOf({ rows: all }: Results): string {
  const rows = all.filter((row) => row.work === work);
  const steps = [...new Set(rows.map(({ step }) => step))];
  const groupHeight = contenderNames.length * size.bar + size.space;
  const width = 2 * size.margin + size.label + panels.length * (size.panel + size.gap);
  const height = size.head + steps.length * groupHeight + size.margin;
  const title = `${work}: API calls and time of each command, by provider`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    ...contenderNames.map((contender, index) => legend(contender, size.margin + index * 170)),
    ...steps.map((step, index) =>
      label(size.margin, size.head + index * groupHeight + 1.5 * size.bar + 4, step, "#24292f"),
    ),
    ...panels.flatMap(({ title, of, unit }, column) => {
      const left = size.margin + size.label + column * (size.panel + size.gap);
      const most = Math.max(...rows.map((row) => of(row) ?? 0), Number.MIN_VALUE);
      return [
        label(left, size.head - 12, title, "#24292f", ` font-weight="600"`),
        ...rows.flatMap((row) => {
          const top =
            size.head +
            steps.indexOf(row.step) * groupHeight +
            contenderNames.indexOf(row.contender) * size.bar;
          const value = of(row);
          if (value === undefined) return [label(left, top + 9, "failed", "#cf222e")];
          const length = Math.max(1, round((value / most) * size.panel, 1));
          return [
            `<rect x="${left}" y="${top}" width="${length}" height="${size.bar - 1}" fill="${colours[row.contender]}"/>`,
            label(left + length + 4, top + 9, `${round(value, unit === "" ? 0 : 1)}${unit}`, "#57606a"),
          ];
        }),
      ];
    }),
    "</svg>\n",
  ].join("\n");
}

function legend(contender: Contender, left: number): string {
  const square = `<rect x="${left}" y="18" width="11" height="11" fill="${colours[contender]}"/>`;
  return square + label(left + 16, 28, contenders[contender].title, "#24292f");
}

function label(x: number, y: number, content: string, fill: string, attributes = ""): string {
  return `<text x="${round(x, 1)}" y="${round(y, 1)}" ${text}${attributes} fill="${fill}">${content}</text>`;
}

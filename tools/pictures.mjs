/** Draws the pictures of the documentation: `node tools/pictures.mjs` writes docs/pictures/NAME.svg for each row of the table. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isEntryPoint, runEntryPoint } from "./entry-point.mjs";
import { repositoryFolder } from "./paths.mjs";

/**
 * A picture has boxes and arrows. A box has its upper left corner `at`, a `title` and `lines`; its size follows from them,
 * unless it has a `width`. A line that begins with `+ `, `- ` or `# ` is added (green), removed (red) or not touched (grey).
 * An arrow leads `from` the side of a box `to` the side of another one: `eni.left`. `shift` moves it along both sides.
 */
export const pictures = {
  overview: {
    title:
      "The program lists the secondary addresses of an ENI. pulumi up assigns and unassigns, pulumi refresh reads.",
    boxes: {
      program: {
        at: [20, 29.5],
        title: "Program",
        lines: [
          'networkInterfaceId: "eni-a"',
          "privateIpAddresses:",
          "  10.0.0.20",
          "  10.0.0.21",
          "  10.0.0.22",
        ],
      },
      eni: {
        at: [560, 20],
        width: 260,
        title: "ENI eni-a",
        lines: [
          "# 10.0.0.10 primary: untouched",
          "  10.0.0.20",
          "+ 10.0.0.21 1. assigned",
          "+ 10.0.0.22 1. assigned",
          "- 10.0.0.35 2. unassigned",
          "- 10.0.0.36 2. unassigned",
        ],
      },
    },
    arrows: [
      { from: "program.right", to: "eni.left", shift: -25, label: ["pulumi up", "batches of 10 addresses"] },
      { from: "eni.left", to: "program.right", shift: 35, label: ["pulumi refresh", "shows drift"] },
    ],
  },
  ownership: {
    title:
      "Exclusive: one resource owns all secondary addresses of its ENI. Additive: each resource owns what it lists.",
    boxes: {
      edge: {
        at: [20, 39],
        width: 280,
        title: "edge: exclusive, owns all",
        lines: ["  10.0.0.20", "  10.0.0.21"],
      },
      exclusiveEni: {
        at: [480, 20],
        width: 340,
        title: "ENI eni-a",
        lines: [
          "# 10.0.0.10 primary: untouched",
          "  10.0.0.20 edge",
          "  10.0.0.21 edge",
          "- 10.0.0.99 others: drift",
        ],
      },
      web: { at: [20, 180], width: 280, title: "web: additive, owns its list", lines: ["  10.0.0.30"] },
      mail: { at: [20, 247], width: 280, title: "mail: additive, owns its list", lines: ["  10.0.0.31"] },
      additiveEni: {
        at: [480, 180],
        width: 340,
        title: "ENI eni-b",
        lines: [
          "# 10.0.0.11 primary: untouched",
          "  10.0.0.30 web",
          "  10.0.0.31 mail",
          "# 10.0.0.98 others: untouched",
        ],
      },
    },
    arrows: [
      { from: "edge.right", to: "exclusiveEni.left" },
      { from: "web.right", to: "additiveEni.left" },
      { from: "mail.right", to: "additiveEni.left" },
    ],
  },
};

const style = { padding: 12, titleHeight: 26, lineHeight: 19, characterWidth: 7.85, margin: 20 };
const colours = { "+": "#1a7f37", "-": "#cf222e", "#": "#6e7781" };

/** The SVG text of a picture. */
export function draw({ title, boxes, arrows = [] }) {
  const placed = Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, place(box)]));
  const all = Object.values(placed);
  const width = Math.max(...all.map(({ x, width }) => x + width)) + style.margin;
  const height = Math.max(...all.map(({ y, height }) => y + height)) + style.margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="#57606a"/></marker></defs>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    ...all.flatMap(drawBox),
    ...arrows.flatMap((arrow) => drawArrow(arrow, placed)),
    "</svg>\n",
  ].join("\n");
}

function place({ at: [x, y], width, title, lines = [] }) {
  const longest = Math.max(...[title, ...lines].map((line) => line.length));
  return {
    ...{ x, y, title, lines },
    width: width ?? Math.ceil(longest * style.characterWidth + 2 * style.padding),
    height: style.titleHeight + lines.length * style.lineHeight + style.padding,
  };
}

function drawBox({ x, y, width, height, title, lines }) {
  const monospace = `font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" xml:space="preserve"`;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#f6f8fa" stroke="#8c959f"/>`,
    text(x + style.padding, y + 19, title, `${sans} font-weight="600"`),
    ...lines.map((line, index) => {
      const fill = colours[line[0]] ?? "#24292f";
      const shown = line.replace(/^# /, "  ").replace(/^- /, "− ");
      const top = y + style.titleHeight + (index + 0.8) * style.lineHeight;
      return text(x + style.padding, top, shown, monospace, fill);
    }),
  ];
}

function drawArrow({ from, to, shift = 0, label = [] }, placed) {
  const [[x1, y1], [x2, y2]] = [from, to].map((end) => sideOf(end, shift, placed));
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#57606a" stroke-width="1.5" marker-end="url(#head)"/>`,
    ...label.map((line, index) =>
      text(
        x,
        y - 8 + index * 26,
        line,
        `${sans} text-anchor="middle"${index === 0 ? ' font-weight="600"' : ""}`,
      ),
    ),
  ];
}

/** The middle of a side of a box, moved along that side. */
function sideOf(end, shift, placed) {
  const [name, side] = end.split(".");
  const { x, y, width, height } = placed[name];
  const [middle, centre] = [x + width / 2, y + height / 2];
  return {
    left: [x - 3, centre + shift],
    right: [x + width + 3, centre + shift],
    top: [middle + shift, y - 3],
    bottom: [middle + shift, y + height + 3],
  }[side];
}

const sans = `font-family="system-ui, sans-serif" font-size="13"`;

function text(x, y, content, attributes, fill = "#24292f") {
  return `<text x="${x}" y="${y}" ${attributes} fill="${fill}">${escaped(content)}</text>`;
}

function escaped(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export const pictureFile = (name) => path.join(repositoryFolder, "docs", "pictures", `${name}.svg`);

function drawAll() {
  for (const [name, picture] of Object.entries(pictures)) {
    mkdirSync(path.dirname(pictureFile(name)), { recursive: true });
    writeFileSync(pictureFile(name), draw(picture));
  }
}

if (isEntryPoint(import.meta.url)) await runEntryPoint(drawAll, { usage: "node tools/pictures.mjs" });

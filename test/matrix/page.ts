import { testedSdk, toolPackages, type SetUp } from "./set-ups";

/** What was measured of one set-up. */
export interface Row {
  readonly setUp: SetUp;
  /** As `node --version` prints it. */
  readonly node: string;
  /** Of the install, and where it is not refused of up, update and destroy. */
  readonly measured: readonly { readonly seconds: number; readonly calls: number }[];
}

const introduction = `# Package managers, module systems and versions

The package works with npm, Yarn, pnpm and Bun, in CommonJS and in ES modules, with the CLI and with the Automation API.
\`npm run test:matrix\` makes this page. For each set-up it installs the packed package into an empty folder. With the
real engine it then assigns two addresses, replaces one of them, and destroys the stack.

A component library may depend on the package. With pnpm's \`hoist: false\` or \`enableGlobalVirtualStore: true\`, the
program must depend on it as well: the engine looks for the provider in the folder of the program. Without it, each
command ends with one sentence that names the folder.

With Yarn's Plug'n'Play, run \`yarn exec pulumi\` for each command, also for \`refresh\` and \`destroy\`. Without it, Pulumi
does not find its SDK.

pnpm 12 ends with \`ERR_PNPM_IGNORED_BUILDS\` after it has installed everything, because \`protobufjs\` has an install script.
The package needs no install script: refuse it by \`allowBuilds\`, as below. npm and Yarn only warn.
`;

/** The text of docs/package-managers.md. */
export function pageOf(rows: readonly Row[]): string {
  const measured = table(
    ["set-up", "Node.js", "SDK", "install", "up", "update", "destroy", "API calls"],
    rows.map(({ setUp, node, measured: [install, ...operations] }) => [
      setUp.title,
      node.replace("v", ""),
      setUp.sdk ?? testedSdk,
      secondsOf(install),
      ...(setUp.refused === true ? ["refused", "", "", ""] : operations.map(secondsOf)),
      ...(setUp.refused === true ? [] : [operations.map(({ calls }) => calls).join(" + ")]),
    ]),
  );
  const commands = rows.flatMap(({ setUp: { title, install = "npm install", prefix, files = {} } }) => {
    const settings = Object.entries(files).map(
      ([name, text]) => `${text.trim().split("\n").map(code).join(" and ")} in ${code(name)}`,
    );
    const pulumi = prefix === undefined ? [] : [code(`${prefix} pulumi up`)];
    const isUsual = install === "npm install" && pulumi.length === 0 && settings.length === 0;
    return isUsual ? [] : [[`- ${title}:`, [...settings, code(install), ...pulumi].join(", ")].join("\n  ")];
  });
  const versions = Object.entries(toolPackages).map(
    ([name, version]) => `${name} ${version.replace(/^npm:.*@/, "")}`,
  );
  return [
    introduction,
    `Seconds on two cores, with the packages in the caches of the package managers:\n`,
    measured,
    `\nThe calls are those of up, update and destroy.\n\n## Commands\n`,
    `\`npm install\` and \`pulumi up\`, and for some set-ups other commands or settings:\n`,
    ...commands,
    `\nVersions: ${versions.join(", ")}.\n`,
  ].join("\n");
}

function secondsOf(one: Row["measured"][number] | undefined): string {
  return one === undefined ? "" : `${Math.max(1, Math.round(one.seconds))} s`;
}

const code = (text: string) => `\`${text}\``;

/** As prettier writes it. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((_title, column) =>
    Math.max(3, ...[head, ...body].map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

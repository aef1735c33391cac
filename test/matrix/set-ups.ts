/** A way to install the package and to run a program that uses it. */
export interface SetUp {
  readonly title: string;
  /** Whether `.ci/run` runs it. `npm run test:matrix` runs all. */
  readonly required?: true;
  /** What a user types to install. The default is `npm install`. */
  readonly install?: string;
  /** What a user types before `pulumi`, for example `yarn exec`. */
  readonly prefix?: string;
  /** npm packages with the commands of this set-up, such as a package manager. They come first in PATH. */
  readonly tools?: readonly (keyof typeof toolPackages)[];
  readonly sdk?: string;
  /** Whether only a component library depends on the package. */
  readonly library?: true;
  /** Where the project is inside the folder in which the user installs. */
  readonly project?: string;
  readonly program: ProgramKind;
  /** Further files in the folder in which the user installs. */
  readonly files?: Readonly<Record<string, string>>;
  /** Fields of the project's package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Further packages that the project depends on. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** The command fails before anything is written, with the sentence that names what to install. */
  readonly refused?: true;
}

/** Programs for the CLI, and programs that use the Automation API. */
export type ProgramKind =
  | "TypeScript"
  | "compiled TypeScript"
  | "TypeScript in ES modules, by tsx"
  | "JavaScript"
  | "JavaScript in ES modules"
  | "inline Automation"
  | "bundled inline Automation"
  | "Automation of another project";

/** The version that the repository's own tests use, and the last one for Node.js 20. */
export const testedSdk = "3.248.0";
const oldestSdk = "3.216.0";
/** The newest version when this table was last changed. */
export const newestSdk = "3.276.0";

/** The packages with the commands of the set-ups, by the name of their folder. */
export const toolPackages = {
  yarn1: "npm:yarn@1.22.22",
  yarn4: "npm:@yarnpkg/cli-dist@4.18.1",
  pnpm: "npm:pnpm@12.21.0",
  bun: `npm:@oven/bun-${process.platform}-${process.arch}@1.4.5`,
  node22: `npm:node-${process.platform}-${process.arch}@22.23.5`,
  node24: `npm:node-${process.platform}-${process.arch}@24.22.3`,
  node26: `npm:node-${process.platform}-${process.arch}@26.12.1`,
} as const;

const npm = { program: "TypeScript" } as const;
const yarn4 = { tools: ["yarn4"], install: "yarn install", program: "TypeScript" } as const;
/** pnpm fails for an install script that is neither allowed nor refused. */
const pnpmSettings = (more = "") => ({
  "pnpm-workspace.yaml": `${more}allowBuilds: { protobufjs: false }\n`,
});
const pnpm = {
  tools: ["pnpm"],
  install: "pnpm install",
  files: pnpmSettings(),
  program: "TypeScript",
} as const;

/** Each option once: a sum of options and not their product. */
export const setUps: readonly SetUp[] = [
  { title: "npm", required: true, ...npm },
  { title: "npm, nested", ...npm, install: "npm install --install-strategy=nested" },
  { title: "npm, linked", ...npm, install: "npm install --install-strategy=linked" },
  { title: "npm, in a workspace", ...npm, project: "infrastructure" },
  { title: "npm, by a component library", ...npm, library: true },
  { title: "Yarn 1", ...npm, tools: ["yarn1"], install: "yarn install" },
  {
    title: "Yarn 4, Plug'n'Play",
    required: true,
    ...yarn4,
    prefix: "yarn exec",
    files: { ".yarnrc.yml": "nodeLinker: pnp\n" },
  },
  { title: "Yarn 4, node-modules", ...yarn4, files: { ".yarnrc.yml": "nodeLinker: node-modules\n" } },
  { title: "Yarn 4, pnpm", ...yarn4, files: { ".yarnrc.yml": "nodeLinker: pnpm\n" } },
  { title: "pnpm", ...pnpm },
  { title: "pnpm, hoisted", ...pnpm, files: pnpmSettings("nodeLinker: hoisted\n") },
  { title: "pnpm, by a component library", required: true, ...pnpm, library: true },
  {
    title: "pnpm without hoisting",
    required: true,
    ...pnpm,
    files: pnpmSettings("hoist: false\n"),
  },
  {
    title: "pnpm without hoisting, by a component library",
    required: true,
    ...pnpm,
    files: pnpmSettings("hoist: false\n"),
    library: true,
    refused: true,
  },
  { title: "Bun", ...npm, tools: ["bun"], install: "bun install" },
  { title: "JavaScript", program: "JavaScript" },
  { title: "JavaScript in ES modules", program: "JavaScript in ES modules", manifest: { type: "module" } },
  {
    title: "TypeScript in ES modules, by tsx",
    required: true,
    program: "TypeScript in ES modules, by tsx",
    prefix: "NODE_OPTIONS=--import=tsx",
    manifest: { type: "module" },
    dependencies: { tsx: "4" },
  },
  {
    title: "TypeScript, compiled before",
    program: "compiled TypeScript",
    install: "npm install && npx tsc",
    manifest: { main: "bin/" },
  },
  { title: "Automation, inline", required: true, program: "inline Automation" },
  {
    title: "Automation, inline, bundled by esbuild",
    program: "bundled inline Automation",
    install:
      "npm install && npx esbuild automation.js --bundle --platform=node --outfile=bundled.js --external:@pulumi/pulumi",
    dependencies: { esbuild: "0.28" },
  },
  { title: "Automation, of another project", program: "Automation of another project" },
  { title: "Node.js 22", ...npm, tools: ["node22"] },
  { title: "Node.js 24, newest SDK", required: true, ...npm, tools: ["node24"], sdk: newestSdk },
  { title: "Node.js 26, newest SDK", ...npm, tools: ["node26"], sdk: newestSdk },
  { title: "oldest SDK", ...npm, sdk: oldestSdk },
];

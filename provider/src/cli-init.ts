import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const packageFolder = join(__dirname, "..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

type Dependencies = Record<string, string> | undefined;

/** The commands with which a user continues after {@link writeProject}. @internal */
export function nextCommands(folder: string, emulator: boolean): string[] {
  const enter = resolve(folder) === process.cwd() ? [] : [`cd ${quoted(folder)}`];
  return [
    ...enter,
    "npm install",
    ...(emulator
      ? [
          "npm run --silent emulator &",
          // Without an account of Pulumi Cloud, `pulumi stack init` would ask for one.
          "export PULUMI_BACKEND_URL=file://. PULUMI_CONFIG_PASSPHRASE=test # the state stays here; or use your own backend",
          "pulumi stack init dev",
          "pulumi up",
          "pulumi destroy",
          "kill %1",
        ]
      : [
          "pulumi stack init dev",
          "pulumi config set alicloud:region cn-hangzhou",
          "pulumi config set networkInterfaceId eni-…",
          "pulumi config set --path 'privateIpAddresses[0]' 10.0.1.20",
          "export ALICLOUD_ACCESS_KEY=… ALICLOUD_SECRET_KEY=…",
          "pulumi up",
        ]),
  ];
}

/** An argument as a shell reads it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Writes a project into a new or an empty folder, and returns the names of its files. If a file cannot be written, it
 * removes those that it has written.
 *
 * @throws Error for a folder that is not empty, and for a file that cannot be written
 * @internal
 */
export function writeProject(folder: string, emulator: boolean): string[] {
  refuseOccupied(folder);
  const files = projectFiles(projectName(folder), emulator);
  let made: string | undefined;
  try {
    made = mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
  } catch (error) {
    for (const name of files.keys()) rmSync(join(folder, name), { force: true });
    if (made !== undefined) rmSync(made, { recursive: true });
    throw new Error(`cannot write ${folder}: ${(error as Error).message}`, { cause: error });
  }
  return [...files.keys()];
}

function refuseOccupied(folder: string): void {
  const remedy = "name a new folder, or an empty one";
  let found: string[];
  try {
    found = readdirSync(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code === "ENOTDIR") throw new Error(`${folder} is not a folder; ${remedy}`, { cause: error });
    throw new Error(`cannot read ${folder}: ${message}`, { cause: error });
  }
  const [first, ...others] = found.sort();
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  throw new Error(`${folder} is not empty: it has ${first}${more}; ${remedy}`);
}

/** The folder's name where Pulumi accepts it as the name of a project. */
function projectName(folder: string): string {
  const name = basename(resolve(folder));
  return /^[\w.-]{1,100}$/.test(name) ? name : "eni-secondary-ips";
}

/** The files of `templates/project`, and those of `templates/emulator` in addition or in their place. */
function projectFiles(name: string, emulator: boolean): Map<string, string> {
  const files = new Map<string, string>();
  for (const template of emulator ? ["project", "emulator"] : ["project"]) {
    const source = join(packageFolder, "templates", template);
    for (const file of readdirSync(source)) files.set(file, readFileSync(join(source, file), "utf8"));
  }
  const replace = (file: string, change: (text: string) => string, to = file): void => {
    const text = files.get(file) ?? "";
    files.delete(file);
    files.set(to, change(text));
  };
  replace("Pulumi.yaml", (text) => text.replace(/^name: .*$/m, `name: ${JSON.stringify(name)}`));
  replace("package.json", withCurrentRanges);
  // npm leaves out a file with the name .gitignore.
  replace("gitignore", (text) => text, ".gitignore");
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sets the ranges of Pulumi and of the two packages to those of this release. Both packages have the same version. */
function withCurrentRanges(text: string): string {
  const own = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as Manifest;
  const released = `^${own.version}`;
  const ranges = { ...own.peerDependencies, [own.name]: released, "alicloud-ecs-emulator": released };
  const manifest = JSON.parse(text) as { dependencies: Dependencies; devDependencies: Dependencies };
  for (const dependencies of [manifest.dependencies, manifest.devDependencies])
    for (const [name, range] of Object.entries(ranges))
      if (dependencies?.[name] !== undefined) dependencies[name] = range;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

import { startEmulator, type Emulator, type StateDocument } from "alicloud-ecs-emulator";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { environmentFor } from "./eni-world";
import { runCommand, startCommand, type CommandResult, type RunningCommand } from "./run-command";

/** What the engine calls: the host of dynamic providers, or the native plugin. */
export type Adaptor = "dynamic" | "native";

/** The suite `plugin` runs the tests of the suites `engine` and `crashes` that make sense for both adaptors. */
export const adaptorOfSuite: Adaptor = process.env.TEST_SUITE === "plugin" ? "native" : "dynamic";

const resourceTypes: Readonly<Record<Adaptor, string>> = {
  dynamic: "pulumi-nodejs:dynamic/alicloud:EniSecondaryIps",
  native: "alicloud-secondary-ips:index:EniSecondaryIps",
};

/** A resource in the state. */
export interface ResourceInState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly initErrors?: readonly string[];
}

interface Deployment {
  readonly resources?: readonly ResourceInState[];
  readonly pending_operations?: readonly { readonly type: string }[];
}

/** A resource that a test declares in the program's resources.json. */
export interface Declaration {
  readonly name: string;
  /** Default: the adaptor of the project. */
  readonly adaptor?: Adaptor;
  readonly args?: Record<string, unknown>;
  readonly opts?: Record<string, unknown>;
  readonly get?: string;
  readonly region?: string;
  readonly provider?: { readonly name: string; readonly args: Record<string, unknown> };
  readonly deletedWith?: string;
  readonly dependsOn?: readonly string[];
  readonly notBefore?: string;
}

// Inside the repository, so that Node.js finds the packages by name, as in any npm project.
const workFolder = path.resolve(__dirname, "../.work");
const stack = "test";

const pluginFolder = path.resolve(__dirname, "../../plugin");
const executable = "pulumi-resource-alicloud-secondary-ips";
/** The native plugin's executable. `npm run build:plugin` writes the bundle that it runs. */
export const pluginExecutable = path.join(pluginFolder, executable);
/** What a release of the plugin has. PulumiPlugin.yaml is not in it: with it, the engine would run npm. */
const released = [executable, "start.js", "plugin.js", "schema.json"];

function requiredVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run \`npm test -- --suite engine\``);
  return value;
}

function stateFolder(folder: string): string {
  return path.join(folder, ".state");
}

/** The environment for the repository's Pulumi CLI. State and temporary files are in `folder`. */
export function pulumiEnvironment(folder: string): NodeJS.ProcessEnv {
  const state = stateFolder(folder);
  // One folder for each project: Pulumi's ts-node caches by source text, and would miss changed declarations.
  const temporary = path.join(folder, ".tmp");
  for (const needed of [state, temporary]) mkdirSync(needed, { recursive: true });
  return {
    PATH: `${requiredVariable("PULUMI_TEST_BIN_DIR")}${path.delimiter}${process.env.PATH ?? ""}`,
    HOME: folder,
    TMPDIR: temporary,
    PULUMI_HOME: requiredVariable("PULUMI_TEST_HOME"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

/** Creates an empty folder inside the repository's test folder. */
function newWorkFolder(): string {
  mkdirSync(workFolder, { recursive: true });
  return mkdtempSync(path.join(workFolder, "project-"));
}

/** Makes the bundled plugin a part of a project, where the engine finds it without an installation. */
function addPlugin(folder: string): void {
  const place = path.join(folder, "plugin");
  mkdirSync(place);
  for (const name of released) {
    const file = path.join(pluginFolder, name);
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build:plugin\``);
    symlinkSync(file, path.join(place, name));
  }
  const provider = "{ name: alicloud-secondary-ips, path: plugin }";
  appendFileSync(path.join(folder, "Pulumi.yaml"), `plugins: { providers: [${provider}] }\n`);
}

/** A Pulumi project with one stack. The real CLI runs it against an emulator. */
export class PulumiProject {
  private constructor(
    readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
    private readonly removable: string,
    readonly adaptor: Adaptor,
  ) {}

  /**
   * Creates a project. Its program declares the resources that {@link declare} writes.
   *
   * @param program - another program, by its folder below `test`
   */
  static async create(
    emulator: Pick<Emulator, "url">,
    env: NodeJS.ProcessEnv = {},
    {
      program = "engine/program",
      adaptor = adaptorOfSuite,
    }: { readonly program?: string; readonly adaptor?: Adaptor } = {},
  ): Promise<PulumiProject> {
    const folder = newWorkFolder();
    cpSync(path.resolve(__dirname, "..", program), folder, { recursive: true });
    if (adaptor === "native") addPlugin(folder);
    // `tsc -p test` checks the program's types. Checking them in each run would take most of its time.
    return PulumiProject.open(folder, emulator, { PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...env }, adaptor);
  }

  /**
   * Opens an existing project. Its state is in a folder of the tests. Pulumi writes the configuration next to Pulumi.yaml,
   * so the configuration of an earlier run is removed first.
   */
  static async open(
    folder: string,
    emulator: Pick<Emulator, "url">,
    env: NodeJS.ProcessEnv = {},
    adaptor: Adaptor = "dynamic",
  ): Promise<PulumiProject> {
    const removable = folder.startsWith(workFolder) ? folder : newWorkFolder();
    const environment = { ...pulumiEnvironment(removable), ...environmentFor(emulator), ...env };
    const project = new PulumiProject(folder, environment, removable, adaptor);
    project.removeConfiguration();
    await project.succeeds("stack", "init", stack);
    return project;
  }

  /** Sets the program's resources. */
  declare(...declarations: Declaration[]): void {
    const { adaptor } = this;
    const withArgs = declarations.map((declaration) => ({ adaptor, args: {}, ...declaration }));
    writeFileSync(path.join(this.folder, "resources.json"), JSON.stringify(withArgs));
  }

  /** Runs `pulumi` and waits until it ends. */
  async run(...args: string[]): Promise<CommandResult> {
    return runCommand("pulumi", this.arguments(args), { cwd: this.folder, env: this.env });
  }

  /** Starts `pulumi`. */
  start(...args: string[]): RunningCommand {
    return this.startWithin(undefined, ...args);
  }

  /** Starts `pulumi`, which is killed after this time. */
  startWithin(limitMs: number | undefined, ...args: string[]): RunningCommand {
    const options = { cwd: this.folder, env: this.env, ...(limitMs !== undefined && { limitMs }) };
    return startCommand("pulumi", this.arguments(args), options);
  }

  /** Runs `pulumi`. Throws if it fails. */
  async succeeds(...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.exitCode !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
    return result;
  }

  /** Runs `pulumi`. Throws if it succeeds. */
  async fails(...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.exitCode === 0) throw new Error(`pulumi ${args.join(" ")} succeeded:\n${result.output}`);
    return result;
  }

  /** `pulumi up` without a preview, so that the log holds only the update's calls. */
  async up(...args: string[]): Promise<CommandResult> {
    return this.succeeds("up", "--yes", "--skip-preview", ...args);
  }

  async destroy(...args: string[]): Promise<CommandResult> {
    return this.succeeds("destroy", "--yes", "--skip-preview", ...args);
  }

  /**
   * What a command tells of its resources, as lines `warning: NAME: MESSAGE`. The dynamic provider prints them so. The engine
   * shows those of the plugin under their resource.
   */
  messagesIn(output: string): string {
    if (this.adaptor === "dynamic") return output;
    let name: string | undefined;
    return output
      .split("\n")
      .flatMap((line) => {
        const [, headed] = /^ {2}\S+ \((.+)\):$/.exec(line) ?? [];
        if (headed !== undefined || !line.startsWith(" ")) name = headed;
        const [, severity = "", text] = /^\s+(warning: |error: |\* )?(.+)$/.exec(line) ?? [];
        if (name === undefined || headed !== undefined || text === undefined) return [];
        return [`${severity}${name}: ${text}`];
      })
      .join("\n");
  }

  /** The state, as `pulumi stack export` prints it. */
  async exportedState(): Promise<string> {
    return (await this.succeeds("stack", "export")).stdout;
  }

  /** The EniSecondaryIps resources of the state, of the project's adaptor. */
  async resources(): Promise<ResourceInState[]> {
    const { resources = [] } = await this.deployment();
    return resources.filter(({ type }) => type === resourceTypes[this.adaptor]);
  }

  /** The operations that a killed engine had begun, such as `creating`. */
  async pendingOperations(): Promise<string[]> {
    const { pending_operations: pending = [] } = await this.deployment();
    return pending.map(({ type }) => type);
  }

  private async deployment(): Promise<Deployment> {
    return (JSON.parse(await this.exportedState()) as { deployment: Deployment }).deployment;
  }

  /** The one EniSecondaryIps resource of the state. */
  async resource(): Promise<ResourceInState> {
    const [resource, ...others] = await this.resources();
    if (resource === undefined || others.length > 0)
      throw new Error("expected exactly one EniSecondaryIps in the state");
    return resource;
  }

  /** The stack's file. It has what {@link exportedState} prints, without a run of `pulumi`. */
  stateFile(): string {
    const stacks = path.join(stateFolder(this.removable), ".pulumi", "stacks");
    const found = readdirSync(stacks, { recursive: true, encoding: "utf8" }).find((file) =>
      file.endsWith(`${path.sep}${stack}.json`),
    );
    if (found === undefined) throw new Error(`there is no file of the stack in ${stacks}`);
    return path.join(stacks, found);
  }

  /** Saves the stack, and returns a function that restores it. */
  saveStack(): () => void {
    const state = stateFolder(this.removable);
    const saved = mkdtempSync(`${state}-saved-`);
    cpSync(state, saved, { recursive: true });
    return () => {
      rmSync(state, { recursive: true });
      cpSync(saved, state, { recursive: true });
    };
  }

  /** Removes the project's files. */
  remove(): void {
    rmSync(this.removable, { recursive: true, force: true });
    this.removeConfiguration();
  }

  private removeConfiguration(): void {
    rmSync(path.join(this.folder, `Pulumi.${stack}.yaml`), { force: true });
  }

  private arguments(args: readonly string[]): string[] {
    // `stack init` takes the stack's name without the option.
    return [...args, "--non-interactive", "--color", "never", "--stack", stack].filter(
      (_argument, index, all) => !(args[0] === "stack" && args[1] === "init" && index >= all.length - 2),
    );
  }
}

/**
 * Runs a story with an emulator and a project of its own. Ends both, also after a failure: jest does not end while an emulator
 * listens.
 */
export async function withProject<Result>(
  seed: StateDocument,
  open: (emulator: Emulator) => Promise<PulumiProject>,
  use: (project: PulumiProject, emulator: Emulator) => Promise<Result>,
): Promise<Result> {
  const emulator = await startEmulator({ seed });
  try {
    const project = await open(emulator);
    return await use(project, emulator).finally(() => {
      project.remove();
    });
  } finally {
    await emulator.close();
  }
}

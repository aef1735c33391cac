import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryFolder } from "../paths.mjs";
import { pulumiEnvironment } from "../pulumi-cli/index.mjs";
import { runCommand } from "../run-command.mjs";
import { region } from "./cloud.mjs";

const program = fileURLToPath(new URL("program", import.meta.url));
const limitMs = 300_000;
/** What could lead to a real account, or past the emulator. */
const foreign = /^(ALICLOUD_|ALIBABA_?CLOUD_|ALIYUN_|ECS_ENDPOINT$|VPC_ENDPOINT$)|_PROXY$/i;

/** The story's program in a folder of its own, with one stack, whose provider talks to the emulator. */
export class PulumiProject {
  #binDir;
  #folder;
  #environment;
  #signal;

  static async create({ cli, endpoint, signal }) {
    const parent = path.join(repositoryFolder, ".pulumi-cli");
    await mkdir(parent, { recursive: true });
    // Inside the repository, or the program would not find the packages by their names.
    const folder = await mkdtemp(path.join(parent, "demo-"));
    const project = new PulumiProject({ cli, folder, endpoint, signal });
    try {
      await cp(program, project.#program, { recursive: true });
      return project;
    } catch (error) {
      await project.remove();
      throw error;
    }
  }

  constructor({ cli, folder, endpoint, signal }) {
    this.#binDir = cli.binDir;
    this.#folder = folder;
    this.#signal = signal;
    const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    this.#environment = {
      ...pulumiEnvironment({ ...cli, folder, base: Object.fromEntries(own) }),
      ECS_ENDPOINT: endpoint,
      VPC_ENDPOINT: endpoint,
      ALICLOUD_REGION: region,
      ALICLOUD_ACCESS_KEY: "test",
      ALICLOUD_SECRET_KEY: "test",
    };
  }

  get #program() {
    return path.join(this.#folder, "program");
  }

  /** Runs `pulumi` and resolves to what it printed; fails with that, if it fails. */
  async run(args, { onLine = () => {} } = {}) {
    return runCommand(path.join(this.#binDir, "pulumi"), [...args, "--non-interactive", "--color", "never"], {
      cwd: this.#program,
      env: this.#environment,
      signal: this.#signal,
      timeoutMs: limitMs,
      onLine: (line) => void onLine(line),
    });
  }

  /** Sets values of the stack's configuration; lists are written as JSON. */
  async configure(values) {
    for (const [key, value] of Object.entries(values))
      await this.run(["config", "set", key, typeof value === "string" ? value : JSON.stringify(value)]);
  }

  /** The addresses that the state has for a resource, by the resource's name. */
  async addressesInState() {
    const { deployment } = JSON.parse(await this.run(["stack", "export"]));
    return Object.fromEntries(
      (deployment.resources ?? [])
        .filter(({ type }) => type.endsWith(":EniSecondaryIps"))
        .map(({ urn, outputs }) => [urn.slice(urn.lastIndexOf("::") + 2), outputs.privateIpAddresses]),
    );
  }

  async remove() {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

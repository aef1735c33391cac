/**
 * The command `pulumi-alicloud-secondary-ips`. It writes a first project, and the files with which `pulumi import` adopts
 * existing ENIs.
 *
 * @packageDocumentation
 */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { writeFileSync } from "node:fs";
import { nextCommands, writeProject } from "./cli-init";
import { importFileOf, programOf, type ImportedEni } from "./dynamic/import-file";
import { inspectInputs } from "./resource/inputs";
import { modes } from "./resource/model";
import { OperationError } from "./resource/operation-error";
import { Deadline } from "./shared/deadline";
import { keepSecretsOutOfDebugLogs } from "./shared/trace";

keepSecretsOutOfDebugLogs(process.env);

// This module loads the SDK. Some compilers move an import declaration above the call; a require stays below it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import runtimeModule = require("./runtime/runtime");

const { packageVersion, Runtime } = runtimeModule;

const commandName = "pulumi-alicloud-secondary-ips";

/** The exit code of a wrong command line, as that of shells. Every other failure has 1. */
const usageExitCode = 2;

/** The time limit of all reads, because a user waits. */
const patienceMs = 60_000;

interface ImportFileOptions {
  readonly region?: string;
  readonly out?: string;
  readonly name?: string;
  readonly prefixes?: true;
  readonly program?: true;
}

/** Writes one line for a person to read. */
function say(message: string): void {
  process.stderr.write(`${commandName}: ${message.trim().replace(/\s*\n\s*/g, " ")}\n`);
}

/** Refuses the next option where a value is missing. */
function optionValue(value: string): string {
  if (value === "" || value.startsWith("--"))
    throw new InvalidArgumentError("It must not be empty, nor begin with --.");
  return value;
}

const program = new Command(commandName)
  .description("Writes a first project, and takes over the secondary addresses of ENIs.")
  .version(packageVersion)
  .helpCommand(true)
  .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
  .configureOutput({
    outputError: (text) => {
      say(`${text.trim().replace(/^error: /, "")} (--help shows how)`);
    },
  })
  .exitOverride();

program
  .command("init")
  .description(
    "Writes a project that runs into a new or an empty folder, and prints the commands that follow.",
  )
  .usage("[options] <folder>")
  .argument("[folder]", "the folder, such as my-ips")
  .option(
    "--emulator",
    "for a local ECS API, which needs no account: adds its start script, an ENI and a stack",
  )
  .addHelpText(
    "after",
    `
Example:
  ${commandName} init my-ips --emulator
`,
  )
  .action(
    (folder: string | undefined, { emulator = false }: { readonly emulator?: boolean }, command: Command) => {
      if (folder === undefined || folder === "")
        command.error("no folder; add the one to write, such as my-ips");
      init(folder, emulator);
    },
  );

program
  .command("import-file")
  .description(
    "Reads ENIs, and writes the file with which Pulumi imports their addresses or their IPv4 prefixes.",
  )
  .usage("[options] <eni...>")
  .argument("[eni...]", "ids of the ENIs, such as eni-bp1fvxhbdfj0xgx3abcd")
  .option(
    "--region <region>",
    "the region of the ENIs (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION, ALIBABA_CLOUD_REGION_ID)",
    optionValue,
  )
  .option("--out <file>", "the file to write (default: standard output)", optionValue)
  .option(
    "--program",
    "print the TypeScript that declares the resources; the file is then written with --out only",
  )
  .option(
    "--name <name>",
    "the name of the resource in the program, for a single ENI (default: the ENI's id)",
    optionValue,
  )
  .option("--prefixes", "import the IPv4 prefixes of the ENIs (input ipv4Prefixes), not their addresses")
  .addHelpText(
    "after",
    `
Example:
  ${commandName} import-file eni-… --out import.json --program
  pulumi import --file import.json --generate-code=false --protect=false

Credentials and endpoints come from the environment, as they do for the provider: ALICLOUD_ACCESS_KEY and
ALICLOUD_SECRET_KEY, ALICLOUD_PROFILE, or the official credential chain; ECS_ENDPOINT.
`,
  )
  .action(async (ids: readonly string[], options: ImportFileOptions) => {
    await importFile([...new Set(ids)], options);
  });

// The refusal of the library does not name the command that is missing or wrong.
program.allowExcessArguments().action(() => {
  const [unknown] = program.args;
  const commands = program.commands.map((command) => command.name()).join(" or ");
  program.error(`${unknown === undefined ? "no command" : `unknown command '${unknown}'`}; use ${commands}`);
});

function init(folder: string, emulator: boolean): void {
  const files = writeProject(folder, emulator);
  const replace = emulator ? "" : "; replace the region, the ENI, the address and the keys by your own";
  process.stderr.write(`wrote ${files.length} files to ${folder}: ${files.join(", ")}\nnext${replace}:\n`);
  process.stdout.write(`${nextCommands(folder, emulator).join("\n")}\n`);
}

async function importFile(
  ids: readonly string[],
  { region: named, name, out, prefixes, program: asProgram }: ImportFileOptions,
): Promise<void> {
  if (ids.length === 0) program.error("no ENI; add at least one, such as eni-bp1fvxhbdfj0xgx3abcd");
  if (name !== undefined && ids.length > 1) {
    program.error(
      `--name ${name} is for a single ENI, but the command line has ${ids.length}; ` +
        `omit it to name each resource after its ENI`,
    );
  }
  for (const id of ids) refuseMalformed(id, named);
  const runtime = new Runtime({
    env: process.env,
    announce: (message) => process.stderr.write(`${message}\n`),
    random: Math.random,
    userAgent: `${commandName}/${packageVersion}`,
  });
  if (named === undefined && runtime.defaultRegion() === undefined) {
    program.error("no region; add --region cn-hangzhou, or set ALICLOUD_REGION");
  }
  const region = runtime.region(named);
  const deadline = Deadline.after(patienceMs);
  const enis = await Promise.all(
    ids.map(async (id): Promise<ImportedEni> => {
      const reading = await region.reader.fresh(id, deadline);
      if (reading === undefined) {
        throw new OperationError(
          `ENI ${id} does not exist in region ${region.name}, or the credentials belong to another account; check both`,
        );
      }
      const mode = prefixes ? modes.ipv4Prefixes : modes.privateIpAddresses;
      return { name: name ?? id, region: region.name, eni: reading.eni, mode };
    }),
  );
  const text = `${JSON.stringify(importFileOf(enis), undefined, 2)}\n`;
  if (asProgram) process.stdout.write(programOf(enis));
  else if (out === undefined) process.stdout.write(text);
  if (out === undefined) return;
  try {
    writeFileSync(out, text);
  } catch (error) {
    throw new OperationError(`cannot write ${out}: ${(error as Error).message}`);
  }
  process.stderr.write(
    `wrote ${out}; next: pulumi import --file ${out} --generate-code=false --protect=false\n`,
  );
}

/** Applies the rules of the resource's inputs. */
function refuseMalformed(id: string, region: string | undefined): void {
  const [problem] = inspectInputs({ networkInterfaceId: id, privateIpAddresses: [], region }).problems;
  if (problem !== undefined) program.error(problem.reason);
}

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
    return;
  }
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { callLine } from "./call-line";
import { startEmulator } from "./emulator";
import { packageFolder } from "./package-folder";
import { StateDocumentError } from "./world/state-document";
import type { StateDocument } from "./world/state-document";

interface Flags {
  port: number;
  host: string;
  allowedHosts: string[];
  seed?: string;
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  latencyMs: number;
  data?: string;
  callLogSize: number;
  verbose: boolean;
}

/** The exit code of a command line that cannot be understood, as that of shells; everything else that fails is 1. */
const usageExitCode = 2;

function wholeNumber(max: number, min = 0) {
  return (value: string): number => {
    if (!/^\d+$/.test(value) || Number(value) < min || Number(value) > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return Number(value);
  };
}

function hostName(value: string): string {
  if (!isIPv6(value) && !/^[A-Za-z0-9._-]+$/.test(value))
    throw new InvalidArgumentError(
      'It must be an address or a name of this machine, such as "127.0.0.1", without scheme and port.',
    );
  return value;
}

/** Refuses the next option where a value is missing. */
function optionValue(value: string): string {
  if (value === "" || value.startsWith("--"))
    throw new InvalidArgumentError("It must not be empty, nor begin with --.");
  return value;
}

/** What stops the emulator from starting, for the one line that says so. */
class StartError extends Error {}

/** One line on standard error: standard output has the address alone. */
function say(message: string): void {
  process.stderr.write(`alicloud-ecs-emulator: ${message.trim().replace(/\s*\n\s*/g, " ")}\n`);
}

function readSeed(file: string): StateDocument {
  try {
    // The form is checked when the world is made.
    return JSON.parse(readFileSync(file, "utf8")) as StateDocument;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`cannot read the seed ${file}: ${reason}`);
  }
}

/** The seed is for a new world: the same command line starts the emulator again where it was. */
function seedFor(flags: Flags): StateDocument | undefined {
  if (flags.seed === undefined) return undefined;
  if (flags.data === undefined || !existsSync(flags.data)) return readSeed(flags.seed);
  say(`the seed ${flags.seed} is not used: ${flags.data} has a world already`);
  return undefined;
}

/** As many findings as one line can show. */
function listed(problems: readonly string[]): string {
  const shown = problems.slice(0, 5).join("; ");
  return problems.length > 5 ? `${shown}; and ${problems.length - 5} more` : shown;
}

function reasonOf(error: unknown, flags: Flags): string {
  if (error instanceof StateDocumentError)
    return `the seed ${flags.seed ?? ""} is not valid: ${listed(error.problems)}`;
  const { host, port } = flags;
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return `port ${port} on ${host} is in use; --port 0 takes a free one`;
    case "EACCES":
      return `port ${port} on ${host} is not open to this user; --port 0 takes a free one`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${host} is not an address of this machine; --host 127.0.0.1 is the default`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function readVersion(): string {
  const manifest = readFileSync(join(packageFolder, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

async function run(flags: Flags): Promise<void> {
  const [unexpected] = program.args;
  if (unexpected !== undefined)
    program.error(
      `unexpected argument '${unexpected}'; the emulator takes options alone, such as --seed seed.json`,
    );
  // Before the start: a signal during the start has the same effect.
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  try {
    const seed = seedFor(flags);
    const emulator = await startEmulator({
      port: flags.port,
      host: flags.host,
      allowedHosts: flags.allowedHosts,
      credentials: {
        accessKeyId: flags.accessKeyId,
        accessKeySecret: flags.accessKeySecret,
        ...(flags.securityToken !== undefined && { securityToken: flags.securityToken }),
      },
      behaviour: { latencyMs: flags.latencyMs },
      callLogSize: flags.callLogSize,
      ...(seed !== undefined && { seed }),
      ...(flags.data !== undefined && { dataFile: flags.data }),
      ...(flags.verbose && {
        onCall: (call) => {
          process.stderr.write(`${callLine(call)}\n`);
        },
      }),
    });
    process.stdout.write(`${JSON.stringify({ url: emulator.url, pid: emulator.pid })}\n`);
    await stopped;
    await emulator.close();
  } catch (error) {
    say(reasonOf(error, flags));
    process.exitCode = 1;
  }
}

/** The value of a flag that takes none, where it comes from the environment: commander takes any text for "on". */
function checkVerbose(flags: Flags): boolean {
  if (program.getOptionValueSource("verbose") !== "env") return flags.verbose;
  const name = variableOf("verbose");
  const value = process.env[name] ?? "";
  if (/^(1|true)$/i.test(value)) return true;
  if (/^(0|false)$/i.test(value)) return false;
  return program.error(`${name} is "${value}"; it must be 1, true, 0 or false`);
}

/** `--access-key-id` can also be given as `ALICLOUD_ECS_EMULATOR_ACCESS_KEY_ID`. */
function variableOf(flag: string): string {
  return `ALICLOUD_ECS_EMULATOR_${flag.toUpperCase().replaceAll("-", "_")}`;
}

/** Each flag, with the variable of the same name. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(variableOf(made.name()));
}

const program = new Command("alicloud-ecs-emulator")
  .description("A local Alibaba Cloud ECS API. Prints its address as one JSON line once it listens.")
  .addOption(
    option("--port <number>", "port to listen on; 0 takes a free one")
      .argParser(wholeNumber(65_535))
      .default(0),
  )
  .addOption(option("--host <address>", "address to listen on").argParser(hostName).default("127.0.0.1"))
  .addOption(
    option("--allowed-hosts <names>", "further names by which clients call it, separated by commas")
      .argParser((value: string) => value.split(",").map(hostName))
      .default([]),
  )
  .addOption(option("--seed <file>", "JSON file with the world to start with").argParser(optionValue))
  .addOption(
    option("--access-key-id <id>", "the key that requests must be signed with")
      .argParser(optionValue)
      .default("test"),
  )
  .addOption(
    option("--access-key-secret <secret>", "the secret of the key").argParser(optionValue).default("test"),
  )
  .addOption(
    option(
      "--security-token <token>",
      "makes the key a temporary one, which must come with this token",
    ).argParser(optionValue),
  )
  .addOption(
    option("--latency-ms <number>", "duration of every call").argParser(wholeNumber(3_600_000)).default(0),
  )
  .addOption(
    option("--data <file>", "keep the world in this file, which is made if it does not exist").argParser(
      optionValue,
    ),
  )
  .addOption(
    option("--call-log-size <number>", "number of calls that the log keeps")
      .argParser(wholeNumber(1_000_000, 1))
      .default(10_000),
  )
  .addOption(option("--verbose", "print each call on standard error").default(false))
  .version(readVersion())
  // The refusal of the library does not name the argument.
  .allowExcessArguments()
  .configureOutput({
    outputError: (text) => {
      say(`${text.trim().replace(/^error: /, "")} (--help shows the options)`);
    },
  })
  .exitOverride()
  .action((flags: Flags) => run({ ...flags, verbose: checkVerbose(flags) }));

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
});

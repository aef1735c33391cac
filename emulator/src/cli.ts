import { Command, CommanderError, InvalidArgumentError } from "commander";
import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { startEmulator } from "./emulator";
import { StateDocumentError } from "./world/state-document";
import type { StateDocument } from "./world/state-document";

interface Flags {
  port: number;
  host: string;
  seed?: string;
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  latencyMs: number;
  data?: string;
}

/** The exit code of a command line that cannot be understood, as that of shells; everything else that fails is 1. */
const usageExitCode = 2;

function wholeNumber(max: number) {
  return (value: string): number => {
    if (!/^\d+$/.test(value) || Number(value) > max)
      throw new InvalidArgumentError(`It must be a whole number from 0 to ${max}.`);
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

/** For people, who read it in a terminal, and for whoever looks for lines. */
function say(message: string): void {
  process.stderr.write(`alicloud-ecs-emulator: ${message.trim().replace(/\s*\n\s*/g, " ")}\n`);
}

function readSeed(file: string): StateDocument {
  try {
    // Its form is checked when the world is made of it.
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
  const manifest = readFileSync(join(__dirname, "..", "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

async function run(flags: Flags): Promise<void> {
  const [unexpected] = program.args;
  if (unexpected !== undefined)
    program.error(
      `unexpected argument '${unexpected}'; the emulator takes options alone, such as --seed seed.json`,
    );
  // From the first moment on: whoever ends it while it starts gets the same end.
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
      credentials: {
        accessKeyId: flags.accessKeyId,
        accessKeySecret: flags.accessKeySecret,
        ...(flags.securityToken !== undefined && { securityToken: flags.securityToken }),
      },
      behaviour: { latencyMs: flags.latencyMs },
      ...(seed !== undefined && { seed }),
      ...(flags.data !== undefined && { dataFile: flags.data }),
    });
    process.stdout.write(`${JSON.stringify({ url: emulator.url, pid: emulator.pid })}\n`);
    await stopped;
    await emulator.close();
  } catch (error) {
    say(reasonOf(error, flags));
    process.exitCode = 1;
  }
}

const program = new Command("alicloud-ecs-emulator")
  .description("A local Alibaba Cloud ECS API. Prints its address as one JSON line once it listens.")
  .option("--port <number>", "port to listen on; 0 takes a free one", wholeNumber(65_535), 0)
  .option("--host <address>", "address to listen on", hostName, "127.0.0.1")
  .option("--seed <file>", "JSON file with the world to start with", optionValue)
  .option("--access-key-id <id>", "the key that requests must be signed with", optionValue, "test")
  .option("--access-key-secret <secret>", "its secret", optionValue, "test")
  .option(
    "--security-token <token>",
    "makes the key a temporary one, which must come with this token",
    optionValue,
  )
  .option("--latency-ms <number>", "how long every call takes", wholeNumber(3_600_000), 0)
  .option("--data <file>", "keep the world in this file, which is made if it does not exist", optionValue)
  .version(readVersion())
  // The refusal of the library does not name the argument.
  .allowExcessArguments()
  .configureOutput({
    outputError: (text) => {
      say(`${text.trim().replace(/^error: /, "")} (--help shows the options)`);
    },
  })
  .exitOverride()
  .action(run);

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
});

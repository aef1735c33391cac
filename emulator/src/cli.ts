import { existsSync, readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { startEmulator } from "./emulator";
import type { EmulatorOptions } from "./emulator";
import { StateDocumentError } from "./world/state-document";
import type { StateDocument } from "./world/state-document";

interface Flags {
  port: number;
  host: string;
  seed?: string;
  accessKeyId: string;
  accessKeySecret: string;
  latencyMs: number;
  data?: string;
}

function wholeNumber(max: number) {
  return (value: string): number => {
    if (!/^\d+$/.test(value) || Number(value) > max)
      throw new InvalidArgumentError(`It must be a whole number from 0 to ${max}.`);
    return Number(value);
  };
}

/** What stops the emulator from starting, for the one line that says so. */
class StartError extends Error {}

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
  process.stderr.write(
    `alicloud-ecs-emulator: the seed ${flags.seed} is not used: ${flags.data} has a world already\n`,
  );
  return undefined;
}

function reasonOf(error: unknown, flags: Flags): string {
  if (error instanceof StateDocumentError)
    return `the seed ${flags.seed ?? ""} is not valid: ${error.message}`;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `port ${flags.port} on ${flags.host} is in use; --port 0 takes a free one`;
  return error instanceof Error ? error.message : String(error);
}

async function run(flags: Flags): Promise<void> {
  try {
    const seed = seedFor(flags);
    const options: EmulatorOptions = {
      port: flags.port,
      host: flags.host,
      credentials: { accessKeyId: flags.accessKeyId, accessKeySecret: flags.accessKeySecret },
      behaviour: { latencyMs: flags.latencyMs },
      ...(seed !== undefined && { seed }),
      ...(flags.data !== undefined && { dataFile: flags.data }),
    };
    const emulator = await startEmulator(options);
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        void emulator.close();
      });
    process.stdout.write(`${JSON.stringify({ url: emulator.url, pid: emulator.pid })}\n`);
  } catch (error) {
    process.stderr.write(`alicloud-ecs-emulator: ${reasonOf(error, flags)}\n`);
    process.exitCode = 1;
  }
}

const program = new Command("alicloud-ecs-emulator")
  .description("A local Alibaba Cloud ECS API. Prints its address as one JSON line once it listens.")
  .option("--port <number>", "port to listen on; 0 takes a free one", wholeNumber(65_535), 0)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--seed <file>", "JSON file with the world to start with")
  .option("--access-key-id <id>", "the key that requests must be signed with", "test")
  .option("--access-key-secret <secret>", "its secret", "test")
  .option("--latency-ms <number>", "how long every call takes", wholeNumber(3_600_000), 0)
  .option("--data <file>", "keep the world in this file, which is made if it does not exist")
  .action(run);

void program.parseAsync();

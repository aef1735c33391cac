/**
 * The command `pulumi-alicloud-secondary-ips`. It writes the files with which `pulumi import`
 * adopts existing ENIs.
 *
 * @packageDocumentation
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { OperationError } from "./resource/operation-error";
import { EcsError } from "./ecs/ecs-error";
import { importFileOf, type ImportedEni } from "./dynamic/import-file";
import { inspectInputs } from "./resource/inputs";
import { modes } from "./resource/model";
import { Deadline } from "./shared/deadline";
import { keepSecretsOutOfDebugLogs } from "./shared/trace";

keepSecretsOutOfDebugLogs(process.env);

// This module loads the SDK. Some compilers move an import declaration above the call; a require stays below it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import runtimeModule = require("./runtime/runtime");

const { packageVersion, Runtime } = runtimeModule;

const command = "pulumi-alicloud-secondary-ips";

const usage = `Usage: ${command} import-file ENI... [--region REGION] [--out FILE] [--name NAME] [--prefixes]

Reads ENIs, and writes the file with which Pulumi imports their secondary addresses or their IPv4 prefixes:

  ${command} import-file eni-… --out import.json
  pulumi import --file import.json --generate-code=false --protect=false

Options:
  --region REGION  the region of the ENIs; else ALICLOUD_REGION, ALIBABA_CLOUD_REGION, ALIBABA_CLOUD_REGION_ID
  --out FILE       the file to write; else standard output
  --name NAME      the name of the resource in the program, for a single ENI; else the ENI's id
  --prefixes       import the IPv4 prefixes of the ENIs (input ipv4Prefixes) instead of their addresses
  --version, --help

Credentials and endpoints come from the environment, as they do for the provider: ALICLOUD_ACCESS_KEY and
ALICLOUD_SECRET_KEY, ALICLOUD_PROFILE, or the official credential chain; ECS_ENDPOINT.
`;

/** The time limit of all reads, because a user waits. */
const patienceMs = 60_000;

/** A wrong command line. */
class UsageError extends Error {}

async function run(args: string[]): Promise<void> {
  const { values, positionals } = readCommandLine(args);
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (values.version) {
    process.stdout.write(`${packageVersion}\n`);
    return;
  }
  const [verb, ...ids] = positionals;
  if (verb !== "import-file") {
    throw new UsageError(
      verb === undefined ? "no command; use import-file" : `unknown command ${verb}; use import-file`,
    );
  }
  await importFile([...new Set(ids)], values);
}

function readCommandLine(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        region: { type: "string" },
        out: { type: "string" },
        prefixes: { type: "boolean" },
        name: { type: "string" },
        version: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split(". ")[0]);
  }
}

async function importFile(
  ids: readonly string[],
  { region: named, name, out, prefixes }: ReturnType<typeof readCommandLine>["values"],
): Promise<void> {
  if (ids.length === 0) throw new UsageError("no ENI; add at least one, such as eni-bp1fvxhbdfj0xgx3abcd");
  if (name !== undefined && ids.length > 1) {
    throw new UsageError(
      `--name ${name} is for a single ENI, but the command line has ${ids.length}; ` +
        `omit it to name each resource after its ENI`,
    );
  }
  for (const id of ids) refuseMalformed(id, named);
  const runtime = new Runtime({
    env: process.env,
    announce: (message) => process.stderr.write(`${message}\n`),
    random: Math.random,
    userAgent: `${command}/${packageVersion}`,
  });
  if (named === undefined && runtime.defaultRegion() === undefined) {
    throw new UsageError("no region; add --region cn-hangzhou, or set ALICLOUD_REGION");
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
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  writeFileSync(out, text);
  process.stderr.write(
    `wrote ${out}; next: pulumi import --file ${out} --generate-code=false --protect=false\n`,
  );
}

/** Applies the rules of the resource's inputs. */
function refuseMalformed(id: string, region: string | undefined): void {
  const [problem] = inspectInputs({ networkInterfaceId: id, privateIpAddresses: [], region }).problems;
  if (problem !== undefined) throw new UsageError(problem.reason);
}

function reasonOf(error: unknown): string {
  if (error instanceof UsageError) return `${error.message} (--help shows how)`;
  if (error instanceof EcsError || error instanceof OperationError) return error.message;
  // For example, a file that cannot be written.
  return error instanceof Error ? error.message : String(error);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${command}: ${reasonOf(error).replaceAll("\n", " ")}\n`);
  process.exitCode = 1;
});

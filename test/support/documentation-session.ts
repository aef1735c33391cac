import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { missingLine, printedBy, scriptOf, shellFor, type Block } from "./documentation";
import { pulumiEnvironment } from "./pulumi-project";
import { runCommand } from "./run-command";

/** Where a session runs. */
export interface Place {
  /** The folder in which the page begins. */
  readonly folder: string;
  /** A folder for the script, and for Pulumi's state. */
  readonly files: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly limitMs?: number;
}

/**
 * Runs the blocks of a session. Throws if a command fails, or does not print what the page shows.
 * @returns what each block printed, by its line
 */
export async function runSession(
  session: readonly Block[],
  { folder, files, env, limitMs = 240_000 }: Place,
): Promise<ReadonlyMap<number, string>> {
  const page = session[0]?.page ?? "";
  // The pages have one port. Something else may listen on it.
  const port = await freePort();
  let count = 0;
  const written = (text: string) => {
    const file = path.join(files, String(count++));
    writeFileSync(file, text.replaceAll("4300", port));
    return file;
  };
  const script = written(scriptOf(session, written));
  const { exitCode, output } = await runCommand("bash", shellFor(script), {
    cwd: folder,
    env: { ...environment(files), ...env },
    limitMs,
  });
  if (exitCode !== 0) throw new Error(`the commands of ${page} ended with ${exitCode}:\n${output}`);

  const printed = printedBy(session, output);
  let commands: Block | undefined;
  for (const block of session) {
    if (block.language === "sh") commands = block;
    if (!block.output || commands === undefined) continue;
    const actual = printed.get(commands.line) ?? "";
    const missing = missingLine(block.code, actual);
    if (missing !== undefined)
      throw new Error(`${page}:${block.line}: the commands do not print\n${missing}\nbut\n${actual}`);
  }
  return printed;
}

function environment(files: string): NodeJS.ProcessEnv {
  const pulumi = path.join(files, "pulumi");
  mkdirSync(pulumi);
  return {
    ...pulumiEnvironment(pulumi),
    PULUMI_SKIP_CONFIRMATIONS: "true",
    // Other tests check the types.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    npm_config_cache: process.env.npm_config_cache ?? path.join(homedir(), ".npm"),
    npm_config_userconfig: process.env.npm_config_userconfig ?? path.join(homedir(), ".npmrc"),
    npm_config_prefer_offline: "true",
  };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}

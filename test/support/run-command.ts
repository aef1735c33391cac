import { spawn } from "node:child_process";
import { descendantsOf, endAtOnce, endProcesses } from "./process-tree";

/** The result of a command. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, interleaved as a terminal shows them. */
  readonly output: string;
}

/** A running command. */
export interface RunningCommand {
  readonly pid: number;
  /** The output so far. */
  readonly printed: () => string;
  readonly ended: Promise<CommandResult>;
}

/** Starts a command in its own process group. The group and all descendants are killed after `limitMs`. */
export function startCommand(
  command: string,
  args: readonly string[],
  { cwd, env, limitMs = 240_000 }: { cwd: string; env: NodeJS.ProcessEnv; limitMs?: number },
): RunningCommand {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const texts = { stdout: "", stderr: "", output: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      texts[stream] += text;
      texts.output += text;
    });
  }
  const limit = setTimeout(() => {
    texts.output += `\nkilled: it took longer than ${limitMs} ms`;
    if (child.pid === undefined) return;
    const descendants = descendantsOf(child.pid);
    endAtOnce(-child.pid);
    // A shell with job control gives each job a group of its own.
    endProcesses(descendants);
  }, limitMs);
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ exitCode, ...texts });
    });
  }).finally(() => {
    clearTimeout(limit);
  });
  return { pid: child.pid ?? -1, printed: () => texts.output, ended };
}

/** Runs a command and waits until it ends. */
export async function runCommand(...parameters: Parameters<typeof startCommand>): Promise<CommandResult> {
  return startCommand(...parameters).ended;
}

import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Interrupted, ToolError, UsageError } from "./errors.mjs";

const ending = ["SIGINT", "SIGTERM", "SIGHUP"];
/** One Ctrl-C reaches a script twice: from the terminal, and from the npm that runs it. */
const sameCtrlCMs = 1_000;
/** As that of shells; every other failure is 1. */
const usageExitCode = 2;

/** Whether node was started with this module. Where code is given on the command line, it was started with none. */
export function isEntryPoint(moduleUrl) {
  const [, script] = process.argv;
  return script !== undefined && moduleUrl === pathToFileURL(realpathSync(script)).href;
}

/**
 * Runs a command line tool. Its first Ctrl-C aborts `signal`, so that half-made entries are removed and locks are
 * released; one more, a second later or after that, ends the process at once. `main` returns the exit code, or nothing
 * for 0.
 *
 * `commandLine` is what `parseArgs` takes, and a `usage` for --help. `main` then gets what `parseArgs` returns. A tool without
 * it, which passes its arguments on, reads them itself. The tools start on a bare clone: they cannot use a package for this.
 */
export async function runEntryPoint(main, commandLine) {
  const controller = new AbortController();
  let abortedAt;
  const abort = (signalName) => {
    if (abortedAt === undefined) {
      abortedAt = performance.now();
      controller.abort(new Interrupted(signalName));
    } else if (performance.now() - abortedAt >= sameCtrlCMs) {
      stopListening();
      process.kill(process.pid, signalName);
    }
  };
  const stopListening = () => ending.forEach((name) => process.off(name, abort));
  ending.forEach((name) => process.on(name, abort));
  try {
    const parsed = commandLine && readCommandLine(commandLine);
    if (parsed?.values.help) process.stdout.write(`Usage: ${commandLine.usage}\n`);
    else process.exitCode = (await main({ signal: controller.signal, stopListening, ...parsed })) ?? 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 128 + constants.signals[error.signalName];
    } else {
      process.stderr.write(`${error instanceof ToolError ? error.message : error.stack}\n`);
      process.exitCode = error instanceof UsageError ? usageExitCode : 1;
    }
  } finally {
    stopListening();
  }
}

function readCommandLine({ usage, options, ...others }) {
  try {
    return parseArgs({ ...others, options: { ...options, help: { type: "boolean", short: "h" } } });
  } catch (error) {
    const [problem] = error.message.split(". ");
    throw new UsageError(`${problem[0].toLowerCase()}${problem.slice(1)}\nUsage: ${usage}`);
  }
}

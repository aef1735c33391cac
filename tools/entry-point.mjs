import { constants } from "node:os";
import { performance } from "node:perf_hooks";
import { Interrupted, ToolError } from "./errors.mjs";

const ending = ["SIGINT", "SIGTERM", "SIGHUP"];
/** One Ctrl-C reaches a script twice: from the terminal, and from the npm that runs it. */
const sameCtrlCMs = 1_000;

/**
 * Runs a command line tool. Its first Ctrl-C aborts `signal`, so that half-made entries are removed and locks are
 * released; one more, a second later or after that, ends the process at once. `main` returns the exit code, or nothing
 * for 0.
 */
export async function runEntryPoint(main) {
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
    process.exitCode = (await main({ signal: controller.signal, stopListening })) ?? 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 128 + constants.signals[error.signalName];
    } else {
      process.stderr.write(`${error instanceof ToolError ? error.message : error.stack}\n`);
      process.exitCode = 1;
    }
  } finally {
    stopListening();
  }
}

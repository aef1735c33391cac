import { constants } from "node:os";
import { Interrupted, ToolError } from "./errors.mjs";

const ending = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a command line tool. Its first Ctrl-C aborts `signal`, so that what is half made is removed and locks are
 * released; a second one ends the process at once. `main` returns the exit code, or nothing for 0.
 */
export async function runEntryPoint(main) {
  const controller = new AbortController();
  const abort = (signalName) => {
    stopListening();
    controller.abort(new Interrupted(signalName));
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

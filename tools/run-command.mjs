import { spawn } from "node:child_process";
import { clearTimeout, setTimeout } from "node:timers";
import { ToolError } from "./errors.mjs";

const keptLines = 40;
const graceMs = 10_000;

/** A command that ended badly; the message holds the end of what it printed. */
export class CommandFailed extends ToolError {
  constructor(command, outcome, lastLines) {
    super([`${command} ${outcome}`, ...lastLines.map((line) => `  ${line}`)].join("\n"));
    this.outcome = outcome;
    this.lastLines = lastLines;
  }
}

/**
 * Runs a command without a shell and resolves to its standard output. Its lines go to `onLine`; one for which that
 * returns true is mere progress and is left out of an error's message. When `signal` aborts or `timeoutMs` is over, the
 * command is asked to stop, and killed if it does not: nothing keeps running in the background.
 */
export function runCommand(command, args, { cwd, env, signal, timeoutMs, onLine = () => false } = {}) {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const lastLines = [];
    const takeLine = (line) => {
      if (onLine(line) || line.trim() === "") return;
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
    };
    child.stdout.on("data", (chunk) => (output += chunk));
    splitLines(child.stdout, takeLine);
    splitLines(child.stderr, takeLine);

    let stoppedBecause;
    let killer;
    const stop = (why) => {
      stoppedBecause ??= why;
      child.kill("SIGINT");
      killer ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
    };
    const onAbort = () => stop(signal.reason);
    signal?.addEventListener("abort", onAbort);
    const limit =
      timeoutMs &&
      setTimeout(
        () => stop(new CommandFailed(command, `took longer than ${timeoutMs / 1000} s`, lastLines)),
        timeoutMs,
      );

    const settle = (error) => {
      clearTimeout(limit);
      clearTimeout(killer);
      signal?.removeEventListener("abort", onAbort);
      const failure = stoppedBecause ?? error;
      if (failure) reject(failure);
      else resolve(output);
    };
    child.on("error", (error) =>
      settle(new CommandFailed(command, `could not be started: ${error.message}`, [])),
    );
    child.on("close", (code, signalName) => {
      settle(code === 0 ? undefined : new CommandFailed(command, describeEnd(code, signalName), lastLines));
    });
  });
}

function describeEnd(code, signalName) {
  return signalName ? `was ended by ${signalName}` : `ended with exit code ${code}`;
}

function splitLines(stream, takeLine) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    lines.forEach(takeLine);
  });
  stream.on("end", () => takeLine(rest));
}

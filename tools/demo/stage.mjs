import { isDeepStrictEqual } from "node:util";
import { ToolError } from "../errors.mjs";
import { describeCalls } from "./calls.mjs";
import { importantLines, progressOf } from "./pulumi-output.mjs";

/** Where the story plays: what its steps use to act, and to prove what they say. */
export class Stage {
  /** What the steps name: ids of ENIs and of the instance. */
  names = {};
  #lastOutput = "";
  #step;

  constructor({ terminal, cloud, project, signal }) {
    this.terminal = terminal;
    this.cloud = cloud;
    this.project = project;
    this.signal = signal;
  }

  begin(title) {
    this.#step = { title, mark: this.cloud.mark() };
    this.#lastOutput = "";
  }

  /** What was asked of the API in this step. */
  calls() {
    return this.cloud.calls(this.#step.mark);
  }

  /** Runs `pulumi`, shows what matters of its output, and resolves to that and to the calls that were made meanwhile. */
  async pulumi(...args) {
    const mark = this.cloud.mark();
    const output = await this.terminal.action(`pulumi ${args.join(" ")}`, ({ report }) =>
      this.project.run(args, { onLine: (line) => report(progressOf(line)) }),
    );
    this.#lastOutput = output;
    const lines = importantLines(output);
    this.terminal.quote(lines);
    return { lines, calls: this.cloud.calls(mark) };
  }

  showCalls(calls) {
    this.terminal.say("API calls of the update:");
    this.terminal.quote(describeCalls(calls));
  }

  /** Stops the story when a value differs from the expected one. */
  check(statement, seen, expected = true) {
    this.signal.throwIfAborted();
    if (isDeepStrictEqual(seen, expected)) {
      this.terminal.finding(statement);
      return;
    }
    throw new ToolError(
      [
        ...(this.#lastOutput ? ["", "Pulumi printed:", ...indent(this.#lastOutput)] : []),
        "",
        "Calls of the API in this step:",
        ...describeCalls(this.calls()).map((line) => `  ${line}`),
        "",
        `A statement of the demo is not true, in step "${this.#step.title}".`,
        `  says:     ${statement}`,
        `  expected: ${JSON.stringify(expected)}`,
        `  seen:     ${JSON.stringify(seen)}`,
      ].join("\n"),
    );
  }
}

function indent(text) {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`);
}

/** A failure whose message is written for the person at the terminal: no stack is shown. */
export class ToolError extends Error {}

/** A command line that cannot be understood. */
export class UsageError extends ToolError {}

/** The person pressed Ctrl-C, or the process was asked to end. */
export class Interrupted extends Error {
  constructor(signalName) {
    super(`interrupted by ${signalName}`);
    this.signalName = signalName;
  }
}

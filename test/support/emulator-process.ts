import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const script = path.join(
  path.dirname(require.resolve("alicloud-ecs-emulator/package.json")),
  "bin/alicloud-ecs-emulator.js",
);

/** The output and the exit of a process. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** An emulator in its own process, started through its command. */
export class EmulatorProcess {
  readonly #child;
  readonly #output = { stdout: "", stderr: "" };
  readonly ended: Promise<Ended>;

  constructor(...args: readonly string[]);
  constructor(env: Environment, ...args: readonly string[]);
  constructor(first: Environment | string = {}, ...others: readonly string[]) {
    const [env, args] = typeof first === "string" ? [{}, [first, ...others]] : [first, others];
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => (this.#output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (this.#output.stderr += chunk.toString()));
    this.ended = once(child, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      ...this.#output,
    }));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Waits for the line that reports URL and pid. Throws with all output if the process ends before. */
  async listening(): Promise<{ url: string; pid: number }> {
    while (!this.#output.stdout.includes("\n")) {
      const ended = await Promise.race([this.ended, once(this.#child.stdout, "data")]);
      if (!Array.isArray(ended)) throw new Error(`the emulator did not start: ${JSON.stringify(ended)}`);
    }
    return JSON.parse(this.#output.stdout) as { url: string; pid: number };
  }

  /** Sends a signal and waits until the process ends. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }
}

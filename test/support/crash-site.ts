import type { Emulator, LoggedCall } from "alicloud-ecs-emulator";
import type { GateClock } from "./gate-clock";
import type { PulumiProject } from "./pulumi-project";
import { descendantsOf, endAtOnce, endProcesses, isRunning, type Process } from "./process-tree";
import type { CommandResult, RunningCommand } from "./run-command";

/** The provider's host process, or the engine that started it: `pulumi` itself, without its children. */
export type Victim = "provider" | "engine";

const patienceMs = 60_000;

/** The write calls of the log, with their outcomes. */
export function writeCalls(emulator: Emulator): LoggedCall[] {
  return emulator.control.calls().filter(({ action }) => action?.startsWith("Describe") === false);
}

/**
 * Where commands are killed in the middle of a call. Nothing here goes by time: the emulator, which has to run on
 * the clock given, holds the call until it is told to go on.
 */
export class CrashSite {
  private readonly commands: RunningCommand[] = [];
  /** What commands started: when their parent is gone, nothing else tells that they belong here. */
  private readonly children: Process[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly clock: GateClock,
    private readonly project: Pick<PulumiProject, "start">,
  ) {}

  /**
   * Runs a command that makes these write calls, and kills the victim while the nth of them is under way: the call
   * has arrived, and is neither carried out nor answered.
   */
  async kill(victim: Victim, nth: number, writes: readonly string[], ...args: string[]): Promise<void> {
    const { command, host } = await this.holdCall(nth, writes, ...args);
    endAtOnce(victim === "engine" ? command.pid : host.pid);
    const { exitCode, output } = await command.ended;
    if (exitCode === 0) throw new Error(`pulumi succeeded without its ${victim}:\n${output}`);
    // Whoever waits for the answer decides what it is worth: a killed engine leaves its provider behind, alive.
    if (isRunning(host) !== (victim === "engine"))
      throw new Error(`with the ${victim} killed, the provider ${victim === "engine" ? "ended" : "runs on"}`);
  }

  /**
   * Presses Ctrl-C while the nth of these write calls is under way, as a terminal does it: the signal goes to the whole
   * process group. Once, the call is answered after the engine has said that it stops; twice, it never is. `waiting` says
   * whether the command still waited for its host while the engine had it finish.
   */
  async interrupt(
    times: "once" | "twice",
    nth: number,
    writes: readonly string[],
    ...args: string[]
  ): Promise<{ result: CommandResult; host: Process; waiting: boolean }> {
    const { command, host } = await this.holdCall(nth, writes, ...args);
    process.kill(-command.pid, "SIGINT");
    await this.during(command, () => command.printed().includes("^C received; cancelling"));
    // Whoever stands between the terminal and the host and has ended has left the others to themselves.
    const waiting = descendantsOf(command.pid).some(({ pid }) => pid === host.pid);
    if (times === "once") this.clock.open();
    else process.kill(-command.pid, "SIGINT");
    return { result: await command.ended, host, waiting };
  }

  /** Runs a command until the nth of these write calls has arrived, and is neither carried out nor answered. */
  private async holdCall(
    nth: number,
    writes: readonly string[],
    ...args: string[]
  ): Promise<{ command: RunningCommand; host: Process }> {
    const action = writes[nth - 1];
    if (action === undefined) throw new Error(`there is no call ${nth}`);
    const skip = writes.slice(0, nth - 1).filter((earlier) => earlier === action).length;
    this.emulator.control.addFault({ action, skip, effect: { delayMs: 1 } });
    const command = this.start(...args);
    await this.during(command, () => this.clock.waiting > 0);

    const children = descendantsOf(command.pid);
    this.children.push(...children);
    const [host, ...others] = children.filter((child) => child.command.includes("/cmd/dynamic-provider"));
    if (host === undefined || others.length > 0)
      throw new Error(`not exactly one host of the provider among ${JSON.stringify(children)}`);
    return { command, host };
  }

  /** Lets the held call be carried out and answered, to whoever is left. */
  async answer(): Promise<void> {
    this.clock.open();
    await until(() => writeCalls(this.emulator).every(({ status }) => status !== null));
  }

  /** Starts `pulumi`; it ends with the test at the latest. */
  start(...args: string[]): RunningCommand {
    const command = this.project.start(...args);
    this.commands.push(command);
    return command;
  }

  /** Waits for something to happen while the command runs. */
  async during(command: RunningCommand, happened: () => boolean): Promise<void> {
    let result: CommandResult | undefined;
    void command.ended.then((ended) => (result = ended));
    await until(() => result !== undefined || happened());
    if (!happened()) throw new Error(`pulumi ended too early:\n${result?.output}`);
  }

  /** Ends all that was started and still runs. */
  async clear(): Promise<void> {
    this.clock.open();
    for (const { pid } of this.commands) {
      this.children.push(...descendantsOf(pid));
      endAtOnce(-pid);
    }
    endProcesses(this.children);
    await Promise.all(this.commands.map(({ ended }) => ended));
    this.commands.length = 0;
    this.children.length = 0;
  }
}

async function until(happened: () => boolean): Promise<void> {
  const givenUpMs = Date.now() + patienceMs;
  while (!happened()) {
    if (Date.now() > givenUpMs) throw new Error(`waited ${patienceMs} ms in vain for ${happened.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

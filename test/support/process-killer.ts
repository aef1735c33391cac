import type { Emulator, LoggedCall } from "alicloud-ecs-emulator";
import type { GateClock } from "./gate-clock";
import type { PulumiProject } from "./pulumi-project";
import { descendantsOf, endAtOnce, endProcesses, isRunning, type Process } from "./process-tree";
import type { CommandResult, RunningCommand } from "./run-command";

/** The process to kill: the provider's, or the engine (`pulumi` itself, without its children). */
export type Victim = "provider" | "engine";

const waitLimitMs = 60_000;

/** The processes of the two adaptors: the host of dynamic providers, and the plugin's executable. */
const providerProcess = /\/cmd\/dynamic-provider|\/plugin\/start\.js/;

/** The write calls in the log, with their outcomes. */
export function writeCalls(emulator: Emulator): LoggedCall[] {
  return emulator.control
    .calls()
    .filter(({ action }) => action !== null && !/^(?:Describe|Get)/.test(action));
}

/**
 * Kills or interrupts Pulumi commands in the middle of a call. Nothing depends on timing: the emulator must run on the
 * given clock, which holds the call until the test opens it.
 */
export class ProcessKiller {
  private readonly commands: RunningCommand[] = [];
  /** Processes that the commands started. They must be noted here: they cannot be found after their parent has ended. */
  private readonly children: Process[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly clock: GateClock,
    private readonly project: Pick<PulumiProject, "start">,
  ) {}

  /**
   * Runs a command that makes these write calls. Kills the victim during the nth one: the call has arrived at the
   * emulator, which has neither carried it out nor answered it.
   */
  async kill(victim: Victim, nth: number, writes: readonly string[], ...args: string[]): Promise<void> {
    const { command, host } = await this.holdCall(nth, writes, ...args);
    endAtOnce(victim === "engine" ? command.pid : host.pid);
    const { exitCode, output } = await command.ended;
    if (exitCode === 0) throw new Error(`pulumi succeeded although its ${victim} was killed:\n${output}`);
    // The provider outlives a killed engine, and receives the answer.
    if (isRunning(host) !== (victim === "engine"))
      throw new Error(
        `the ${victim} was killed, but the provider ${victim === "engine" ? "ended" : "is still running"}`,
      );
  }

  /**
   * Sends SIGINT to the process group during the nth of these write calls, as a terminal does on Ctrl-C.
   * "once": the call is answered after the engine has printed that it stops. "twice": the call is not answered.
   * `waiting`: whether the command was still the ancestor of the provider's host after the first signal.
   */
  async interrupt(
    times: "once" | "twice",
    nth: number,
    writes: readonly string[],
    ...args: string[]
  ): Promise<{ result: CommandResult; host: Process; waiting: boolean }> {
    const { command, host } = await this.holdCall(nth, writes, ...args);
    process.kill(-command.pid, "SIGINT");
    await this.waitDuring(command, () => command.printed().includes("^C received; cancelling"));
    // If a process between the command and the host has ended, the host is no longer a descendant of the command.
    const waiting = descendantsOf(command.pid).some(({ pid }) => pid === host.pid);
    if (times === "once") this.clock.open();
    else process.kill(-command.pid, "SIGINT");
    return { result: await command.ended, host, waiting };
  }

  /** Runs a command until the nth of these write calls has arrived. The emulator holds this call. */
  private async holdCall(
    nth: number,
    writes: readonly string[],
    ...args: string[]
  ): Promise<{ command: RunningCommand; host: Process }> {
    const action = writes[nth - 1];
    if (action === undefined) throw new Error(`there is no write call ${nth}: the list has ${writes.length}`);
    const skip = writes.slice(0, nth - 1).filter((earlier) => earlier === action).length;
    this.emulator.control.addFault({ action, skip, effect: { delayMs: 1 } });
    const command = this.start(...args);
    await this.waitDuring(command, () => this.clock.waiting > 0);

    const children = descendantsOf(command.pid);
    this.children.push(...children);
    const [host, ...others] = children.filter((child) => providerProcess.test(child.command));
    if (host === undefined || others.length > 0)
      throw new Error(`expected exactly one provider host among ${JSON.stringify(children)}`);
    return { command, host };
  }

  /** Lets the emulator carry out and answer the held call. */
  async answer(): Promise<void> {
    this.clock.open();
    await until(() => writeCalls(this.emulator).every(({ status }) => status !== null));
  }

  /** Starts `pulumi`. {@link clear} ends it at the latest. */
  start(...args: string[]): RunningCommand {
    const command = this.project.start(...args);
    this.commands.push(command);
    return command;
  }

  /** Waits until the condition holds. Throws if the command ends first. */
  async waitDuring(command: RunningCommand, condition: () => boolean): Promise<void> {
    let result: CommandResult | undefined;
    void command.ended.then((ended) => (result = ended));
    await until(() => result !== undefined || condition());
    if (!condition()) throw new Error(`pulumi ended too early:\n${result?.output}`);
  }

  /** Kills all processes that were started and still run. */
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

async function until(condition: () => boolean): Promise<void> {
  const limitMs = Date.now() + waitLimitMs;
  while (!condition()) {
    if (Date.now() > limitMs)
      throw new Error(`condition not met within ${waitLimitMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

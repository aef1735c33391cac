import { execFileSync } from "node:child_process";

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

interface ListedProcess extends Process {
  readonly parent: number;
  readonly ended: boolean;
}

/** All descendants of a process. */
export function descendantsOf(pid: number): Process[] {
  const all = listProcesses();
  const found = all.filter(({ parent }) => parent === pid);
  for (const each of found) found.push(...all.filter(({ parent }) => parent === each.pid));
  return found.map(({ pid, command }) => ({ pid, command }));
}

/** Whether this process still runs. The command is compared too, because the system may reuse a pid. */
export function isRunning({ pid, command }: Process): boolean {
  return listProcesses().some((each) => each.pid === pid && each.command === command && !each.ended);
}

/** Kills these processes. A process that has ended already is no error. */
export function endProcesses(processes: readonly Process[]): void {
  for (const each of processes) if (isRunning(each)) endAtOnce(each.pid);
}

/** Sends SIGKILL to a process or, with a negative number, to a process group. */
export function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function listProcesses(): ListedProcess[] {
  // These options mean the same on Linux and macOS. Without -ww, `ps` cuts long commands.
  const columns = ["pid=", "ppid=", "stat=", "command="].flatMap((column) => ["-o", column]);
  const text = execFileSync("ps", ["-axww", ...columns], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, status, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), command, ended: status?.startsWith("Z") === true }];
  });
}

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

/** The processes that this one started, and those that they started. */
export function descendantsOf(pid: number): Process[] {
  const all = listProcesses();
  const found = all.filter(({ parent }) => parent === pid);
  for (const each of found) found.push(...all.filter(({ parent }) => parent === each.pid));
  return found.map(({ pid, command }) => ({ pid, command }));
}

/** Whether this very process runs: another one may have got its number since. */
export function isRunning({ pid, command }: Process): boolean {
  return listProcesses().some((each) => each.pid === pid && each.command === command && !each.ended);
}

/** Ends these processes at once; one that has ended already is no error. */
export function endProcesses(processes: readonly Process[]): void {
  for (const each of processes) if (isRunning(each)) endAtOnce(each.pid);
}

/** SIGKILL, to a process or, with a negative number, to a group. */
export function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function listProcesses(): ListedProcess[] {
  // All of it means the same to the `ps` of Linux and of macOS; without -ww, long commands are cut.
  const columns = ["pid=", "ppid=", "stat=", "command="].flatMap((column) => ["-o", column]);
  const text = execFileSync("ps", ["-axww", ...columns], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, status, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), command, ended: status?.startsWith("Z") === true }];
  });
}

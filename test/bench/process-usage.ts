import { readdirSync, readFileSync } from "node:fs";

/** What processes have used. */
export interface Usage {
  readonly cpuMs: number;
  /** The most memory that one of them has held at a time. */
  readonly memoryMiB: number;
}

/** Linux counts CPU time in hundredths of a second, on every architecture: https://man7.org/linux/man-pages/man7/time.7.html */
const tickMs = 10;
/** Looking for new processes reads a file of every process of the machine, so it is done less often. */
const lookEveryMs = 200;
const sampleEveryMs = 20;

/**
 * Watches the descendants of a process whose command line matches, and sums up what they use. Linux forgets a process when it ends:
 * what a process uses after the last sample is lost.
 *
 * @returns a function that ends the watch. It returns `undefined` where there is no such process, or no Linux
 */
export function watchUsage(
  root: number,
  isWatched: (commandLine: string) => boolean,
): () => Usage | undefined {
  const seen = new Map<number, Usage | undefined>();
  const look = () => {
    for (const pid of descendantsOf(root)) if (isWatched(commandLineOf(pid))) seen.set(pid, seen.get(pid));
  };
  const sample = () => {
    for (const pid of seen.keys()) seen.set(pid, usageOf(pid) ?? seen.get(pid));
  };
  const timers = [setInterval(look, lookEveryMs), setInterval(sample, sampleEveryMs)];
  return () => {
    timers.forEach((timer) => {
      clearInterval(timer);
    });
    look();
    sample();
    const all = [...seen.values()].filter((usage) => usage !== undefined);
    if (all.length === 0) return undefined;
    return {
      cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      memoryMiB: Math.max(...all.map(({ memoryMiB }) => memoryMiB)),
    };
  };
}

/** What a process has used until now: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function usageOf(pid: number): Usage | undefined {
  const [user, system] = fieldsOf(pid).slice(11, 13).map(Number);
  const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(read(pid, "status")) ?? [];
  if (user === undefined || system === undefined || kiB === undefined) return undefined;
  return { cpuMs: (user + system) * tickMs, memoryMiB: Number(kiB) / 1024 };
}

function descendantsOf(root: number): number[] {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const found = [root];
  for (const parent of found) for (const [pid, its] of parents) if (its === parent) found.push(pid);
  return found.slice(1);
}

function parentOf(pid: number): number {
  return Number(fieldsOf(pid)[1]);
}

/** The values of `stat` after the name of the program, which is in parentheses and may contain spaces. */
function fieldsOf(pid: number): string[] {
  return read(pid, "stat")
    .replace(/^.*\) /s, "")
    .split(" ");
}

function commandLineOf(pid: number): string {
  return read(pid, "cmdline").replaceAll("\0", " ").trim();
}

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** A file of a process; empty when the process has ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").trim();
  } catch {
    return "";
  }
}

import { cpus, loadavg, totalmem } from "node:os";
import { contenderNames, contenders } from "./contenders";
import { measureLoading } from "./loading";
import { median, rowOf } from "./results";
import type { Measured, Results, Row } from "./results";
import { BenchStack } from "./stack";
import { latencyMs, parallel, planSteps, works } from "./works";
import type { Work } from "./works";

export { chartOf } from "./chart";
export { pages } from "./page";
export { problemsOf } from "./results";
export { tableOf } from "./table";

/** What tools/progress.mjs creates. */
interface Progress {
  readonly say: (line: string) => void;
  readonly step: <T>(
    title: string,
    expected: string,
    work: (step: { readonly update: (text: string) => void }) => Promise<T>,
  ) => Promise<T>;
}

export interface Choice {
  readonly quick: boolean;
  /** Parts of the names of the works. Absent: all works. */
  readonly only?: readonly string[] | undefined;
  /** Runs of each work. */
  readonly runs?: number | undefined;
}

interface Run {
  readonly choice: Choice;
  readonly command: string;
  /** The version of the Pulumi CLI. */
  readonly cliVersion: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const quickRuns = 3;
const emptyRuns = 5;
const secondsOfEmpty = 12;
/** Of one run of the commands with resources of @pulumi/random. */
const secondsOfEngine = 250;

/** The chosen works, each with its number of runs. */
export function chooseWorks({ quick, only = [""], runs }: Choice): Work[] {
  return works
    .filter(({ name, isQuick }) => only.some((part) => name.includes(part)) && (isQuick || !quick))
    .map((work) => ({ ...work, runs: runs ?? (quick ? Math.min(work.runs, quickRuns) : work.runs) }));
}

/** The time that the works take on two idle cores. */
export function estimateMinutes(chosen: readonly Work[]): number {
  const seconds = chosen.map(
    ({ seconds, runs, comparesWithEngine }) =>
      seconds * runs * contenderNames.length + (comparesWithEngine ? secondsOfEngine : 0),
  );
  return Math.ceil(seconds.reduce((sum, one) => sum + one, secondsOfEmpty) / 60);
}

/** Runs the chosen works with every contender. */
export async function runBench({ choice, command, cliVersion, progress, signal }: Run): Promise<Results> {
  const [load = 0] = loadavg();
  const chosen = chooseWorks(choice);
  if (chosen.length === 0)
    throw new Error(
      `no work is called ${choice.only?.join(" or ")}; there are ${works.map(({ name }) => name).join("; ")}`,
    );
  progress.say(
    `${chosen.map(({ name, runs }) => `${name} (${runs} ${runs === 1 ? "run" : "runs"})`).join(", ")}, ` +
      `${contenderNames.length} contenders: about ${estimateMinutes(chosen)} min on two idle cores`,
  );
  const emptyMs = await progress.step("an empty stack", `${emptyRuns} runs, ${secondsOfEmpty} s`, () =>
    measureEmpty(signal),
  );
  const loading = await progress.step("loading the providers", "5 runs, 10 s", () => measureLoading(signal));
  const engineMs: Record<string, number> = {};
  const rows: Row[] = [];
  for (const work of chosen) rows.push(...(await measure(work, { emptyMs, engineMs, progress, signal })));
  const [cpu] = cpus();
  return {
    command,
    machine:
      `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Node.js ${process.versions.node}, Pulumi CLI ${cliVersion}, load average ${load.toFixed(1)} at the start`,
    ...{ latencyMs, parallel, emptyMs, engineMs, loading, rows },
  };
}

async function measureEmpty(signal: AbortSignal): Promise<number> {
  const stack = await BenchStack.open({ enis: 1 });
  try {
    const times: number[] = [];
    // The first one compiles the program.
    for (let run = 0; run <= emptyRuns; run += 1) {
      await stack.reset();
      const options = { contender: "empty", lists: {}, emptyMs: 0, signal };
      const measured = await stack.run({ command: "up" }, options);
      if ("failure" in measured) throw new Error(`pulumi up of an empty stack failed:\n${measured.failure}`);
      if (run > 0) times.push(measured.wallMs);
    }
    return Math.round(median(times));
  } finally {
    await stack.close();
  }
}

interface Surroundings {
  readonly emptyMs: number;
  /** Gets the engine's own times. */
  readonly engineMs: Record<string, number>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function measure(work: Work, { emptyMs, engineMs, progress, signal }: Surroundings): Promise<Row[]> {
  const stack = await BenchStack.open(work);
  const steps = planSteps(work);
  const results = new Map<string, Measured[]>();
  const keyOf = (contender: string, step: string) => `${contender} ${step}`;

  const runOnce = async (contender: string, isProvider: (commandLine: string) => boolean, title: string) => {
    const expected = `about ${contender === "random" ? secondsOfEngine : work.seconds} s`;
    await progress.step(`${work.name}: ${title}`, expected, async ({ update }) => {
      await stack.reset();
      for (const [index, step] of steps.entries()) {
        update(`${step.name} (${index + 1} of ${steps.length})`);
        const measured = await stack.run(step, { contender, lists: step.lists, emptyMs, isProvider, signal });
        const key = keyOf(contender, step.name);
        results.set(key, [...(results.get(key) ?? []), measured]);
        // What follows needs what this command has made.
        if ("failure" in measured) break;
        if (contender !== "random") await stack.verify(step.held);
      }
    });
  };

  try {
    if (work.comparesWithEngine) {
      await runOnce("random", () => false, "as many resources of @pulumi/random");
      for (const { name, command } of steps) {
        const [measured] = results.get(keyOf("random", name)) ?? [];
        if (measured === undefined || "failure" in measured)
          throw new Error(`resources of @pulumi/random: ${measured?.failure ?? "not run"}`);
        engineMs[command] = Math.round(measured.aboveEmptyMs);
      }
    }
    // They take turns, so that other work on the machine concerns all of them.
    for (let run = 1; run <= work.runs; run += 1)
      for (const contender of contenderNames) {
        const { title, isProvider } = contenders[contender];
        await runOnce(contender, isProvider, `${title}, run ${run} of ${work.runs}`);
      }
  } finally {
    await stack.close();
  }
  return steps.flatMap((step) =>
    contenderNames.flatMap((contender) => {
      const runs = results.get(keyOf(contender, step.name));
      if (runs === undefined) return [];
      const engine = work.comparesWithEngine ? engineMs[step.command] : undefined;
      return [rowOf(work, step, { contender, engineMs: engine }, runs)];
    }),
  );
}

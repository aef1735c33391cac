import { contenders } from "./contenders";
import type { Contender } from "./contenders";
import { callCount, judge } from "./bounds";
import type { Figures, Verdict } from "./bounds";
import type { PlannedStep, Work } from "./works";

/** One command of one contender. */
export interface Row {
  readonly work: string;
  readonly step: string;
  readonly contender: Contender;
  /** Number of runs. The figures are their medians. */
  readonly runs: number;
  readonly lowerBound: number;
  /** The calls as a multiple of the lower bound. */
  readonly ratio: number;
  /** Absent if the command failed. */
  readonly figures?: Figures;
  /** The message of a command that failed. */
  readonly failure?: string;
  /** Absent for the plain provider. */
  readonly verdicts?: readonly Verdict[];
}

/** How long the code of a contender's provider takes to load. */
export interface Loading {
  readonly contender: Contender;
  readonly ms: number;
  readonly verdict?: Verdict;
}

/** What the benchmark writes. */
export interface Results {
  readonly command: string;
  readonly machine: string;
  readonly latencyMs: number;
  readonly parallel: number;
  /** `pulumi up` of an empty stack. */
  readonly emptyMs: number;
  /** The engine's own time above an empty stack for 1,000 resources of @pulumi/random, by command. */
  readonly engineMs: Readonly<Record<string, number>>;
  readonly loading: readonly Loading[];
  readonly rows: readonly Row[];
}

/** What one run of a command has measured, or why it failed. */
export type Measured = Figures | { readonly failure: string };

/** The row of a command, from all its runs. One failed run makes it a failure. */
export function rowOf(
  work: Work,
  { name: step, lowerBound, bounds }: PlannedStep,
  { contender, engineMs }: { readonly contender: Contender; readonly engineMs: number | undefined },
  runs: readonly Measured[],
): Row {
  const row = { work: work.name, step, contender, runs: runs.length, lowerBound };
  const failed = runs.find((run) => "failure" in run);
  if (failed !== undefined) return { ...row, ratio: NaN, failure: failed.failure };
  const figures = medianFigures(runs.filter((run): run is Figures => !("failure" in run)));
  const ratio = round(callCount(figures) / lowerBound, 2);
  if (!contenders[contender].isOurs) return { ...row, ratio, figures };
  return {
    ...row,
    ratio,
    figures,
    verdicts: judge(bounds, figures, { lowerBound, engineMs }),
  };
}

/** The medians of all figures, each for itself. The calls are those of the run whose number of calls is the median. */
export function medianFigures(runs: readonly Figures[]): Figures {
  const byCalls = runs.toSorted((a, b) => callCount(a) - callCount(b));
  const of = (figure: (run: Figures) => number | undefined) => {
    const values = runs.map(figure).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  const [cpuMs, memoryMiB] = [of((run) => run.cpuMs), of((run) => run.memoryMiB)];
  return {
    calls: byCalls[Math.floor((runs.length - 1) / 2)]?.calls ?? {},
    failedCalls: of((run) => run.failedCalls) ?? 0,
    wallMs: Math.round(of((run) => run.wallMs) ?? 0),
    aboveEmptyMs: Math.round(of((run) => run.aboveEmptyMs) ?? 0),
    ...(cpuMs !== undefined && { cpuMs: Math.round(cpuMs) }),
    ...(memoryMiB !== undefined && { memoryMiB: Math.round(memoryMiB) }),
    stateBytes: of((run) => run.stateBytes) ?? 0,
    besidesAddressesBytes: of((run) => run.besidesAddressesBytes) ?? 0,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error("there is no median of nothing");
  return middle;
}

/** The bounds that are not held, and the commands of ours that failed, each as a line. */
export function problemsOf({ rows, loading }: Results): string[] {
  const ofRows = rows.flatMap(({ work, step, contender, verdicts = [], failure }) => {
    const where = `${work}, ${step}, ${contender}`;
    if (failure !== undefined) return contenders[contender].isOurs ? [`${where}: failed`] : [];
    return broken(verdicts).map((line) => `${where}: ${line}`);
  });
  const ofLoading = loading.flatMap(({ contender, verdict }) =>
    broken(verdict === undefined ? [] : [verdict]).map((line) => `loading, ${contender}: ${line}`),
  );
  return [...ofRows, ...ofLoading];
}

function broken(verdicts: readonly Verdict[]): string[] {
  return verdicts
    .filter(({ isHeld }) => !isHeld)
    .map(({ figure, value, limit, unit }) =>
      `${figure} ${round(value)} of at most ${round(limit)} ${unit}`.trim(),
    );
}

export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}

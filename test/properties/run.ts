/** The two ways from the engine to the provider. */
export const adaptorNames = ["dynamic", "plugin"] as const;

export type AdaptorName = (typeof adaptorNames)[number];

/** One run of the suite, the same for all its test files: `setup.ts` writes it to PROPERTIES_RUN. */
export interface Run {
  /** The number of histories. Half of them run with each adaptor. */
  readonly histories: number;
  /** The only adaptor to run with. */
  readonly adaptor?: AdaptorName;
  readonly minutes: number;
  /** Whether all histories must be completed. Then the minutes are only a limit for a run that hangs. */
  readonly mustRunAll: boolean;
  readonly seed: number;
  /** The path, in fast-check's search, of the single history to repeat. */
  readonly path?: string;
  /** The folder in which each test file regularly writes its histogram. */
  readonly folder: string;
  readonly startedMs: number;
}

export function currentRun(): Run {
  return JSON.parse(process.env.PROPERTIES_RUN ?? "") as Run;
}

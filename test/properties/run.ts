/** One run of the suite, the same for all its test files: `setup.ts` writes it to PROPERTIES_RUN. */
export interface Run {
  readonly histories: number;
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

/** One run of the suite, the same for all its test files: `setup.ts` writes it to PROPERTIES_RUN. */
export interface Run {
  readonly histories: number;
  readonly minutes: number;
  /** Whether all histories have to be told: the minutes were not asked for, and only end a run that hangs. */
  readonly mustTellAll: boolean;
  readonly seed: number;
  /** Where in fast-check's search the one history is that is to be told again. */
  readonly path?: string;
  /** Where each test file leaves its histogram, again and again. */
  readonly folder: string;
  readonly startedMs: number;
}

export function currentRun(): Run {
  return JSON.parse(process.env.PROPERTIES_RUN ?? "") as Run;
}

/**
 * A data file that cannot be used; the message names it and says what to do.
 *
 * @public
 */
export class DataFileError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DataFileError";
  }
}

/** Why the system refused something, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

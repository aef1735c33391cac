import type { RawParameters } from "../wire/parameters";

/**
 * One call as the log has it: entered when it arrives, completed when it is answered.
 *
 * @public
 */
export interface LoggedCall {
  /** Counts from 1, and goes on when the log is cleared. */
  readonly seq: number;
  /** When it arrived, in milliseconds since the epoch by the emulator's clock. */
  readonly atMs: number;
  /** As the request has it, known or not. */
  readonly action: string | null;
  /** The operation's parameters as they came, query and form body merged, without key, signature and the like. */
  readonly params: RawParameters;
  /** The HTTP status of the answer; null while there is none, and for ever where a fault lost it. */
  status: number | null;
  /** The code of an error; null for a success, and where there is no answer. */
  code: string | null;
  /** As in the answer, or as it would have been there. */
  readonly requestId: string;
}

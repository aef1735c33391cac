import { EventEmitter } from "node:events";
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

/** What was asked of the API, in the order of arrival. Calls to the control API are not in it. */
export class CallLog {
  /** For whoever watches: a call that came in or was answered, and the log's emptying. */
  readonly changes = new EventEmitter<{ call: [LoggedCall]; cleared: [] }>().setMaxListeners(0);
  #calls: LoggedCall[] = [];
  #seq = 0;

  enter(call: Pick<LoggedCall, "atMs" | "action" | "params" | "requestId">): LoggedCall {
    const { atMs, action, params, requestId } = call;
    const entered: LoggedCall = {
      seq: ++this.#seq,
      atMs,
      action,
      params,
      status: null,
      code: null,
      requestId,
    };
    this.#calls.push(entered);
    this.changes.emit("call", entered);
    return entered;
  }

  /** Notes how a call was answered. */
  complete(call: LoggedCall, status: number, code: string | null): void {
    call.status = status;
    call.code = code;
    this.changes.emit("call", call);
  }

  /** A copy: later calls do not change it. */
  list(): LoggedCall[] {
    return this.#calls.map((call) => ({ ...call }));
  }

  clear(): void {
    this.#calls = [];
    this.changes.emit("cleared");
  }
}

import { EventEmitter } from "node:events";
import type { LoggedCall } from "./logged-call";

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

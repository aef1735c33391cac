import { EventEmitter } from "node:events";
import type { RawParameters } from "../wire/parameters";
import type { LoggedCall } from "./logged-call";

/** How many calls are kept unless the option `callLogSize` says otherwise. */
export const defaultCallLogSize = 10_000;

interface Bounds {
  readonly names: number;
  /** Of each name and value. */
  readonly characters: number;
  /** Of all together: where they are more, further parameters are left out. */
  readonly total: number;
}

/** What is kept of the parameters of a call. No call of the API needs more, but one can come with megabytes. */
const authenticatedBounds: Bounds = { names: 500, characters: 4096, total: 32_768 };

/** What is kept of them while it is not known who asks. */
const unauthenticatedBounds: Bounds = { names: 20, characters: 100, total: 4000 };

/** What was asked of the API, in the order of arrival. Calls to the control API are not in it. */
export class CallLog {
  /** For watchers: a call that came in or was answered, and the log's emptying. */
  readonly changes = new EventEmitter<{ call: [LoggedCall]; cleared: [] }>().setMaxListeners(0);
  readonly #size: number;
  readonly #calls = new Map<number, LoggedCall & { params: RawParameters }>();
  #dropped = 0;
  #seq = 0;

  /**
   * @param size - how many calls are kept: one more drops the oldest
   */
  constructor(size = defaultCallLogSize) {
    this.#size = size;
  }

  /** How many calls were dropped since the log was cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Enters a call when it arrives. Little of its parameters is kept until {@link authenticated}. */
  enter(call: Pick<LoggedCall, "atMs" | "action" | "params" | "requestId">): LoggedCall {
    const { atMs, action, params, requestId } = call;
    const entered = {
      seq: ++this.#seq,
      atMs,
      action: action === null ? null : bounded(action, unauthenticatedBounds),
      params: boundedParameters(params, unauthenticatedBounds),
      status: null,
      code: null,
      requestId,
    };
    this.#calls.set(entered.seq, entered);
    for (const [oldest] of this.#calls) {
      if (this.#calls.size <= this.#size) break;
      this.#calls.delete(oldest);
      this.#dropped++;
    }
    this.changes.emit("call", entered);
    return entered;
  }

  /** Notes the parameters of a call whose signature is right. */
  authenticated(call: LoggedCall, params: RawParameters): void {
    const entered = this.#calls.get(call.seq);
    if (entered) entered.params = boundedParameters(params, authenticatedBounds);
  }

  /** Notes how a call was answered. */
  complete(call: LoggedCall, status: number, code: string | null): void {
    call.status = status;
    call.code = code;
    this.changes.emit("call", call);
  }

  /** A copy: later calls do not change it. */
  list(): LoggedCall[] {
    return [...this.#calls.values()].map((call) => ({ ...call }));
  }

  clear(): void {
    this.#calls.clear();
    this.#dropped = 0;
    this.changes.emit("cleared");
  }
}

function boundedParameters(params: RawParameters, bounds: Bounds): RawParameters {
  const entries = Object.entries(params);
  const kept: [string, string][] = [];
  let left = bounds.total;
  for (const [name, value] of entries.slice(0, bounds.names)) {
    if (left <= 0) break;
    left -= Math.min(name.length, bounds.characters) + Math.min(value.length, bounds.characters);
    kept.push([bounded(name, bounds), bounded(value, bounds)]);
  }
  const more = entries.length - kept.length;
  return Object.fromEntries(more > 0 ? [...kept, ["…", `${more} more parameters`]] : kept);
}

/** The beginning of a long text, and how long it was. A short one is copied: it would keep its whole request in memory. */
function bounded(text: string, { characters }: Bounds): string {
  const beginning = Buffer.from(text.slice(0, characters)).toString();
  return text.length > characters ? `${beginning}… (${text.length} characters)` : beginning;
}

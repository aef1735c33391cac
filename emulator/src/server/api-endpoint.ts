import type { IncomingMessage, ServerResponse } from "node:http";
import type { Action } from "../actions/action";
import { findAction, productOf } from "../actions/registry";
import {
  ApiError,
  internalError,
  invalidAction,
  missingParameter,
  throttledUser,
  unsupportedHttpMethod,
  unsupportedParameter,
} from "../api-errors";
import { errorBody, jsonContentType, newRequestId, successBody } from "../wire/answers";
import type { Authentication } from "../wire/authentication";
import { mergeParameters } from "../wire/parameters";
import type { RawParameters } from "../wire/parameters";
import { defaultRegion } from "../world/state-loading";
import type { LoggedCall } from "./call-log";
import type { EmulatorState } from "./emulator-state";
import { execute } from "./execution";
import { lossBy, namedEnis } from "./faults";
import type { Loss } from "./faults";
import { followedByStaleReads } from "./stale-reads-fault";

/** What came in, read as a call of the API. */
interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

type Outcome =
  { readonly status: number; readonly code: string | null; readonly body: string } | Loss["outcome"];

/** Answers the calls of the cloud's API. */
export class ApiEndpoint {
  readonly #state: EmulatorState;
  readonly #authentication: Authentication;
  readonly #stopped: AbortSignal;

  constructor(state: EmulatorState, authentication: Authentication, stopped: AbortSignal) {
    this.#state = state;
    this.#authentication = authentication;
    this.#stopped = stopped;
  }

  async answer(request: ApiRequest, response: ServerResponse): Promise<void> {
    const params = mergeParameters(
      request.url.searchParams,
      request.body.toString(),
      request.headers["content-type"] ?? "",
    );
    const call = this.#state.calls.enter({
      atMs: this.#state.clock.now(),
      action: named(request, params, "action") ?? null,
      params,
      requestId: newRequestId(),
    });
    const outcome = await this.#outcome(request, call);
    // The connection stays open until the client closes it, or the server closes all.
    if (outcome === "hung") return;
    if (outcome === "dropped") {
      response.destroy();
      return;
    }
    call.status = outcome.status;
    call.code = outcome.code;
    response.writeHead(outcome.status, {
      "content-type": jsonContentType,
      "content-length": Buffer.byteLength(outcome.body),
      "x-acs-request-id": call.requestId,
    });
    response.end(outcome.body);
  }

  async #outcome(request: ApiRequest, call: LoggedCall): Promise<Outcome> {
    const version = named(request, call.params, "version") ?? "";
    try {
      if (request.url.pathname !== "/") throw invalidAction(request.url.pathname, version);
      if (request.method !== "GET" && request.method !== "POST") throw unsupportedHttpMethod();
      this.#authentication.verify({ ...request, query: request.url.searchParams });
      if (call.params.Format?.toUpperCase() === "XML") throw unsupportedParameter("Format=XML");
      if (call.action === null) throw missingParameter("Action");
      const action = findAction(call.action, version);
      // At the gateway: what is throttled meets no fault, takes no time, and its parameters are not looked at.
      if (!this.#state.limits.admits(action, call.params.RegionId ?? defaultRegion)) throw throttledUser();
      const answer = await this.#disturbed(action, call.params);
      if (typeof answer === "string") return answer;
      return { status: 200, code: null, body: successBody(answer, call.requestId) };
    } catch (thrown) {
      if (this.#stopped.aborted) return "dropped";
      const error = thrown instanceof ApiError ? thrown : internalError(String(thrown));
      const region = call.params.RegionId ?? defaultRegion;
      const body = errorBody(error, call.requestId, productOf(version) ?? "ecs", region);
      return { status: error.status, code: error.code, body };
    }
  }

  /** Carries the call out, with whatever a fault rule does to it. */
  async #disturbed(action: Action, params: RawParameters): Promise<object | Loss["outcome"]> {
    // The world of the call's arrival: one that is put in its place later has nothing to do with this call.
    const { world, behaviour } = this.#state;
    const fault = this.#state.faults.take(action.name, params);
    const loss = lossBy(fault);
    let delayMs = behaviour.latencyMs;
    if (loss && !loss.done) return loss.outcome;
    if (fault && "patch" in fault)
      patchWorld(() => {
        world.patch(fault.patch);
      });
    if (fault && "delayMs" in fault) delayMs += fault.delayMs;
    const delay = () => (delayMs === 0 ? Promise.resolve() : this.#state.clock.wait(delayMs, this.#stopped));
    if (fault && "error" in fault) {
      await delay();
      throw new ApiError(fault.error.status, fault.error.code, fault.error.message);
    }
    const effective =
      fault && "staleReads" in fault
        ? followedByStaleReads(action, namedEnis(params), fault.staleReads)
        : action;
    // An error as well: part of a batch may be done.
    const execution = execute(effective, params, world, delay).finally(() =>
      onlyReads(action) && !(fault && "patch" in fault) ? this.#state.kept() : this.#state.changed(),
    );
    if (!loss) return execution;
    // Whatever the answer would have been: it is lost.
    await execution.catch(() => undefined);
    return loss.outcome;
  }
}

/** The API's names say it. */
function onlyReads({ name }: Action): boolean {
  return /^(?:Describe|List)/.test(name);
}

function patchWorld(patch: () => void): void {
  try {
    patch();
  } catch (error) {
    throw internalError(`The patch of a fault rule does not fit the world: ${String(error)}`);
  }
}

/** Action and version travel in a header, or in a parameter with the older signature. */
function named(request: ApiRequest, params: RawParameters, what: "action" | "version"): string | undefined {
  const header = request.headers[`x-acs-${what}`];
  if (typeof header === "string" && header !== "") return header;
  return params[what === "action" ? "Action" : "Version"];
}

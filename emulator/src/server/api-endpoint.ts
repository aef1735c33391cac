import type { ServerResponse } from "node:http";
import type { Action } from "../actions/action";
import { findAction, productOf } from "../actions/registry";
import {
  ApiError,
  actionNotFound,
  internalError,
  missingCommonParameter,
  throttledUser,
  unsupportedHttpMethod,
} from "../api-errors";
import { answerFormat, defaultFormat, errorBody, newRequestId, successBody } from "../wire/answers";
import type { AnswerBody, AnswerFormat } from "../wire/answers";
import type { Authentication } from "../wire/authentication";
import type { RawParameters } from "../wire/parameters";
import { readRequest } from "../wire/request";
import type { ApiRequest, HttpRequest } from "../wire/request";
import { defaultRegion } from "../world/state-loading";
import type { LoggedCall } from "./logged-call";
import type { EmulatorState } from "./emulator-state";
import { execute } from "./execution";
import { namedEnis } from "./faults";
import { readsOfEnis } from "./leave-out-fault";
import { ForeignAnswer, replacementBy } from "./replaced-answers";
import type { Replacement } from "./replaced-answers";
import { followedByStaleReads } from "./stale-reads-fault";

interface OwnAnswer {
  readonly status: number;
  readonly code: string | null;
  readonly body: AnswerBody;
}

type Outcome = OwnAnswer | Replacement["outcome"];

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

  /** Answers a request; with a refusal where it is refused for what HTTP has to say of it. */
  async answer(http: HttpRequest, response: ServerResponse, refusal?: ApiError): Promise<void> {
    const request = readRequest(http);
    const call = this.#state.calls.enter({
      atMs: this.#state.clock.now(),
      action: request.action ?? null,
      params: request.params,
      requestId: newRequestId(),
    });
    const outcome = await this.#outcome(request, call, refusal);
    // The connection stays open until the client closes it, or the server closes all.
    if (outcome === "hung") return;
    if (outcome === "dropped") {
      response.destroy();
      return;
    }
    this.#state.calls.complete(call, outcome.status, outcome.code);
    if (outcome instanceof ForeignAnswer) {
      sendForeign(outcome, response);
      return;
    }
    response.writeHead(outcome.status, {
      "content-type": outcome.body.contentType,
      "content-length": Buffer.byteLength(outcome.body.text),
      "x-acs-request-id": call.requestId,
    });
    response.end(outcome.body.text);
  }

  async #outcome(request: ApiRequest, call: LoggedCall, refusal: ApiError | undefined): Promise<Outcome> {
    let format: AnswerFormat = defaultFormat(request);
    try {
      if (refusal) throw refusal;
      format = answerFormat(request);
      const action = this.#admitted(request);
      this.#state.calls.authenticated(call, request.params);
      // At the gateway: what is throttled meets no fault, takes no time, and its parameters are not looked at.
      if (!this.#state.limits.admits(action, request.params.RegionId ?? defaultRegion)) throw throttledUser();
      const answer = await this.#disturbed(action, request.params);
      if (typeof answer === "string" || answer instanceof ForeignAnswer) return answer;
      return { status: 200, code: null, body: successBody(format, action.name, answer, call.requestId) };
    } catch (thrown) {
      if (this.#stopped.aborted) return "dropped";
      const error = thrown instanceof ApiError ? thrown : internalError(String(thrown));
      const product = productOf(request.version ?? "") ?? "ecs";
      const body = errorBody(format, error, call.requestId, product, hostRegion(request.params));
      return { status: error.status, code: error.code, body };
    }
  }

  /** The operation that is asked for, once it is known who asks. The gateway looks for the operation first. */
  #admitted(request: ApiRequest): Action {
    const { http, action, version } = request;
    if (http.url.pathname !== "/") throw actionNotFound(`path "${http.url.pathname}", only "/"`);
    if (http.method !== "GET" && http.method !== "POST") throw unsupportedHttpMethod();
    if (version === undefined) throw missingCommonParameter("Version");
    if (action === undefined) throw missingCommonParameter("Action");
    const found = findAction(action, version);
    this.#authentication.verify(request);
    return found;
  }

  /** Carries the call out, with whatever a fault rule does to it. */
  async #disturbed(action: Action, params: RawParameters): Promise<object | Replacement["outcome"]> {
    // The world of the call's arrival: one that is put in its place later has nothing to do with this call.
    const { world, behaviour } = this.#state;
    const fault = this.#state.faults.take(action.name, params);
    const replacement = replacementBy(fault);
    let delayMs = behaviour.latencyMs;
    if (replacement && !replacement.done) return replacement.outcome;
    if (fault && "patch" in fault) {
      patchWorld(() => {
        world.patch(fault.patch);
      });
      await this.#state.changed();
    }
    if (fault && "delayMs" in fault) delayMs += fault.delayMs;
    const delay = () => (delayMs === 0 ? Promise.resolve() : this.#state.clock.wait(delayMs, this.#stopped));
    if (fault && "error" in fault) {
      await delay();
      throw new ApiError(fault.error.status, fault.error.code, fault.error.message);
    }
    let effective = action;
    if (fault && "staleReads" in fault)
      effective = followedByStaleReads(
        effective,
        world.staleReads.announce(namedEnis(params), fault.staleReads),
      );
    if (!onlyReads(action) && behaviour.replicaLagMs + behaviour.replicaLagReads > 0)
      effective = followedByStaleReads(effective, (before) => {
        world.replica.wrote(before, world.nowMs);
      });
    const effect = () => (onlyReads(action) ? this.#state.kept() : this.#state.changed());
    const execution = execute(effective, params, world, delay, effect);
    if (!replacement) {
      const answer = await execution;
      return readsOfEnis.includes(action.name) ? this.#state.faults.withGaps(action.name, answer) : answer;
    }
    // Whatever the answer would have been: it is lost.
    await execution.catch(() => undefined);
    return replacement.outcome;
  }
}

/** Without the RequestId: it comes from elsewhere, such as a proxy. */
function sendForeign({ status, body, cut }: ForeignAnswer, response: ServerResponse): void {
  const length = Buffer.byteLength(body.text);
  response.writeHead(status, {
    "content-type": body.contentType,
    "content-length": cut ? length + 1 : length,
  });
  if (!cut) response.end(body.text);
  else
    response.write(body.text, () => {
      response.destroy();
    });
}

/** The API's names say it. */
function onlyReads({ name }: Action): boolean {
  return /^(?:Describe|List|Get)/.test(name);
}

function patchWorld(patch: () => void): void {
  try {
    patch();
  } catch (error) {
    throw internalError(`The patch of a fault rule does not fit the world: ${String(error)}`);
  }
}

/** The region in the name of the host that a client would have asked. */
function hostRegion({ RegionId }: RawParameters): string {
  return RegionId !== undefined && /^[a-z]{2}-[a-z0-9-]{1,40}$/.test(RegionId) ? RegionId : defaultRegion;
}

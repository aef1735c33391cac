import type { ServerResponse } from "node:http";
import { actionNames } from "../actions/registry";
import { LimitsError, parseLimits } from "../server/call-limits";
import { overviewOf } from "../page/overview";
import type { EmulatorState } from "../server/emulator-state";
import { FaultRuleError, parseFaultRule } from "../server/faults";
import { BehaviourError } from "../world/behaviour";
import { parseBehaviourChange } from "../world/behaviour-schema";
import { StateDocumentError } from "../world/state-document";

/** Where the control API lives: a path that no operation of the cloud has. */
export const controlPath = "/_emulator/";

/** How many older calls the log has dropped since it was cleared: a header of `GET calls`. */
const droppedCallsHeader = "x-dropped-calls";

/** A request that was refused, with a text for its author. */
class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "ControlError";
  }
}

type Handler = (body: () => unknown, response: ServerResponse) => unknown;

/** Steers the emulator and shows what it saw; its calls need no signature. */
export class ControlEndpoint {
  readonly #resources: Readonly<Record<string, Readonly<Record<string, Handler>>>>;

  constructor(state: EmulatorState) {
    const read = async <Result>(show: () => Result): Promise<Result> => {
      const shown = show();
      await state.kept();
      return shown;
    };
    this.#resources = {
      health: { GET: () => ({ status: "ok" }) },
      overview: { GET: () => read(() => overviewOf(state.world)) },
      calls: {
        GET: (_, response) => {
          response.setHeader(droppedCallsHeader, state.calls.dropped);
          return state.calls.list();
        },
        DELETE: () => {
          state.calls.clear();
        },
      },
      state: {
        GET: () => read(() => state.world.save()),
        PUT: async (body) => {
          state.replaceWorld(body());
          await state.changed();
          return state.world.save();
        },
        PATCH: async (body) => {
          const patched = state.world.patch(body());
          await state.changed();
          return patched;
        },
      },
      faults: {
        GET: () => state.faults.list(),
        POST: (body) => {
          state.faults.add(parseFaultRule(body(), actionNames));
          return state.faults.list();
        },
        DELETE: () => {
          state.clearFaults();
        },
      },
      reset: {
        POST: async () => {
          state.reset();
          await state.changed();
        },
      },
      behaviour: {
        GET: () => state.behaviour,
        PUT: (body) => {
          state.changeBehaviour(parseBehaviourChange(body()));
          return state.behaviour;
        },
      },
      limits: {
        GET: () => state.limits.list(),
        PUT: (body) => {
          state.limits.set(parseLimits(body(), actionNames));
          return state.limits.list();
        },
        DELETE: () => {
          state.limits.set({});
        },
      },
    };
  }

  /** Answers with JSON; 204 where there is nothing to say. */
  async answer(method: string, path: string, body: Buffer, response: ServerResponse): Promise<void> {
    try {
      const result = await this.#handler(method, path)(() => parseJson(body), response);
      if (result === undefined) response.writeHead(204).end();
      else sendJson(response, 200, result);
    } catch (error) {
      if (
        error instanceof StateDocumentError ||
        error instanceof FaultRuleError ||
        error instanceof LimitsError ||
        error instanceof BehaviourError
      )
        sendJson(response, 400, { error: error.message });
      else if (error instanceof ControlError)
        sendJson(response, error.status, { error: error.message }, error.headers);
      else throw error;
    }
  }

  #handler(method: string, path: string): Handler {
    const name = path.slice(controlPath.length).replace(/\/$/, "");
    const resource = Object.hasOwn(this.#resources, name) ? this.#resources[name] : undefined;
    if (!resource)
      throw new ControlError(
        404,
        `${path} does not exist; there are ${Object.keys(this.#resources)
          .map((known) => controlPath + known)
          .join(", ")}`,
      );
    // Node.js sends no body to a HEAD.
    const asked = method === "HEAD" ? "GET" : method;
    const handler = Object.hasOwn(resource, asked) ? resource[asked] : undefined;
    if (!handler) {
      const allow = Object.keys(resource).join(", ");
      throw new ControlError(405, `${path} does not take ${method}, only ${allow}`, { allow });
    }
    return handler;
  }
}

/** More levels than any body needs. A recursion over thousands of levels would end the stack. */
const maxLevels = 100;

function parseJson(body: Buffer): unknown {
  const text = body.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ControlError(
      400,
      `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const levels = levelsOf(text);
  if (levels > maxLevels)
    throw new ControlError(400, `the body: is nested ${levels} levels deep; allowed are ${maxLevels}`);
  return value;
}

/** How deep objects and lists are nested in this JSON text. */
function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "[" || char === "{") deepest = Math.max(deepest, (level += 1));
    else if (char === "]" || char === "}") level -= 1;
  }
  return deepest;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

/** Sends a value as JSON, with its length: a client of HTTP/1.0 needs it to keep the connection. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

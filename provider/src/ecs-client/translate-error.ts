import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { verdictOf } from "../ecs/verdict";

/** The fields of the SDK's errors, told apart by their content: two copies of the SDK break `instanceof`. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly requestId?: unknown;
  readonly message?: unknown;
  readonly data?: { readonly Message?: unknown };
}

/**
 * Turns whatever the SDK throws into an {@link EcsError}.
 *
 * - an answer with a code: by the table of codes;
 * - `RequestTimeoutError` (also in the guise of "ConnectTimeout"): sent or not, executed or not, nobody knows;
 * - `SyntaxError`: an answer that is no JSON, from a proxy or a failing gateway: unknown as well;
 * - an error of Node's network layer, whose message would carry the whole URL: named by its code only.
 *
 * @internal
 */
export function translateError(action: string, thrown: unknown): EcsError {
  if (thrown instanceof EcsError) return thrown;
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as SdkError;
  const code = typeof error.code === "string" ? error.code : undefined;
  if (typeof error.statusCode === "number" && code !== undefined) {
    return new EcsError(
      {
        action,
        code: isMissing(code) ? "UnnamedError" : code,
        httpStatus: error.statusCode,
        requestId:
          typeof error.requestId === "string" && !isMissing(error.requestId) ? error.requestId : undefined,
        verdict: verdictOf(code, error.statusCode),
        reason: typeof error.data?.Message === "string" ? error.data.Message : "no message",
      },
      thrown,
    );
  }
  if (error.name === "RequestTimeoutError") return callTimedOut(action);
  if (error.name === "SyntaxError") {
    return unknownOutcome(action, "UnreadableAnswer", "the answer is not JSON", thrown);
  }
  if (code !== undefined) {
    return unknownOutcome(action, code, "no connection, or it was lost", thrown);
  }
  return unknownOutcome(action, "UnexpectedAnswer", "the answer is not what the API documents", thrown);
}

/** Of what an error body does not have, the SDK makes a text. */
function isMissing(field: string): boolean {
  return field === "undefined" || field === "null";
}

function unknownOutcome(action: string, code: string, reason: string, cause: unknown): EcsError {
  return new EcsError(
    { action, code, httpStatus: undefined, requestId: undefined, verdict: "transient", reason },
    cause,
  );
}

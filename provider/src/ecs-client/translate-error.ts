import { callTimedOut, EcsError } from "../ecs/ecs-error";
import { verdictOf } from "../ecs/verdict";

/** The fields of the SDK's errors. Their content identifies them, because two copies of the SDK break `instanceof`. */
interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly requestId?: unknown;
  readonly message?: unknown;
  readonly data?: { readonly Message?: unknown };
}

/**
 * Turns any error of the SDK into an {@link EcsError}.
 *
 * - An answer with a code: the table of codes gives the verdict.
 * - `RequestTimeoutError`, also with the message "ConnectTimeout": the outcome is unknown.
 * - `SyntaxError`: the answer of a proxy or gateway is not JSON, and the outcome is unknown.
 * - An error of Node's network layer: only its code is used, because its message contains the whole URL.
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
    return unknownOutcome(action, code, "cannot connect, or the connection was lost", thrown);
  }
  return unknownOutcome(action, "UnexpectedAnswer", "the answer is not what the API documents", thrown);
}

/** The SDK turns an absent field of an error body into this text. */
function isMissing(field: string): boolean {
  return field === "undefined" || field === "null";
}

function unknownOutcome(action: string, code: string, reason: string, cause: unknown): EcsError {
  return new EcsError(
    { action, code, httpStatus: undefined, requestId: undefined, verdict: "transient", reason },
    cause,
  );
}

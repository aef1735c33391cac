import type { Verdict } from "./verdict";

/** @internal */
export interface EcsErrorDetails {
  /** The API action, such as `UnassignPrivateIpAddresses`; absent for a failure before any call. */
  readonly action: string | undefined;
  /** A code of the API, of the network (`ECONNREFUSED`), or of this provider (`CallTimeout`, `MissingCredentials`). */
  readonly code: string;
  /** Absent without an answer. */
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly verdict: Verdict;
  /** The server's message, or a description of the failure. */
  readonly reason: string;
}

/**
 * A failed call of the ECS API. The message is meant for users: it contains action, code, reason and RequestId, and no
 * secret.
 * @internal
 */
export class EcsError extends Error implements EcsErrorDetails {
  override readonly name: string = "EcsError";
  readonly action: string | undefined;
  readonly code: string;
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly verdict: Verdict;
  readonly reason: string;

  constructor(details: EcsErrorDetails, cause?: unknown) {
    const { action, code, httpStatus, requestId, reason } = details;
    const status = httpStatus === undefined ? "" : `, HTTP ${httpStatus}`;
    const request = requestId === undefined ? "" : ` (RequestId ${requestId})`;
    const call = action === undefined ? "" : `${action}: ${code}${status}: `;
    super(`${call}${reason.replace(/[.\s]+$/, "")}${request}`, { cause });
    this.action = action;
    this.code = code;
    this.httpStatus = httpStatus;
    this.requestId = requestId;
    this.verdict = details.verdict;
    this.reason = reason;
  }
}

/** Nothing was sent, because there are no keys to sign it with. The message is meant for users. @internal */
export class CredentialsError extends EcsError {
  override readonly name = "CredentialsError";

  constructor(reason: string) {
    super({
      action: undefined,
      code: "MissingCredentials",
      httpStatus: undefined,
      requestId: undefined,
      verdict: "final",
      reason,
    });
  }
}

/** The error of a call without an answer in time. The API may have executed it, if it was sent. @internal */
export function callTimedOut(action: string, reason = "no answer in time"): EcsError {
  return new EcsError({
    action,
    code: "CallTimeout",
    httpStatus: undefined,
    requestId: undefined,
    verdict: "transient",
    reason,
  });
}

/** Whether a call ended without an answer in time. @internal */
export function isCallTimeout(error: unknown): boolean {
  return error instanceof EcsError && error.code === "CallTimeout";
}

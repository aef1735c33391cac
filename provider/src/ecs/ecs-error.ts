import type { Verdict } from "./verdict";

/** @internal */
export interface EcsErrorDetails {
  /** The API action, such as `UnassignPrivateIpAddresses`; absent for what failed before any call. */
  readonly action: string | undefined;
  /** The API's code, or the network's (`ECONNREFUSED`), or one of ours (`CallTimeout`, `MissingCredentials`). */
  readonly code: string;
  /** Absent where no answer came. */
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly verdict: Verdict;
  /** The server's own words, or a description of what happened instead of an answer. */
  readonly reason: string;
}

/**
 * A call of the ECS API that did not succeed. The message is fit for a user: action, code, reason, RequestId, and
 * no secret.
 *
 * @internal
 */
export class EcsError extends Error implements EcsErrorDetails {
  override readonly name = "EcsError";
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

/** The error of a call that was not answered in time: whether it was executed, nobody knows. @internal */
export function callTimedOut(action: string): EcsError {
  return new EcsError({
    action,
    code: "CallTimeout",
    httpStatus: undefined,
    requestId: undefined,
    verdict: "transient",
    reason: "no answer in time",
  });
}

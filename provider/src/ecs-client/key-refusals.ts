import { EcsError } from "../ecs/ecs-error";

/*
 * Refusals of the gateway that concern the keys or the clock, whatever the call:
 * https://www.alibabacloud.com/help/en/sdk/product-overview/common-error-codes
 */

const expiredKeyCodes: readonly string[] = [
  "InvalidSecurityToken.Expired",
  "InvalidSecurityToken.ExpiredToken",
  "SecurityTokenExpired",
];

const wrongKeyCodes: readonly string[] = [
  ...expiredKeyCodes,
  "InvalidAccessKeyId",
  "InvalidAccessKeyId.NotFound",
  "InvalidAccessKeyId.Inactive",
  "InvalidAccessKeySecret",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "InvalidSecurityToken",
  "InvalidSecurityToken.Malformed",
  "InvalidSecurityToken.MismatchWithAccessKey",
  "InvalidSecurityToken.NotFound",
  "MissingSecurityToken",
];

const wrongClockCodes: readonly string[] = [
  "InvalidTimeStamp.Expired",
  "InvalidTimeStamp.Format",
  "InvalidTimestamp.Expired",
  "IllegalTimestamp",
];

/** Whether the API refused temporary keys because their time is over. @internal */
export function isExpiredKey(error: unknown): boolean {
  return error instanceof EcsError && expiredKeyCodes.includes(error.code);
}

/**
 * The reason of the refusal, with what to do where it concerns the keys or the clock.
 *
 * @param serverDate - the header `Date` of the answer
 * @param origin - where the keys come from, in words
 * @internal
 */
export function explainRefusal(
  { code, reason }: EcsError,
  serverDate: string | undefined,
  origin: string,
  now = Date.now(),
): string {
  const said = reason.replace(/[.\s]+$/, "");
  if (wrongKeyCodes.includes(code)) return `${said}; correct or renew them: ${origin}`;
  if (!wrongClockCodes.includes(code)) return reason;
  const serverMs = Date.parse(serverDate ?? "");
  const seconds = Math.round((now - serverMs) / 1000);
  // The API allows 15 minutes. A small difference is the time that the call took.
  const known = Math.abs(seconds) >= 60;
  const skew = !known ? "" : `, ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} the server's`;
  const clock = `the clock of this machine says ${new Date(now).toISOString()}${skew}`;
  return `${said}; ${clock}: set it, for example with NTP, and run the command again`;
}

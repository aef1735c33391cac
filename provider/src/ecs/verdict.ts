/**
 * What the caller does after a failed call.
 *
 * - `throttled`: the request rate is too high, and the call was not executed. Repeat it later.
 * - `transient`: the outcome is unknown. Read the ENI again, then request the rest.
 * - `conflict`: another task runs on the ENI. Read it again, back off, request the rest.
 * - `state`: the status of the ENI or its instance forbids the call. Read the status again.
 * - `stale`: the plan is out of date. Read the ENI again, request the rest.
 * - `token-burnt`: the ClientToken is no longer usable. Read the ENI again, use a new token.
 * - `quota`: the ENI cannot hold that many addresses at once. Unassign first, if the plan unassigns any.
 * - `invalid-parameter`: the request is malformed, or it has more addresses than this account may send in one call.
 * - `not-found`: the ENI does not exist.
 * - `final`: a repetition fails as well.
 * @internal
 */
export type Verdict =
  | "throttled"
  | "transient"
  | "conflict"
  | "state"
  | "stale"
  | "token-burnt"
  | "quota"
  | "invalid-parameter"
  | "not-found"
  | "final";

/**
 * Exact API codes and their aliases, from the pages of AssignPrivateIpAddresses, UnassignPrivateIpAddresses and
 * DescribeNetworkInterfaces, and from the common errors
 * (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-unassignprivateipaddresses,
 * https://api.aliyun.com/document/Ecs/2014-05-26/errorCode).
 * @internal
 */
export const verdictOfCode: Readonly<Record<string, Verdict>> = {
  "Operation.Conflict": "conflict",
  OperationConflict: "conflict",
  "InvalidOperation.Conflict": "conflict",
  // The previous request with this token is still running. Repeat it later with the same token.
  IdempotentProcessing: "conflict",
  LastTokenProcessing: "conflict",

  IdempotentFailed: "token-burnt",
  IdempotentParameterMismatch: "token-burnt",
  "InvalidIdempotenceParameter.Mismatch": "token-burnt",

  "InvalidOperation.InvalidEniState": "state",
  "InvalidOperation.InvalidEcsState": "state",
  IncorrectVSwitchStatus: "state",

  "InvalidIp.IpUnassigned": "stale",
  "InvalidIp.IpAssigned": "stale",
  "InvalidPrivateIpAddress.Duplicated": "stale",

  "InvalidOperation.Ipv4CountExceeded": "quota",
  MaxEniPrivateIpsCountExceeded: "quota",

  InvalidParameter: "invalid-parameter",
  // The spelling of the older pages of UnassignPrivateIpAddresses.
  InValidParameter: "invalid-parameter",

  "InvalidEniId.NotFound": "not-found",

  // A proxy repeated the request, and the API may have executed the first copy.
  SignatureNonceUsed: "transient",

  ServiceUnavailable: "transient",
  "ServiceUnavailable.RegionMaintaining": "transient",
  InternalError: "transient",
  UnknownError: "transient",
};

/**
 * The verdict on an error answer of the API. Codes match exactly, except those of throttling: the part after the prefix
 * differs from product to product (`Throttling.User`, `Throttling.Api`).
 * @internal
 */
export function verdictOf(code: string, httpStatus: number): Verdict {
  const known = Object.hasOwn(verdictOfCode, code) ? verdictOfCode[code] : undefined;
  if (known !== undefined) return known;
  if (code === "Throttling" || code.startsWith("Throttling.") || code === "Rejected.Throttling") {
    return "throttled";
  }
  if (httpStatus === 429) return "throttled";
  return httpStatus >= 500 || httpStatus === 408 ? "transient" : "final";
}

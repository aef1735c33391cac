/**
 * What a failed call means for whoever made it.
 *
 * - `throttled`: refused unexecuted because of the request rate; the same call may be repeated later.
 * - `transient`: executed or not, nobody knows; read the ENI again before asking for the rest.
 * - `conflict`: another task runs on the ENI; read it again, back off, ask for the rest.
 * - `state`: the ENI's or the instance's status forbids it now; look at the status again.
 * - `stale`: the plan was made from what is no longer so; read the ENI again, ask for the rest.
 * - `token-burnt`: the ClientToken cannot be used any more; read the ENI again, take a new token.
 * - `quota`: the ENI cannot hold that many addresses at once; unassign first, if there is anything to unassign.
 * - `invalid-parameter`: malformed, or too many addresses for this account's limit of one call.
 * - `not-found`: there is no such ENI.
 * - `final`: repeating it cannot help.
 *
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
 * Exact API codes, with their aliases, of the pages of AssignPrivateIpAddresses, UnassignPrivateIpAddresses and
 * DescribeNetworkInterfaces, and of the common errors
 * (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-unassignprivateipaddresses,
 * https://api.aliyun.com/document/Ecs/2014-05-26/errorCode).
 *
 * @internal
 */
export const verdictOfCode: Readonly<Record<string, Verdict>> = {
  "Operation.Conflict": "conflict",
  OperationConflict: "conflict",
  "InvalidOperation.Conflict": "conflict",
  // The previous request with this token still runs: the same token, later.
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

  // A proxy repeated the request, whose first copy may have been executed.
  SignatureNonceUsed: "transient",

  ServiceUnavailable: "transient",
  "ServiceUnavailable.RegionMaintaining": "transient",
  InternalError: "transient",
  UnknownError: "transient",
};

/**
 * The verdict on an answer of the API.
 *
 * The Throttling family is recognised by its prefix, because its members differ from product to product
 * (`Throttling.User`, `Throttling.Api`, `Rejected.Throttling`); everything else by the exact code.
 *
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

import { readFileSync } from "node:fs";
import path from "node:path";
import { verdictOf, verdictOfCode, type Verdict } from "./verdict";

test.each<[Verdict, number, string]>([
  ["throttled", 400, "Throttling"],
  ["throttled", 400, "Throttling.User"],
  ["throttled", 400, "Throttling.Api"],
  ["throttled", 400, "Throttling.DeepPageSkip"],
  ["throttled", 503, "Throttling.User"],
  ["throttled", 400, "Rejected.Throttling"],

  ["transient", 503, "ServiceUnavailable"],
  ["transient", 503, "ServiceUnavailable.RegionMaintaining"],
  ["transient", 500, "InternalError"],
  ["transient", 400, "UnknownError"],

  ["conflict", 403, "Operation.Conflict"],
  ["conflict", 409, "OperationConflict"],
  ["conflict", 403, "InvalidOperation.Conflict"],
  ["conflict", 400, "IdempotentProcessing"],
  ["conflict", 403, "LastTokenProcessing"],

  ["token-burnt", 400, "IdempotentFailed"],
  ["token-burnt", 400, "IdempotentParameterMismatch"],
  ["token-burnt", 403, "InvalidIdempotenceParameter.Mismatch"],

  ["state", 400, "InvalidOperation.InvalidEniState"],
  ["state", 400, "InvalidOperation.InvalidEcsState"],
  ["state", 400, "IncorrectVSwitchStatus"],

  ["stale", 403, "InvalidIp.IpUnassigned"],
  ["stale", 403, "InvalidIp.IpAssigned"],
  ["stale", 400, "InvalidPrivateIpAddress.Duplicated"],

  ["quota", 403, "InvalidOperation.Ipv4CountExceeded"],
  ["quota", 403, "MaxEniPrivateIpsCountExceeded"],

  ["invalid-parameter", 400, "InvalidParameter"],
  ["invalid-parameter", 400, "InValidParameter"],

  ["not-found", 404, "InvalidEniId.NotFound"],

  ["final", 400, "MissingParameter"],
  ["final", 403, "MissingParameter"],
  ["final", 400, "MissingParameter.RegionId"],
  ["final", 400, "MissingNetworkInterfaceId"],
  ["final", 400, "UnsupportedParameter"],
  ["transient", 400, "SignatureNonceUsed"],
  ["throttled", 429, "Unknown"],
  ["transient", 408, "Unknown"],
  ["final", 400, "SignatureDoesNotMatch"],
  ["final", 400, "IncompleteSignature"],
  ["final", 400, "IllegalTimestamp"],
  ["final", 404, "InvalidAccessKeyId.NotFound"],
  ["final", 403, "Forbidden.RAM"],
  ["final", 400, "Forbidden.RegionId"],
  ["final", 403, "Forbidden.NotSupportRAM"],
  ["final", 403, "Forbidden.SubUser"],
  ["final", 403, "InvalidAction"],
  ["final", 404, "InvalidRegionId.NotFound"],
  ["final", 404, "InvalidInstanceId.NotFound"],
  ["final", 400, "InvalidInstanceID.Malformed"],
  ["final", 404, "InvalidEcsId.NotFound"],
  ["final", 404, "InvalidVSwitchId.NotFound"],
  ["final", 403, "InvalidVSwitchId.IpInvalid"],
  ["final", 403, "InvalidVSwitchId.IpNotEnough"],
  ["final", 400, "QuotaExceeded.PrivateIpAddress"],
  ["final", 403, "InvalidIp.IpRepeated"],
  ["final", 403, "InvalidOperation.InvalidEniType"],
  ["final", 403, "InvalidOperation.EniServiceManaged"],
  ["final", 403, "InvalidOperation.VpcMismatch"],
  ["final", 403, "InvalidUserType.NotSupported"],
  ["final", 403, "Abs.InvalidAccount.NotFound"],
])("verdictOf: %s for HTTP %d %s", (verdict, httpStatus, code) => {
  expect(verdictOf(code, httpStatus)).toBe(verdict);
});

test.each([500, 502, 503, 504, 599])("verdictOf: an unknown code of HTTP %d is transient", (httpStatus) => {
  expect(verdictOf("NeverSeenBefore", httpStatus)).toBe("transient");
});

test.each([400, 403, 404, 409, 499])("verdictOf: an unknown code of HTTP %d is final", (httpStatus) => {
  expect(verdictOf("NeverSeenBefore", httpStatus)).toBe("final");
});

test.each(["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf", "undefined", ""])(
  "verdictOf: %p is an unknown code",
  (code) => {
    expect(verdictOf(code, 400)).toBe("final");
    expect(verdictOf(code, 500)).toBe("transient");
  },
);

test.each([
  "throttling",
  "ThrottlingUser",
  "NoThrottling.User",
  "operation.conflict",
  "Operation.Conflict.Detail",
  "InvalidParameter.Conflict",
  " InvalidEniId.NotFound",
])("verdictOf: %p resembles a known code and is final", (code) => {
  expect(verdictOf(code, 400)).toBe("final");
});

describe("docs/errors.md", () => {
  const rows = readFileSync(path.resolve(__dirname, "../../../docs/errors.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));

  test.each(Object.keys(verdictOfCode))("contains %s in exactly one first column", (code) => {
    expect(rows.filter((row) => row.split(" | ")[0]?.includes(`\`${code}\``))).toHaveLength(1);
  });
});

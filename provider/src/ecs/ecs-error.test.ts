import { callTimedOut, EcsError, type EcsErrorDetails } from "./ecs-error";

const details: EcsErrorDetails = {
  action: "UnassignPrivateIpAddresses",
  code: "Operation.Conflict",
  httpStatus: 403,
  requestId: "473469C7-AA6F",
  verdict: "conflict",
  reason: "ecs task is conflicted.",
};

test.each<[string, Partial<EcsErrorDetails>, string]>([
  [
    "an answer",
    {},
    "UnassignPrivateIpAddresses: Operation.Conflict, HTTP 403: ecs task is conflicted (RequestId 473469C7-AA6F)",
  ],
  [
    "an answer without RequestId",
    { requestId: undefined },
    "UnassignPrivateIpAddresses: Operation.Conflict, HTTP 403: ecs task is conflicted",
  ],
  [
    "no answer",
    { code: "ECONNRESET", httpStatus: undefined, requestId: undefined, reason: "the connection was lost" },
    "UnassignPrivateIpAddresses: ECONNRESET: the connection was lost",
  ],
  [
    "a failure before any call",
    {
      action: undefined,
      code: "MissingCredentials",
      httpStatus: undefined,
      requestId: undefined,
      reason: "no credentials found",
    },
    "no credentials found",
  ],
  [
    "a reason that ends in dots and spaces",
    { reason: "try it. later . . \n", requestId: "R" },
    "UnassignPrivateIpAddresses: Operation.Conflict, HTTP 403: try it. later (RequestId R)",
  ],
])("EcsError: the message of %s", (_what, given, message) => {
  expect(new EcsError({ ...details, ...given }).message).toBe(message);
});

test("EcsError: has the given details and the cause", () => {
  const cause = new Error("from below");
  const error = new EcsError(details, cause);
  expect(error).toMatchObject({ ...details, name: "EcsError", cause });
  expect(error).toBeInstanceOf(Error);
});

test("callTimedOut: the outcome of the call is unknown", () => {
  expect(callTimedOut("DescribeNetworkInterfaces")).toMatchObject({
    message: "DescribeNetworkInterfaces: CallTimeout: no answer in time",
    verdict: "transient",
    httpStatus: undefined,
  });
});

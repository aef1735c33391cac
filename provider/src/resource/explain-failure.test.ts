import { EniNotFoundError, NotReadyYet, OperationError } from "./operation-error";
import { EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import { Deadline } from "../shared/deadline";
import { explainFailure } from "./explain-failure";

const circumstances = {
  networkInterfaceId: "eni-x",
  region: "cn-hangzhou",
  deadline: Deadline.after(90_000),
  unusable: [],
  holders: [],
};

const failedWith = (verdict: Verdict, action = "AssignPrivateIpAddresses") =>
  new EcsError({
    action,
    code: "TheCode",
    httpStatus: 403,
    requestId: "REQUEST-1",
    verdict,
    reason: "the server's words",
  });

test.each<[Verdict, RegExp]>([
  ["throttled", /kept failing until the time-out of 90 s$/],
  ["transient", /kept failing until the time-out of 90 s/],
  ["conflict", /kept failing until the time-out of 90 s/],
  ["state", /kept failing until the time-out of 90 s/],
  ["stale", /the address did not become free in time.*dependsOn.*--continue-on-error.*empty list/],
  ["token-burnt", /new tokens did not help/],
  ["quota", /eni-x can hold no more addresses.*want fewer/],
  ["invalid-parameter", /.*/],
  ["final", /.*/],
])("%s: the API's words, code and RequestId, and what to do", (verdict, advice) => {
  const failure = explainFailure(failedWith(verdict), circumstances);
  expect(failure).toBeInstanceOf(OperationError);
  expect(failure.message).toContain(
    "AssignPrivateIpAddresses: TheCode, HTTP 403: the server's words (RequestId REQUEST-1)",
  );
  expect(failure.message).toMatch(advice);
});

test("those who hold an address are named", () => {
  const holders = ["10.0.1.20 is held by eni-b"];
  expect(explainFailure(failedWith("stale"), { ...circumstances, holders }).message).toMatch(
    /the server's words.*; 10\.0\.1\.20 is held by eni-b; the address did not become free/,
  );
});

test("addresses that reads show and an unassign does not find are no matter of another ENI", () => {
  const failure = failedWith("stale", "UnassignPrivateIpAddresses");
  expect(explainFailure(failure, circumstances).message).toMatch(/Something else may be changing eni-x/);
});

test("an ENI that only a write did not find is not taken for gone", () => {
  const failure = explainFailure(failedWith("not-found"), circumstances);
  expect(failure).not.toBeInstanceOf(EniNotFoundError);
  expect(failure.message).toMatch(/TheCode.*reads in region cn-hangzhou show eni-x all the same/);
});

test("a status that did not pass in time is named, with the time and a remedy", () => {
  expect(explainFailure(new NotReadyYet("ENI eni-x is Attaching"), circumstances).message).toBe(
    "ENI eni-x is Attaching; gave up after 90 s. Run `pulumi up` again, or raise customTimeouts",
  );
});

test("addresses that the vSwitch cannot have come first, each with its reason", () => {
  const unusable = ["10.0.2.1 is outside", "10.0.1.255 is reserved"];
  expect(explainFailure(failedWith("final"), { ...circumstances, unusable }).message).toMatch(
    /^10\.0\.2\.1 is outside; 10\.0\.1\.255 is reserved; AssignPrivateIpAddresses: TheCode/,
  );
});

test("what is fit for a user already stays as it is", () => {
  const error = new OperationError("own words");
  expect(explainFailure(error, circumstances)).toBe(error);
});

test("a mistake in the program is not dressed up", () => {
  const mistake = new TypeError("undefined is not a function");
  expect(() => explainFailure(mistake, circumstances)).toThrow(mistake);
});

test("short time-outs are not rounded to nothing", () => {
  const deadline = Deadline.after(1_250);
  expect(explainFailure(failedWith("conflict"), { ...circumstances, deadline }).message).toContain("1.3 s");
});

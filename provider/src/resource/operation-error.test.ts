import { EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import { Deadline } from "../shared/deadline";
import {
  EniNotFoundError,
  explainFailure,
  NotReadyYet,
  OperationError,
  PlanRefusedError,
} from "./operation-error";

const circumstances = {
  networkInterfaceId: "eni-x",
  region: "cn-hangzhou",
  deadline: Deadline.after(90_000),
  unusable: [],
  holders: [],
  waitedForRoom: false,
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
  ["throttled", /; it kept failing until the time-out of 90 s$/],
  ["transient", /; it kept failing until the time-out of 90 s$/],
  ["conflict", /; it kept failing until the time-out of 90 s$/],
  ["state", /; it kept failing until the time-out of 90 s$/],
  [
    "stale",
    /; the address did not become free in time.*up --refresh.*unassign it there.*dependsOn.*--continue-on-error.*empty list/,
  ],
  ["token-burnt", /; new tokens did not help$/],
  ["quota", /; eni-x can hold no more addresses.*want fewer/],
  ["invalid-parameter", /\(RequestId REQUEST-1\)$/],
  ["final", /\(RequestId REQUEST-1\)$/],
])("%s: the API's message, code and RequestId, and what to do", (verdict, advice) => {
  const failure = explainFailure(failedWith(verdict), circumstances);
  expect(failure).toBeInstanceOf(OperationError);
  expect(failure.message).toContain(
    "AssignPrivateIpAddresses: TheCode, HTTP 403: the server's words (RequestId REQUEST-1)",
  );
  expect(failure.message).toMatch(advice);
});

test("stale assign: other ENIs that hold an address are named", () => {
  const holders = ["10.0.1.20 is held by eni-b"];
  expect(explainFailure(failedWith("stale"), { ...circumstances, holders }).message).toMatch(
    /the server's words.*; 10\.0\.1\.20 is held by eni-b; the address did not become free/,
  );
});

test("stale unassign: the message says that reads show the addresses, and nothing of another ENI", () => {
  const { message } = explainFailure(failedWith("stale", "UnassignPrivateIpAddresses"), circumstances);
  expect(message).toMatch(/; reads show the addresses all the same\. Something else may be changing eni-x/);
  expect(message).not.toMatch(/become free/);
});

test("not-found write: the ENI does not count as gone, because reads show it", () => {
  const failure = explainFailure(failedWith("not-found"), circumstances);
  expect(failure).toBeInstanceOf(OperationError);
  expect(failure).not.toBeInstanceOf(EniNotFoundError);
  expect(failure.message).toMatch(/TheCode.*reads in region cn-hangzhou show eni-x all the same/);
});

test("status that did not pass in time: named, with the time and a remedy", () => {
  const failure = explainFailure(new NotReadyYet("ENI eni-x is Attaching"), circumstances);
  expect(failure).toBeInstanceOf(OperationError);
  expect(failure.message).toBe(
    "ENI eni-x is Attaching; gave up after 90 s. Run `pulumi up` again, or raise customTimeouts",
  );
});

test("addresses outside the vSwitch: named first, each with its reason", () => {
  const unusable = ["10.0.2.1 is outside", "10.0.1.255 is reserved"];
  expect(explainFailure(failedWith("final"), { ...circumstances, unusable }).message).toMatch(
    /^10\.0\.2\.1 is outside; 10\.0\.1\.255 is reserved; AssignPrivateIpAddresses: TheCode/,
  );
});

test("error that is meant for the user: stays as it is", () => {
  const error = new OperationError("own words");
  expect(explainFailure(error, circumstances)).toBe(error);
});

test("mistake in the program: is thrown as it is", () => {
  const mistake = new TypeError("undefined is not a function");
  expect(() => explainFailure(mistake, circumstances)).toThrow(mistake);
});

test("short time-out: is not rounded to nothing", () => {
  const deadline = Deadline.after(1_250);
  expect(explainFailure(failedWith("conflict"), { ...circumstances, deadline }).message).toContain("1.3 s");
});

test("ENI that does not exist: the message names id, region and remedies", () => {
  expect(new EniNotFoundError("eni-x", "cn-hangzhou").message).toBe(
    "ENI eni-x does not exist in region cn-hangzhou; check the id, the region and the account of the credentials, and " +
      "run `pulumi refresh` if the ENI was deleted on purpose",
  );
});

test("refused plan: all refusals with their inputs, and whether a refresh is a remedy", () => {
  const dependsOn = "ownership" as const;
  const quota = { property: "ipv4PrefixCount", reason: "too many", cause: "quota", dependsOn } as const;
  const surplus = {
    property: "secondaryPrivateIpAddressCount",
    reason: "cannot shrink",
    cause: "impossible",
    dependsOn,
  } as const;
  const refused = new PlanRefusedError([quota, { ...surplus, refreshHelps: true }]);
  expect(refused.message).toBe("ipv4PrefixCount: too many; secondaryPrivateIpAddressCount: cannot shrink");
  expect(refused.refreshHelps).toBe(true);
  expect(new PlanRefusedError([quota, surplus]).refreshHelps).toBe(false);
  expect(new PlanRefusedError([quota], { waited: true }).message).toBe(
    "ipv4PrefixCount: too many; no other resource of this program released what blocks this one in time; if one is to do that, " +
      "let this resource depend on it with `dependsOn`",
  );
});

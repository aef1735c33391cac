import { callTimedOut, EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import { Deadline } from "../shared/deadline";
import {
  EniNotFoundError,
  explainFailure,
  ItemsRefusedError,
  NotReadyYet,
  OperationError,
  PlanRefusedError,
} from "./operation-error";

const circumstances = {
  networkInterfaceId: "eni-x",
  region: "cn-hangzhou",
  deadline: Deadline.after(90_000),
  input: "privateIpAddresses",
  unusable: [],
  holders: [],
  waitedForRoom: false,
} as const;

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
  [
    "throttled",
    /; it kept failing until the time-out of 90 s\. Run `pulumi up` again, or raise customTimeouts$/,
  ],
  [
    "transient",
    /; it kept failing until the time-out of 90 s\. Run `pulumi up` again, or raise customTimeouts$/,
  ],
  [
    "conflict",
    /; it kept failing until the time-out of 90 s\. Run `pulumi up` again, or raise customTimeouts$/,
  ],
  ["state", /; it kept failing until the time-out of 90 s\. Run `pulumi up` again, or raise customTimeouts$/],
  [
    "stale",
    /; the address did not become free in time.*up --refresh.*unassign it there.*dependsOn.*--continue-on-error.*empty list/,
  ],
  ["token-burnt", /; new tokens did not help, run `pulumi up` again$/],
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

test("an optional read has used up time: is named for a call without an answer, and for no other failure", () => {
  const given = { ...circumstances, lost: { ms: 900, why: failedWith("throttled", "DescribeInstances") } };
  const { message } = explainFailure(callTimedOut("AssignPrivateIpAddresses"), given);
  expect(message).toMatch(/time-out of 90 s, of which 900 ms went to DescribeInstances: TheCode/);
  expect(explainFailure(failedWith("conflict"), given).message).not.toContain("DescribeInstances");
});

test("stale assign: other ENIs that hold an address are named", () => {
  const holders = [{ id: "eni-b", addresses: ["10.0.1.20"] }];
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
      "do not use `--parallel 1`, or let this resource depend on it with `dependsOn`",
  );
});

describe("refused addresses", () => {
  const [a, b, c] = ["10.0.1.20", "10.0.1.21", "10.0.1.22"] as const;
  const taken = failedWith("stale");
  const holders = [{ id: "eni-b", addresses: [b] }];
  const explain = (refusals: [string, EcsError][], more: object = {}) => {
    const failure = explainFailure(new ItemsRefusedError(new Map(refusals), []), {
      ...circumstances,
      ...more,
    });
    expect(failure).toBeInstanceOf(OperationError);
    return failure.message;
  };

  test("one that no ENI holds: named, with remedies and the API's message, and nothing of dependsOn", () => {
    expect(explain([[a, taken]])).toBe(
      `${a} is in use, but no ENI holds it; something else in the vSwitch (such as RDS or SLB) may use it; remove it from ` +
        "privateIpAddresses, choose another address, or release it there, and run `pulumi up` again; " +
        taken.message,
    );
  });

  test("several that no ENI holds: named together, in numerical order", () => {
    expect(
      explain([
        [b, taken],
        [a, taken],
      ]),
    ).toMatch(/^10\.0\.1\.20, 10\.0\.1\.21 are in use, but no ENI holds them; something else/);
  });

  test("one that another ENI holds and one that none holds: each with its remedy", () => {
    const message = explain(
      [
        [a, taken],
        [b, taken],
      ],
      { holders },
    );
    expect(message).toMatch(/^10\.0\.1\.21 is held by eni-b; 10\.0\.1\.20 is in use, but no ENI holds it; /);
    expect(message).toMatch(/release it there.*; the address did not become free in time.*dependsOn/);
  });

  test("only such that another ENI holds: nothing of RDS", () => {
    const message = explain([[b, taken]], { holders });
    expect(message).toMatch(
      /^10\.0\.1\.21 is held by eni-b; the address did not become free in time.*dependsOn/,
    );
    expect(message).not.toMatch(/RDS|no ENI/);
  });

  test("two that one ENI holds: the verb is plural", () => {
    const message = explain(
      [
        [a, taken],
        [b, taken],
      ],
      { holders: [{ id: "eni-b", addresses: [a, b] }] },
    );
    expect(message).toMatch(/^10\.0\.1\.20, 10\.0\.1\.21 are held by eni-b; /);
  });

  test("one whose holder cannot be read: both remedies", () => {
    const message = explain([[a, taken]], { holders: undefined });
    expect(message).toMatch(
      /^10\.0\.1\.20 is in use; which ENI holds it cannot be read; something else.*dependsOn/,
    );
  });

  test("one that reads still show after it was unassigned: says so", () => {
    const message = explain([[c, failedWith("stale", "UnassignPrivateIpAddresses")]]);
    expect(message).toMatch(
      /^10\.0\.1\.22 is unassigned by the API's answer, but reads still show it; something else may be changing eni-x/,
    );
    expect(message).not.toMatch(/RDS|dependsOn/);
  });

  test("one that the API refuses otherwise: the API's message, the reason and a remedy", () => {
    const final = failedWith("final");
    expect(explain([[a, final]], { unusable: [`${a} is outside`] })).toBe(
      `${a} is outside; ${a}: ${final.message}; remove it from privateIpAddresses, choose another address, and run ` +
        "`pulumi up` again",
    );
  });

  test("while they are waited for: the sentences alone", () => {
    expect(
      new ItemsRefusedError(
        new Map([
          [a, taken],
          [b, taken],
        ]),
        holders,
      ).message,
    ).toBe(`${b} is held by eni-b; ${a} is in use, but no ENI holds it`);
  });
});

import { NotReadyYet, OperationError } from "./operation-error";
import {
  eniStatusRule,
  eniStatusRuleForDelete,
  instanceStatusRule,
  judgeStatus,
  statusProblem,
} from "./statuses";

test.each([
  ["Available", "accepted", "accepted"],
  ["InUse", "accepted", "accepted"],
  ["Attaching", "passing", "passing"],
  ["Detaching", "passing", "passing"],
  ["Creating", "passing", "passing"],
  ["Deleting", "final", "passing"],
  ["CreateFailed", "final", "final"],
  ["available", "final", "final"],
  ["", "final", "final"],
  ["constructor", "final", "final"],
])("ENI status %p: %s, and for a delete %s", (status, judged, judgedForDelete) => {
  expect(judgeStatus(status, eniStatusRule)).toBe(judged);
  expect(judgeStatus(status, eniStatusRuleForDelete)).toBe(judgedForDelete);
});

test.each([
  ["Running", "accepted"],
  ["Stopped", "accepted"],
  ["Pending", "passing"],
  ["Starting", "passing"],
  ["Stopping", "passing"],
  ["Deleted", "final"],
  ["", "final"],
])("instance status %p: %s", (status, judged) => {
  expect(judgeStatus(status, instanceStatusRule)).toBe(judged);
});

test("accepted status: no problem", () => {
  expect(statusProblem("ENI eni-x", "InUse", eniStatusRule)).toBeUndefined();
});

test("passing status: a reason to wait that names the status seen and those accepted", () => {
  expect(statusProblem("ENI eni-x", "Attaching", eniStatusRule)).toEqual(
    new NotReadyYet("ENI eni-x is Attaching; waiting until it is Available or InUse"),
  );
});

test.each([
  ["Deleting", "Deleting"],
  ["", "in no known status"],
])("final status %p: an error that names what was seen, what is accepted, and what to do", (status, seen) => {
  const problem = statusProblem("ENI eni-x", status, eniStatusRule);
  expect(problem).toBeInstanceOf(OperationError);
  expect(problem?.message).toBe(
    `ENI eni-x is ${seen}, and its addresses can change only while it is Available or InUse; bring it into one of these ` +
      "states and run `pulumi up` again",
  );
});

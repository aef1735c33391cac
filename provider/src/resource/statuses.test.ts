import { eniStatusRule, eniStatusRuleForDelete, instanceStatusRule, judgeStatus } from "./statuses";

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
])("an ENI that is %p: %s, and for a delete %s", (status, judged, judgedForDelete) => {
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
])("an instance that is %p: %s", (status, judged) => {
  expect(judgeStatus(status, instanceStatusRule)).toBe(judged);
});

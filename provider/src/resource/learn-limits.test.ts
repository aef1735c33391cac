import { EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import type { Step } from "../plan/steps";
import { learnLimits } from "./next-action";
import { OperationError } from "./operation-error";

const failedWith = (verdict: Verdict) =>
  new EcsError({
    action: "AssignPrivateIpAddresses",
    code: "AnyCode",
    httpStatus: 400,
    requestId: undefined,
    verdict,
    reason: "any",
  });

const limits = { batchSize: 10, full: false };
const step = (size: number, action: Step["action"] = "assign"): Step => ({
  action,
  kind: "address",
  addresses: ["10.0.1.20", "10.0.1.21", "10.0.1.22"].slice(0, size),
});
const pick: Step = { action: "assign", kind: "address", addresses: [], pick: 8 };
const invalid = failedWith("invalid-parameter");
const quota = failedWith("quota");

test.each<[string, unknown, Step, boolean, typeof limits, typeof limits | undefined]>([
  ["a size, of 3 addresses: 1 at once", invalid, step(3), false, limits, { batchSize: 1, full: false }],
  [
    "a size, of 2 to unassign: 1 at once",
    invalid,
    step(2, "unassign"),
    true,
    limits,
    { batchSize: 1, full: false },
  ],
  ["a size, of 8 to pick: 4 at once", invalid, pick, false, limits, { batchSize: 4, full: false }],
  [
    "a size, on a full ENI: it stays full",
    invalid,
    pick,
    false,
    { batchSize: 10, full: true },
    { batchSize: 4, full: true },
  ],
  ["a single address as invalid: nothing", invalid, step(1), true, limits, undefined],
  [
    "the quota, with addresses to unassign: the ENI is full",
    quota,
    step(1),
    true,
    limits,
    { batchSize: 10, full: true },
  ],
  ["the quota, with none to unassign: nothing", quota, step(1), false, limits, undefined],
  ["the quota of a full ENI: nothing", quota, step(1), true, { batchSize: 10, full: true }, undefined],
  ["the quota of an unassign: nothing", quota, step(1, "unassign"), true, limits, undefined],
  ["something else: nothing", failedWith("conflict"), step(3), true, limits, undefined],
  ["an error that is not of the API: nothing", new OperationError("any"), step(3), true, limits, undefined],
])("refusal of %s", (_name, error, refused, unassigns, before, learnt) => {
  expect(learnLimits(error, refused, unassigns, before)).toEqual(learnt);
});

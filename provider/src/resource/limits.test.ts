import { EcsError } from "../ecs/ecs-error";
import type { Verdict } from "../ecs/verdict";
import type { Step } from "../plan/steps";
import { networkInterface } from "../../../test/support/network-interface";
import { at, planFor, range } from "../../../test/support/plans";
import {
  capacityToRead,
  learnAccepted,
  learnHeld,
  learnLimits,
  noLimits,
  placeOf,
  provenBatchSize,
  refusedSizeAt,
  type Limits,
} from "./limits";
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

const step = (size: number, action: Step["action"] = "assign"): Step => ({
  action,
  kind: "address",
  addresses: range(20, size),
});
const pick: Step = { action: "assign", kind: "address", addresses: [], pick: 8 };
const invalid = failedWith("invalid-parameter");
const quota = failedWith("quota");
/** It holds two. */
const eni = networkInterface({ secondaryIpAddresses: at(90, 91) });
const place = "InUse i-1";
const acceptedSix: Limits = { ...noLimits, accepted: { assign: 6, unassign: 0 } };
const readHere: Limits = { ...noLimits, capacityReadAt: place };

describe("a refusal", () => {
  test.each<[string, unknown, Step, Limits, Limits | undefined]>([
    ["of a size, 3 addresses: 1 at once", invalid, step(3), noLimits, { ...noLimits, batchSize: 1 }],
    [
      "of a size, 2 to unassign: 1 at once",
      invalid,
      step(2, "unassign"),
      noLimits,
      { ...noLimits, batchSize: 1 },
    ],
    ["of a size, 8 to pick: 4 at once", invalid, pick, noLimits, { ...noLimits, batchSize: 4 }],
    ["of a size that was accepted before: nothing", invalid, step(6), acceptedSix, undefined],
    ["of a larger size: half of it", invalid, step(7), acceptedSix, { ...acceptedSix, batchSize: 3 }],
    [
      "of a size of the other action: half of it",
      invalid,
      step(6, "unassign"),
      acceptedSix,
      { ...acceptedSix, batchSize: 3 },
    ],
    ["of a single address as invalid: nothing", invalid, step(1), noLimits, undefined],
    [
      "for the quota: the size of the ENI where it is, and its capacity has to be read",
      quota,
      step(3),
      readHere,
      { ...noLimits, capacityReadAt: undefined, refusedSize: { place, size: 5, error: quota } },
    ],
    ["for the quota, of an unassign: nothing", quota, step(1, "unassign"), noLimits, undefined],
    ["for something else: nothing", failedWith("conflict"), step(3), noLimits, undefined],
    ["that is not of the API: nothing", new OperationError("any"), step(3), noLimits, undefined],
  ])("%s", (_name, error, refused, before, learnt) => {
    expect(learnLimits(error, refused, eni, before)).toEqual(learnt);
  });
});

test("accepted requests: the largest of each action counts", () => {
  const after = [step(3), step(2), step(5, "unassign")].reduce(learnAccepted, noLimits);
  expect(after.accepted).toEqual({ assign: 3, unassign: 5 });
  expect(learnAccepted(noLimits, pick).accepted.assign).toBe(8);
});

test("reads: the most that the ENI has held where it is counts", () => {
  const held = (count: number, more = {}) =>
    networkInterface({ secondaryIpAddresses: range(20, count), ...more });
  const limits = [held(5), held(3)].reduce(learnHeld, {
    ...noLimits,
    refusedSize: { place, size: 5, error: quota },
  });
  expect(refusedSizeAt(limits, held(3))).toMatchObject({ size: 5, wasHeld: true });
  const elsewhere = learnHeld(limits, held(3, { instanceId: "i-2" }));
  expect(refusedSizeAt(learnHeld(elsewhere, held(4)), held(3))).toMatchObject({ wasHeld: false });
});

test.each<[string, Partial<Limits>, number]>([
  ["no refusal", { accepted: { assign: 9, unassign: 0 } }, Infinity],
  ["requests of that size accepted", { batchSize: 4, accepted: { assign: 4, unassign: 0 } }, 4],
  ["requests of more than half accepted", { batchSize: 4, accepted: { assign: 0, unassign: 3 } }, 4],
  ["only small requests accepted", { batchSize: 4, accepted: { assign: 2, unassign: 1 } }, Infinity],
])("the batch size for other operations, %s: is %s", (_what, limits, size) => {
  expect(provenBatchSize({ ...noLimits, ...limits })).toBe(size);
});

test.each([
  [{}, true],
  [{ instanceId: "i-2" }, false],
  [{ status: "Available", instanceId: undefined }, false],
  [{ status: "Detaching" }, false],
])("a size refused on i-1, now %j: holds is %s", (now, holds) => {
  const limits = { ...noLimits, refusedSize: { place: placeOf(eni), size: 5, error: quota } };
  expect(refusedSizeAt(limits, networkInterface(now)) !== undefined).toBe(holds);
});

describe("the capacity is read", () => {
  const exchange = planFor({ wanted: at(60), owned: at(20) }, at(20));
  const tooMany = planFor({ wanted: range(60, 3) }, [], { capacity: 2 });
  const full = planFor({ wanted: at(60), owned: at(20) }, at(20), { capacity: 1 });
  const refused = { ...noLimits, refusedSize: { place, size: 5, error: quota } };
  const known = { capacity: 9 };
  const unknown = { capacity: undefined };

  test.each([
    ["a plan that the quota refuses", tooMany, noLimits, known, "again"],
    ["a plan that makes room", full, noLimits, known, "again"],
    ["a size that the API refused", exchange, refused, known, "again"],
    ["an exchange, while it is not known", exchange, noLimits, unknown, "unless known"],
    ["an exchange, while it is known", exchange, noLimits, known, undefined],
    ["an assign alone", planFor({ wanted: at(60) }), noLimits, unknown, undefined],
    ["an unassign alone", planFor({ owned: at(20) }, at(20)), noLimits, unknown, undefined],
    ["a plan that the quota refuses, after a read", tooMany, readHere, known, undefined],
    [
      "a plan that the quota refuses, after a read elsewhere",
      tooMany,
      { ...readHere, capacityReadAt: "InUse i-2" },
      known,
      "again",
    ],
  ] as const)("%s: %s", (_what, plan, limits, facts, read) => {
    expect(capacityToRead(plan, eni, limits, facts)).toBe(read);
  });

  test.each([{ status: "Available", instanceId: undefined }, { status: "Attaching" }])(
    "on an ENI that is %j: not at all",
    (more) => {
      expect(capacityToRead(tooMany, networkInterface(more), noLimits, known)).toBeUndefined();
    },
  );
});

import { EcsError, isCallTimeout } from "../ecs/ecs-error";
import { sentenceOf } from "../ecs/holders";
import { heldBy, type NetworkInterface } from "../ecs/port";
import { planChanges, type Goal, type Observation, type Plan } from "../plan/plan";
import type { Refusal } from "../plan/refusals";
import { makesRoom, type Step } from "../plan/steps";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { fullJitterMs } from "../shared/retry";
import { confirmAbsence, confirmMissing } from "./confirming";
import { heldElsewhere } from "./contention";
import { capacityToRead, refusedSizeAt } from "./limits";
import {
  EniNotFoundError,
  isTaken,
  ItemsRefusedError,
  NotReadyYet,
  NotVisibleError,
  PlanRefusedError,
} from "./operation-error";
import { retryDelayMs, type Release } from "./retry-delay";
import { afterWait, isAboutItems, isDue, noteRefusal, setAside } from "./refused-items";
import type { Action, Situation, Trouble, View } from "./situation";
import { instanceProblem, judgeStatus, statusProblem } from "./statuses";

/** How old a read may be for an operation to plan its first calls from it. */
const plannableForMs = 10_000;

/**
 * Decides what an operation does next. Pure.
 *
 * An operation reads its ENI, plans, makes the calls of the plan, and reads again, until a read shows that nothing is left
 * to do. After every failure it reads again and asks only for what that read shows to be missing. It gives up an
 * owned address only after a second read.
 * @internal
 */
export function nextAction(situation: Situation): Action {
  const { failure, view, rest, journal, statusRule, isDryRun = false } = situation;
  if (failure !== undefined) return afterFailure(situation, failure);
  if (view === undefined) return { do: "read", maxAgeMs: journal.known === undefined ? plannableForMs : 0 };
  const [step] = rest;
  if (step !== undefined) return { do: "call", step, rest: rest.slice(1) };

  const { eni, fresh } = view;
  const moving = waitForMoving(situation, eni);
  if (moving !== undefined) return moving;
  const wholePlan = planFor(situation, eni);
  const giving = fresh && !isDryRun ? planToGive(situation, eni, wholePlan) : undefined;
  const plan = giving ?? wholePlan;
  const runs = !isDryRun && plan.steps.length > 0 && judgeStatus(eni.status, statusRule) === "accepted";
  // A cached read may start a plan that makes calls. "Nothing to do", refusals and making room need a fresh read.
  if ((!runs || makesRoom(plan.steps)) && !fresh) return { do: "read", maxAgeMs: 0, plan };
  const capacity = capacityToRead(wholePlan, eni, situation.limits, situation.facts);
  if (capacity !== undefined) return { do: "read capacity", eni, again: capacity === "again", plan };
  if (plan.refusals.length > 0) return { ...afterRefusal(situation, eni, plan), plan };
  const [first] = plan.steps;
  // A pick must not replace an address that one read did not show.
  const confirming = first === undefined || plan.pick > 0 ? confirmAbsence(situation, eni) : undefined;
  if (confirming !== undefined) return { ...confirming, plan };
  const pending = addressesInBoth([...plan.assign, ...plan.unassign], setAside(situation.refused));
  if (first === undefined && pending.length > 0) return { ...waitForRefused(situation, pending), plan };
  if (first === undefined && !statusRule.judgedAlways) return { do: "done", plan };
  if (first !== undefined && journal.notShown.length > 0) return { ...waitForUnsettled(situation), plan };
  const problem = judgeStatuses(situation, view, first !== undefined);
  if (typeof problem === "string") return { do: "check instance", instanceId: problem, plan };
  if (problem !== undefined) return { ...afterDifficulty(situation, problem), plan };
  if (isDryRun) return { ...endDryRun(situation, plan), plan };
  return first === undefined
    ? { do: "done", plan }
    : { do: "call", step: first, rest: plan.steps.slice(1), plan };
}

function observe(situation: Situation, eni: NetworkInterface): Observation {
  const { goal, claimed, ledger, limits, refused, contention, facts, begun, isDryRun } = situation;
  const held = heldElsewhere(contention, heldBy(eni));
  return {
    seen: eni,
    claimed,
    inherited: goal.refuseOthers ? ledger.listedBeforeOn(eni.id) : [],
    leaving: isDryRun === true ? expectedReleases(situation, eni) : [],
    cidrBlock: facts.cidrBlock,
    capacity: facts.capacity,
    refusedSize: refusedSizeAt(limits, eni),
    contended: contention !== undefined && (contention.holders === undefined || held.length > 0),
    batchSize: Math.min(limits.batchSize, facts.batchSize),
    setAside: setAside(refused),
    apart: refused.apart,
    begun,
  };
}

/**
 * A new count does not adopt what another resource is to move to another ENI. What does not leave in time it adopts: an ENI of
 * another VPC may hold the same address.
 */
function waitForMoving(situation: Situation, eni: NetworkInterface): Action | undefined {
  const { goal, claimed, ledger } = situation;
  if (goal.count === undefined || !goal.refuseOthers) return undefined;
  const adopted = addressesOnlyIn(heldBy(eni, goal.mode.kind), goal.owned, claimed);
  const moving = ledger.listedBeside(eni.id, adopted);
  if (moving.length === 0) return undefined;
  const reason = `${eni.id} holds ${moving.join(", ")}, which another resource of this program lists on another ENI`;
  const isExpected = moving.every((one) => ledger.isReleaseExpected(eni.id, one));
  const action = waitForOthers(situation, [heldByOthers(goal, reason)], isExpected ? "expected" : "possible");
  return action.do === "wait" ? action : undefined;
}

function planFor(situation: Situation, eni: NetworkInterface): Plan {
  const { goal, journal } = situation;
  const observation = observe(situation, eni);
  // Other writers may assign at the same moment. If there are then too many, what was just picked leaves first.
  return planChanges({ ...goal, owned: [...goal.owned, ...journal.picked] }, observation);
}

/**
 * What to unassign before the operation waits for other resources of this ENI, because they may wait for that; `undefined`
 * for nothing. Nothing is unassigned for a plan that does not fit after the announced releases.
 */
function planToGive(situation: Situation, eni: NetworkInterface, plan: Plan): Plan | undefined {
  const { goal } = situation;
  if (goal.count !== undefined || !mayBecomeFree(goal, plan.refusals)) return undefined;
  const observation = observe(situation, eni);
  const leaving = expectedReleases(situation, eni);
  if (planChanges(goal, { ...observation, leaving }).refusals.length > 0) return undefined;
  const wanted = addressesInBoth(goal.wanted, heldBy(eni));
  const giving = planChanges({ ...goal, wanted, refuseOthers: false }, observation);
  return giving.steps.length > 0 ? giving : undefined;
}

/** Whether only what other resources hold on the ENI forbids the plan, and they may release it. */
function mayBecomeFree({ othersMayRelease }: Goal, refusals: readonly Refusal[]): boolean {
  return (
    othersMayRelease === true &&
    refusals.length > 0 &&
    refusals.every(({ dependsOn }) => dependsOn === "ownership")
  );
}

/** What other resources of this process are about to unassign from the ENI. */
function expectedReleases({ goal, claimed, ledger }: Situation, eni: NetworkInterface): string[] {
  return addressesOnlyIn(heldBy(eni), goal.owned, claimed).filter((one) =>
    ledger.isReleaseExpected(eni.id, one),
  );
}

/** Waits until others have released what blocks the plan, or fails with the refusals. */
function afterRefusal(situation: Situation, eni: NetworkInterface, { refusals }: Plan): Action {
  const { goal } = situation;
  if (!mayBecomeFree(goal, refusals)) return { do: "fail", error: new PlanRefusedError(refusals) };
  const leaving = expectedReleases(situation, eni);
  const isExpected = planChanges(goal, { ...observe(situation, eni), leaving }).refusals.length === 0;
  return waitForOthers(situation, refusals, isExpected ? "expected" : "possible");
}

function waitForOthers(situation: Situation, refusals: readonly Refusal[], release: Release): Action {
  const action = afterDifficulty(situation, new PlanRefusedError(refusals), release);
  if (action.do !== "fail") return action;
  return { do: "fail", error: new PlanRefusedError(refusals, { waited: true }) };
}

/** The plan can run, unless another ENI holds what is to be assigned and no resource is about to release it. */
function endDryRun(situation: Situation, { assign }: Plan): Action {
  const { contention, holdersKnown, goal, ledger } = situation;
  if (assign.length > 0 && !holdersKnown) return { do: "find holders", lookUp: true };
  const keepers = (contention?.holders ?? [])
    .map(({ id, addresses }) => ({
      id,
      addresses: addresses.filter((one) => !ledger.isReleaseExpected(id, one)),
    }))
    .filter(({ addresses }) => addresses.length > 0);
  if (keepers.length === 0) return { do: "done" };
  const reason = keepers.map(sentenceOf).join("; ");
  return waitForOthers(situation, [heldByOthers(goal, reason)], "possible");
}

/** A refusal that ends when another resource has released what it names. */
function heldByOthers({ mode }: Goal, reason: string): Refusal {
  return { property: mode.input, cause: "impossible", dependsOn: "ownership", reason };
}

/** Reads may lag behind confirmed calls. */
function waitForUnsettled(situation: Situation): Action {
  const { journal, networkInterfaceId, nowMs, lastProgressMs, pacing } = situation;
  if (nowMs - lastProgressMs >= pacing.settleMs) return { do: "abandon unsettled" };
  const missing = journal.notShown.join(", ");
  return afterDifficulty(
    situation,
    new NotReadyYet(
      `${networkInterfaceId}: the API has confirmed a change of ${missing} and does not show it yet`,
    ),
  );
}

/** The problem with the status of the ENI or its instance, or the id of an instance whose status has to be read. */
function judgeStatuses(situation: Situation, view: View, calls: boolean): string | Error | undefined {
  const { eni, instanceStatus } = view;
  const problem = statusProblem(`ENI ${eni.id}`, eni.status, situation.statusRule);
  // After its last call an operation reads only the ENI again: the API has judged the instance.
  if (problem !== undefined || (!calls && situation.journal.wrote)) return problem;
  if (eni.type !== "Primary" || eni.instanceId === undefined) return undefined;
  return instanceStatus === undefined
    ? eni.instanceId
    : instanceProblem(eni, instanceStatus, situation.region);
}

function afterFailure(situation: Situation, error: unknown): Action {
  const { trouble, contention, holdersKnown, refused, failedStep, nowMs, pacing } = situation;
  const { releaseMs } = pacing;
  const confirming = error instanceof EniNotFoundError ? confirmMissing(situation, error) : undefined;
  if (confirming !== undefined) return confirming;
  // One refusal may only mean that the plan was out of date.
  const again =
    trouble.staleSinceMs !== undefined ||
    contention !== undefined ||
    refused.items.size + refused.apart.length > 0;
  if (isTaken(error) && !holdersKnown && again) {
    // Look up once to know whom to wait for, and again before that wait ends.
    const isLast =
      failedStep?.addresses.some((one) => isDue(refused, one, { nowMs, releaseMs })) ??
      nowMs - (trouble.staleSinceMs ?? nowMs) >= releaseMs;
    return { do: "find holders", lookUp: contention?.holders === undefined || isLast };
  }
  if (!(error instanceof EcsError) || failedStep === undefined || !isAboutItems(error, failedStep))
    return afterDifficulty(situation, error, releaseAfter(situation, error));
  if (error.verdict === "stale" && !again)
    return afterDifficulty(situation, error, releaseAfter(situation, error));
  return searchRefused(situation, error, failedStep);
}

/** Whether another ENI is to release what the API refused to assign. */
function releaseAfter({ contention }: Situation, error: unknown): Release | undefined {
  if (!isTaken(error)) return undefined;
  return contention?.releaseExpected === true ? "expected" : "possible";
}

/** Reads again at once, to request the rest in smaller parts. */
function searchRefused(situation: Situation, error: EcsError, step: Step): Action {
  const { refused, contention, limits, trouble, nowMs, leftMs, pacing } = situation;
  if (leftMs <= 0) return { do: "fail", error };
  const learnt = {
    refused: noteRefusal(refused, {
      step,
      error,
      heldElsewhere: isTaken(error) ? heldElsewhere(contention, []) : [],
      nowMs,
      releaseMs: pacing.releaseMs,
      releaseExpected: contention?.releaseExpected ?? false,
    }),
    // A bad address may have made larger requests fail, and not their size.
    ...(error.verdict === "invalid-parameter" &&
      step.addresses.length === 1 && { limits: { ...limits, batchSize: Infinity } }),
  };
  return { do: "wait", delayMs: 0, reason: error, trouble: { ...trouble, difficulty: error }, learnt };
}

/** Everything else is done: waits for what was refused and may become free, or fails with what was refused. */
function waitForRefused(situation: Situation, pending: readonly string[]): Action {
  const { refused, trouble, contention, leftMs, pacing, random } = situation;
  const items = [...refused.items].filter(([one]) => pending.includes(one));
  const error = new ItemsRefusedError(
    new Map(items.map(([one, item]) => [one, item.error])),
    contention?.holders,
  );
  const failuresInARow = trouble.failuresInARow + 1;
  const delayMs = fullJitterMs(failuresInARow, pacing.backoffBaseMs, pacing.backoffCapMs, random);
  if (items.every(([, { givenUp }]) => givenUp) || delayMs >= leftMs) return { do: "fail", error };
  return {
    do: "wait",
    delayMs,
    reason: error,
    release: contention?.releaseExpected === true ? "expected" : "possible",
    trouble: { ...trouble, failuresInARow, difficulty: error },
    learnt: { refused: afterWait(refused) },
  };
}

/** Waits and reads again, or gives up. */
function afterDifficulty(situation: Situation, error: unknown, release?: Release): Action {
  const { leftMs, nowMs } = situation;
  const before = situation.trouble;
  const trouble: Trouble = {
    // To wait for a status is no failure: the back-off of a later failure starts at its beginning.
    failuresInARow: before.failuresInARow + (error instanceof NotReadyYet ? 0 : 1),
    difficulty: isCallTimeout(error) ? before.difficulty : error,
    staleSinceMs:
      before.staleSinceMs ??
      (release !== undefined || refusesPlan(error, before.difficulty) ? nowMs : undefined),
    unseenSinceMs: error instanceof NotVisibleError ? (before.unseenSinceMs ?? nowMs) : undefined,
  };
  const delayMs = retryDelayMs(error, {
    attempt: trouble.failuresInARow,
    staleMs: nowMs - (trouble.staleSinceMs ?? nowMs),
    unseenMs: nowMs - (trouble.unseenSinceMs ?? nowMs),
    release,
    pacing: situation.pacing,
    random: situation.random,
  });
  if (delayMs !== undefined && delayMs < leftMs)
    return { do: "wait", delayMs, reason: error, trouble, ...(release && { release }) };
  // A call that the end of the time cut off says less than the failure before it.
  return { do: "fail", error: isCallTimeout(error) ? (trouble.difficulty ?? error) : error };
}

/** A burnt token may come from an earlier failure. Only when a new token is burnt as well, it says something of the plan. */
function refusesPlan(error: unknown, difficulty: unknown): boolean {
  if (!(error instanceof EcsError)) return false;
  if (error.verdict !== "token-burnt") return error.verdict === "stale" || error.verdict === "not-found";
  return difficulty instanceof EcsError && difficulty.verdict === "token-burnt";
}

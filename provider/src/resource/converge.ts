import { performance } from "node:perf_hooks";
import { ClientTokens } from "./client-tokens";
import { KnownAddresses } from "./known-addresses";
import { LostPicks } from "./lost-picks";
import type { OperationError } from "./operation-error";
import { EngineGoneError, EniNotFoundError, NotReadyYet, PlanRefusedError } from "./operation-error";
import { decideRetry } from "./retry-decision";
import { UnsettledCalls } from "./unsettled-calls";
import { checkReady } from "./check-ready";
import { judgeStatus, type StatusRule } from "./statuses";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { EcsError } from "../ecs/ecs-error";
import { heldBy, onlyKind } from "../ecs/port";
import type { EcsPort, NetworkInterface } from "../ecs/port";
import { planChanges, type Goal, type Plan } from "../plan/plan";
import { sizeOf, type Step } from "../plan/steps";
import { whyUnusableInVSwitch } from "../plan/vswitch-addresses";
import type { Deadline } from "../shared/deadline";
import type { Pacing } from "../shared/retry";
import { retryUntil, type RetryDecision } from "../shared/retry";
import { describeWait, traceRounds, traceWaits } from "../shared/trace";
import type { BatchSize } from "./batch-size";
import type { Claims } from "./claims";
import { Contention, isTaken } from "./contention";
import type { EniLocks } from "./eni-locks";
import type { EniReader } from "../ecs/eni-reader";
import type { Liveness } from "./liveness";
import { explainFailure } from "./explain-failure";
import { findHolders, sentencesOf, type Holder } from "./holders";
import type { QuotaReader } from "../ecs/optional-facts";
import type { OperationUnderWay, Releases } from "./releases";
import type { Unassigned } from "./unassigned";
import type { VSwitchReader } from "../ecs/optional-facts";

/** How old a read may be that a write is planned from. */
const plannableForMs = 10_000;

/** What a read may cost that only makes a message better. */
const optionalReadMs = 5_000;

/** How long the read may take that tells what a failed operation has reached. */
const lastLookMs = 5_000;

/** What the plan wanted to unassign is wanted by another resource meanwhile: plan again. */
class PlanOutdated extends Error {}

/** What every operation of the process shares. @internal */
export interface Surroundings {
  readonly ecs: EcsPort;
  readonly reader: EniReader;
  readonly claims: Claims;
  readonly releases: Releases;
  readonly unassigned: Unassigned;
  readonly vSwitches: VSwitchReader;
  readonly quotas: QuotaReader;
  readonly locks: EniLocks;
  readonly batchSize: BatchSize;
  readonly liveness: Liveness;
  readonly pacing: Pacing;
  readonly random: () => number;
  /** Says something to the user while the operation runs. */
  readonly announce: (message: string) => void;
}

/** One operation on one ENI. @internal */
export interface Task {
  readonly networkInterfaceId: string;
  readonly goal: Goal;
  readonly deadline: Deadline;
  /** Which statuses of the ENI are waited out: a delete also waits for an ENI that is being deleted. */
  readonly eniStatusRule: StatusRule;
}

/** How an operation on one ENI ended. @internal */
export interface Convergence {
  /** What the ENI is known to hold now; `undefined` when it was never read or is gone. */
  readonly eni: NetworkInterface | undefined;
  /** Whether a call that changes the ENI was made, whatever its outcome. */
  readonly wrote: boolean;
  /** What the cloud has picked for this operation, as far as its answers, or reads after a lost one, say so. */
  readonly picked: readonly string[];
  /** Why the goal was not reached; `undefined` when it was. */
  readonly failure: OperationError | undefined;
}

/**
 * Makes one ENI match a goal: reads it, plans, applies the plan call by call, and reads it again, until a read shows
 * that nothing is left to do. Every difficulty on the way, from a lost answer to a status that is passing, leads
 * back to the read; only what the read shows to be missing is asked for again.
 *
 * Never rejects for a reason that lies in the API: the outcome says how far it came.
 *
 * @internal
 */
export async function converge(task: Task, surroundings: Surroundings): Promise<Convergence> {
  const convergence = new OneConvergence(task, surroundings);
  return convergence.run();
}

class OneConvergence {
  private readonly tokens = new ClientTokens();
  private readonly known = new KnownAddresses();
  private readonly unsettled = new UnsettledCalls();
  private wrote = false;
  private readonly picked = new Set<string>();
  private readonly lostPicks = new LostPicks();
  /** Whether the ENI was read by this operation after its last write. */
  private readingIsFresh = false;
  /** Whether the API has refused to add to what the ENI holds. */
  private full = false;
  /** The largest request that the server may still take, after it has refused larger ones. */
  private batchLimit = Infinity;
  private lastProgressMs = performance.now();
  private failuresInARow = 0;
  /** What was last waited out, since the last progress. */
  private difficulty: unknown;
  /** Since when the API has refused the plan as out of date, without any progress. */
  private staleSinceMs: number | undefined;
  private lastAnnouncement = "";
  private readonly workDeadline: Deadline;

  private readonly networkInterfaceId: string;
  private readonly goal: Goal;
  private readonly deadline: Deadline;
  private readonly eniStatusRule: StatusRule;
  private readonly operation: OperationUnderWay;
  private readonly contention: Contention;

  constructor(
    task: Task,
    private readonly surroundings: Surroundings,
  ) {
    ({
      networkInterfaceId: this.networkInterfaceId,
      goal: this.goal,
      deadline: this.deadline,
      eniStatusRule: this.eniStatusRule,
    } = task);
    // The last part of the time is kept for the read that tells what was reached.
    this.workDeadline = this.deadline.keeping(Math.min(lastLookMs, this.deadline.totalMs / 5));
    this.operation = surroundings.releases.begin(this.networkInterfaceId);
    this.contention = new Contention(surroundings.releases);
  }

  async run(): Promise<Convergence> {
    const { wanted, owned, count } = this.goal;
    if (count === undefined) this.operation.willUnassign(addressesOnlyIn(owned, wanted));
    try {
      return await this.converge();
    } finally {
      this.operation.end();
    }
  }

  private async converge(): Promise<Convergence> {
    try {
      await retryUntil(
        this.workDeadline,
        (error) => this.decide(error),
        () => this.attempt(),
      );
      return this.outcome(this.known.networkInterface);
    } catch (thrown) {
      // What the end of the time cut off says less than what was being waited out.
      const cutOff = thrown instanceof EcsError && thrown.code === "CallTimeout";
      const error = cutOff ? (this.difficulty ?? thrown) : thrown;
      const failure = explainFailure(error, {
        networkInterfaceId: this.networkInterfaceId,
        region: this.surroundings.ecs.region,
        deadline: this.deadline,
        unusable: await this.unusableAddresses(error),
        holders: isTaken(error) ? sentencesOf((await this.findHolders()) ?? []) : [],
      });
      return this.outcome(
        failure instanceof EniNotFoundError ? undefined : await this.lastLook(failure),
        failure,
      );
    }
  }

  private outcome(eni: NetworkInterface | undefined, failure?: OperationError): Convergence {
    return { eni, wrote: this.wrote, picked: [...this.picked], failure };
  }

  private async attempt(): Promise<void> {
    try {
      // Only what is done is done alone: no ENI is locked while its operation waits for something else.
      await this.surroundings.locks.run(this.networkInterfaceId, this.workDeadline, () => this.round());
    } catch (error) {
      if (isTaken(error)) await this.noteContention();
      throw error;
    }
  }

  /** The API has said that an address is taken, which may just have been so when the plan was made. */
  private async noteContention(): Promise<void> {
    if (this.staleSinceMs === undefined && !this.contention.exists) return;
    this.operation.waits(true);
    const staleMs = performance.now() - (this.staleSinceMs ?? performance.now());
    // Once to know whom to wait for, and again before that ends.
    const lookAgain = staleMs >= this.surroundings.pacing.releaseMs;
    await this.contention.note(() => this.findHolders(), { lookAgain });
  }

  private decide(error: unknown): RetryDecision {
    // To wait for a status is no failure: the back-off of a later one starts at its beginning.
    if (!(error instanceof NotReadyYet)) this.failuresInARow += 1;
    if (error instanceof EcsError && this.refusesPlan(error)) this.staleSinceMs ??= performance.now();
    const delayMs = decideRetry(error, {
      attempt: this.failuresInARow,
      staleMs: performance.now() - (this.staleSinceMs ?? performance.now()),
      releaseExpected: isTaken(error) && this.contention.releaseExpected,
      pacing: this.surroundings.pacing,
      random: this.surroundings.random,
    });
    traceWaits("%s: %s", this.networkInterfaceId, describeWait(error, delayMs));
    if (delayMs !== undefined && delayMs > 0) this.announceOnce(error);
    if (!(error instanceof EcsError && error.code === "CallTimeout")) this.difficulty = error;
    return delayMs;
  }

  /** A token that an earlier failure may have burnt says nothing of the plan, one that is new does. */
  private refusesPlan({ verdict }: EcsError): boolean {
    if (verdict !== "token-burnt") return verdict === "stale" || verdict === "not-found";
    return this.difficulty instanceof EcsError && this.difficulty.verdict === verdict;
  }

  private progressed(): void {
    this.difficulty = undefined;
    this.failuresInARow = 0;
    this.staleSinceMs = undefined;
    this.operation.waits(false);
    this.lastProgressMs = performance.now();
  }

  private async round(): Promise<void> {
    for (;;) {
      await this.surroundings.liveness.assertAlive();
      const eni = await this.observe();
      const plan = this.plan(eni);
      traceRounds(
        "%s is %s and holds %d; calls to make: %d",
        eni.id,
        eni.status,
        heldBy(eni).length,
        plan.steps.length,
      );
      const canRun = plan.steps.length > 0 && judgeStatus(eni.status, this.eniStatusRule) === "accepted";
      // Memory is good enough for a plan that runs, and is found out if it is wrong. Anything else, from "nothing to do"
      // to a refusal, has to be said by a fresh read.
      if (!canRun && !this.readingIsFresh) continue;
      if (plan.refusals.length > 0) {
        throw new PlanRefusedError(plan.refusals);
      }
      if (plan.steps.length === 0) return;
      this.waitForUnsettled(eni);
      await checkReady(this.surroundings.ecs, eni, this.eniStatusRule, this.workDeadline);
      await this.apply(plan);
    }
  }

  private async observe(): Promise<NetworkInterface> {
    const { reader, ecs } = this.surroundings;
    const planFromMemory = !this.wrote && this.known.networkInterface === undefined;
    const startedMs = performance.now();
    const reading = planFromMemory
      ? await reader.recent(this.networkInterfaceId, plannableForMs, this.workDeadline)
      : await reader.fresh(this.networkInterfaceId, this.workDeadline);
    if (reading === undefined) throw new EniNotFoundError(this.networkInterfaceId, ecs.region);
    this.readingIsFresh = reading.readAtMs >= startedMs;
    this.noteRead(reading.eni);
    return reading.eni;
  }

  private noteRead(eni: NetworkInterface): void {
    this.known.read(eni);
    for (const one of this.lostPicks.foundIn(eni)) this.picked.add(one);
  }

  private plan(eni: NetworkInterface): Plan {
    const { wanted } = this.goal;
    const heldElsewhere = this.contention.heldElsewhere(eni);
    let plan = this.planFor(addressesOnlyIn(wanted, heldElsewhere), eni);
    // An address that has to be waited for keeps none of the others waiting.
    if (heldElsewhere.length > 0 && plan.steps.length === 0) plan = this.planFor(wanted, eni);
    if (plan.steps.length > 0) this.operation.willUnassign(plan.unassign);
    return plan;
  }

  private planFor(wanted: readonly string[], eni: NetworkInterface): Plan {
    const { claims, batchSize, vSwitches, quotas } = this.surroundings;
    return planChanges(
      // Too many may be there when others assign at the same moment: then what was just picked goes first.
      { ...this.goal, wanted, owned: [...this.goal.owned, ...this.picked] },
      {
        seen: eni,
        claimed: claims.on(this.networkInterfaceId),
        inherited: this.goal.refuseOthers ? claims.inheritedOn(this.networkInterfaceId) : [],
        cidrBlock: vSwitches.remembered(eni.vSwitchId),
        capacity: quotas.remembered(eni),
        full: this.full,
        contended: this.contention.exists,
        batchSize: Math.min(this.batchLimit, batchSize.current),
      },
    );
  }

  /** @throws NotReadyYet while reads lag behind what was confirmed */
  private waitForUnsettled(eni: NetworkInterface): void {
    const missing = this.unsettled.notShownBy(eni);
    if (missing.length === 0) return;
    if (performance.now() - this.lastProgressMs < this.surroundings.pacing.settleMs) {
      throw new NotReadyYet(
        `${this.networkInterfaceId}: the API has confirmed a change of ${missing.join(", ")} and does not show it yet`,
      );
    }
    this.unsettled.abandon();
  }

  private async apply(plan: Plan): Promise<void> {
    for (const step of plan.steps) {
      let picked: readonly string[];
      try {
        picked = await this.call(step);
      } catch (error) {
        if (error instanceof PlanOutdated || this.learnLimit(error, step, plan)) return;
        throw error;
      }
      if (sizeOf(step) > this.batchLimit / 2) this.surroundings.batchSize.learn(this.batchLimit);
      const { networkInterface: before } = this.known;
      const confirmed = { action: step.action, kind: step.kind, addresses: [...step.addresses, ...picked] };
      this.known.confirm(confirmed);
      this.unsettled.confirm(confirmed);
      if (step.action === "assign")
        this.surroundings.unassigned.remove(this.networkInterfaceId, confirmed.addresses);
      this.progressed();
      if (step.pick === undefined) continue;
      const present = before === undefined ? [] : heldBy(before, step.kind);
      for (const one of addressesOnlyIn(picked, present)) this.picked.add(one);
      if (picked.length === 0) {
        this.unsettled.expectAtLeast(present.length + step.pick, step.kind);
      }
      // What the cloud has picked is read before anything else is asked for.
      return;
    }
  }

  /** @returns the addresses or prefixes that the cloud picked, if it was asked to and says so */
  private async call(step: Step): Promise<readonly string[]> {
    const { ecs, reader, liveness, claims, unassigned } = this.surroundings;
    const { networkInterface } = this.known;
    const present = networkInterface === undefined ? [] : heldBy(networkInterface);
    const options = {
      deadline: this.workDeadline,
      beforeSending: async () => {
        await liveness.assertAlive();
        const claimed = addressesInBoth(step.addresses, claims.on(this.networkInterfaceId));
        if (step.action === "unassign" && claimed.length > 0) throw new PlanOutdated();
        if (step.pick !== undefined) this.lostPicks.send(step.kind, step.pick, onlyKind(step.kind, present));
        this.wrote = true;
        this.readingIsFresh = false;
        reader.forget(this.networkInterfaceId);
        if (step.action === "unassign") unassigned.add(this.networkInterfaceId, step.addresses);
      },
    };
    if (step.action === "unassign") {
      await ecs.unassignPrivateIpAddresses(this.networkInterfaceId, step, options);
      return [];
    }
    const content =
      step.pick === undefined ? step.addresses : [`pick ${step.pick} ${step.kind} beside`, ...present];
    try {
      const token = this.tokens.for(content);
      const named = await ecs.assignPrivateIpAddresses(this.networkInterfaceId, step, token, options);
      this.lostPicks.answered(named);
      // Asked for again beside the same addresses, it is one that no read has shown yet: with its token, nothing comes twice.
      // Unless what it names was there before: the cloud picked what had just gone, and reads may never tell the difference.
      const shown = named.length > 0 && addressesOnlyIn(named, present).length === 0;
      if (step.pick === undefined || shown) this.tokens.spend(content);
      return step.pick === undefined ? [] : named;
    } catch (error) {
      // Only a request whose outcome is unknown, or that still runs, is repeated with its token.
      const repeatable =
        error instanceof EcsError && ["transient", "conflict", "throttled"].includes(error.verdict);
      if (!repeatable) this.tokens.spend(content);
      this.lostPicks.failed(error instanceof EcsError && error.verdict === "transient");
      throw error;
    }
  }

  /** Whether the error taught a limit that a new plan can respect. */
  private learnLimit(error: unknown, step: Step, plan: Plan): boolean {
    if (!(error instanceof EcsError)) return false;
    if (error.verdict === "invalid-parameter" && sizeOf(step) > 1) {
      this.batchLimit = Math.floor(sizeOf(step) / 2);
      return true;
    }
    if (error.verdict === "quota" && step.action === "assign" && !this.full && plan.unassign.length > 0) {
      this.full = true;
      return true;
    }
    return false;
  }

  /** When the API found an address outside its vSwitch: which ones are, with their reasons. */
  private async unusableAddresses(error: unknown): Promise<string[]> {
    const eni = this.known.networkInterface;
    if (!(error instanceof EcsError) || error.code !== "InvalidVSwitchId.IpInvalid" || eni === undefined)
      return [];
    const { vSwitches } = this.surroundings;
    const cidrBlock = await vSwitches.cidrBlockOf(
      eni.vSwitchId,
      eni.vpcId,
      this.deadline.within(optionalReadMs),
    );
    if (cidrBlock === undefined) return [];
    return this.goal.wanted.flatMap((address) => {
      const why = whyUnusableInVSwitch(address, cidrBlock);
      return why === undefined ? [] : [`${address} ${why}`];
    });
  }

  private async findHolders(): Promise<readonly Holder[] | undefined> {
    const eni = this.known.networkInterface;
    const { ecs } = this.surroundings;
    return eni && findHolders(ecs, eni, this.goal.wanted, this.deadline.within(lastLookMs));
  }

  /** What the ENI holds after a failure: read once more if time allows, else what is known for certain. */
  private async lastLook(failure: OperationError): Promise<NetworkInterface | undefined> {
    if (!this.wrote || this.readingIsFresh || failure instanceof EngineGoneError)
      return this.known.networkInterface;
    try {
      const deadline = this.deadline.within(lastLookMs);
      const reading = await this.surroundings.reader.fresh(this.networkInterfaceId, deadline);
      if (reading !== undefined) this.noteRead(reading.eni);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
    }
    return this.known.networkInterface;
  }

  /** A difficulty is said once, not at every attempt: attempts differ in their RequestId only. */
  private announceOnce(error: unknown): void {
    const difficulty = this.inWords(error);
    if (difficulty === this.lastAnnouncement) return;
    this.lastAnnouncement = difficulty;
    const leftMs = this.workDeadline.leftMs();
    const short = isTaken(error) && !this.contention.releaseExpected;
    const patienceMs = short ? Math.min(leftMs, this.surroundings.pacing.releaseMs) : leftMs;
    this.surroundings.announce(`${difficulty}; trying again for up to ${Math.round(patienceMs / 1000)} s`);
  }

  private inWords(error: unknown): string {
    const { holders = [] } = this.contention;
    if (isTaken(error) && holders.length > 0) {
      return `${this.networkInterfaceId}: ${sentencesOf(holders).join("; ")}`;
    }
    return error instanceof EcsError
      ? `${this.networkInterfaceId}: ${error.action}: ${error.code}: ${error.reason.replace(/[.\s]+$/, "")}`
      : (error as Error).message;
  }
}

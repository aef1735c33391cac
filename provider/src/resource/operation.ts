import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { EcsError } from "../ecs/ecs-error";
import { heldBy, type NetworkInterface } from "../ecs/port";
import type { Goal } from "../plan/plan";
import { whyUnusableInVSwitch } from "../plan/refusals";
import { sizeOf, type Step } from "../plan/steps";
import { addressesOnlyIn } from "../shared/addresses";
import type { Deadline } from "../shared/deadline";
import { describeWait, traceRounds, traceWaits } from "../shared/trace";
import { CallJournal, type CallOutcome } from "./call-journal";
import type { Region } from "./context";
import type { EniLocks } from "./eni-locks";
import { findHolders, sentencesOf, type Holder } from "./holders";
import type { Ledger, OperationEntry } from "./ledger";
import {
  contentionWith,
  isOutdated,
  isTaken,
  learnLimits,
  nextAction,
  noTrouble,
  type Action,
  type Contention,
  type Limits,
  type Situation,
  type View,
} from "./next-action";
import { EngineGoneError, EniNotFoundError, explainFailure, type OperationError } from "./operation-error";
import type { StatusRule } from "./statuses";

/** How long an optional read may take that only improves a message. */
const optionalReadMs = 5_000;

/** How long the read may take that shows what a failed operation has reached. */
const lastReadMs = 5_000;

/** One operation on one ENI. @internal */
export interface Task {
  readonly networkInterfaceId: string;
  readonly identity: string;
  readonly goal: Goal;
  readonly deadline: Deadline;
  /** Which statuses of the ENI are waited for. A delete also waits for an ENI that is being deleted. */
  readonly statusRule: StatusRule;
  /** @throws EngineGoneError when the engine that asked for the operation is gone */
  readonly assertAlive: () => Promise<void>;
  /** Tells the user something while the operation runs. */
  readonly say: (text: string) => void;
}

/** How an operation ended. @internal */
export interface Outcome {
  /** What the ENI is known to hold now; `undefined` when it was never read or is gone. */
  readonly eni: NetworkInterface | undefined;
  /** Whether a call that changes the ENI was sent, whatever its outcome. */
  readonly wrote: boolean;
  /** What the cloud has picked for this operation. */
  readonly picked: readonly string[];
  /** Why the goal was not reached; `undefined` when it was. */
  readonly failure: OperationError | undefined;
}

/**
 * Brings one ENI to a goal. {@link nextAction} decides, this loop does the I/O.
 *
 * Never rejects for a failure of the API: the outcome says what was reached.
 *
 * @internal
 */
export async function runOperation(
  task: Task,
  region: Region,
  ledger: Ledger,
  locks: EniLocks,
): Promise<Outcome> {
  const entry = ledger.beginOperation(task.networkInterfaceId, task.identity);
  const { wanted, owned, count } = task.goal;
  if (count === undefined) entry.announce(addressesOnlyIn(owned, wanted));
  try {
    return await new Operation(task, region, ledger, locks, entry).run();
  } finally {
    entry.end();
  }
}

/** The next step unassigns what another resource lists meanwhile: plan again. */
class PlanOutdated extends Error {}

class Operation {
  private readonly journal = new CallJournal();
  private readonly workDeadline: Deadline;
  private unlock: (() => void) | undefined;

  private view: View | undefined;
  /** Whether the ENI was read after the last write. */
  private readIsFresh = false;
  private rest: readonly Step[] = [];
  private unassigns = false;
  private failure: unknown;
  private holdersKnown = false;
  private trouble = noTrouble;
  private contention: Contention | undefined;
  private limits: Limits = { batchSize: Infinity, full: false };
  private lastProgressMs = performance.now();
  private lastSaid = "";

  constructor(
    private readonly task: Task,
    private readonly region: Region,
    private readonly ledger: Ledger,
    private readonly locks: EniLocks,
    private readonly entry: OperationEntry,
  ) {
    // The last part of the time is kept for the read that shows what was reached.
    this.workDeadline = task.deadline.keeping(Math.min(lastReadMs, task.deadline.totalMs / 5));
  }

  async run(): Promise<Outcome> {
    try {
      for (;;) {
        const action = nextAction(this.situation());
        this.notePlan(action);
        if (action.do === "done") return this.outcome(this.journal.known);
        if (action.do === "fail") return await this.fail(action.error);
        try {
          await this.perform(action);
        } catch (error) {
          this.release();
          this.failure = error;
          this.holdersKnown = false;
          this.readAgain();
        }
      }
    } finally {
      this.release();
    }
  }

  private situation(): Situation {
    const { networkInterfaceId, goal, statusRule } = this.task;
    const { name, vSwitches, quotas, batchSize, pacing, random } = this.region;
    const eni = this.view?.eni;
    return {
      networkInterfaceId,
      region: name,
      goal,
      statusRule,
      journal: this.journal,
      ledger: this.ledger,
      view: this.view,
      rest: this.rest,
      failure: this.failure,
      holdersKnown: this.holdersKnown,
      trouble: this.trouble,
      contention: this.contention,
      limits: this.limits,
      facts: {
        cidrBlock: eni && vSwitches.remembered(eni.vSwitchId),
        capacity: eni && quotas.remembered(eni),
        batchSize: batchSize.current,
      },
      pacing,
      random,
      nowMs: performance.now(),
      lastProgressMs: this.lastProgressMs,
      leftMs: this.workDeadline.leftMs(),
    };
  }

  private notePlan({ plan }: Action): void {
    if (plan === undefined || this.view === undefined) return;
    const { eni } = this.view;
    traceRounds(
      "%s is %s and holds %d; calls to make: %d",
      eni.id,
      eni.status,
      heldBy(eni).length,
      plan.steps.length,
    );
    this.unassigns = plan.unassign.length > 0;
    if (plan.steps.length > 0) this.entry.announce(plan.unassign);
  }

  private async perform(action: Action): Promise<void> {
    switch (action.do) {
      case "read":
        return this.read(action.maxAgeMs);
      case "check instance": {
        const { ecs } = this.region;
        const status = await ecs.describeInstanceStatus(action.instanceId, { deadline: this.workDeadline });
        if (this.view !== undefined) this.view = { ...this.view, instanceStatus: status ?? null };
        return;
      }
      case "call":
        return this.call(action.step, action.rest);
      case "abandon unsettled":
        this.journal.abandonUnsettled();
        return;
      case "find holders": {
        // No ENI is locked while its operation waits for another one.
        this.release();
        this.entry.setWaiting(true);
        const holders = action.lookUp ? await this.findHolders() : this.contention?.holders;
        this.contention = contentionWith(holders, this.contention, this.ledger);
        this.holdersKnown = true;
        return;
      }
      case "wait":
        this.release();
        traceWaits("%s: %s", this.task.networkInterfaceId, describeWait(action.reason, action.delayMs));
        if (action.delayMs > 0) this.sayOnce(action.reason);
        this.trouble = action.trouble;
        this.failure = undefined;
        this.readAgain();
        await sleep(action.delayMs);
        return;
      case "done":
      case "fail":
        return;
    }
  }

  private readAgain(): void {
    this.view = undefined;
    this.rest = [];
  }

  private release(): void {
    this.unlock?.();
    this.unlock = undefined;
  }

  private async read(maxAgeMs: number): Promise<void> {
    const { networkInterfaceId, assertAlive } = this.task;
    const { reader, name } = this.region;
    this.unlock ??= await this.locks.acquire(networkInterfaceId, this.workDeadline);
    await assertAlive();
    const startedMs = performance.now();
    const reading = await (maxAgeMs > 0
      ? reader.recent(networkInterfaceId, maxAgeMs, this.workDeadline)
      : reader.fresh(networkInterfaceId, this.workDeadline));
    if (reading === undefined) throw new EniNotFoundError(networkInterfaceId, name);
    this.journal.addRead(reading.eni);
    this.view = { eni: reading.eni, fresh: reading.readAtMs >= startedMs };
    this.readIsFresh = this.view.fresh;
  }

  private async call(step: Step, rest: readonly Step[]): Promise<void> {
    const { networkInterfaceId, assertAlive } = this.task;
    const { ecs, reader, batchSize } = this.region;
    const before = this.journal.held;
    const token = step.action === "assign" ? (this.journal.tokenFor(step) ?? randomUUID()) : undefined;
    let sent = false;
    const note = (outcome: CallOutcome) => {
      if (sent) this.journal.addCall({ step, before, token, outcome });
    };
    const options = {
      deadline: this.workDeadline,
      beforeSending: async () => {
        await assertAlive();
        if (isOutdated(step, this.ledger.claimedOn(networkInterfaceId))) throw new PlanOutdated();
        sent = true;
        this.readIsFresh = false;
        reader.forget(networkInterfaceId);
        if (step.action === "unassign") this.ledger.unassign(networkInterfaceId, step.addresses);
      },
    };
    let named: readonly string[] = [];
    try {
      if (token === undefined) await ecs.unassignPrivateIpAddresses(networkInterfaceId, step, options);
      else named = await ecs.assignPrivateIpAddresses(networkInterfaceId, step, token, options);
    } catch (error) {
      note({ verdict: error instanceof EcsError ? error.verdict : "transient" });
      const limits = learnLimits(error, step, this.unassigns, this.limits);
      if (limits === undefined && !(error instanceof PlanOutdated)) throw error;
      this.limits = limits ?? this.limits;
      this.readAgain();
      return;
    }
    const picked = step.pick === undefined ? [] : named;
    note({ named: picked });
    if (step.action === "assign") this.ledger.assign(networkInterfaceId, [...step.addresses, ...picked]);
    if (sizeOf(step) > this.limits.batchSize / 2) batchSize.learn(this.limits.batchSize);
    this.trouble = noTrouble;
    this.entry.setWaiting(false);
    this.lastProgressMs = performance.now();
    this.rest = rest;
    // What the cloud has picked is read before anything else is asked for.
    if (rest.length === 0 || step.pick !== undefined) this.readAgain();
  }

  private outcome(eni: NetworkInterface | undefined, failure?: OperationError): Outcome {
    return { eni, wrote: this.journal.wrote, picked: this.journal.picked, failure };
  }

  private async fail(error: unknown): Promise<Outcome> {
    this.release();
    const { networkInterfaceId, deadline } = this.task;
    traceWaits("%s: %s", networkInterfaceId, describeWait(error, undefined));
    const failure = explainFailure(error, {
      networkInterfaceId,
      region: this.region.name,
      deadline,
      unusable: await this.unusableAddresses(error),
      holders: isTaken(error) ? sentencesOf((await this.findHolders()) ?? []) : [],
    });
    if (failure instanceof EniNotFoundError) return this.outcome(undefined, failure);
    if (this.journal.wrote && !this.readIsFresh && !(failure instanceof EngineGoneError))
      await this.lastRead();
    return this.outcome(this.journal.known, failure);
  }

  /** Shows what was reached. Without it, the record holds what is known for certain. */
  private async lastRead(): Promise<void> {
    const { networkInterfaceId, deadline } = this.task;
    try {
      const reading = await this.region.reader.fresh(networkInterfaceId, deadline.within(lastReadMs));
      if (reading !== undefined) this.journal.addRead(reading.eni);
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
    }
  }

  /** When the API refused an address as outside its vSwitch: which addresses are, with their reasons. */
  private async unusableAddresses(error: unknown): Promise<string[]> {
    const eni = this.journal.known;
    if (!(error instanceof EcsError) || error.code !== "InvalidVSwitchId.IpInvalid" || eni === undefined)
      return [];
    const deadline = this.task.deadline.within(optionalReadMs);
    const cidrBlock = await this.region.vSwitches.cidrBlockOf(eni.vSwitchId, eni.vpcId, deadline);
    if (cidrBlock === undefined) return [];
    return this.task.goal.wanted.flatMap((address) => {
      const why = whyUnusableInVSwitch(address, cidrBlock);
      return why === undefined ? [] : [`${address} ${why}`];
    });
  }

  private async findHolders(): Promise<readonly Holder[] | undefined> {
    const { goal, deadline } = this.task;
    const eni = this.journal.known;
    return eni && findHolders(this.region.ecs, eni, goal.wanted, deadline.within(lastReadMs));
  }

  /** A difficulty is said once, not at every attempt: attempts differ in their RequestId only. */
  private sayOnce(error: unknown): void {
    const difficulty = this.describe(error);
    if (difficulty === this.lastSaid) return;
    this.lastSaid = difficulty;
    const leftMs = this.workDeadline.leftMs();
    const short = isTaken(error) && this.contention?.releaseExpected !== true;
    const waitMs = short ? Math.min(leftMs, this.region.pacing.releaseMs) : leftMs;
    this.task.say(`${difficulty}; trying again for up to ${Math.round(waitMs / 1000)} s`);
  }

  private describe(error: unknown): string {
    const { networkInterfaceId } = this.task;
    const holders = this.contention?.holders ?? [];
    if (isTaken(error) && holders.length > 0)
      return `${networkInterfaceId}: ${sentencesOf(holders).join("; ")}`;
    return error instanceof EcsError
      ? `${networkInterfaceId}: ${error.action}: ${error.code}: ${error.reason.replace(/[.\s]+$/, "")}`
      : (error as Error).message;
  }
}

import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { EcsError } from "../ecs/ecs-error";
import { heldBy, type NetworkInterface } from "../ecs/port";
import { unusableIn } from "../plan/refusals";
import { isOutdated, makesRoom, type Step } from "../plan/steps";
import { addressesOnlyIn } from "../shared/addresses";
import type { Deadline } from "../shared/deadline";
import { describeWait, traceRounds, traceWaits } from "../shared/trace";
import { readLast } from "./absence";
import { CallJournal, type CallOutcome } from "./call-journal";
import { contentionWith } from "./contention";
import type { EniLocks, Region } from "./context";
import type { Reading } from "../ecs/eni-reader";
import { findHolders, type Holder } from "../ecs/holders";
import type { Sightings } from "../ecs/sightings";
import type { Ledger, OperationEntry } from "./ledger";
import { learnAccepted, learnHeld, learnLimits, noLimits, placeOf, provenBatchSize } from "./limits";
import { nextAction } from "./next-action";
import { missingEni, withAccount } from "./new-eni";
import {
  describeDifficulty,
  EngineGoneError,
  EniNotFoundError,
  explainFailure,
  type FailureCircumstances,
  mayBeHeld,
  refusalsIn,
  type OperationError,
} from "./operation-error";
import { nothingRefused } from "./refused-items";
import { longestWaitMs } from "./retry-delay";
import { noTrouble, type Action, type Progress, type Situation } from "./situation";
import type { Outcome, Task } from "./task";

/**
 * Brings one ENI to a goal. {@link nextAction} decides, this loop does the I/O.
 *
 * Never rejects for a failure of the API: the outcome says what was reached.
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
  if (count === undefined && task.isDryRun !== true) entry.announce(addressesOnlyIn(owned, wanted));
  try {
    return await new Operation(task, region, ledger, locks, entry).run();
  } finally {
    entry.end();
  }
}

/** The next step unassigns what another resource lists meanwhile. */
class PlanOutdated extends Error {}

/** Read the ENI again before anything else. */
const readAgain = { view: undefined, rest: [], begun: [] } as const;

class Operation {
  private readonly journal = new CallJournal();
  private readonly sightings: Sightings;
  private readonly workDeadline: Deadline;
  private progress: Progress = {
    ...readAgain,
    failure: undefined,
    failedStep: undefined,
    holdersKnown: false,
    trouble: noTrouble,
    contention: undefined,
    limits: noLimits,
    refused: nothingRefused,
    lastProgressMs: performance.now(),
  };
  /** Whether the ENI was read after the last write. */
  private readIsFresh = false;
  /** The time that an optional read took in vain. */
  private lost: FailureCircumstances["lost"];
  private lastSaid = "";
  private unlock: (() => void) | undefined;
  private endChange: (() => void) | undefined;

  constructor(
    private readonly task: Task,
    private readonly region: Region,
    private readonly ledger: Ledger,
    private readonly locks: EniLocks,
    private readonly entry: OperationEntry,
  ) {
    this.sightings = region.reader.sightings(task.networkInterfaceId);
    // The last part of the time is kept for the read that shows what was reached.
    this.workDeadline = task.deadline.keeping(Math.min(region.pacing.lastReadMs, task.deadline.totalMs / 5));
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
          const failedStep = action.do === "call" ? action.step : undefined;
          this.advance({ ...readAgain, failure: error, failedStep, holdersKnown: false });
        }
      }
    } finally {
      this.release();
    }
  }

  private situation(): Situation {
    const { networkInterfaceId, goal, recorded, statusRule, isDryRun } = this.task;
    const { name, vSwitches, quotas, batchSize, pacing, random } = this.region;
    const eni = this.progress.view?.eni;
    return {
      ...this.progress,
      networkInterfaceId,
      region: name,
      goal,
      recorded,
      isDryRun,
      claimed: this.task.claimed(),
      statusRule,
      journal: this.journal,
      ledger: this.ledger,
      sightings: this.sightings,
      facts: {
        cidrBlock: eni && vSwitches.remembered(eni.vSwitchId),
        capacity: eni && quotas.remembered(eni),
        batchSize: batchSize.current,
      },
      pacing,
      random,
      nowMs: performance.now(),
      leftMs: this.workDeadline.leftMs(),
    };
  }

  private advance(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
  }

  private notePlan({ plan }: Action): void {
    const eni = this.progress.view?.eni;
    if (plan === undefined || eni === undefined) return;
    const held = heldBy(eni).length;
    traceRounds("%s is %s and holds %d; calls to make: %d", eni.id, eni.status, held, plan.steps.length);
    if (plan.steps.length > 0 && this.task.isDryRun !== true) this.entry.announce(plan.unassign);
  }

  private async perform(action: Exclude<Action, { readonly do: "done" | "fail" }>): Promise<void> {
    const { networkInterfaceId } = this.task;
    const { reader } = this.region;
    switch (action.do) {
      case "read": {
        const { maxAgeMs } = action;
        const mayWait = this.journal.wrote && this.progress.begun.length === 0;
        return this.read((deadline) =>
          maxAgeMs > 0
            ? reader.known(networkInterfaceId, deadline, maxAgeMs)
            : reader.fresh(networkInterfaceId, deadline, { mayWait }),
        );
      }
      case "confirm":
        this.advance({ failure: undefined });
        return this.read(
          (deadline) => reader.notBefore(networkInterfaceId, action.startMs, deadline),
          action.startMs,
        );
      case "check instance": {
        const options = { deadline: this.workDeadline };
        const status = await this.region.ecs.describeInstanceStatus(action.instanceId, options);
        const { view } = this.progress;
        this.advance({ view: view && { ...view, instanceStatus: status ?? null } });
        return;
      }
      case "read capacity": {
        const { eni } = action;
        const startedMs = performance.now();
        const deadline = this.workDeadline.optional(this.region.pacing.evidenceMs);
        const why = await this.region.quotas[action.again ? "learnAgain" : "learn"](eni, deadline);
        if (why !== undefined) this.lost = { ms: Math.round(performance.now() - startedMs), why };
        this.advance({ limits: { ...this.progress.limits, capacityReadAt: placeOf(eni) } });
        return;
      }
      case "call":
        this.endChange ??= reader.beginChange();
        return this.call(action.step, action.rest);
      case "abandon unsettled":
        this.journal.abandonUnsettled();
        return;
      case "find holders": {
        // No ENI is locked while its operation waits for another one.
        this.release();
        this.entry.setWaiting(true);
        const before = this.progress.contention;
        const holders = action.lookUp ? await this.findHolders() : before?.holders;
        this.advance({ contention: contentionWith(holders, before, this.ledger), holdersKnown: true });
        return;
      }
      case "wait":
        this.release();
        traceWaits("%s: %s", this.task.networkInterfaceId, describeWait(action.reason, action.delayMs));
        if (action.release !== undefined && action.delayMs > 0) this.entry.setWaiting(true);
        if (action.delayMs > 0) this.sayOnce(action.reason, action.release === "possible");
        this.advance({
          ...readAgain,
          begun: this.progress.begun,
          ...action.learnt,
          trouble: action.trouble,
          failure: undefined,
          holdersKnown: false,
        });
        await sleep(action.delayMs);
        return;
    }
  }

  private release(): void {
    this.unlock?.();
    this.unlock = undefined;
    this.stopChanging();
  }

  private stopChanging(): void {
    this.endChange?.();
    this.endChange = undefined;
  }

  /** @param freshFromMs - from when on a reading counts as fresh: from now on, unless a confirming read has to be later */
  private async read(
    read: (deadline: Deadline) => Promise<Reading | undefined>,
    freshFromMs?: number,
  ): Promise<void> {
    const { networkInterfaceId, assertAlive } = this.task;
    this.unlock ??= await this.locks.acquire(networkInterfaceId, this.workDeadline);
    await assertAlive();
    const startedMs = performance.now();
    const asked = read(this.workDeadline);
    this.stopChanging();
    const reading = await asked;
    if (reading === undefined) throw missingEni(this.task, this.region.name);
    const eni = this.sightings.withHidden(reading.eni, this.owned, this.region.pacing.confirmMs);
    this.journal.addRead(eni);
    this.readIsFresh = reading.readAtMs >= (freshFromMs ?? startedMs);
    const limits = learnHeld(this.progress.limits, reading.eni);
    this.advance({ view: { eni, fresh: this.readIsFresh }, limits });
  }

  private async call(step: Step, rest: readonly Step[]): Promise<void> {
    const { networkInterfaceId, assertAlive, claimed } = this.task;
    const { ecs, reader } = this.region;
    const { limits } = this.progress;
    const { known, held: before } = this.journal;
    const token = step.action === "assign" ? (this.journal.tokenFor(step) ?? randomUUID()) : undefined;
    let sent = false;
    const note = (outcome: CallOutcome) => {
      if (!sent) return;
      this.journal.addCall({ step, before, token, outcome });
      if (step.action === "assign" && "verdict" in outcome)
        this.sightings.addAttempt(step.addresses, performance.now());
    };
    const options = {
      deadline: this.workDeadline,
      beforeSending: async () => {
        await assertAlive();
        if (isOutdated(step, claimed())) throw new PlanOutdated();
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
      this.sightings.addRefusal(error, step, known, performance.now());
      const learnt = known && learnLimits(error, step, known, limits);
      if (learnt === undefined && !(error instanceof PlanOutdated)) throw error;
      this.advance({ ...readAgain, limits: learnt ?? limits });
      return;
    }
    const picked = step.pick === undefined ? [] : named;
    note({ named: picked });
    this.sightings.addChange(step.action, [...step.addresses, ...picked], performance.now());
    if (step.action === "assign") this.ledger.assign(networkInterfaceId, [...step.addresses, ...picked]);
    this.entry.setWaiting(false);
    const learnt = learnAccepted(limits, step);
    this.advance({ rest, limits: learnt, trouble: noTrouble, lastProgressMs: performance.now() });
    // What the cloud has picked is read before anything else is asked for, and where the ENI is before it makes room.
    if (rest.length === 0 || step.pick !== undefined || makesRoom(rest))
      this.advance({ ...readAgain, begun: rest });
  }

  private outcome(eni: NetworkInterface | undefined, failure?: OperationError): Outcome {
    if (failure === undefined) this.region.batchSize.learn(provenBatchSize(this.progress.limits));
    const { heldBefore, wrote, picked, held } = this.journal;
    const { confirmMs } = this.region.pacing;
    const perhapsHeld = this.sightings.perhapsHeld(addressesOnlyIn(this.owned, held), confirmMs);
    return { eni, heldBefore, wrote, picked, perhapsHeld, failure };
  }

  /** What the state owned, and what this operation has brought. */
  private get owned(): readonly string[] {
    return [...this.task.recorded, ...this.journal.picked, ...this.journal.assigned];
  }

  /** What the ENI may hold of this resource although a single read does not show it. */
  private get doubtful(): readonly string[] {
    return [...new Set([...this.owned, ...this.journal.attempted])];
  }

  private async fail(error: unknown): Promise<Outcome> {
    this.release();
    const { networkInterfaceId, goal, deadline } = this.task;
    traceWaits("%s: %s", networkInterfaceId, describeWait(error, undefined));
    const failure = explainFailure(await withAccount(error, this.region.account, this.optional), {
      networkInterfaceId,
      region: this.region.name,
      deadline,
      input: goal.mode.input,
      unusable: await this.unusableAddresses(error),
      holders: mayBeHeld(error) ? await this.findHolders() : [],
      waitedForRoom: goal.othersMayRelease === true,
      lost: this.lost,
    });
    if (failure instanceof EniNotFoundError) return this.outcome(undefined, failure);
    // This read shows what was reached. Without it, the record holds what is known for certain.
    if (this.journal.known !== undefined && !(failure instanceof EngineGoneError)) {
      const limited = deadline.within(this.region.pacing.lastReadMs);
      const last = await readLast(this.region, networkInterfaceId, this.doubtful, limited);
      if (last !== undefined) this.journal.addRead(last.eni);
    }
    return this.outcome(this.journal.known, failure);
  }

  /** The time limit of a read that only improves a message or a wait. */
  private get optional(): Deadline {
    return this.task.deadline.optional(this.region.pacing.evidenceMs);
  }

  /** When the API refused an address as outside its vSwitch: which addresses are, with their reasons. */
  private async unusableAddresses(error: unknown): Promise<string[]> {
    const eni = this.journal.known;
    if (!refusalsIn(error).some(({ code }) => code === "InvalidVSwitchId.IpInvalid") || eni === undefined)
      return [];
    const cidrBlock = await this.region.vSwitches.cidrBlockOf(eni.vSwitchId, eni.vpcId, this.optional);
    return unusableIn(cidrBlock, this.task.goal.wanted);
  }

  private async findHolders(): Promise<readonly Holder[] | undefined> {
    const eni = this.journal.known;
    return eni && findHolders(this.region.ecs, eni, this.task.goal.wanted, this.optional);
  }

  /** A difficulty is said once, not at every attempt. */
  private sayOnce(error: unknown, isShort: boolean): void {
    const { contention } = this.progress;
    const difficulty = describeDifficulty(error, this.task.networkInterfaceId, contention?.holders ?? []);
    if (difficulty === this.lastSaid) return;
    this.lastSaid = difficulty;
    const waitMs = Math.min(this.workDeadline.leftMs(), longestWaitMs(error, isShort, this.region.pacing));
    this.task.say(`${difficulty}; trying again for up to ${Math.round(waitMs / 1000)} s`);
  }
}

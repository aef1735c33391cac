import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import { byAge, type Goal } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { Deadline } from "../shared/deadline";
import { assertGone, readConfirmed } from "./absence";
import { AdoptionWarnings } from "./adoption-warnings";
import { EniLocks, type Context, type Regions } from "./context";
import type { Expected } from "./expectation";
import type { InputProblem, InspectedInputs } from "./inputs";
import { HandOvers } from "./hand-overs";
import { Ledger } from "./ledger";
import {
  agesOf,
  asksForWhatIsOwned,
  goalOf,
  goalOfCreate,
  goalOfDelete,
  importedFor,
  isDecided,
  listedIn,
  listsSomeOf,
  permitted,
  takesOver,
} from "./model";
import type { Decided, Desired, Recorded } from "./model";
import { runOperation } from "./operation";
import type { Outcome, Task } from "./task";
import { readNewEni } from "./new-eni";
import { EniNotFoundError, OperationError, StoppedError } from "./operation-error";
import { Preview } from "./preview";
import { keptHidden, leftToOthers } from "./preview-sentences";
import { ProgramOptions } from "./program-options";
import {
  heldByCount,
  leftBy,
  PartialFailure,
  recordCreated,
  recordFailedCreate,
  recordFailedUpdate,
  recordOptions,
  recordRead,
  recordUpdated,
  type RecordedFailure,
} from "./record";
import { eniStatusRule, eniStatusRuleForDelete } from "./statuses";

export type { Context, Region, Regions } from "./context";
export { PartialFailure } from "./record";

/** The problems that check found, and the region that the resource is in, as far as it is known. */
interface Checked {
  readonly problems: readonly InputProblem[];
  readonly region: string | undefined;
}

/** @internal */
export interface Difference {
  readonly changes: boolean;
  /** The inputs whose change replaces the resource. */
  readonly replaces: readonly ("networkInterfaceId" | "region")[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * The secondary addresses, or prefixes, of ENIs as a resource: everything that an adaptor calls. It contains nothing of
 * Pulumi's protocols.
 * @internal
 */
export class ResourceService {
  private readonly handOvers: HandOvers;
  private readonly locks = new EniLocks();
  private readonly options = new ProgramOptions();
  private readonly preview: Preview;
  private readonly adoptions: AdoptionWarnings;

  /** @param warnsOfAdoption - whether it warns of adopted addresses whose owner another provider may manage */
  constructor(
    private readonly regions: Regions,
    private readonly ledger: Ledger = new Ledger(),
    warnsOfAdoption = false,
  ) {
    this.handOvers = new HandOvers(ledger);
    this.adoptions = new AdoptionWarnings(ledger, this.handOvers, warnsOfAdoption);
    this.preview = new Preview(this.ledger, regions);
  }

  /**
   * Checks the inputs, and compares them with the ENI.
   *
   * @param before - what the inputs in the state say
   */
  check(context: Context, before: Recorded, inputs: InspectedInputs): Promise<Checked> {
    return this.handOvers.whileChecking(context, inputs.desired, () =>
      this.checkInputs(context, before, inputs),
    );
  }

  private async checkInputs(
    context: Context,
    before: Recorded,
    { desired, problems: inputProblems }: InspectedInputs,
  ): Promise<Checked> {
    const problems = [...inputProblems];
    const isUndecided = desired.undecided.includes("region");
    const region = desired.region ?? (isUndecided ? undefined : this.regions.defaultRegion());
    if (region === undefined && !isUndecided && !problems.some(({ property }) => property === "region")) {
      problems.push({ property: "region", reason: this.regions.missingRegion });
    }
    this.options.noteCheck(context, before, { ...desired, region });
    problems.push(...this.noteCheck(context, before, desired));
    if (inputProblems.length > 0) this.handOvers.keepAsIs(context, before);
    if (problems.length === 0 && region !== undefined) {
      problems.push(...(await this.preview.beforeMove(context, before, desired, region)));
      problems.push(...(await this.preview.beforeCheck(context, before, desired, region)));
      this.expectForCount(context, desired, region);
    }
    if (problems.length === 0 && region === undefined)
      await this.preview.withoutEni(context, desired, region);
    this.handOvers.checked(context, desired, problems.length === 0);
    return { problems, region };
  }

  /**
   * Compares the state with the program, and says what an update or a replacement will do.
   *
   * A replacement deletes first only where the new ENI lists what the old one has to release. Otherwise the delete comes at
   * the end of the run, after all claims, and a create that fails costs nothing. So it does while the list is not known: the
   * update decides again.
   */
  async diff(context: Context, saved: Recorded, desired: Desired): Promise<Difference> {
    const before = importedFor(saved, desired);
    const { networkInterfaceId, region, ownership } = desired;
    // A refresh before has seen the resource under its former name.
    if (before.networkInterfaceId !== undefined && context.formerIdentity !== undefined)
      this.ledger.beginUpdate(before.networkInterfaceId, context.formerIdentity);
    this.adoptions.noteState(context, saved);
    const movesToOtherEni = networkInterfaceId !== before.networkInterfaceId;
    const movesToOtherRegion = before.region !== undefined && region !== before.region;
    this.options.noteDiff(context, saved, desired, movesToOtherEni || movesToOtherRegion);
    const targetChanges = !asksForWhatIsOwned(desired.target, before);
    const lost = this.lostBefore(before);
    if (!movesToOtherEni && !movesToOtherRegion) {
      if (targetChanges || takesOver(before, ownership)) this.preview.beforeUpdate(context, before, desired);
      if (targetChanges && region !== undefined)
        this.expectForCount(context, desired, region, agesOf(before));
      if (networkInterfaceId !== undefined)
        this.handOvers.owns(networkInterfaceId, context.identity, before.owned);
      // A count keeps what it holds. Check cannot claim that: the inputs do not list it.
      if (!targetChanges && networkInterfaceId !== undefined)
        this.ledger.keep(networkInterfaceId, context, before.owned);
      if (!targetChanges) this.preview.beforeKeep(context, before, lost);
      this.preview.beforeReturn(context, addressesInBoth(lost, listedIn(desired.target)), before);
    }
    const isRetained = this.options.isRetained(context);
    const deletesFirst = movesToOtherEni && !movesToOtherRegion && listsSomeOf(desired.target, before.owned);
    if (movesToOtherEni) {
      // Check knows only the inputs, and those of a count list nothing.
      if (before.networkInterfaceId !== undefined && !isRetained)
        this.ledger.leave(before.networkInterfaceId, context.identity, before.owned);
      const order = { isRetained, deletesFirst };
      await this.preview.beforeReplacement(context, this.inThisRun(before), desired, order);
    }
    return {
      changes:
        movesToOtherEni ||
        movesToOtherRegion ||
        targetChanges ||
        lost.length > 0 ||
        // The state has to learn what the program has made of an import.
        before !== saved ||
        ownership !== before.ownership ||
        // Delete sees the outputs only: without an update it would not learn of the new value.
        desired.allowUnassignWithEip !== before.allowUnassignWithEip,
      replaces: [
        ...(movesToOtherEni ? (["networkInterfaceId"] as const) : []),
        ...(movesToOtherRegion ? (["region"] as const) : []),
      ],
      deleteBeforeReplace: deletesFirst,
    };
  }

  /**
   * For an engine that previews each operation after its check and diff.
   *
   * @param before - the record of a resource that is updated; `undefined` for a create
   */
  async expect(
    context: Context,
    before: Recorded | undefined,
    desired: Desired,
  ): Promise<{ readonly problems: readonly InputProblem[]; readonly expected: Expected }> {
    const saved = before && importedFor(before, desired);
    const found = await this.preview.beforeOperation(context, saved, desired);
    const { networkInterfaceId, region, target } = desired;
    if (found.problems.length === 0 && networkInterfaceId !== undefined) {
      const eni = region === undefined ? undefined : this.preview.lastRead(networkInterfaceId, region);
      const owned = found.expected.owned ?? (target === undefined ? [] : heldByCount(target, eni));
      this.adoptions.warn(context, desired, saved, owned, eni === undefined ? [] : heldBy(eni));
    }
    return found;
  }

  /**
   * Brings the addresses onto the ENI. Wanted addresses that are already there are adopted without a call. An exclusive
   * resource takes over the whole ENI, and is refused when other addresses are on it.
   *
   * @throws PartialFailure if something was written and is owned now
   */
  async create(context: Context, desired: Decided): Promise<Recorded> {
    this.options.noteCreate(context);
    const goal = goalOfCreate(desired);
    const outcome = await this.bringTo(context, desired, goal, { recorded: [], mayBeNew: true });
    const { failure, heldBefore } = outcome;
    if (failure !== undefined)
      throw this.failed(context, desired, failure, (left) => {
        const failed = recordFailedCreate(desired, outcome, left);
        this.adoptions.warn(context, desired, undefined, failed.recorded?.owned ?? [], heldBefore);
        return failed;
      });
    // Not unmanaged: the old resource's delete removes these.
    const leaving = this.ledger.listedBeforeOn(desired.networkInterfaceId);
    const recorded = recordCreated(desired, readBy(outcome), leaving);
    this.adoptions.warn(context, desired, undefined, recorded.owned, heldBefore);
    return this.handOvers.succeeded(context, recorded);
  }

  /**
   * Assigns what is missing, and unassigns what the state owned and the program no longer wants.
   *
   * @throws PartialFailure if the ENI could be read
   */
  async update(context: Context, saved: Recorded, desired: Decided): Promise<Recorded> {
    const before = importedFor(saved, desired);
    this.ledger.beginUpdate(desired.networkInterfaceId, context.formerIdentity ?? context.identity);
    const takeover = takesOver(before, desired.ownership);
    if (!takeover && asksForWhatIsOwned(desired.target, before) && this.lostBefore(before).length === 0) {
      // Only options changed: the state has to learn of them.
      return this.handOvers.succeeded(context, recordOptions(desired, before));
    }
    const goal: Goal = {
      ...goalOf(desired.target, agesOf(before)),
      owned: takeover ? [...before.owned, ...permitted(desired)] : before.owned,
      refuseOthers: takeover,
      // Nothing else of the program is on the ENI of an exclusive resource.
      othersMayRelease: takeover || desired.ownership === "additive",
      allowUnassignWithEip: desired.allowUnassignWithEip,
    };
    const state = { recorded: before.owned, mayBeNew: false };
    const outcome = await this.bringTo(context, desired, goal, state);
    const { failure } = outcome;
    const warnOfAdoption = (owned: readonly string[]) => {
      this.adoptions.warn(context, desired, before, owned, outcome.heldBefore);
    };
    if (failure !== undefined)
      throw this.failed(context, desired, failure, (left) => {
        const failed = recordFailedUpdate(desired, before, outcome, left);
        warnOfAdoption(failed.recorded?.owned ?? []);
        return failed;
      });
    const eni = readBy(outcome);
    const left = leftBy(desired, eni, before);
    await this.handOvers.checksOf(eni.id, left, context.identity);
    const orphaned = this.handOvers.leave(eni.id, left, context.identity);
    const leaving = takeover ? addressesOnlyIn(this.ledger.listedBeforeOn(eni.id), before.owned) : [];
    const recorded = recordUpdated(desired, eni, before, orphaned, leaving);
    warnOfAdoption(recorded.owned);
    return this.handOvers.succeeded(context, recorded);
  }

  /** The record of a resource, with the options of the program where the resource is about to be replaced. */
  inThisRun(before: Recorded): Recorded {
    return this.options.applyTo(before);
  }

  /**
   * Unassigns what the state owned, except what another resource of this process lists. An ENI that is gone has nothing to
   * unassign.
   *
   * @throws OperationError when addresses are left that should be unassigned, or that no other state owns
   */
  async delete(context: Context, networkInterfaceId: string, before: Recorded): Promise<void> {
    await this.assertReplaceable(context, networkInterfaceId, before);
    this.ledger.beginDelete(networkInterfaceId, context.identity);
    const claimed = () =>
      this.ledger.claimedOn(networkInterfaceId, undefined, byAge(before.owned, agesOf(before)));
    const left = addressesInBoth(before.owned, claimed());
    await this.handOvers.checksOf(networkInterfaceId, left);
    this.handOvers.leaveAll(networkInterfaceId, left);
    if (left.length > 0) context.say("info", leftToOthers(networkInterfaceId, left));
    if (left.length === before.owned.length) return;
    const statusRule = eniStatusRuleForDelete;
    const goal = goalOfDelete(before);
    const state = { recorded: before.owned, mayBeNew: false };
    const work = { ...state, networkInterfaceId, goal, claimed, statusRule };
    const { failure, eni } = await this.run(context, before.region, work);
    if (failure instanceof EniNotFoundError)
      await assertGone(this.regions.region(before.region), networkInterfaceId, before);
    else if (failure !== undefined) throw failure;
    if (eni === undefined) return;
    const still = addressesInBoth(before.owned, heldBy(eni));
    await this.handOvers.checksOf(networkInterfaceId, still);
    this.handOvers.leaveAll(networkInterfaceId, still);
  }

  /**
   * When the create on another ENI follows on this delete: nothing is unassigned for a create that would be refused.
   *
   * @throws OperationError when it would be
   */
  private async assertReplaceable(
    context: Context,
    networkInterfaceId: string,
    before: Recorded,
  ): Promise<void> {
    const desired = this.options.createdAfter(before);
    if (desired === undefined || !isDecided(desired) || before.owned.length === 0) return;
    const state = { recorded: [], mayBeNew: true, isDryRun: true };
    const release = this.ledger.beginOperation(networkInterfaceId, context.identity);
    release.announce(addressesOnlyIn(before.owned, this.ledger.claimedOn(networkInterfaceId)));
    try {
      const { failure } = await this.reach(context, desired, goalOfCreate(desired), state);
      if (failure === undefined) return;
      if (failure instanceof StoppedError) throw failure;
      throw new OperationError(
        `${networkInterfaceId} keeps its addresses, because its replacement on ${desired.networkInterfaceId} would fail: ` +
          failure.message,
      );
    } finally {
      release.end();
    }
  }

  private failed(
    { identity }: Context,
    { networkInterfaceId }: Decided,
    failure: OperationError,
    record: (handedOver: readonly string[]) => RecordedFailure,
  ): OperationError {
    const { recorded, next } = record(this.handOvers.handedTo(networkInterfaceId, identity));
    this.handOvers.failed(networkInterfaceId, identity, recorded?.owned);
    return recorded === undefined ? failure : new PartialFailure(failure, recorded, next);
  }

  /**
   * Reads the ENI. An exclusive resource owns everything that the ENI holds of its kind. An additive one owns what of its
   * state is still there.
   *
   * @returns `undefined` when a resource of the state is gone
   * @throws OperationError when there is no such ENI and the state does not have it either, as in `get`, or when the ENI may
   *   be in another account or region
   */
  async read(context: Context, networkInterfaceId: string, before: Recorded): Promise<Recorded | undefined> {
    const region = this.regions.region(before.region);
    const { reader, name } = region;
    const deadline = Deadline.after(context.timeoutMs);
    // `get` may follow a change of this run. A refresh shares its reads with other resources.
    const isGet = before.networkInterfaceId === undefined;
    const read = () =>
      isGet ? readNewEni(networkInterfaceId, region, deadline) : reader.known(networkInterfaceId, deadline);
    const { reading, perhapsHeld } = await readConfirmed(
      region,
      networkInterfaceId,
      before.owned,
      read,
      deadline,
    );
    if (reading === undefined) {
      await assertGone(region, networkInterfaceId, before);
      context.say("info", `ENI ${networkInterfaceId} does not exist in region ${name} any more`);
      return undefined;
    }
    const hidden = reading.eni.listsPrefixes ? [] : onlyKind("prefix", perhapsHeld);
    if (hidden.length > 0) context.say("warning", keptHidden(networkInterfaceId, hidden.length));
    return recordRead(before, reading.eni, name, perhapsHeld);
  }

  private async bringTo(
    context: Context,
    desired: Decided,
    goal: Goal,
    state: Pick<Task, "recorded" | "mayBeNew">,
  ): Promise<Outcome> {
    const { networkInterfaceId, target } = desired;
    const { identity } = context;
    this.ledger.claim(networkInterfaceId, identity, listedIn(target));
    const outcome = await this.reach(context, desired, goal, state);
    // Picked addresses are only known now. Claim them so that a renamed resource's delete leaves them.
    this.ledger.claim(networkInterfaceId, identity, heldByCount(target, outcome.eni));
    return outcome;
  }

  /** What a create or an update does on the ENI, or would do. */
  private reach(
    context: Context,
    { networkInterfaceId, region }: Decided,
    goal: Goal,
    state: Pick<Task, "recorded" | "mayBeNew" | "isDryRun">,
  ): Promise<Outcome> {
    const claimed = () => this.ledger.claimedOn(networkInterfaceId, context.identity, goal.owned);
    return this.run(context, region, {
      ...state,
      networkInterfaceId,
      goal,
      claimed,
      statusRule: eniStatusRule,
    });
  }

  private async run(
    context: Context,
    regionName: string | undefined,
    work: Pick<
      Task,
      "networkInterfaceId" | "goal" | "claimed" | "recorded" | "mayBeNew" | "statusRule" | "isDryRun"
    >,
  ): Promise<Outcome> {
    const task: Task = {
      ...work,
      identity: context.identity,
      deadline: Deadline.after(context.timeoutMs),
      assertAlive: () => context.assertAlive(),
      say: (text) => {
        context.say("info", text);
      },
    };
    try {
      return await runOperation(task, this.regions.region(regionName), this.ledger, this.locks);
    } catch (failure) {
      if (!(failure instanceof OperationError)) throw failure;
      return { eni: undefined, heldBefore: [], wrote: false, picked: [], perhapsHeld: [], failure };
    }
  }

  /** A count lists nothing. It claims what stays on its ENI early, because the cloud would pick others for what is lost. */
  private expectForCount(
    { identity }: Context,
    { networkInterfaceId, target }: Desired,
    region: string,
    oldestFirst?: readonly string[],
  ): void {
    if (networkInterfaceId === undefined || target === undefined) return;
    const eni = this.preview.lastRead(networkInterfaceId, region);
    this.ledger.expect(networkInterfaceId, identity, heldByCount(target, eni, oldestFirst));
  }

  /** What the state owns and an operation of this run has unassigned, before this resource was checked. */
  private lostBefore({ networkInterfaceId, owned }: Recorded): string[] {
    if (networkInterfaceId === undefined) return [];
    return addressesInBoth(owned, this.ledger.lostFrom(networkInterfaceId));
  }

  private noteCheck(context: Context, before: Recorded, desired: Desired): InputProblem[] {
    const { networkInterfaceId, target, ownership } = desired;
    const { networkInterfaceId: formerEni, owned, hidden } = before;
    const listed = listedIn(target);
    const keeps = target !== undefined && "list" in target ? listed : owned;
    const other = this.ledger.check({
      ...context,
      before:
        formerEni === undefined
          ? undefined
          : { networkInterfaceId: formerEni, listed: owned, retained: hidden.retainOnDelete ?? false },
      now: networkInterfaceId === undefined ? undefined : { networkInterfaceId, listed, keeps, ownership },
    });
    if (other === undefined) return [];
    return [
      {
        property: "networkInterfaceId",
        reason:
          `${networkInterfaceId} is already managed by the resource "${other}" of this program; an exclusive resource, ` +
          `as a count always is, shares its ENI with no other: merge the two, or give each a list and ownership "additive"`,
      },
    ];
  }
}

function readBy({ eni }: Outcome): NetworkInterface {
  if (eni === undefined) throw new Error("an operation succeeded without having read its ENI");
  return eni;
}

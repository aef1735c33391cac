import { performance } from "node:perf_hooks";
import { EcsError } from "../ecs/ecs-error";
import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import { compare, describePlan, planChanges } from "../plan/plan";
import type { Goal, Observation, Plan } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { Deadline } from "../shared/deadline";
import type { Context, Region, Regions } from "./context";
import type { InputProblem } from "./inputs";
import type { Ledger } from "./ledger";
import {
  agesOf,
  goalOf,
  goalOfDelete,
  listedIn,
  permitted,
  takesOver,
  type Desired,
  type Recorded,
} from "./model";
import { OperationError } from "./operation-error";
import {
  assignedAgain,
  keptByOldEni,
  notHeld,
  releaseTime,
  retained,
  retainedTooLate,
} from "./preview-sentences";
import { eniStatusRule, statusProblem } from "./statuses";

/** What is known of the operation that may follow. */
interface Request {
  readonly networkInterfaceId: string;
  readonly regionName: string;
  /** With everything that the resource owns for certain. */
  readonly goal: Goal;
  /** Whose claims do not count; see {@link Ledger.claimedOn}. */
  readonly except: string | undefined;
  /** Whether the state has nothing of the resource on this ENI. */
  readonly creates: boolean;
  /** Whether to refuse also what only the ownership of others forbids. */
  readonly refusesForOthers: boolean;
  /** Whether to look for other ENIs that hold wanted addresses. */
  readonly warns: boolean;
}

interface Found {
  /** Refusals that hold even though check does not know everything that the resource owns. */
  readonly problems: readonly InputProblem[];
  /** What the operation will do. */
  readonly sentence: string | undefined;
  /** What depends on other resources of the program. */
  readonly warnings: readonly string[];
  readonly plan?: Plan;
}

const nothing: Found = { problems: [], sentence: undefined, warnings: [] };

/**
 * Compares a goal with the ENI before an operation runs, and says in one sentence what the operation will do. It refuses
 * what would fail, and warns of what depends on other resources. Without credentials, network or permission it says so once
 * and refuses nothing.
 * @internal
 */
export class Preview {
  private gaveUp = false;
  /** The ENIs that check has read. A refresh runs no check, and no operation follows its diff. */
  private readonly checked = new Set<string>();
  /** Those of them that a preview has read. */
  private readonly previewed = new Set<string>();
  private readonly said = new Set<string>();
  /** The resources that check found in the state. In a replacement, the engine checks again without the state. */
  private readonly inState = new Set<string>();

  constructor(
    private readonly ledger: Ledger,
    private readonly regions: Regions,
  ) {}

  /** For check: what a create will do, and what a create or an update will refuse. */
  async beforeCheck(
    context: Context,
    before: Recorded,
    desired: Desired,
    regionName: string,
  ): Promise<readonly InputProblem[]> {
    const { networkInterfaceId, target, ownership, allowUnassignWithEip } = desired;
    if (networkInterfaceId === undefined || target === undefined) return [];
    if (ownership === undefined || allowUnassignWithEip === undefined) return [];
    const creates = before.networkInterfaceId !== networkInterfaceId;
    if (before.networkInterfaceId !== undefined) this.inState.add(context.identity);
    const refuseOthers = creates ? ownership === "exclusive" : takesOver(before, ownership);
    // Another additive resource, checked later, may list what this one no longer lists.
    const own = creates || ownership === "additive" ? [] : before.owned;
    const goal: Goal = {
      ...goalOf(target, agesOf(before)),
      owned: [...own, ...(refuseOthers ? permitted(desired) : [])],
      // The old inputs of a count list nothing, and after a failed update the state owns more than they list.
      mayOwnMore: !creates || desired.undecided.includes("unassignOnCreate"),
      refuseOthers,
      allowUnassignWithEip,
    };
    const request = {
      networkInterfaceId,
      regionName,
      goal,
      except: context.identity,
      creates,
      // Additive resources share an ENI, and replacements exchange theirs: one that is checked later may release it.
      refusesForOthers: creates && ownership === "exclusive" && !this.inState.has(context.identity),
      warns: context.preview,
    };
    const { problems, sentence, warnings } = await this.look(context, request);
    this.say(context, "warning", warnings);
    // Diff says what an update does: it knows what the state owns.
    if (creates && problems.length === 0) this.say(context, "info", [sentence]);
    return problems;
  }

  /** For diff: what an update will do to an ENI that check has read, and what it would refuse. Reads nothing. */
  beforeUpdate(context: Context, before: Recorded, desired: Desired): void {
    const { networkInterfaceId, target, region: regionName } = desired;
    if (networkInterfaceId === undefined || target === undefined || regionName === undefined) return;
    const eni = this.lastRead(networkInterfaceId, regionName);
    if (eni === undefined) return;
    const region = this.regions.region(regionName);
    const refuseOthers = takesOver(before, desired.ownership);
    const goal: Goal = {
      ...goalOf(target, agesOf(before)),
      owned: [...before.owned, ...(refuseOthers ? permitted(desired) : [])],
      mayOwnMore: desired.undecided.includes("unassignOnCreate"),
      refuseOthers,
      // While it is not known, it refuses nothing.
      allowUnassignWithEip: desired.allowUnassignWithEip ?? true,
    };
    const plan = planChanges(goal, this.observe(eni, goal, region, context.identity));
    this.say(context, "info", [this.describe(context, goal, plan, eni, region)]);
    if (!this.previewed.has(networkInterfaceId)) return;
    const refused = [...statusProblems(eni, plan, false), ...plan.refusals];
    this.say(context, "warning", refused.map(wouldRefuse));
  }

  /** The ENI as this process has last read it, if check has read it and no write followed. Makes no call. */
  lastRead(networkInterfaceId: string, regionName: string): NetworkInterface | undefined {
    if (this.gaveUp || !this.checked.has(networkInterfaceId)) return undefined;
    return this.regions.region(regionName).reader.remembered(networkInterfaceId);
  }

  /** For check: what the new ENI of a replacement waits for in vain, because the old ENI does not release it before. */
  async beforeMove(
    context: Context,
    before: Recorded,
    { networkInterfaceId, target, hidden }: Desired,
    regionName: string,
  ): Promise<readonly InputProblem[]> {
    const oldEni = before.networkInterfaceId;
    if (oldEni === undefined || networkInterfaceId === undefined || oldEni === networkInterfaceId) return [];
    const isRetained = before.hidden.retainOnDelete === true;
    if (target === undefined || !(isRetained || hidden.deleteBeforeReplace === false)) return [];
    const owns = (one: string) => before.mode?.target === "count" || before.owned.includes(one);
    const kept = await this.tryToRead(context, [], async () => {
      const { reader, pacing } = this.regions.region(before.region ?? regionName);
      const reading = await reader.fresh(oldEni, Deadline.after(pacing.previewMs));
      return reading === undefined ? [] : addressesInBoth(listedIn(target), heldBy(reading.eni)).filter(owns);
    });
    if (kept.length === 0) return [];
    const reason = keptByOldEni(kept, { oldEni, newEni: networkInterfaceId, isRetained });
    return [{ property: target.mode.input, reason }];
  }

  /** For diff: what the old ENI of a replacement loses, and when. Check has read the new one only. */
  async beforeReplacement(
    context: Context,
    before: Recorded,
    { networkInterfaceId: newEni = "the new ENI", target, hidden }: Desired,
    { isRetained, deletesFirst }: { readonly isRetained: boolean; readonly deletesFirst: boolean },
  ): Promise<void> {
    const { retainOnDelete = false, deleteBeforeReplace = deletesFirst } = hidden;
    const { networkInterfaceId, region: regionName, owned } = before;
    if (networkInterfaceId === undefined || regionName === undefined) return;
    if (isRetained) {
      this.say(context, "info", [retained(networkInterfaceId, owned)]);
      return;
    }
    if (retainOnDelete) this.say(context, "warning", [retainedTooLate(networkInterfaceId)]);
    const request = {
      networkInterfaceId,
      regionName,
      goal: goalOfDelete(before),
      except: undefined,
      creates: false,
      refusesForOthers: false,
      warns: false,
    };
    const { sentence, problems, plan } = await this.look(context, request);
    const unassigns = plan !== undefined && plan.unassign.length > 0;
    const when = releaseTime({
      deletesFirst: deleteBeforeReplace,
      newEni,
      isListKnown: target !== undefined,
    });
    this.say(context, "info", [unassigns ? `${sentence}, ${when}` : sentence]);
    const refused = problems.filter(({ property }) => property === "allowUnassignWithEip");
    this.say(
      context,
      "warning",
      refused.map(({ reason }) => `as things are, \`pulumi up\` would refuse to replace it: ${reason}`),
    );
  }

  /** For diff: what the ENI of an unchanged resource does not hold. Without a refresh, no `up` would repair it. */
  beforeKeep(
    context: Context,
    { networkInterfaceId = "", region = "", owned }: Recorded,
    returning: readonly string[],
  ): void {
    const eni = this.lastRead(networkInterfaceId, region);
    if (eni === undefined) return;
    // An answer without the list of prefixes does not show that one is missing.
    const shown = eni.listsPrefixes ? owned : onlyKind("address", owned);
    const missing = addressesOnlyIn(shown, heldBy(eni), returning);
    if (missing.length > 0) this.say(context, "warning", [notHeld(networkInterfaceId, missing)]);
  }

  /** For diff: addresses that another resource unassigned in this run come back. */
  beforeReturn(context: Context, addresses: readonly string[], { networkInterfaceId }: Recorded): void {
    if (addresses.length > 0) this.say(context, "warning", [assignedAgain(networkInterfaceId, addresses)]);
  }

  /** Says each line once: in a replacement the engine checks twice. */
  private say(context: Context, severity: "info" | "warning", lines: readonly (string | undefined)[]): void {
    for (const line of lines) {
      const key = `${context.name}: ${line}`;
      if (line === undefined || this.said.has(key)) continue;
      this.said.add(key);
      context.say(severity, line);
    }
  }

  /** Reads the ENI if this process has not, and compares. */
  private async look(context: Context, request: Request): Promise<Found> {
    const { networkInterfaceId, warns } = request;
    return this.tryToRead(context, nothing, async () => {
      const region = this.regions.region(request.regionName);
      const { reader, pacing } = region;
      const deadline = Deadline.after(pacing.previewMs);
      const startedMs = performance.now();
      let reading = await reader.known(networkInterfaceId, deadline);
      let found = await this.compare(context, reading?.eni, request, region, deadline);
      // The program may have changed the ENI since that read: a refusal needs a fresh one.
      if (found.problems.length > 0 && (reading?.readAtMs ?? startedMs) < startedMs) {
        reading = await reader.fresh(networkInterfaceId, deadline);
        found = await this.compare(context, reading?.eni, request, region, deadline);
      }
      const { plan, problems } = found;
      if (!warns || plan === undefined || reading === undefined || problems.length > 0) return found;
      const warnings = await this.heldElsewhere(reading.eni, plan, region, deadline);
      // Diff warns of an update.
      const refused = request.creates ? plan.refusals.map(wouldRefuse) : [];
      return { ...found, warnings: [...warnings, ...refused] };
    });
  }

  /** Without credentials, network or permission, it says so once and reads no more. */
  private async tryToRead<T>(context: Context, otherwise: T, read: () => Promise<T>): Promise<T> {
    if (this.gaveUp) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof EcsError || error instanceof OperationError)) throw error;
      this.gaveUp = true;
      context.say("warning", `the plan could not be compared with the ENIs as they are: ${error.message}`);
      return otherwise;
    }
  }

  private describe(
    { secrets }: Context,
    { count }: Goal,
    plan: Plan,
    eni: NetworkInterface,
    region: Region,
  ): string | undefined {
    return describePlan(eni.id, plan, region.quotas.remembered(eni), {
      isSecret: (address) => secrets.has(address),
      count: count?.secret ?? false,
    });
  }

  private async compare(
    context: Context,
    eni: NetworkInterface | undefined,
    { networkInterfaceId, goal, creates, refusesForOthers, warns, except }: Request,
    region: Region,
    deadline: Deadline,
  ): Promise<Found> {
    if (eni === undefined) {
      // The program may have created it just now, and reads may lag.
      const warning =
        `${networkInterfaceId} is not visible in region ${region.name}; if it was created just now, \`pulumi up\` waits for ` +
        `it, else check the id, the region and the account of the credentials`;
      return { ...nothing, warnings: warns ? [warning] : [] };
    }
    this.checked.add(networkInterfaceId);
    if (warns) this.previewed.add(networkInterfaceId);
    const { assign, pick } = compare(goal, this.observe(eni, goal, region, except));
    const optional = () => optionalIn(deadline, region);
    if (assign.length > 0) await region.vSwitches.cidrBlockOf(eni.vSwitchId, eni.vpcId, optional());
    if (assign.length + pick > 0) await region.quotas.learn(eni, optional());
    const plan = planChanges(goal, this.observe(eni, goal, region, except));
    const refused = plan.refusals.filter(({ dependsOn, cause }) =>
      dependsOn === "ownership" ? refusesForOthers : creates || cause !== "quota",
    );
    const problems = [...statusProblems(eni, plan, creates), ...refused];
    const sentence = this.describe(context, goal, plan, eni, region);
    return { problems, sentence, warnings: [], plan };
  }

  /** Which other ENIs hold what is to be assigned, unless a resource of the program drops it there. */
  private async heldElsewhere(
    eni: NetworkInterface,
    { assign, kind }: Plan,
    region: Region,
    deadline: Deadline,
  ): Promise<string[]> {
    // The API has no filter for prefixes: the operation finds out which other ENI holds one.
    if (kind === "prefix" || assign.length === 0) return [];
    const others = await region.reader.othersHolding(eni, assign, optionalIn(deadline, region));
    return others.flatMap(({ id, primaryIpAddress, secondaryIpAddresses }) => {
      if (assign.includes(primaryIpAddress))
        return [`${primaryIpAddress} is the primary address of ${id}, which keeps it as long as it exists`];
      const held = addressesInBoth(assign, secondaryIpAddresses).filter(
        (address) => !this.ledger.isDropped(id, address),
      );
      if (held.length === 0) return [];
      const listed = addressesInBoth(held, this.ledger.claimedOn(id)).length > 0;
      const what = listed
        ? "where a resource of this program lists it as well: list it once"
        : "which has to release it in the same `pulumi up`, or before";
      return [`${held.join(", ")} is held by ${id}, ${what}`];
    });
  }

  private observe(
    shown: NetworkInterface,
    goal: Goal,
    { reader, vSwitches, quotas, batchSize, pacing }: Region,
    except: string | undefined,
  ): Observation {
    const eni = reader.sightings(shown.id).withHidden(shown, goal.owned, pacing.confirmMs);
    const claimed = this.ledger.claimedOn(eni.id, except, goal.owned);
    return {
      seen: eni,
      claimed,
      inherited: goal.refuseOthers ? this.ledger.listedBeforeOn(eni.id) : [],
      leaving: addressesOnlyIn(heldBy(eni), goal.owned, claimed).filter((one) =>
        this.ledger.isDropped(eni.id, one),
      ),
      cidrBlock: vSwitches.remembered(eni.vSwitchId),
      capacity: quotas.remembered(eni),
      contended: false,
      batchSize: batchSize.current,
    };
  }
}

/** A preview is short: what it can do without may take up to half of what is left. */
function optionalIn(deadline: Deadline, { pacing }: Region): Deadline {
  return deadline.optional(pacing.evidenceMs, 1 / 2);
}

/** An operation waits for a passing status, and fails at a final one. The status of an instance costs a call and is not read. */
function statusProblems(eni: NetworkInterface, plan: Plan, creates: boolean): InputProblem[] {
  const changes = plan.assign.length + plan.pick + plan.unassign.length > 0;
  if (!creates && !changes) return [];
  const problem = statusProblem(`ENI ${eni.id}`, eni.status, eniStatusRule);
  return problem instanceof OperationError
    ? [{ property: "networkInterfaceId", reason: problem.message }]
    : [];
}

function wouldRefuse({ property, reason }: InputProblem): string {
  return `as things are, \`pulumi up\` would refuse this: ${property}: ${reason}`;
}

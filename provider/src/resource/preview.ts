import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import type { Goal, Plan } from "../plan/plan";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { Deadline } from "../shared/deadline";
import { Comparison, statusProblems, wouldRefuse, type Found } from "./comparison";
import type { Context, Regions } from "./context";
import { expectedOf, type Expected } from "./expectation";
import type { InputProblem } from "./inputs";
import type { Ledger } from "./ledger";
import {
  agesOf,
  goalOf,
  goalOfDelete,
  leastGoal,
  listedIn,
  listInputs,
  permitted,
  takesOver,
  type Desired,
  type Recorded,
} from "./model";
import {
  assignedAgain,
  hasToBeListed,
  keptByOldEni,
  knownOf,
  notHeld,
  notKnownYet,
  releaseTime,
  retained,
  retainedTooLate,
} from "./preview-sentences";
import { parseState } from "./state";

/**
 * Says before an operation runs, in one sentence, what it will do. Refuses what would fail, and warns of what depends on other
 * resources.
 * @internal
 */
export class Preview {
  private readonly comparison: Comparison;
  private readonly said = new Set<string>();
  /** The resources that check found in the state. In a replacement, the engine checks again without the state. */
  private readonly inState = new Set<string>();

  constructor(
    ledger: Ledger,
    private readonly regions: Regions,
  ) {
    this.comparison = new Comparison(ledger, regions);
  }

  /** For check: what a create will do, and what a create or an update will refuse. */
  async beforeCheck(
    context: Context,
    before: Recorded,
    desired: Desired,
    regionName: string,
  ): Promise<readonly InputProblem[]> {
    const { problems } = await this.compare(context, before, desired, regionName);
    return problems;
  }

  private async compare(
    context: Context,
    before: Recorded,
    desired: Desired,
    regionName: string,
  ): Promise<Pick<Found, "problems" | "plan">> {
    const { networkInterfaceId, target, ownership, allowUnassignWithEip } = desired;
    if (before.networkInterfaceId !== undefined) this.inState.add(context.identity);
    if (networkInterfaceId === undefined) {
      await this.withoutEni(context, desired, regionName);
      return { problems: [] };
    }
    if (target === undefined || ownership === undefined || allowUnassignWithEip === undefined)
      return {
        problems: await this.whileUndecided(context, before, desired, networkInterfaceId, regionName),
      };
    const creates = before.networkInterfaceId !== networkInterfaceId;
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
    const found = await this.comparison.look(context, request);
    const { problems, sentence, warnings } = found;
    this.say(context, "warning", warnings);
    // Diff says what an update does: it knows what the state owns.
    if (creates && problems.length === 0) this.say(context, "info", [sentence]);
    return found;
  }

  /** For check, while the ENI or its region is not known: what a new ENI gets. */
  async withoutEni(context: Context, desired: Desired, regionName: string | undefined): Promise<void> {
    const { target } = desired;
    const assigned = await this.comparison.tryToRead(context, undefined, () => {
      if (target === undefined || regionName === undefined) return Promise.resolve(undefined);
      const goal = { ...goalOf(target, []), owned: [], refuseOthers: false, allowUnassignWithEip: false };
      return Promise.resolve(
        this.comparison.describeForNewEni(context, goal, this.regions.region(regionName)),
      );
    });
    const known = assigned ?? "`pulumi up` reads the ENI";
    this.say(context, "info", [`${known}; ${notKnownYet(desired)}`]);
  }

  /** For check, while inputs are not known: refuses what fails with every value. */
  private async whileUndecided(
    context: Context,
    before: Recorded,
    desired: Desired,
    networkInterfaceId: string,
    regionName: string,
  ): Promise<readonly InputProblem[]> {
    const goal = leastGoal(desired);
    if (goal === undefined) return [];
    const creates = before.networkInterfaceId !== networkInterfaceId;
    const request = {
      networkInterfaceId,
      regionName,
      goal,
      except: context.identity,
      creates,
      refusesForOthers: false,
      warns: context.preview,
    };
    const { problems, warnings } = await this.comparison.look(context, request);
    this.say(context, "warning", warnings);
    const eni = this.comparison.lastRead(networkInterfaceId, regionName);
    // Diff says it of an update: it knows what the state owns.
    if (!creates || eni === undefined || problems.length > 0) return problems;
    const { unmanaged } = this.sayKnown(context, [], desired, goal, eni, regionName);
    const others = addressesOnlyIn(unmanaged, permitted(desired));
    const { mode } = goal;
    const mustList =
      desired.ownership === "exclusive" &&
      mode.target === "list" &&
      !hasUnknownSecret(desired) &&
      !desired.undecided.includes("unassignOnCreate");
    if (context.preview && mustList && others.length > 0) {
      const reason = hasToBeListed(networkInterfaceId, others, mode.input);
      this.say(context, "warning", [wouldRefuse({ property: mode.input, reason })]);
    }
    return problems;
  }

  /** Says what is known of an ENI while inputs are not. */
  private sayKnown(
    context: Context,
    owned: readonly string[],
    desired: Desired,
    goal: Goal,
    eni: NetworkInterface,
    regionName: string,
  ): Plan {
    const region = this.regions.region(regionName);
    const { plan } = this.comparison.compareWith(eni, goal, region, context, context.identity);
    const unmanaged = addressesOnlyIn(plan.unmanaged, owned);
    const secrets = {
      isSecret: (address: string) => hasUnknownSecret(desired) || context.secrets.has(address),
      count:
        goal.mode.target === "count" && (desired.hidden.secretInputs?.includes(goal.mode.input) ?? false),
    };
    const facts = { owned, capacity: region.quotas.remembered(eni) };
    const known = knownOf(eni, { ...plan, unmanaged }, facts, secrets);
    this.say(context, "info", [`${known}; ${notKnownYet(desired)}`]);
    return { ...plan, unmanaged };
  }

  /**
   * For an engine that previews each operation after its check and diff: warns of what depends on other resources.
   *
   * @param before - the record of a resource that is updated
   * @returns what the operation will refuse, and the record that it will leave
   */
  async beforeOperation(
    context: Context,
    before: Recorded | undefined,
    desired: Desired,
  ): Promise<{ readonly problems: readonly InputProblem[]; readonly expected: Expected }> {
    const { networkInterfaceId, region: regionName } = desired;
    if (networkInterfaceId === undefined || regionName === undefined)
      return { problems: [], expected: expectedOf(desired, before, undefined, undefined) };
    const inPreview = { ...context, preview: true };
    const state = before ?? parseState({});
    const found = await this.compare(inPreview, state, desired, regionName);
    const plan = before === undefined ? found.plan : this.beforeUpdate(inPreview, before, desired);
    const eni = this.comparison.lastRead(networkInterfaceId, regionName);
    return { problems: found.problems, expected: expectedOf(desired, before, eni, plan) };
  }

  /**
   * For diff: what an update will do to an ENI that check has read, and what it would refuse. Reads nothing.
   *
   * @returns the plan, if the ENI was read and the target is known
   */
  beforeUpdate(context: Context, before: Recorded, desired: Desired): Plan | undefined {
    const { networkInterfaceId, target, region: regionName } = desired;
    if (networkInterfaceId === undefined || regionName === undefined) return undefined;
    const eni = this.comparison.lastRead(networkInterfaceId, regionName);
    if (eni === undefined) return undefined;
    const least = target === undefined ? leastGoal(desired) : undefined;
    if (least !== undefined) {
      const plan = this.sayKnown(context, before.owned, desired, least, eni, regionName);
      this.warnOfRefusals(context, eni, plan);
    }
    if (target === undefined) return undefined;
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
    const { plan, sentence } = this.comparison.compareWith(eni, goal, region, context, context.identity);
    this.say(context, "info", [sentence]);
    this.warnOfRefusals(context, eni, plan);
    return plan;
  }

  private warnOfRefusals(context: Context, eni: NetworkInterface, plan: Plan): void {
    if (!this.comparison.isPreviewed(eni.id)) return;
    const refused = [...statusProblems(eni, plan, false), ...plan.refusals];
    this.say(context, "warning", refused.map(wouldRefuse));
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
    const kept = await this.comparison.tryToRead(context, [], async () => {
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
    const { sentence, problems, plan } = await this.comparison.look(context, request);
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
    const eni = this.comparison.lastRead(networkInterfaceId, region);
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

  /** The ENI as this process has last read it; see {@link Comparison.lastRead}. */
  lastRead(networkInterfaceId: string, regionName: string): NetworkInterface | undefined {
    return this.comparison.lastRead(networkInterfaceId, regionName);
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
}

/** Whether a list is secret and not known yet: each address of the ENI may be one of it. */
function hasUnknownSecret({ undecided, hidden: { secretInputs = [] } }: Desired): boolean {
  return listInputs.some((name) => undecided.includes(name) && secretInputs.includes(name));
}

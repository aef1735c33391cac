import { performance } from "node:perf_hooks";
import { EcsError } from "../ecs/ecs-error";
import { sentenceOf } from "../ecs/holders";
import { heldBy, type NetworkInterface } from "../ecs/port";
import { compare, describePlan, planChanges } from "../plan/plan";
import type { Goal, Observation, Plan } from "../plan/plan";
import { makesRoom } from "../plan/steps";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { Deadline } from "../shared/deadline";
import type { Context, Region, Regions } from "./context";
import type { InputProblem } from "./inputs";
import type { Ledger } from "./ledger";
import { OperationError } from "./operation-error";
import { eniStatusRule, statusProblem } from "./statuses";

/** What is known of the operation that may follow. @internal */
export interface Request {
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

/** @internal */
export interface Found {
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
 * Compares goals with the ENIs as they are, before an operation runs. Without credentials, network or permission it says so
 * once and refuses nothing.
 * @internal
 */
export class Comparison {
  private gaveUp = false;
  /** The ENIs that check has read. A refresh runs no check, and no operation follows its diff. */
  private readonly checked = new Set<string>();
  /** Those of them that a preview has read. */
  private readonly previewed = new Set<string>();

  constructor(
    private readonly ledger: Ledger,
    private readonly regions: Regions,
  ) {}

  /** The ENI as this process has last read it, if check has read it and no write followed. Makes no call. */
  lastRead(networkInterfaceId: string, regionName: string): NetworkInterface | undefined {
    if (this.gaveUp || !this.checked.has(networkInterfaceId)) return undefined;
    return this.regions.region(regionName).reader.remembered(networkInterfaceId)?.eni;
  }

  /** Whether a preview has read the ENI. */
  isPreviewed(networkInterfaceId: string): boolean {
    return this.previewed.has(networkInterfaceId);
  }

  /** What an operation would do to an ENI that was read. */
  compareWith(
    eni: NetworkInterface,
    goal: Goal,
    region: Region,
    context: Context,
    except: string | undefined,
  ): { readonly plan: Plan; readonly sentence: string | undefined } {
    const plan = planChanges(goal, this.observe(eni, goal, region, except));
    return { plan, sentence: this.describe(context, goal, plan, eni.id, region.quotas.remembered(eni)) };
  }

  /** What an operation would do to an ENI that holds no secondary addresses. */
  describeForNewEni(context: Context, goal: Goal, { batchSize }: Region): string | undefined {
    const observation = {
      claimed: [],
      inherited: [],
      leaving: [],
      cidrBlock: undefined,
      capacity: undefined,
    };
    const plan = planChanges(goal, {
      ...observation,
      seen: newEni,
      contended: false,
      batchSize: batchSize.current,
    });
    return this.describe(context, goal, plan, "if the ENI is new", undefined);
  }

  /** Reads the ENI if this process has not, and compares. */
  async look(context: Context, request: Request): Promise<Found> {
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
  async tryToRead<T>(context: Context, otherwise: T, read: () => Promise<T>): Promise<T> {
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
    what: string,
    capacity: number | undefined,
  ): string | undefined {
    return describePlan(what, plan, capacity, {
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
    const readBlock = () => region.vSwitches.cidrBlockOf(eni.vSwitchId, eni.vpcId, optional());
    if (assign.length > 0 && warns) await readBlock();
    if (assign.length + pick > 0 || goal.wantedOthers !== undefined)
      await region.quotas.learn(eni, optional());
    let compared = this.compareWith(eni, goal, region, context, except);
    // In an `up` the API itself refuses an address outside the block. That must not come after an unassign.
    if (assign.length > 0 && !warns && makesRoomLater(compared.plan)) {
      await readBlock();
      compared = this.compareWith(eni, goal, region, context, except);
    }
    const { plan, sentence } = compared;
    const refused = plan.refusals.filter(({ dependsOn, cause }) =>
      dependsOn === "ownership" ? refusesForOthers : creates || cause !== "quota",
    );
    const problems = [...statusProblems(eni, plan, creates), ...refused];
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
      return [`${sentenceOf({ id, addresses: held })}, ${what}`];
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

/** An ENI that the program creates: it holds no secondary addresses. */
const newEni: NetworkInterface = {
  ...{ id: "", status: "Available", type: "Secondary", instanceId: undefined, vpcId: "", vSwitchId: "" },
  ...{ ownerId: "", primaryIpAddress: "", secondaryIpAddresses: [], eipBoundAddresses: [], ipv4Prefixes: [] },
  ...{ listsAddresses: true, listsPrefixes: true, serviceManaged: false, managingService: "" },
};

/** Whether an assign follows on an unassign. */
function makesRoomLater({ steps }: Plan): boolean {
  const first = steps.findIndex(({ action }) => action === "unassign");
  return first >= 0 && makesRoom(steps.slice(first));
}

/** A preview is short: what it can do without may take up to half of what is left. */
function optionalIn(deadline: Deadline, { pacing }: Region): Deadline {
  return deadline.optional(pacing.evidenceMs, 1 / 2);
}

/** An operation waits for a passing status, and fails at a final one. The status of an instance costs a call and is not read. @internal */
export function statusProblems(eni: NetworkInterface, plan: Plan, creates: boolean): InputProblem[] {
  const changes = plan.assign.length + plan.pick + plan.unassign.length > 0;
  if (!creates && !changes) return [];
  const problem = statusProblem(`ENI ${eni.id}`, eni.status, eniStatusRule);
  return problem instanceof OperationError
    ? [{ property: "networkInterfaceId", reason: problem.message }]
    : [];
}

/** @internal */
export function wouldRefuse({ property, reason }: InputProblem): string {
  return `as things are, \`pulumi up\` would refuse this: ${property}: ${reason}`;
}

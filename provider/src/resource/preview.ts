import { performance } from "node:perf_hooks";
import { addressesInBoth, addressesOnlyIn } from "../shared/addresses";
import { OperationError } from "./operation-error";
import { EcsError } from "../ecs/ecs-error";
import { heldBy } from "../ecs/port";
import type { NetworkInterface } from "../ecs/port";
import { describePlan } from "../plan/describe-plan";
import { planChanges, type Goal, type Observation } from "../plan/plan";
import { Deadline } from "../shared/deadline";
import { certainRefusals, without } from "./certain-refusals";
import type { InputProblem } from "./inputs";
// eslint-disable-next-line no-restricted-imports -- until the service has a port of its own for regions
import type { Region, Runtime } from "../runtime/runtime";

/** How long a look may take. The first one that fails is the last one of the process, so this is also their sum. */
const patienceMs = 5_000;

/** What check knows of what an operation is to do. @internal */
export interface Look {
  readonly networkInterfaceId: string;
  /** With what the resource owns for certain. */
  readonly goal: Goal;
  readonly region: string;
  /** Whether the state has nothing of the resource on this ENI. */
  readonly creates: boolean;
  /**
   * Whether the resource may own more than the goal says. Check gets the inputs of the state: those of a count name
   * nothing, and after an update that failed the state owns more than they list.
   */
  readonly ownsMore: boolean;
  /** Whether to look for what may stand in the way: an update meets it soon enough. */
  readonly warns: boolean;
}

/**
 * What a look found: problems to show under the inputs, what an operation would do, and what may stand in its way.
 *
 * @internal
 */
export interface LookResult {
  readonly problems: readonly InputProblem[];
  readonly sentence: string | undefined;
  readonly warnings: readonly string[];
}

/**
 * Looks at the ENI before anything is done, so that a preview finds what would fail. Never in the way: without
 * credentials, network or permission it says so once and lets everything pass.
 *
 * @internal
 */
export class PreviewLook {
  private givenUp = false;
  /** The ENIs that check has seen. A refresh has no check: what its diff would say of a plan is nothing that it does. */
  private readonly looked = new Set<string>();
  /** Those of them that a preview has seen. */
  private readonly previewed = new Set<string>();

  constructor(
    private readonly runtime: Runtime,
    private readonly announce: (message: string) => void,
  ) {}

  /** Compares a goal with the ENI as it is. */
  async look(look: Look): Promise<LookResult> {
    const nothing = { problems: [], sentence: undefined, warnings: [] };
    if (this.givenUp) return nothing;
    const { networkInterfaceId, goal, warns } = look;
    try {
      const region = this.runtime.region(look.region);
      const patience = Deadline.after(patienceMs);
      const startedMs = performance.now();
      let reading = await region.reader.known(networkInterfaceId, patience);
      let result = await this.compare(reading?.eni, look, region, patience);
      // The program may have changed the ENI since it was read: a refusal needs a read of now.
      if (result.problems.length > 0 && (reading?.readAtMs ?? startedMs) < startedMs) {
        reading = await region.reader.fresh(networkInterfaceId, patience);
        result = await this.compare(reading?.eni, look, region, patience);
      }
      if (!warns || reading === undefined || result.problems.length > 0) return result;
      return { ...result, warnings: await this.rivalsOf(reading.eni, goal, region, patience) };
    } catch (error) {
      if (!(error instanceof EcsError || error instanceof OperationError)) throw error;
      this.givenUp = true;
      this.announce(`warning: the plan could not be compared with the ENIs as they are: ${error.message}`);
      return nothing;
    }
  }

  /**
   * What an operation would do to an ENI that a look of this process has seen, and what it would refuse; calls nothing.
   *
   * @param ownsMore - whether the resource may own more than the goal says
   */
  recall(
    networkInterfaceId: string,
    goal: Goal,
    regionName: string,
    ownsMore: boolean,
  ): Pick<LookResult, "sentence" | "warnings"> {
    const nothing = { sentence: undefined, warnings: [] };
    if (this.givenUp || !this.looked.has(networkInterfaceId)) return nothing;
    const region = this.runtime.region(regionName);
    const eni = region.reader.remembered(networkInterfaceId);
    if (eni === undefined) return nothing;
    const sentence = this.describe(region, eni, goal);
    if (!this.previewed.has(networkInterfaceId)) return { sentence, warnings: [] };
    const observation = this.observation(region, eni, goal, region.quotas.remembered(eni));
    const refusals = certainRefusals(goal, observation, { ownsMore, leaving: this.leaving(eni, goal) });
    const warnings = refusals.map(
      ({ property, reason }) => `as things are, \`pulumi up\` would refuse this: ${property}: ${reason}`,
    );
    return { sentence, warnings };
  }

  private async compare(
    eni: NetworkInterface | undefined,
    { networkInterfaceId, goal, creates, ownsMore, warns }: Look,
    region: Region,
    patience: Deadline,
  ): Promise<LookResult> {
    if (eni === undefined) {
      return { problems: [notFound(networkInterfaceId, region.name)], sentence: undefined, warnings: [] };
    }
    this.looked.add(networkInterfaceId);
    if (warns) this.previewed.add(networkInterfaceId);
    const { assign, pick } = planChanges(goal, this.observation(region, eni, goal));
    if (assign.length > 0) await region.vSwitches.cidrBlockOf(eni.vSwitchId, eni.vpcId, patience);
    if (assign.length + pick > 0) await region.quotas.learn(eni, patience);
    // What an update makes room for, only the operation knows.
    const capacity = creates ? region.quotas.remembered(eni) : undefined;
    const observation = this.observation(region, eni, goal, capacity);
    const problems = certainRefusals(goal, observation, { ownsMore, leaving: this.leaving(eni, goal) });
    return { problems, sentence: this.describe(region, eni, goal), warnings: [] };
  }

  /** Which other ENIs hold what is to be assigned, but for those whose resource was checked and lets go of it. */
  private async rivalsOf(
    eni: NetworkInterface,
    goal: Goal,
    region: Region,
    patience: Deadline,
  ): Promise<string[]> {
    const { assign } = planChanges(goal, this.observation(region, eni, goal));
    // No filter of the API knows prefixes: what another ENI has of them, the operation finds out.
    if (goal.of === "prefix" || assign.length === 0) return [];
    const { claims, releases } = this.runtime;
    const rivals = await region.reader.rivals(eni, assign, patience);
    return rivals.flatMap(({ id, primaryIpAddress, secondaryIpAddresses }) => {
      if (assign.includes(primaryIpAddress))
        return [`${primaryIpAddress} is the primary address of ${id}, which keeps it as long as it exists`];
      const held = addressesInBoth(assign, secondaryIpAddresses).filter(
        (address) => !releases.planned(id, address),
      );
      if (held.length === 0) return [];
      const listed = addressesInBoth(held, claims.on(id)).length > 0;
      const what = listed
        ? "where a resource of this program lists it as well: list it once"
        : "which has to let go of it in the same `pulumi up`, or before";
      return [`${held.join(", ")} is held by ${id}, ${what}`];
    });
  }

  private observation(region: Region, eni: NetworkInterface, goal: Goal, capacity?: number): Observation {
    return {
      seen: eni,
      claimed: this.runtime.claims.on(eni.id),
      inherited: goal.refuseOthers ? this.runtime.claims.inheritedOn(eni.id) : [],
      cidrBlock: region.vSwitches.remembered(eni.vSwitchId),
      capacity,
      full: false,
      contended: false,
      batchSize: region.batchSize.current,
    };
  }

  /** What another resource that was checked is about to unassign. */
  private leaving(eni: NetworkInterface, goal: Goal): string[] {
    const { claims, releases } = this.runtime;
    return addressesOnlyIn(heldBy(eni), goal.owned, claims.on(eni.id)).filter((one) =>
      releases.planned(eni.id, one),
    );
  }

  /** The plan in words, whatever is refused of it. */
  private describe(region: Region, eni: NetworkInterface, goal: Goal): string | undefined {
    const lenient: Goal = { ...goal, refuseOthers: false, allowUnassignWithEip: true };
    const capacity = region.quotas.remembered(eni);
    const later = without(eni, this.leaving(eni, goal));
    const tell = (seen: NetworkInterface, known: number | undefined) => {
      const plan = planChanges(lenient, this.observation(region, seen, lenient, known));
      return {
        sentence: describePlan(eni.id, plan, heldBy(seen).length, capacity),
        runs: plan.refusals.length === 0,
      };
    };
    // Calls in the order that the quota asks for; what can never fit still shows by how much.
    const fitting = [tell(eni, capacity), tell(later, capacity)].find(({ runs }) => runs);
    return (fitting ?? tell(eni, undefined)).sentence;
  }
}

function notFound(networkInterfaceId: string, region: string): InputProblem {
  return {
    property: "networkInterfaceId",
    reason:
      `${networkInterfaceId} does not exist in region ${region}, or the credentials belong to another account; ` +
      `check both`,
  };
}

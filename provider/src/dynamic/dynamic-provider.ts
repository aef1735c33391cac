import type * as dynamic from "@pulumi/pulumi/dynamic";
import { addressesInBoth } from "../shared/addresses";
import { OperationError } from "../resource/operation-error";
import { EcsError } from "../ecs/ecs-error";
import { onlyKind } from "../ecs/port";
import type { Goal } from "../plan/plan";
import {
  changesToExclusive,
  UnfinishedError,
  type Before,
  type EniRecord,
  type Progress,
  type Wish,
} from "../resource/reconciler";
import { Deadline } from "../shared/deadline";
import { missingRegion } from "../runtime/configuration";
import {
  declaresWhatIsOwned,
  holdingOfMode,
  listedIn,
  listingModeOf,
  modeOf,
  targetOf,
} from "../resource/model";
import { hiddenKey, sameTimeouts, timeoutMs, type TimedOperation } from "../resource/hidden-inputs";
import { inspectInputs, type InputProblem, type InspectedInputs, type KnownInputs } from "../resource/inputs";
import { PreviewLook } from "../resource/preview";
import { Runtime, type ProcessSurroundings } from "../runtime/runtime";
import { inputsOf, outputsOf, parseState, type SavedState, type StateInputs } from "../resource/state";
import { isUnknown } from "../resource/inputs";
import { UserError, PartialResultError } from "./user-error";

type Properties = Record<string, unknown>;

/**
 * The adaptor between Pulumi's dynamic provider protocol and the reconciler: it reads inputs and state, chooses the
 * operation, and writes outputs and errors. It decides nothing about addresses.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/dynamic/index.ts
 *
 * @internal
 */
export class EniSecondaryIpsProvider implements dynamic.ResourceProvider {
  private readonly runtime: Runtime;
  private readonly previewLook: PreviewLook;
  private readonly announce: (message: string) => void;
  private readonly announced = new Set<string>();

  constructor(surroundings: ProcessSurroundings) {
    this.announce = surroundings.announce;
    this.runtime = new Runtime(surroundings);
    this.previewLook = new PreviewLook(this.runtime, surroundings.announce);
  }

  /** Only keeps the configuration: the host calls other methods before this one has returned. */
  configure(request: dynamic.ConfigureRequest): Promise<void> {
    this.runtime.configure((key) => request.config.get(key));
    return Promise.resolve();
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
    return forUsers(async () => {
      const inspected = inspectInputs(news);
      const region = inspected.region ?? (isUnknown(news.region) ? undefined : this.runtime.defaultRegion());
      const problems = [...inspected.problems];
      if (
        region === undefined &&
        !isUnknown(news.region) &&
        !problems.some(({ property }) => property === "region")
      ) {
        problems.push({ property: "region", reason: missingRegion });
      }
      problems.push(...this.claim(olds, inspected));
      if (problems.length === 0 && region !== undefined) {
        const undecided = isUnknown(news.unassignOnCreate);
        problems.push(...(await this.lookAhead(olds, inspected, region, undecided)));
      }
      const inputs: Properties = { ...news };
      // Sorted, a preview equals its outcome; the order means nothing.
      const { privateIpAddresses, ipv4Prefixes } = inspected.declared;
      if (privateIpAddresses !== undefined) inputs.privateIpAddresses = privateIpAddresses;
      if (ipv4Prefixes !== undefined) inputs.ipv4Prefixes = ipv4Prefixes;
      if (inspected.unassignOnCreate !== undefined) inputs.unassignOnCreate = inspected.unassignOnCreate;
      if (region !== undefined) inputs.region = region;
      if (inspected.hidden.preview !== undefined) inputs[hiddenKey] = withoutPreview(news[hiddenKey]);
      return { inputs, failures: problems.map(({ property, reason }) => ({ property, reason })) };
    });
  }

  diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return forUsers(async () => {
      const state = parseState(olds);
      const inspected = inspectInputs(news);
      const replaces: string[] = [];
      if (inspected.networkInterfaceId !== state.networkInterfaceId) replaces.push("networkInterfaceId");
      const region = inspected.region ?? news.region;
      if (state.region !== undefined && region !== state.region) replaces.push("region");
      const addressesChange = !declaresWhatIsOwned(inspected.declared, state);
      const lost = this.lostBefore(state);
      if (replaces.length === 0) {
        if (addressesChange || changesToExclusive(state, inspected.ownership))
          this.announcePlan(state, inspected, isUnknown(news.unassignOnCreate));
        // What a count holds and keeps, check could not claim by name.
        if (!addressesChange) this.keep(state, inspected);
        this.announceReturn(addressesInBoth(lost, listedIn(inspected.declared)), inspected);
      }
      if (replaces.includes("networkInterfaceId")) await this.announceLeaving(state, inspected);
      return {
        changes:
          replaces.length > 0 ||
          addressesChange ||
          lost.length > 0 ||
          inspected.ownership !== state.ownership ||
          // Delete sees the outputs only: without an update it would not learn of these.
          inspected.allowUnassignWithEip !== state.allowUnassignWithEip ||
          !sameTimeouts(state.hidden, inspected.hidden),
        replaces,
        // The addresses of the old ENI are free for the new one only when it has let go of them; claims that are made
        // after that come too late for them. A region alone changes without a new ENI id only by mistake: then the
        // create fails first, and nothing is lost.
        deleteBeforeReplace: replaces.includes("networkInterfaceId"),
      };
    });
  }

  create(properties: Properties): Promise<dynamic.CreateResult<Properties>> {
    return forUsers(async () => {
      const inputs = this.mustBeKnown(properties);
      const { reconciler } = this.runtime.region(inputs.region);
      const record = await this.recordPartially(inputs, properties, undefined, () =>
        reconciler.create(wishOf(inputs), deadlineOf(inputs, "create")),
      );
      return { id: inputs.networkInterfaceId, outs: outputsOf(record, stateInputsOf(inputs)) };
    });
  }

  update(_id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return forUsers(async () => {
      const state = parseState(olds);
      const inputs = this.mustBeKnown(news);
      this.runtime.claims.letGo(inputs.networkInterfaceId, identityOf(state));
      const keepsAll =
        !changesToExclusive(state, inputs.ownership) && declaresWhatIsOwned(inputs.declared, state);
      if (keepsAll && this.lostBefore(state).length === 0) {
        // Only options changed: the state has to learn of them, the ENI has not. What is there is as wanted as any list.
        this.runtime.claims.claim(inputs.networkInterfaceId, state.owned);
        const { unassignOnCreate, ...kept } = olds;
        const { ownership, allowUnassignWithEip } = inputs;
        const hidden = {
          ...(news[hiddenKey] as object),
          ...{ mode: state.mode, oldestFirst: [...oldestFirst(state)] },
        };
        return {
          outs: {
            ...kept,
            ...news,
            ownership,
            allowUnassignWithEip,
            privateIpAddresses: onlyKind("address", state.owned),
            ipv4Prefixes: onlyKind("prefix", state.owned),
            [hiddenKey]: hidden,
          },
        };
      }
      const { reconciler } = this.runtime.region(inputs.region);
      const record = await this.recordPartially(inputs, news, state, () =>
        reconciler.update(wishOf(inputs, state), ownedBefore(state), deadlineOf(inputs, "update")),
      );
      return { outs: outputsOf(record, stateInputsOf(inputs)) };
    });
  }

  delete(id: string, properties: Properties): Promise<void> {
    return forUsers(async () => {
      const state = parseState(properties);
      const { reconciler } = this.runtime.region(state.region);
      const { owned, allowUnassignWithEip } = state;
      // The old one of a replacement bears the name of the new one, which may have been checked already.
      const { claims } = this.runtime;
      if (!claims.isHeld(id, identityOf(state))) claims.letGo(id, identityOf(state));
      await reconciler.delete(id, owned, allowUnassignWithEip, deadlineOf(state, "delete"));
    });
  }

  read(id: string, properties: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return forUsers(async () => {
      const state = parseState(properties);
      const region = this.runtime.region(state.region);
      // `get` starts from a state without an ENI, and may follow a change of this very run.
      const isGet = state.networkInterfaceId === undefined;
      const record = await region.reconciler.read(id, ownedBefore(state), isGet, deadlineOf(state, "update"));
      if (record === undefined) {
        // `get` of a missing thing must not succeed; only a refresh may learn that it is gone.
        if (isGet) {
          throw new OperationError(
            `ENI ${id} does not exist in region ${region.name}; check the id and the account`,
          );
        }
        this.announce(`${state.hidden.name}: ENI ${id} does not exist in region ${region.name} any more`);
        return { id: "", props: {} };
      }
      const inputs: StateInputs = { ...state, region: region.name };
      return { id, props: outputsOf(record, inputs), inputs: inputsOf(record, inputs) };
    });
  }

  /** What the state has, and an operation of this run has unassigned: it did not know of this resource yet. */
  private lostBefore({ networkInterfaceId, owned }: SavedState): string[] {
    if (networkInterfaceId === undefined) return [];
    return addressesInBoth(owned, this.runtime.unassigned.from(networkInterfaceId));
  }

  private keep({ hidden, owned }: SavedState, inputs: InspectedInputs): void {
    if (inputs.networkInterfaceId === undefined) return;
    this.runtime.claims.keep(inputs.networkInterfaceId, [identityOf({ hidden }), identityOf(inputs)], owned);
  }

  private claim(
    olds: Properties,
    { networkInterfaceId, declared, ownership, hidden }: InspectedInputs,
  ): InputProblem[] {
    const { claims, releases } = this.runtime;
    const before = parseState(olds);
    if (before.networkInterfaceId !== undefined) {
      claims.letGo(before.networkInterfaceId, identityOf(before), identityOf({ hidden }));
      claims.inherit(before.networkInterfaceId, before.owned);
    }
    if (networkInterfaceId === undefined) return [];
    claims.letGo(networkInterfaceId, identityOf({ hidden }));
    claims.claim(networkInterfaceId, listedIn(declared));
    if (before.networkInterfaceId !== undefined) {
      const stays = before.networkInterfaceId === networkInterfaceId;
      const kept = stays ? (declared.privateIpAddresses ?? declared.ipv4Prefixes ?? before.owned) : [];
      releases.plan(before.networkInterfaceId, before.owned, kept);
    }
    if (ownership === undefined) return [];
    const other = claims.hold(networkInterfaceId, identityOf({ hidden }), ownership);
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

  /** @param undecided - whether it is not known yet what `unassignOnCreate` lists */
  private async lookAhead(
    olds: Properties,
    inputs: InspectedInputs,
    region: string,
    undecided: boolean,
  ): Promise<InputProblem[]> {
    const { networkInterfaceId, ownership, allowUnassignWithEip } = inputs;
    const before = parseState(olds);
    const target = targetOf(inputs.declared, oldestFirst(before));
    if (networkInterfaceId === undefined || target === undefined) return [];
    if (ownership === undefined || allowUnassignWithEip === undefined) return [];
    const creates = before.networkInterfaceId !== networkInterfaceId;
    const refuseOthers = creates ? ownership === "exclusive" : changesToExclusive(before, ownership);
    // What an additive resource no longer lists, another one that is checked later may list, and keep.
    const own = creates || ownership === "additive" ? [] : before.owned;
    const owned = [...own, ...(refuseOthers ? (inputs.unassignOnCreate ?? []) : [])];
    const { problems, sentence, warnings } = await this.previewLook.look({
      networkInterfaceId,
      goal: { ...target, owned, refuseOthers, allowUnassignWithEip },
      region,
      creates,
      ownsMore: !creates || undecided,
      warns: inputs.hidden.preview ?? false,
    });
    this.announceWarnings(inputs, warnings);
    // What an update does is said by diff, which knows what the state holds.
    if (creates && problems.length === 0) this.announceSentence(inputs, sentence);
    return [...problems];
  }

  /** @param undecided - whether it is not known yet what `unassignOnCreate` lists */
  private announcePlan(state: SavedState, inputs: InspectedInputs, undecided: boolean): void {
    const { networkInterfaceId, region } = inputs;
    const target = targetOf(inputs.declared, oldestFirst(state));
    if (networkInterfaceId === undefined || target === undefined || region === undefined) return;
    const refuseOthers = changesToExclusive(state, inputs.ownership);
    const owned = [...state.owned, ...(refuseOthers ? (inputs.unassignOnCreate ?? []) : [])];
    const goal: Goal = {
      ...target,
      owned,
      refuseOthers,
      // Not known yet, it stands in nobody's way.
      allowUnassignWithEip: inputs.allowUnassignWithEip ?? true,
    };
    const told = this.previewLook.recall(networkInterfaceId, goal, region, undecided);
    this.announceSentence(inputs, told.sentence);
    this.announceWarnings(inputs, told.warnings);
  }

  private announceReturn(
    addresses: readonly string[],
    { networkInterfaceId, hidden }: InspectedInputs,
  ): void {
    if (addresses.length === 0) return;
    this.announceOnce(
      `warning: ${hidden.name}: ${addresses.join(", ")} was unassigned from ${networkInterfaceId} by another resource ` +
        `before this one was checked, and is assigned again`,
    );
  }

  /** What the ENI loses that a replacement leaves: check has looked at the new one only. */
  private async announceLeaving(
    { networkInterfaceId, region, owned, allowUnassignWithEip }: SavedState,
    inputs: InspectedInputs,
  ): Promise<void> {
    if (networkInterfaceId === undefined || region === undefined) return;
    const { sentence, problems } = await this.previewLook.look({
      networkInterfaceId,
      goal: { of: "address", wanted: [], owned, refuseOthers: false, allowUnassignWithEip },
      region,
      creates: false,
      ownsMore: false,
      warns: false,
    });
    this.announceSentence(inputs, sentence);
    this.announceWarnings(
      inputs,
      problems
        .filter(({ property }) => property === "allowUnassignWithEip")
        .map(({ reason }) => `as things are, \`pulumi up\` would refuse to replace it: ${reason}`),
    );
  }

  private announceWarnings({ hidden }: InspectedInputs, warnings: readonly string[]): void {
    for (const warning of warnings) this.announceOnce(`warning: ${hidden.name}: ${warning}`);
  }

  private announceSentence({ hidden }: InspectedInputs, sentence: string | undefined): void {
    if (sentence !== undefined) this.announceOnce(`${hidden.name}: ${sentence}`);
  }

  private announceOnce(line: string): void {
    // In a replacement the engine checks twice.
    if (this.announced.has(line)) return;
    this.announced.add(line);
    this.announce(line);
  }

  /** Inputs that reach an operation were checked, unless something other than the engine calls. */
  private mustBeKnown(properties: Properties): KnownInputs {
    const { problems, unassignOnCreate, hidden, ...inspected } = inspectInputs(properties);
    const { networkInterfaceId, declared, ownership, allowUnassignWithEip } = inspected;
    const region = inspected.region ?? this.runtime.region(undefined).name;
    if (
      problems.length > 0 ||
      networkInterfaceId === undefined ||
      modeOf(declared) === undefined ||
      ownership === undefined ||
      allowUnassignWithEip === undefined
    ) {
      const reasons = problems.map(({ property, reason }) => `${property}: ${reason}`);
      throw new OperationError(reasons.join("; ") || "an input is not known yet");
    }
    return {
      networkInterfaceId,
      declared,
      unassignOnCreate,
      ownership,
      allowUnassignWithEip,
      region,
      hidden,
    };
  }

  private async recordPartially(
    inputs: KnownInputs,
    { __provider }: Properties,
    state: SavedState | undefined,
    operation: () => Promise<EniRecord>,
  ): Promise<EniRecord> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof UnfinishedError) || error.record === undefined) throw error;
      throw new PartialResultError(
        `${inputs.hidden.name}: ${error.message}`,
        inputs.networkInterfaceId,
        // Without it, later operations on the recorded resource would find no provider.
        { ...outputsOf(error.record, inputsAfterFailure(inputs, state, error.progress)), __provider },
      );
    }
  }
}

function withoutPreview(hidden: unknown): object {
  const { preview: _preview, ...kept } = hidden as Properties;
  return kept;
}

function wishOf(inputs: KnownInputs, state?: SavedState): Wish {
  const { networkInterfaceId, declared, ownership, allowUnassignWithEip, unassignOnCreate = [] } = inputs;
  const target = targetOf(declared, oldestFirst(state)) ?? { of: "address", wanted: [] };
  return { networkInterfaceId, ...target, ownership, unassignOnCreate, allowUnassignWithEip };
}

function stateInputsOf(inputs: KnownInputs): StateInputs {
  return { ...inputs, mode: modeOf(inputs.declared) };
}

/** How the resource is declared in the record of a failure: as the program has it now only if the next operation goes on. */
function inputsAfterFailure(
  inputs: KnownInputs,
  state: SavedState | undefined,
  progress: Progress,
): StateInputs {
  if (progress === "goes on") return stateInputsOf(inputs);
  if (state === undefined) return { ...inputs, mode: listingModeOf(inputs.declared), ownership: "additive" };
  if (progress === "has not begun") return { ...state, region: inputs.region };
  return { ...inputs, mode: state.mode, ownership: state.ownership };
}

/** Listed ones have no recorded age, but are older than what the cloud picks from now on. */
function oldestFirst(state: SavedState | undefined): readonly string[] {
  return state?.hidden.oldestFirst ?? state?.owned ?? [];
}

function ownedBefore(state: SavedState): Before {
  const { mode, owned, ownership } = state;
  const of = mode === undefined ? undefined : holdingOfMode(mode);
  return { of, owned, ownership, oldestFirst: oldestFirst(state) };
}

/** What tells the resource from all others of the program. */
function identityOf({ hidden }: { hidden: KnownInputs["hidden"] }): string {
  return hidden.resource ?? hidden.name;
}

function deadlineOf({ hidden }: { hidden: KnownInputs["hidden"] }, operation: TimedOperation): Deadline {
  return Deadline.after(timeoutMs(hidden, operation));
}

/** Turns errors that are meant for users into ones whose text the host shows without a stack. */
async function forUsers<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof OperationError || error instanceof EcsError ? new UserError(error.message) : error;
  }
}

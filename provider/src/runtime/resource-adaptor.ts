import { EcsError } from "../ecs/ecs-error";
import { hiddenKey, identityOf, parseHiddenInputs, sameTimeouts, timeoutMs } from "../resource/hidden-inputs";
import type { HiddenInputs, TimedOperation } from "../resource/hidden-inputs";
import type { Kind } from "../ecs/port";
import type { Expected } from "../resource/expectation";
import { inspectInputs, unknownValue, type InputProblem } from "../resource/inputs";
import { Ledger, type ToldClaims } from "../resource/ledger";
import { modeInputs, modes, sameTarget, type Decided, type Desired, type Recorded } from "../resource/model";
import { OperationError } from "../resource/operation-error";
import { secretNames, SecretValues } from "../resource/secret-values";
import { PartialFailure, ResourceService, type Context, type Difference } from "../resource/service";
import { inputsOf, outputsOf, parseState } from "../resource/state";
import type { ReadConfig } from "./configuration";
import { Runtime, type ProcessSurroundings } from "./runtime";
import { listedInPlain, markSecrets, secretKeys } from "./secret-outputs";

/** Inputs or outputs of a resource, as plain values. What the engine does not pass is in the hidden key. @internal */
export type Properties = Record<string, unknown>;

/** What the user is told about a resource. It contains no secret. @internal */
export interface Message {
  readonly severity: "info" | "warning";
  readonly name: string;
  /** What tells the resource from all others of the program. */
  readonly identity: string;
  readonly text: string;
}

/** What a protocol has to provide. @internal */
export interface AdaptorSurroundings extends ProcessSurroundings {
  /** @throws OperationError when nothing more may be written */
  readonly assertAlive: () => Promise<void>;
  readonly tell: (message: Message) => void;
  readonly told?: ToldClaims | undefined;
  /** Whether a create warns of addresses whose owner may be managed by another provider. */
  readonly warnsOfAdoption?: boolean;
}

/** A failure whose message is for users, without a stack. It contains no secret. @internal */
export class UserFailure extends Error {
  override readonly name: string = "UserFailure";
}

/** A failure of a create or an update that has changed something: the state has to hold the outputs. @internal */
export class PartialResult extends UserFailure {
  override readonly name = "PartialResult";

  constructor(
    message: string,
    readonly resource: {
      readonly id: string;
      readonly name: string;
      readonly outputs: Properties;
      readonly inputs: Properties;
    },
  ) {
    super(message);
  }
}

/**
 * What the adaptors of Pulumi's protocols have in common. It reads inputs and states, and writes outputs and errors. Secret
 * values are plain in what it gets, and marked in what it returns. It decides nothing about addresses.
 * @internal
 */
export class ResourceAdaptor {
  readonly secrets = new SecretValues();
  private readonly runtime: Runtime;
  private readonly service: ResourceService;

  constructor(private readonly surroundings: AdaptorSurroundings) {
    const announce = (message: string) => {
      surroundings.announce(this.secrets.mask(message));
    };
    this.runtime = new Runtime({ ...surroundings, announce });
    this.service = new ResourceService(
      this.runtime,
      new Ledger(surroundings.told),
      surroundings.warnsOfAdoption,
    );
  }

  /** Sets the configuration of the provider. */
  configure(readConfig: ReadConfig): void {
    this.runtime.configure(readConfig);
  }

  /**
   * @param olds - the old inputs; empty for a create
   * @returns the inputs with the region, and the problems without secrets
   */
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ readonly inputs: Properties; readonly failures: InputProblem[] }> {
    return this.forUsers(async () => {
      const before = this.stateIn(olds);
      this.learnSecrets(news);
      const inspected = inspectInputs(news);
      const { desired } = inspected;
      const former = before.networkInterfaceId === undefined ? undefined : before.hidden;
      const context = this.context(desired.hidden, "create", former);
      const { problems, region } = await this.service.check(context, before, inspected);
      return {
        inputs: checkedInputs(news, region),
        failures: problems.map(({ property, reason }) => this.failureOf(property, reason, desired.hidden)),
      };
    });
  }

  /** @param olds - the old outputs */
  diff(olds: Properties, news: Properties): Promise<Difference> {
    return this.forUsers(async () => {
      const before = this.stateIn(olds);
      this.learnSecrets(news);
      const { desired } = inspectInputs(news);
      const context = this.context(desired.hidden, "update", before.hidden);
      const difference = await this.service.diff(context, before, desired);
      return {
        ...difference,
        changes:
          difference.changes ||
          !sameTimeouts(before.hidden, desired.hidden) ||
          hasNewSecrets(olds, desired.hidden),
      };
    });
  }

  /**
   * For an engine that previews operations. Says the warnings of a preview.
   *
   * @param olds - the old outputs; `undefined` for a create
   * @returns the id and the outputs as far as they are known, the others as the engine's unknown value
   * @throws UserFailure when the operation would be refused
   */
  preview(
    olds: Properties | undefined,
    news: Properties,
  ): Promise<{ readonly id: string | undefined; readonly outputs: Properties }> {
    return this.forUsers(async () => {
      const before = olds && this.stateIn(olds);
      this.learnSecrets(news);
      const { desired } = inspectInputs(news);
      const context = this.context(desired.hidden, before ? "update" : "create", before?.hidden);
      const { problems, expected } = await this.service.expect(context, before, desired);
      if (problems.length > 0)
        throw new OperationError(problems.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
      const outputs = expectedOutputs(desired, expected, news);
      const names = desired.hidden.secretInputs ?? [];
      const plain = listedInPlain(news, names);
      const isSecret = (address: string) => this.secrets.has(address) && !plain.has(address);
      return {
        id: desired.networkInterfaceId,
        outputs: markSecrets(outputs, secretKeys(outputs, names, isSecret)),
      };
    });
  }

  /** @throws PartialResult */
  create(news: Properties): Promise<{ readonly id: string; readonly outputs: Properties }> {
    return this.forUsers(async () => {
      this.learnSecrets(news);
      const desired = this.decide(news);
      const recorded = await this.recordPartially(desired, news, () =>
        this.service.create(this.context(desired.hidden, "create"), desired),
      );
      return { id: desired.networkInterfaceId, outputs: this.outputs(recorded, news) };
    });
  }

  /**
   * @param olds - the old outputs
   * @returns the outputs
   * @throws PartialResult
   */
  update(olds: Properties, news: Properties): Promise<Properties> {
    return this.forUsers(async () => {
      const before = this.stateIn(olds);
      this.learnSecrets(news);
      const desired = this.decide(news);
      const context = this.context(desired.hidden, "update", before.hidden);
      const recorded = await this.recordPartially(desired, news, () =>
        this.service.update(context, before, desired),
      );
      return this.outputs(recorded, news);
    });
  }

  /** @param olds - the outputs in the state */
  delete(id: string, olds: Properties): Promise<void> {
    return this.forUsers(async () => {
      const before = this.service.inThisRun(this.stateIn(olds));
      await this.service.delete(this.context(before.hidden, "delete"), id, before);
    });
  }

  /**
   * @param olds - the outputs in the state; empty for `get`
   * @returns `undefined` when the resource is gone. A resource that is only read has no inputs. `isUnchanged`: those of the
   *   state still describe the ENI
   */
  read(
    id: string,
    olds: Properties,
  ): Promise<
    | {
        readonly outputs: Properties;
        readonly inputs: Properties | undefined;
        readonly isUnchanged: boolean;
      }
    | undefined
  > {
    return this.forUsers(async () => {
      const before = this.stateIn(olds);
      const recorded = await this.service.read(this.context(before.hidden, "update"), id, before);
      if (recorded === undefined) return undefined;
      const outputs = this.outputs(recorded, olds);
      const inputs = recorded.mode === undefined ? undefined : this.inputs(recorded, olds);
      return { outputs, inputs, isUnchanged: sameTarget(before, recorded) };
    });
  }

  /** @param former - the hidden inputs in the other half of the state, which may name the resource differently */
  private context(hidden: HiddenInputs, operation: TimedOperation, former = hidden): Context {
    const { name, preview = false } = hidden;
    const { assertAlive, tell } = this.surroundings;
    const identity = identityOf(hidden);
    return {
      identity,
      formerIdentity: identityOf(former),
      name,
      preview,
      timeoutMs: timeoutMs(hidden, operation),
      secrets: this.secrets,
      assertAlive,
      say: (severity, text) => {
        tell({ severity, name: this.secrets.mask(name), identity, text: this.secrets.mask(text) });
      },
    };
  }

  /** The old inputs or outputs of a resource. */
  private stateIn(olds: Properties): Recorded {
    this.learnSecrets(olds);
    return parseState(olds);
  }

  private learnSecrets(properties: Properties): void {
    this.secrets.learn(properties, secretNames(parseHiddenInputs(properties)));
  }

  /** @param source - the inputs of the operation, or the state before a read */
  private outputs(recorded: Recorded, source: Properties): Properties {
    const outputs = outputsOf(recorded);
    const secretOutputs = this.secretKeys(outputs, recorded, source);
    if (secretOutputs.length === 0) return outputs;
    const hidden = { ...(outputs[hiddenKey] as Properties), secretOutputs };
    return markSecrets({ ...outputs, [hiddenKey]: hidden }, secretOutputs);
  }

  private inputs(recorded: Recorded, source: Properties): Properties {
    const inputs = inputsOf(recorded);
    return markSecrets(inputs, this.secretKeys(inputs, recorded, source));
  }

  private secretKeys(properties: Properties, { hidden }: Recorded, source: Properties): string[] {
    const plain = listedInPlain(source, secretNames(parseHiddenInputs(source)));
    const isSecret = (address: string) => this.secrets.has(address) && !plain.has(address);
    return secretKeys(properties, hidden.secretInputs ?? [], isSecret);
  }

  /** The engine prints the value of the property in plain text, also of a secret one. */
  private failureOf(property: string, reason: string, { secretInputs }: HiddenInputs): InputProblem {
    const text = this.secrets.mask(reason);
    return secretInputs?.includes(property) === true
      ? { property: "", reason: `${property}: ${text}` }
      : { property, reason: text };
  }

  /** Turns a partial failure into the properties that the engine records. */
  private async recordPartially(
    { networkInterfaceId: id, hidden }: Decided,
    news: Properties,
    operation: () => Promise<Recorded>,
  ): Promise<Recorded> {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      const { recorded } = error;
      // The record of a failed update may have the old options. What the program marks as secret stays secret in it.
      const secretInputs = [...new Set([recorded.hidden, hidden].flatMap((one) => one.secretInputs ?? []))];
      const marked =
        secretInputs.length === 0 ? recorded : { ...recorded, hidden: { ...recorded.hidden, secretInputs } };
      throw new PartialResult(this.secrets.mask(error.message), {
        id,
        name: this.secrets.mask(hidden.name),
        outputs: this.outputs(marked, news),
        inputs: this.inputs(marked, news),
      });
    }
  }

  private async forUsers<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (error instanceof OperationError || error instanceof EcsError)
        throw new UserFailure(this.secrets.mask(error.message));
      throw error;
    }
  }

  /** Inputs that reach an operation were checked, unless something other than the engine calls. */
  private decide(properties: Properties): Decided {
    const { desired, problems } = inspectInputs(properties);
    const { networkInterfaceId, target, ownership, allowUnassignWithEip } = desired;
    const region = desired.region ?? this.runtime.region(undefined).name;
    if (
      problems.length > 0 ||
      networkInterfaceId === undefined ||
      target === undefined ||
      ownership === undefined ||
      allowUnassignWithEip === undefined
    ) {
      const reasons = problems.map(({ property, reason }) => `${property}: ${reason}`);
      throw new OperationError(reasons.join("; ") || "an input is not known yet");
    }
    return { ...desired, networkInterfaceId, target, ownership, allowUnassignWithEip, region };
  }
}

/** The inputs as the program wrote them, with the region, and equal for a preview and its update. */
function checkedInputs(news: Properties, region: string | undefined): Properties {
  const inputs: Properties = { ...news };
  if (region !== undefined) inputs.region = region;
  const hidden = news[hiddenKey];
  if (typeof hidden === "object" && hidden !== null) {
    const { preview: _preview, ...kept } = hidden as Properties;
    inputs[hiddenKey] = kept;
  }
  return inputs;
}

/** The outputs of an operation before it runs. */
function expectedOutputs(desired: Desired, expected: Expected, news: Properties): Properties {
  const known = <T>(value: T | undefined) => value ?? unknownValue;
  const mode = modeInputs.find((name) => news[name] !== undefined && news[name] !== null);
  const kind = mode && modes[mode].kind;
  const ofKind = (one: Kind) => (kind === undefined || kind === one ? known(expected.owned) : []);
  return {
    networkInterfaceId: known(desired.networkInterfaceId),
    ...(mode && modes[mode].target === "count" && { [mode]: known(news[mode]) }),
    privateIpAddresses: ofKind("address"),
    ipv4Prefixes: ofKind("prefix"),
    ownership: known(desired.ownership),
    allowUnassignWithEip: known(desired.allowUnassignWithEip),
    ...(news.unassignOnCreate !== undefined && { unassignOnCreate: news.unassignOnCreate }),
    region: known(desired.region),
    primaryIpAddress: known(expected.primaryIpAddress),
    vswitchId: known(expected.vSwitchId),
    unmanagedPrivateIpAddresses: known(expected.unmanaged),
  };
}

/** Whether the state has outputs in plain text that the program marks as secret by now. */
function hasNewSecrets(olds: Properties, { secretInputs = [] }: HiddenInputs): boolean {
  const known = secretNames(parseHiddenInputs(olds));
  return secretInputs.some((name) => name in olds && !known.includes(name));
}

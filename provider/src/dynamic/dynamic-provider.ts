import type * as dynamic from "@pulumi/pulumi/dynamic";
import { EcsError } from "../ecs/ecs-error";
import { hiddenKey, identityOf, parseHiddenInputs, sameTimeouts, timeoutMs } from "../resource/hidden-inputs";
import type { HiddenInputs, TimedOperation } from "../resource/hidden-inputs";
import { inspectInputs } from "../resource/inputs";
import { sameTarget, type Decided, type Recorded } from "../resource/model";
import { OperationError } from "../resource/operation-error";
import { Ledger, type ToldClaims } from "../resource/ledger";
import { PartialFailure, ResourceService, type Context } from "../resource/service";
import { secretNames, SecretValues } from "../resource/secret-values";
import { inputsOf, outputsOf, parseState } from "../resource/state";
import type { EngineLiveness } from "../runtime/engine-liveness";
import { Runtime, type ProcessSurroundings } from "../runtime/runtime";
import { listedInPlain, markSecrets, secretKeys } from "./secret-outputs";

type Properties = Record<string, unknown>;

/**
 * The adaptor between Pulumi's dynamic provider protocol and the service: it reads inputs and state, and writes outputs and
 * errors. It decides nothing about addresses.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/dynamic/index.ts
 * @internal
 */
export class EniSecondaryIpsProvider implements dynamic.ResourceProvider {
  /** The engine passes secret values as plain ones. The names of secret inputs come from the hidden key. */
  readonly secrets = new SecretValues();
  private readonly runtime: Runtime;
  private readonly service: ResourceService;

  constructor(
    private readonly surroundings: ProcessSurroundings & {
      readonly liveness: EngineLiveness;
      readonly told?: ToldClaims | undefined;
    },
  ) {
    const announce = (message: string) => {
      surroundings.announce(this.secrets.mask(message));
    };
    this.runtime = new Runtime({ ...surroundings, announce });
    this.service = new ResourceService(this.runtime, new Ledger(surroundings.told));
  }

  /** Only keeps the configuration: the host calls other methods before this one has returned. */
  configure(request: dynamic.ConfigureRequest): Promise<void> {
    this.runtime.configure((key) => request.config.get(key));
    return Promise.resolve();
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
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

  diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return this.forUsers(async () => {
      const before = this.stateIn(olds);
      this.learnSecrets(news);
      const { desired } = inspectInputs(news);
      const context = this.context(desired.hidden, "update", before.hidden);
      const difference = await this.service.diff(context, before, desired);
      return {
        changes:
          difference.changes ||
          !sameTimeouts(before.hidden, desired.hidden) ||
          hasNewSecrets(olds, desired.hidden),
        replaces: [...difference.replaces],
        deleteBeforeReplace: difference.deleteBeforeReplace,
      };
    });
  }

  create(properties: Properties): Promise<dynamic.CreateResult<Properties>> {
    return this.forUsers(async () => {
      this.learnSecrets(properties);
      const desired = this.decide(properties);
      const recorded = await this.recordPartially(desired, properties, () =>
        this.service.create(this.context(desired.hidden, "create"), desired),
      );
      return { id: desired.networkInterfaceId, outs: this.outputs(recorded, properties) };
    });
  }

  update(_id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return this.forUsers(async () => {
      const before = this.stateIn(olds);
      this.learnSecrets(news);
      const desired = this.decide(news);
      const context = this.context(desired.hidden, "update", before.hidden);
      const recorded = await this.recordPartially(desired, news, () =>
        this.service.update(context, before, desired),
      );
      return { outs: this.outputs(recorded, news) };
    });
  }

  delete(id: string, properties: Properties): Promise<void> {
    return this.forUsers(async () => {
      const before = this.service.inThisRun(this.stateIn(properties));
      await this.service.delete(this.context(before.hidden, "delete"), id, before);
    });
  }

  read(id: string, properties: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return this.forUsers(async () => {
      const before = this.stateIn(properties);
      const recorded = await this.service.read(this.context(before.hidden, "update"), id, before);
      if (recorded === undefined) return { id: "", props: {} };
      const props = this.outputs(recorded, properties);
      // Without inputs in the answer, the engine keeps those of the state. `get` has the program's own.
      if (recorded.mode === undefined || sameTarget(before, recorded)) return { id, props };
      const inputs = inputsOf(recorded);
      return { id, props, inputs: markSecrets(inputs, this.secretKeys(inputs, recorded, properties)) };
    });
  }

  /** @param former - the hidden inputs in the other half of the state, which may name the resource differently */
  private context(hidden: HiddenInputs, operation: TimedOperation, former = hidden): Context {
    const { name, preview = false } = hidden;
    const { liveness, announce } = this.surroundings;
    return {
      identity: identityOf(hidden),
      formerIdentity: identityOf(former),
      name,
      preview,
      timeoutMs: timeoutMs(hidden, operation),
      secrets: this.secrets,
      assertAlive: () => liveness.assertAlive(),
      say: (severity, text) => {
        announce(this.secrets.mask(`${severity === "warning" ? "warning: " : ""}${name}: ${text}`));
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

  private secretKeys(properties: Properties, { hidden }: Recorded, source: Properties): string[] {
    const plain = listedInPlain(source, secretNames(parseHiddenInputs(source)));
    const isSecret = (address: string) => this.secrets.has(address) && !plain.has(address);
    return secretKeys(properties, hidden.secretInputs ?? [], isSecret);
  }

  /** The engine prints the value of the property in plain text, also of a secret one. */
  private failureOf(property: string, reason: string, { secretInputs }: HiddenInputs): dynamic.CheckFailure {
    const text = this.secrets.mask(reason);
    return secretInputs?.includes(property) === true
      ? { property: "", reason: `${property}: ${text}` }
      : { property, reason: text };
  }

  /** Turns a partial failure into the form that the host records. */
  private async recordPartially(
    { networkInterfaceId, hidden }: Decided,
    inputs: Properties,
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
      // Without `__provider`, later operations on the recorded resource would find no provider.
      const properties = { ...this.outputs(marked, inputs), __provider: inputs.__provider };
      const message = this.secrets.mask(`${hidden.name}: ${error.message}`);
      throw new PartialResultError(message, networkInterfaceId, properties);
    }
  }

  /** Turns errors that are meant for users into ones whose text the host shows without a stack. */
  private async forUsers<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (error instanceof OperationError || error instanceof EcsError)
        throw new UserError(this.secrets.mask(error.message));
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

/** Whether the state has outputs in plain text that the program marks as secret by now. */
function hasNewSecrets(olds: Properties, { secretInputs = [] }: HiddenInputs): boolean {
  const known = secretNames(parseHiddenInputs(olds));
  return secretInputs.some((name) => name in olds && !known.includes(name));
}

/**
 * An error that the user sees as its message alone. For check, diff, read and delete, the host process prints
 * `${error}: ${error.stack}`. With this class it prints the message once and no stack.
 * @internal
 */
class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }

  override toString(): string {
    return "EniSecondaryIps";
  }
}

/**
 * A failure of a create or an update that has changed something. The engine records `properties` for the resource `id`,
 * and shows `reasons`. The host adds `__provider` to results, but not to these properties.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts,
 * grpcResponseFromError.
 * @internal
 */
class PartialResultError extends UserError {
  readonly reasons: readonly string[];

  constructor(
    message: string,
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.reasons = [message];
  }
}

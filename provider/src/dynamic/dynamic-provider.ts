import type * as dynamic from "@pulumi/pulumi/dynamic";
import { EcsError } from "../ecs/ecs-error";
import { hiddenKey, identityOf, sameTimeouts, timeoutMs } from "../resource/hidden-inputs";
import type { HiddenInputs, TimedOperation } from "../resource/hidden-inputs";
import { inspectInputs } from "../resource/inputs";
import { sameTarget, type Decided, type Recorded } from "../resource/model";
import { OperationError } from "../resource/operation-error";
import { PartialFailure, ResourceService, type Context } from "../resource/service";
import { inputsOf, outputsOf, parseState } from "../resource/state";
import type { EngineLiveness } from "../runtime/engine-liveness";
import { Runtime, type ProcessSurroundings } from "../runtime/runtime";

type Properties = Record<string, unknown>;

/**
 * The adaptor between Pulumi's dynamic provider protocol and the service: it reads inputs and state, and writes outputs and
 * errors. It decides nothing about addresses.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/dynamic/index.ts
 * @internal
 */
export class EniSecondaryIpsProvider implements dynamic.ResourceProvider {
  private readonly runtime: Runtime;
  private readonly service: ResourceService;

  constructor(private readonly surroundings: ProcessSurroundings & { readonly liveness: EngineLiveness }) {
    this.runtime = new Runtime(surroundings);
    this.service = new ResourceService(this.runtime);
  }

  /** Only keeps the configuration: the host calls other methods before this one has returned. */
  configure(request: dynamic.ConfigureRequest): Promise<void> {
    this.runtime.configure((key) => request.config.get(key));
    return Promise.resolve();
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
    return forUsers(async () => {
      const before = parseState(olds);
      const inspected = inspectInputs(news);
      const { desired } = inspected;
      const former = before.networkInterfaceId === undefined ? undefined : before.hidden;
      const context = this.context(desired.hidden, "create", former);
      const { problems, region } = await this.service.check(context, before, inspected);
      return {
        inputs: checkedInputs(news, region),
        failures: problems.map(({ property, reason }) => ({ property, reason })),
      };
    });
  }

  diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return forUsers(async () => {
      const before = parseState(olds);
      const { desired } = inspectInputs(news);
      const context = this.context(desired.hidden, "update", before.hidden);
      const difference = await this.service.diff(context, before, desired);
      return {
        changes: difference.changes || !sameTimeouts(before.hidden, desired.hidden),
        replaces: [...difference.replaces],
        deleteBeforeReplace: difference.deleteBeforeReplace,
      };
    });
  }

  create(properties: Properties): Promise<dynamic.CreateResult<Properties>> {
    return forUsers(async () => {
      const desired = this.decide(properties);
      const recorded = await recordPartially(desired, properties, () =>
        this.service.create(this.context(desired.hidden, "create"), desired),
      );
      return { id: desired.networkInterfaceId, outs: outputsOf(recorded) };
    });
  }

  update(_id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return forUsers(async () => {
      const before = parseState(olds);
      const desired = this.decide(news);
      const context = this.context(desired.hidden, "update", before.hidden);
      const recorded = await recordPartially(desired, news, () =>
        this.service.update(context, before, desired),
      );
      return { outs: outputsOf(recorded) };
    });
  }

  delete(id: string, properties: Properties): Promise<void> {
    return forUsers(async () => {
      const before = this.service.inThisRun(parseState(properties));
      await this.service.delete(this.context(before.hidden, "delete"), id, before);
    });
  }

  read(id: string, properties: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return forUsers(async () => {
      const before = parseState(properties);
      const recorded = await this.service.read(this.context(before.hidden, "update"), id, before);
      if (recorded === undefined) return { id: "", props: {} };
      const props = outputsOf(recorded);
      // Without inputs in the answer, the engine keeps those of the state. `get` has the program's own.
      if (recorded.mode === undefined || sameTarget(before, recorded)) return { id, props };
      return { id, props, inputs: inputsOf(recorded) };
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
      // The host passes secret values on as plain ones.
      secretInputs: [],
      assertAlive: () => liveness.assertAlive(),
      say: (severity, text) => {
        announce(`${severity === "warning" ? "warning: " : ""}${name}: ${text}`);
      },
    };
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

/** Turns a partial failure into the form that the host records. */
async function recordPartially(
  { networkInterfaceId, hidden }: Decided,
  { __provider }: Properties,
  operation: () => Promise<Recorded>,
): Promise<Recorded> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    // Without `__provider`, later operations on the recorded resource would find no provider.
    const properties = { ...outputsOf(error.recorded), __provider };
    throw new PartialResultError(`${hidden.name}: ${error.message}`, networkInterfaceId, properties);
  }
}

/** Turns errors that are meant for users into ones whose text the host shows without a stack. */
async function forUsers<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof OperationError || error instanceof EcsError ? new UserError(error.message) : error;
  }
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

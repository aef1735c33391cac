import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { ToldClaims } from "../resource/ledger";
import type { SecretValues } from "../resource/secret-values";
import type { EngineLiveness } from "../runtime/engine-liveness";
import { isNativeState, stateOf } from "./native-state";
import { PartialResult, ResourceAdaptor, UserFailure, type Properties } from "../runtime/resource-adaptor";
import type { ProcessSurroundings } from "../runtime/runtime";

/**
 * Pulumi's dynamic provider protocol. The host of dynamic providers passes secret values as plain ones, therefore the resource
 * class passes their names in the hidden key.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/dynamic/index.ts
 * @internal
 */
export class EniSecondaryIpsProvider implements dynamic.ResourceProvider {
  readonly secrets: SecretValues;
  private readonly adaptor: ResourceAdaptor;

  constructor(
    surroundings: ProcessSurroundings & {
      readonly liveness: EngineLiveness;
      readonly told?: ToldClaims | undefined;
    },
  ) {
    const { liveness, announce } = surroundings;
    this.adaptor = new ResourceAdaptor({
      ...surroundings,
      assertAlive: () => liveness.assertAlive(),
      tell: ({ severity, name, text }) => {
        announce(`${severity === "warning" ? "warning: " : ""}${name}: ${text}`);
      },
    });
    this.secrets = this.adaptor.secrets;
  }

  /** Only keeps the configuration: the host calls other methods before this one has returned. */
  configure(request: dynamic.ConfigureRequest): Promise<void> {
    this.adaptor.configure((key) => request.config.get(key));
    return Promise.resolve();
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
    return forHost(() => this.adaptor.check(olds, news));
  }

  diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return forHost(async () => {
      const { changes, replaces, ...difference } = await this.adaptor.diff(stateOf(olds, news), news);
      return { ...difference, changes: changes || isNativeState(olds), replaces: [...replaces] };
    });
  }

  create(news: Properties): Promise<dynamic.CreateResult<Properties>> {
    return forHost(async () => {
      const { id, outputs } = await this.adaptor.create(news);
      return { id, outs: outputs };
    }, news);
  }

  update(_id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return forHost(async () => ({ outs: await this.adaptor.update(stateOf(olds, news), news) }), news);
  }

  delete(id: string, olds: Properties): Promise<void> {
    return forHost(() => this.adaptor.delete(id, olds));
  }

  read(id: string, olds: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return forHost(async () => {
      const found = await this.adaptor.read(id, olds);
      if (found === undefined) return { id: "", props: {} };
      // Without inputs in the answer, the engine keeps those of the state. `get` has the program's own.
      const { outputs: props, inputs, isUnchanged } = found;
      return { id, props, ...(inputs && !isUnchanged && { inputs }) };
    });
  }
}

/** Turns failures that are meant for users into ones whose text the host shows without a stack. */
async function forHost<T>(operation: () => Promise<T>, news: Properties = {}): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof PartialResult) {
      const { id, name, outputs } = error.resource;
      // Without `__provider`, later operations on the recorded resource would find no provider.
      const properties = { ...outputs, __provider: news.__provider };
      throw new PartialResultError(`${name}: ${error.message}`, id, properties);
    }
    throw error instanceof UserFailure ? new UserError(error.message) : error;
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

import type * as messages from "@pulumi/pulumi/proto/provider_pb";

export type Properties = Record<string, unknown>;

/** The key that tells a secret from other objects. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A secret value, as the program and the engine have it. */
export function secretOf(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

export function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && signatureKey in value;
}

/** A failure of create or update with a partial result, which the engine records. */
export class RecordedFailure extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
  }

  static from(message: messages.ErrorResourceInitFailed): RecordedFailure {
    const properties = message.getProperties()?.toJavaScript() as Properties;
    return new RecordedFailure(message.getId(), properties, message.getReasonsList());
  }
}

/** How a property changes, by a plugin's diff. */
export interface PropertyChange {
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
  /** Whether the old value is in the old inputs, else it is in the outputs. */
  readonly inInputs: boolean;
}

/** The answer to a diff. */
export interface Diff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
  /** By path. A dynamic provider does not have it. */
  readonly paths?: ReadonlyMap<string, PropertyChange>;
  /** The properties that an update does not change. */
  readonly stables?: readonly string[];
}

/** Options of a host. */
export interface HostOptions {
  /** Stack configuration, such as `alicloud:region`. */
  readonly config?: Properties;
  /** The environment of the provider. A process also gets PATH, and nothing else. */
  readonly env?: NodeJS.ProcessEnv;
  /** The arguments that the engine passes before its address, such as `--logtostderr`. */
  readonly engineFlags?: readonly string[];
  /** Receives each line that a host in this process prints, at the moment of printing. */
  readonly onLine?: (line: string) => void;
}

/** Runs the provider for one command of the engine. */
export abstract class ProviderHost {
  /** Whether the provider gets secrets as such, and marks them in its answers. Else the engine does the marking. */
  abstract readonly acceptsSecrets: boolean;
  /** Whether the engine tells the provider the name of each resource. */
  abstract readonly getsNames: boolean;
  /** Simulates the end of the engine: its port refuses connections, and answers are not recorded. */
  abstract killEngine(): Promise<void>;
  /** Ends the command. */
  abstract stop(): Promise<void>;
  /** Ends the command. Returns the lines that a user sees as diagnostics. */
  abstract printed(): Promise<readonly string[]>;
  abstract configure(config: Properties): Promise<void>;
  abstract check(news: Properties, olds?: Properties): Promise<{ inputs: Properties; failures: string[] }>;
  /** @param oldInputs - the inputs in the state, which the engine passes to a plugin only */
  abstract diff(id: string, olds: Properties, news: Properties, oldInputs?: Properties): Promise<Diff>;
  /**
   * Rejects with a {@link RecordedFailure} if the failure has a partial result.
   *
   * @param preview - whether the engine previews the operation, which it does with a plugin only
   */
  abstract create(inputs: Properties, preview?: boolean): Promise<{ id: string; outputs: Properties }>;
  /** Rejects as {@link create} does. */
  abstract update(
    id: string,
    olds: Properties,
    news: Properties,
    oldInputs?: Properties,
    preview?: boolean,
  ): Promise<Properties>;
  /** Without `inputs` in the answer, the engine keeps those of the state. */
  abstract read(
    id: string,
    state: Properties,
    inputs?: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs: Properties | undefined }>;
  abstract delete(id: string, state: Properties, inputs?: Properties): Promise<void>;
}

/** The values of secrets: the engine passes plain values to a host that does not accept secrets. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return withoutSecrets(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSecrets(one)]));
}

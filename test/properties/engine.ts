import type { Semaphore } from "async-mutex";
import {
  isSecret,
  RecordedFailure,
  secretOf,
  type Diff,
  type Properties,
  type ProviderHost,
} from "../support/provider-host";
import type { Order } from "./history";

/** A resource in a state file. Secret values are marked: the engine encrypts them. */
export interface Saved {
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Whether a failed operation recorded it. */
  readonly initErrors: boolean;
  /** Whether a replacement has created its successor, and its delete is still to come. */
  readonly pendingDelete: boolean;
  /** Whether a replacement has deleted it, and the create of its successor is still to come. */
  readonly pendingReplacement: boolean;
  /** The option retainOnDelete: the engine drops the resource from the state without calling the provider. */
  readonly retained: boolean;
}

/** The provider's answer to one request, at the moment of the answer. */
export interface Answer {
  readonly name: string;
  readonly operation: "check" | "create" | "update" | "delete" | "read";
  readonly outcome: "done" | "refused" | "recorded" | "failed" | "killed";
  /** The state of the resource before the command. */
  readonly before: Saved | undefined;
  /** The state of the resource after the answer. */
  readonly after: Saved | undefined;
  readonly inputs: Properties;
  /** The properties in the answer, if there are any: outputs, and in a read also inputs. */
  readonly answered: readonly Properties[];
  readonly message: string;
  readonly tookMs: number;
  readonly atMs: number;
}

/** A resource that a program registers. */
export interface Registration {
  readonly name: string;
  readonly inputs: Properties;
  readonly retained: boolean;
}

/**
 * Gives a resource of the state the name under which the program registers it with an alias. It keeps its place, because deletes
 * come in this order.
 *
 * @param host - the engine tells a plugin the new name. A dynamic provider reads the old one in the outputs
 */
export function rename(
  state: Map<string, Saved>,
  from: string,
  to: string,
  { getsNames }: Pick<ProviderHost, "getsNames">,
): void {
  const entries = [...state];
  state.clear();
  for (const [key, saved] of entries) {
    const named = (half: Properties): Properties =>
      getsNames
        ? { ...half, __internal: { ...(half.__internal as Properties), name: to, resource: to } }
        : half;
    const renamed = { ...saved, name: to, inputs: named(saved.inputs), outputs: named(saved.outputs) };
    if (key === from) state.set(to, renamed);
    else state.set(key, saved);
  }
}

/** What happens in a command beside the provider's answers. */
export interface Events {
  /** Whether this is a preview. Then creates and updates only show what they will do, and deletes are not requested. */
  readonly isPreview?: boolean;
  /** The provider gets these inputs and outputs. */
  readonly sends?: (properties: readonly Properties[]) => void;
  /** The provider has answered a diff between a resource of the state and checked inputs. */
  readonly differs?: (saved: Saved, inputs: Properties, diff: Diff) => void;
  /** The program constructs a resource, also one outside `--target`. */
  readonly constructs?: (registration: Registration) => Promise<void>;
}

/** The flags of `pulumi up`. */
export interface UpFlags {
  readonly order: Order;
  readonly continueOnError: boolean;
  /** The names of the resources in `--target`; `undefined` without it. */
  readonly targets: ReadonlySet<string> | undefined;
  readonly skipPreview?: boolean;
}

/**
 * A model of the engine, for custom resources without dependencies
 * (https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go).
 *
 * - check gets the inputs of the state, diff its outputs. Then follows create, update or replace.
 * - A replacement checks again without old inputs. Then it creates the new resource, and deletes the old one at the end of
 *   the run, or it deletes first.
 * - If the create after such a delete fails, the deleted resource stays in the state. The next run replaces it, whatever diff
 *   says. If diff does not say to delete first, that run deletes it once more.
 * - Resources that the program no longer declares are deleted after everything else has succeeded.
 * - Without its name in `--target`, a resource is neither checked nor changed. The program constructs it.
 * - A dynamic provider gets secrets as plain values. In its answers, a property is secret if the sent one of the same name is.
 * - A plugin gets secrets and the old inputs, and marks what is secret in its answers.
 * - The state keeps the outputs of a success, or the partial result of a failure. After any other failure it is unchanged.
 *
 * `test/engine/model.test.ts` compares it with the real engine.
 */
export class EngineModel {
  private failures = 0;
  /** The resources of this run that were deleted in an earlier one, and are replaced. */
  private readonly deletedBefore: Saved[] = [];

  /**
   * @param state - in the order of the creates. The model changes it
   * @param parallel - admits as many operations at a time as `--parallel` says; absent: all. Checks do not count
   */
  constructor(
    private readonly host: ProviderHost,
    private readonly state: Map<string, Saved>,
    private readonly hasAnswered: (answer: Answer) => void,
    private readonly wasKilled: () => boolean,
    private readonly events: Events = {},
    private readonly parallel?: Semaphore,
  ) {}

  /** @returns whether everything succeeded */
  async up(
    program: readonly Registration[],
    { order, continueOnError, targets, skipPreview = false }: UpFlags,
  ): Promise<boolean> {
    const isTarget = (name: string) => targets?.has(name) ?? true;
    const underWay: Promise<unknown>[] = [];
    const registered = program.filter(({ name }) => isTarget(name));
    if (order === "together") {
      for (const one of program) await this.events.constructs?.(one);
      const checked: (() => Promise<unknown>)[] = [];
      for (const registration of registered) {
        const operation = await this.register(registration);
        // A preview has found the same: the update does not begin.
        if (operation === undefined && !(skipPreview && continueOnError)) return false;
        if (operation !== undefined) checked.push(operation);
      }
      underWay.push(...checked.map((operation) => operation()));
    } else {
      // Each resource depends on the one before: the program constructs it when that one is done.
      for (const registration of program) {
        await this.events.constructs?.(registration);
        if (!isTarget(registration.name)) continue;
        const operation = await this.register(registration);
        if (order === "serial") await operation?.();
        else underWay.push(operation?.() ?? Promise.resolve());
        if (this.failures > 0 && !continueOnError) break;
      }
    }
    await Promise.all(underWay);
    if (this.failures > 0 && !continueOnError) return false;

    const names = new Set(program.map(({ name }) => name));
    const isGone = ({ name, pendingDelete }: Saved) => (pendingDelete || !names.has(name)) && isTarget(name);
    for (const saved of this.deletedBefore) this.state.set(this.keyOfOld(saved.name), saved);
    return this.deleteAll(isGone, order, continueOnError);
  }

  /** `pulumi destroy`: the program does not run. @returns whether everything succeeded */
  destroy({ order, continueOnError, targets }: Omit<UpFlags, "skipPreview">): Promise<boolean> {
    return this.deleteAll(({ name }) => targets?.has(name) ?? true, order, continueOnError);
  }

  private async deleteAll(
    isGone: (saved: Saved) => boolean,
    order: Order,
    continueOnError: boolean,
  ): Promise<boolean> {
    const gone = [...this.state].filter(([, saved]) => isGone(saved)).reverse();
    if (order === "serial")
      for (const [key, saved] of gone) {
        await this.delete(key, saved);
        if (this.failures > 0 && !continueOnError) return false;
      }
    else await Promise.all(gone.map(([key, saved]) => this.delete(key, saved)));
    return this.failures === 0;
  }

  /**
   * @param targets - the names of the resources in `--target`; `undefined` without it
   * @returns whether everything could be read
   */
  async refresh(targets?: ReadonlySet<string>): Promise<boolean> {
    const present = [...this.state].filter(
      ([, { name, pendingReplacement }]) => !pendingReplacement && (targets?.has(name) ?? true),
    );
    await Promise.all(
      present.map(([key, saved]) =>
        this.ask("read", key, saved, saved.inputs, async (answered) => {
          const { id, inputs, outputs } = await this.host.read(saved.id, saved.outputs, saved.inputs);
          if (id === "") {
            this.state.delete(key);
            return;
          }
          answered(outputs, ...(inputs === undefined ? [] : [inputs]));
          const newOutputs = this.withSecretsOf(saved.outputs, outputs);
          const newInputs = inputs === undefined ? saved.inputs : this.withSecretsOf(saved.inputs, inputs);
          // The engine shows changes by a diff against the old inputs.
          await this.host.diff(id, newOutputs, saved.inputs, newInputs);
          this.state.set(key, { ...saved, id, inputs: newInputs, outputs: newOutputs, initErrors: false });
        }),
      ),
    );
    return this.failures === 0;
  }

  /** Checks a resource. Returns its operation, or `undefined` if check or diff has failed. */
  private async register(registration: Registration): Promise<(() => Promise<unknown>) | undefined> {
    const { name, inputs: news, retained } = registration;
    const saved = this.state.get(name);
    const inputs = await this.check(name, news, saved?.inputs ?? {});
    if (inputs === undefined) return undefined;
    if (saved === undefined) return () => this.create(registration, inputs);

    this.events.sends?.([saved.outputs, inputs]);
    const { id, outputs } = saved;
    const diff = await this.host.diff(id, outputs, inputs, saved.inputs).catch((error: unknown) => {
      if (this.wasKilled()) return undefined;
      throw error;
    });
    if (diff === undefined) {
      this.failures += 1;
      return undefined;
    }
    this.events.differs?.(saved, inputs, diff);
    if (diff.replaces.length > 0 || saved.pendingReplacement) {
      const inputsOfNew = await this.check(name, news, {});
      if (inputsOfNew === undefined) return undefined;
      const { deleteBeforeReplace = diff.deleteBeforeReplace } = (news.__internal ?? {}) as Properties;
      if (deleteBeforeReplace !== true) return () => this.create(registration, inputsOfNew, saved);
      return async () => {
        if (saved.pendingReplacement || (await this.delete(name, saved, true)))
          await this.create(registration, inputsOfNew);
      };
    }
    if (!diff.changes && !saved.initErrors) {
      this.state.set(name, { ...saved, inputs, retained });
      return () => Promise.resolve();
    }
    return () => this.update({ ...saved, retained }, inputs);
  }

  private async check(name: string, news: Properties, olds: Properties): Promise<Properties | undefined> {
    let checked: Properties | undefined;
    await this.ask("check", name, this.state.get(name), news, async () => {
      const { inputs, failures } = await this.host.check(news, olds);
      if (failures.length > 0) throw new Refusal(failures.join("\n"));
      checked = this.withSecretsOf(news, inputs);
    });
    return checked;
  }

  /** @param replaced - the resource whose delete follows at the end of the run */
  private create({ name, retained }: Registration, inputs: Properties, replaced?: Saved): Promise<boolean> {
    const record = (id: string, answered: Properties, initErrors: boolean) => {
      const outputs = this.withSecretsOf(inputs, answered);
      if (replaced?.pendingReplacement === true)
        this.deletedBefore.push({ ...replaced, pendingDelete: true });
      else if (replaced !== undefined)
        this.state.set(this.keyOfOld(name), { ...replaced, pendingDelete: true });
      const isNew = { initErrors, pendingDelete: false, pendingReplacement: false, retained };
      this.state.set(name, { name, id, inputs, outputs, ...isNew });
    };
    const request = async (answered: (outputs: Properties) => void) => {
      const { id, outputs } = await this.host.create(inputs, this.events.isPreview);
      answered(outputs);
      record(id, outputs, false);
    };
    return this.ask("create", name, undefined, inputs, request, ({ id, properties }) => {
      record(id, properties, true);
    });
  }

  /** A failed run can leave several old resources of one name. */
  private keyOfOld(name: string): string {
    const keys = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((number) => `${name}, replaced ${number}`);
    return keys.find((key) => !this.state.has(key)) ?? `${name}, replaced`;
  }

  private update(saved: Saved, inputs: Properties): Promise<boolean> {
    // After a failure, the state keeps the old inputs: https://github.com/pulumi/pulumi/issues/2011
    const record = (answered: Properties, recorded: Properties, initErrors: boolean) => {
      const outputs = this.withSecretsOf(inputs, answered);
      this.state.set(saved.name, { ...saved, inputs: recorded, outputs, initErrors });
    };
    const request = async (answered: (outputs: Properties) => void) => {
      const outputs = await this.host.update(
        saved.id,
        saved.outputs,
        inputs,
        saved.inputs,
        this.events.isPreview,
      );
      answered(outputs);
      record(outputs, inputs, false);
    };
    return this.ask("update", saved.name, saved, inputs, request, ({ properties }) => {
      record(properties, saved.inputs, true);
    });
  }

  /** @param isReplaced - whether a create follows at once */
  private delete(key: string, saved: Saved, isReplaced = false): Promise<boolean> {
    const record = () => {
      if (isReplaced) this.state.set(key, { ...saved, pendingReplacement: true });
      else this.state.delete(key);
    };
    const isDeleted = saved.pendingReplacement && !saved.pendingDelete;
    if (saved.retained || isDeleted || this.events.isPreview === true) {
      record();
      return Promise.resolve(true);
    }
    return this.ask("delete", key, saved, saved.inputs, async () => {
      await this.host.delete(saved.id, saved.outputs, saved.inputs);
      record();
    });
  }

  private ask(...parameters: Parameters<EngineModel["askNow"]>): Promise<boolean> {
    const [operation] = parameters;
    const ask = () => this.askNow(...parameters);
    return operation === "check" || this.parallel === undefined ? ask() : this.parallel.runExclusive(ask);
  }

  private async askNow(
    operation: Answer["operation"],
    key: string,
    before: Saved | undefined,
    inputs: Properties,
    request: (answered: (...properties: Properties[]) => void) => Promise<void>,
    record: (failure: RecordedFailure) => void = () => undefined,
  ): Promise<boolean> {
    const olds = operation === "check" ? before?.inputs : before?.outputs;
    const news = operation === "delete" || operation === "read" ? undefined : inputs;
    this.events.sends?.([olds ?? {}, news ?? {}]);
    const startedMs = Date.now();
    let outcome: Answer["outcome"] = "done";
    let message = "";
    let answered: readonly Properties[] = [];
    try {
      await request((...properties) => {
        answered = properties;
      });
    } catch (error) {
      this.failures += 1;
      message = error instanceof Error ? error.message : String(error);
      if (this.wasKilled()) outcome = "killed";
      else if (error instanceof Refusal) outcome = "refused";
      else if (error instanceof RecordedFailure) {
        outcome = "recorded";
        answered = [error.properties];
        record(error);
      } else outcome = "failed";
    }
    const after = this.state.get(key);
    const atMs = Date.now();
    const tookMs = atMs - startedMs;
    const name = before?.name ?? key;
    const answer = { name, operation, outcome, before, after, inputs, answered, message, tookMs, atMs };
    this.hasAnswered(answer);
    return outcome === "done";
  }

  /**
   * Marks what was sent as secret: the engine does so for a provider that gets plain values
   * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/provider_plugin.go, annotateSecrets).
   */
  private withSecretsOf(sent: Properties, answered: Properties): Properties {
    if (this.host.acceptsSecrets) return answered;
    return Object.fromEntries(
      Object.entries(answered).map(([key, value]) => [
        key,
        isSecret(sent[key]) && !isSecret(value) ? secretOf(value) : value,
      ]),
    );
  }
}

class Refusal extends Error {}

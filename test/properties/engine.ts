import { RecordedFailure, type Properties, type ProviderHost } from "../support/provider-host";
import type { Order } from "./history";

/** A resource in a state file. */
export interface Saved {
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Whether a failed operation recorded it. */
  readonly initErrors: boolean;
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
  readonly message: string;
  readonly tookMs: number;
  readonly atMs: number;
}

/** A resource that a program registers. */
export interface Registration {
  readonly name: string;
  readonly inputs: Properties;
}

/**
 * A model of the engine, for custom resources without dependencies
 * (https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go).
 *
 * - check gets the inputs of the state, diff its outputs. Then follows create, update or replace.
 * - Resources that the program no longer declares are deleted after everything else has succeeded.
 * - The state keeps the outputs of a success, or the partial result of a failure. After any other failure it is unchanged.
 */
export class EngineModel {
  private failures = 0;

  /**
   * @param state - in the order of the creates. The model changes it
   */
  constructor(
    private readonly host: ProviderHost,
    private readonly state: Map<string, Saved>,
    private readonly hasAnswered: (answer: Answer) => void,
    private readonly wasKilled: () => boolean,
  ) {}

  /** @returns whether everything succeeded */
  async up(program: readonly Registration[], order: Order): Promise<boolean> {
    const underWay: Promise<unknown>[] = [];
    if (order === "together") {
      const checked: (() => Promise<unknown>)[] = [];
      for (const registration of program) {
        const operation = await this.register(registration);
        if (operation === undefined) return false;
        checked.push(operation);
      }
      underWay.push(...checked.map((operation) => operation()));
    } else {
      for (const registration of program) {
        const operation = await this.register(registration);
        if (operation === undefined) break;
        if (order === "serial") await operation();
        else underWay.push(operation());
        if (this.failures > 0) break;
      }
    }
    await Promise.all(underWay);
    if (this.failures > 0) return false;

    const names = new Set(program.map(({ name }) => name));
    const gone = [...this.state.values()].filter(({ name }) => !names.has(name)).reverse();
    if (order === "serial")
      for (const saved of gone) {
        await this.delete(saved);
        if (this.failures > 0) return false;
      }
    else await Promise.all(gone.map((saved) => this.delete(saved)));
    return this.failures === 0;
  }

  /** @returns whether everything could be read */
  async refresh(): Promise<boolean> {
    await Promise.all(
      [...this.state.values()].map((saved) =>
        this.ask("read", saved.name, saved.inputs, async () => {
          const { id, inputs = saved.inputs, outputs } = await this.host.read(saved.id, saved.outputs);
          if (id === "") {
            this.state.delete(saved.name);
            return;
          }
          // The engine shows changes by a diff against the old inputs.
          await this.host.diff(id, outputs, saved.inputs);
          this.state.set(saved.name, { name: saved.name, id, inputs, outputs, initErrors: false });
        }),
      ),
    );
    return this.failures === 0;
  }

  /** Checks a resource. Returns its operation, or `undefined` if check or diff has failed. */
  private async register({
    name,
    inputs: news,
  }: Registration): Promise<(() => Promise<unknown>) | undefined> {
    const saved = this.state.get(name);
    const inputs = await this.check(name, news, saved?.inputs ?? {});
    if (inputs === undefined) return undefined;
    if (saved === undefined) return () => this.create(name, inputs);

    const diff = await this.host.diff(saved.id, saved.outputs, inputs).catch((error: unknown) => {
      if (this.wasKilled()) return undefined;
      throw error;
    });
    if (diff === undefined) {
      this.failures += 1;
      return undefined;
    }
    if (diff.replaces.length > 0) {
      if (!diff.deleteBeforeReplace) throw new Error("a replacement must delete first");
      const inputsOfNew = await this.check(name, news, {});
      if (inputsOfNew === undefined) return undefined;
      return async () => {
        if (await this.delete(saved)) await this.create(name, inputsOfNew);
      };
    }
    if (!diff.changes && !saved.initErrors) {
      this.state.set(name, { ...saved, inputs });
      return () => Promise.resolve();
    }
    return () => this.update(saved, inputs);
  }

  private async check(name: string, news: Properties, olds: Properties): Promise<Properties | undefined> {
    let checked: Properties | undefined;
    await this.ask("check", name, news, async () => {
      const { inputs, failures } = await this.host.check(news, olds);
      if (failures.length > 0) throw new Refusal(failures.join("\n"));
      checked = inputs;
    });
    return checked;
  }

  private create(name: string, inputs: Properties): Promise<boolean> {
    return this.ask("create", name, inputs, async () => {
      const { id, outputs } = await this.host.create(inputs);
      this.state.set(name, { name, id, inputs, outputs, initErrors: false });
    });
  }

  private update(saved: Saved, inputs: Properties): Promise<boolean> {
    return this.ask("update", saved.name, inputs, async () => {
      const outputs = await this.host.update(saved.id, saved.outputs, inputs);
      this.state.set(saved.name, { ...saved, inputs, outputs, initErrors: false });
    });
  }

  private delete(saved: Saved): Promise<boolean> {
    return this.ask("delete", saved.name, saved.inputs, async () => {
      await this.host.delete(saved.id, saved.outputs);
      this.state.delete(saved.name);
    });
  }

  private async ask(
    operation: Answer["operation"],
    name: string,
    inputs: Properties,
    request: () => Promise<void>,
  ): Promise<boolean> {
    const before = this.state.get(name);
    const startedMs = Date.now();
    let outcome: Answer["outcome"] = "done";
    let message = "";
    try {
      await request();
    } catch (error) {
      this.failures += 1;
      message = error instanceof Error ? error.message : String(error);
      if (this.wasKilled()) outcome = "killed";
      else if (error instanceof Refusal) outcome = "refused";
      else if (error instanceof RecordedFailure) {
        outcome = "recorded";
        const { id, properties: outputs } = error;
        this.state.set(name, { name, id, inputs, outputs, initErrors: true });
      } else outcome = "failed";
    }
    const after = this.state.get(name);
    const atMs = Date.now();
    const tookMs = atMs - startedMs;
    this.hasAnswered({ name, operation, outcome, before, after, inputs, message, tookMs, atMs });
    return outcome === "done";
  }
}

class Refusal extends Error {}

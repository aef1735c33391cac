import {
  startEmulator,
  type Behaviour,
  type Clock,
  type Emulator,
  type StateDocument,
} from "alicloud-ecs-emulator";
import type { Order } from "../properties/history";
import { EngineModel, type Saved as SavedByEngine } from "../properties/engine";
import { actions, environmentFor, eniId, secondaryAddresses, writes } from "./eni-world";
import { InProcessHost } from "./in-process-host";
import { RecordedFailure, type HostOptions, type Properties, type ProviderHost } from "./provider-host";
import { PluginHost } from "./plugin-host";
import { ProviderProcess } from "./provider-process";
import { strictestLimits } from "./strictest-limits";

/** The engine's record of a resource. */
export interface Saved {
  readonly id: string;
  readonly outputs: Properties;
  /** The old inputs of the next check. Unlike the outputs, they hold no values that the provider resolved. */
  readonly inputs: Properties;
}

/** A cloud that is as unkind as it may be, so that no test passes by luck. */
const unkind: Partial<Behaviour> = { ...strictestLimits, pick: "scattered", newEniHiddenReads: 1 };

/** The suite `plugin` runs the tests of the host suite that make sense for both adaptors. */
const isPlugin = process.env.TEST_SUITE === "plugin";

/** An emulator, and one provider host for each command that a user would run. */
export class Scenario {
  private lastChecked: Properties = {};
  /** The state file of {@link upAll}. */
  readonly state = new Map<string, SavedByEngine>();

  private constructor(
    readonly emulator: Emulator,
    private host: ProviderHost,
    private readonly startHost: (options: HostOptions) => Promise<ProviderHost>,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(
    seed: StateDocument,
    {
      env = {},
      behaviour = {},
      engineFlags = [],
      clock,
      allowedHosts = [],
      process: usesProcess = false,
    }: {
      env?: NodeJS.ProcessEnv;
      behaviour?: Partial<Behaviour>;
      engineFlags?: readonly string[];
      clock?: Clock;
      /** Further names by which the provider calls the emulator. */
      allowedHosts?: readonly string[];
      /** Whether each command runs in a real process, which takes half a second to start. */
      process?: boolean;
    } = {},
  ): Promise<Scenario> {
    const emulator = await startEmulator({
      seed,
      behaviour: { ...unkind, ...behaviour },
      allowedHosts,
      ...(clock && { clock }),
    });
    const environment = { ...environmentFor(emulator), ALICLOUD_SECONDARY_IPS_PACE: "0.1", ...env };
    const startHost = usesProcess
      ? (options: HostOptions) => ProviderProcess.start(options)
      : (options: HostOptions) => (isPlugin ? PluginHost : InProcessHost).start(options);
    const host = await startHost({ env: environment, engineFlags });
    return new Scenario(emulator, host, startHost, environment);
  }

  /** The host of the current command. */
  get provider(): ProviderHost {
    return this.host;
  }

  /** Starts the next command: a new host, without the memory of the previous one. */
  async nextCommand(): Promise<ProviderHost> {
    await this.host.stop();
    this.emulator.control.clearCalls();
    this.host = await this.startHost({ env: this.env });
    return this.host;
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await this.emulator.close();
  }

  /** check and create, as `pulumi up` does for a new resource. */
  async create(args: Properties): Promise<Saved> {
    const inputs = await this.checked(args);
    return { ...(await this.host.create(inputs)), inputs };
  }

  /** check, diff and, if there are changes, update, as `pulumi up` does for a resource in the state. */
  async up(saved: Saved, args: Properties): Promise<Saved> {
    const inputs = await this.checked(args, saved.inputs);
    const diff = await this.host.diff(saved.id, saved.outputs, inputs, saved.inputs);
    if (diff.replaces.length > 0)
      throw new Error(`unexpected replacement because of ${diff.replaces.join()}`);
    if (!diff.changes) return { ...saved, inputs };
    const outputs = await this.host.update(saved.id, saved.outputs, inputs, saved.inputs);
    return { id: saved.id, outputs, inputs };
  }

  /**
   * The next command: `pulumi up` of a whole program, which has these inputs by name.
   *
   * @returns what has failed, as the name, the operation and the message
   */
  async upAll(
    program: Readonly<Record<string, Properties>>,
    { order = "together", continuesOnError = false }: { order?: Order; continuesOnError?: boolean } = {},
  ): Promise<string[]> {
    await this.nextCommand();
    const failures: string[] = [];
    const engine = new EngineModel(
      this.host,
      this.state,
      ({ name, operation, outcome, message }) => {
        if (outcome !== "done") failures.push(`${name}: ${operation}: ${message}`);
      },
      () => false,
    );
    await engine.up(
      Object.entries(program).map(([name, inputs]) => ({
        name,
        inputs: { ...inputs, __internal: { name, ...(inputs.__internal as Properties | undefined) } },
        retained: false,
      })),
      { order, continueOnError: continuesOnError, targets: undefined, skipPreview: true },
    );
    return failures;
  }

  /** The addresses that each resource of the state owns, by its name. */
  owned(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.state].map(([name, { outputs }]) => [name, outputs.privateIpAddresses]),
    );
  }

  /** read, as `pulumi refresh` does. Returns `undefined` if the resource is gone. */
  async refresh(saved: Saved): Promise<Saved | undefined> {
    const {
      id,
      outputs,
      inputs = saved.inputs,
    } = await this.host.read(saved.id, saved.outputs, saved.inputs);
    return id === "" ? undefined : { id, outputs, inputs };
  }

  /** Waits for a failure with a partial result, and returns the record that the engine would write. */
  async recordedBy(operation: Promise<unknown>): Promise<Saved & { reasons: readonly string[] }> {
    try {
      await operation;
    } catch (error) {
      if (error instanceof RecordedFailure)
        return {
          id: error.id,
          outputs: error.properties,
          inputs: this.lastChecked,
          reasons: error.reasons,
        };
      throw error;
    }
    throw new Error("the operation succeeded");
  }

  /** The secondary addresses that the ENI holds, sorted as text. */
  held(id = eniId): string[] {
    return secondaryAddresses(this.emulator, id).sort();
  }

  get actions(): string[] {
    return actions(this.emulator);
  }

  get writes(): string[] {
    return writes(this.emulator);
  }

  private async checked(args: Properties, olds: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await this.host.check(args, olds);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    this.lastChecked = inputs;
    return inputs;
  }
}

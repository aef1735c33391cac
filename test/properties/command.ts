import { CuttableRelay } from "../support/cuttable-relay";
import { environmentFor } from "../support/eni-world";
import type { Adaptor, Host } from "./adaptors";
import { Ages } from "./ages";
import { eniAt, type Cloud } from "./cloud";
import { DiffJudge } from "./diffs";
import { EngineModel, rename, type Answer, type Saved } from "./engine";
import type { Histogram } from "./histogram";
import type { Fault, History, Kind, Order, Program } from "./history";
import { Oracle } from "./oracle";
import { judgePreview, type Preview } from "./previews";
import { registrationOf, type Desired } from "./program";
import { managedKind } from "./properties";
import { nameOfFault } from "./random-history";
import { refusalIn } from "./refusals";
import { SecretsJudge } from "./secrets";
import { SimulatedKill } from "./simulated-kill";

/**
 * With this pace the provider waits 900 ms for the answer to a call, and 1.8 s for an address that another ENI holds.
 * With a smaller one, calls without a fault would time out on a busy machine.
 */
const pace = "0.03";
/** The time-out of an operation. */
export const timeoutMs = 3_600;
const patientTimeoutMs = 40_000;

/** A command of a user, and what disturbs it. */
export interface Command {
  readonly order: Order;
  readonly continueOnError: boolean;
  readonly targets: readonly string[] | undefined;
  /** Whether the same process first refreshes the resources. */
  readonly refreshes: boolean;
  /** Whether another process previews it. Only a plugin previews operations. */
  readonly previews: boolean;
  readonly faults: readonly Fault[];
  readonly limit: number | undefined;
  readonly killAtWrite: number | undefined;
  readonly timeoutMs: number;
}

export const undisturbed: Command = {
  order: "together",
  continueOnError: false,
  targets: undefined,
  refreshes: false,
  previews: true,
  faults: [],
  limit: undefined,
  killAtWrite: undefined,
  timeoutMs: patientTimeoutMs,
};

/** Runs the commands of one history. Each has a provider of its own, because claims and cached reads live as long as a command. */
export class CommandRunner {
  /** The state file. */
  readonly state = new Map<string, Saved>();
  /** The answers in the last command. */
  answers: Answer[] = [];
  private readonly ages = new Ages();

  /** @param folder - where programs tell their claims */
  constructor(
    private readonly adaptor: Adaptor,
    private readonly cloud: Cloud,
    private readonly folder: string,
    private readonly history: History,
    private readonly histogram: Histogram,
  ) {}

  /** `pulumi up`. @returns whether everything succeeded */
  up(program: Program, command: Command): Promise<boolean> {
    this.histogram.count("orders", command.order);
    const { order, continueOnError } = command;
    const targets = command.targets && new Set(command.targets);
    const desired = program.map((declared): Desired => {
      const eniId = eniAt(declared.eni).id;
      const others = this.cloud
        .held(eniId, declared.kind)
        .filter((address) => !declared.addresses.includes(address));
      const lists = declared.ownership === "exclusive" && declared.takesOver;
      return { ...declared, eniId, unassignOnCreate: lists ? others : [] };
    });
    for (const one of desired) this.countModes(one);
    const registrations = desired.map((one) => registrationOf(one, command.timeoutMs, this.adaptor));
    const targeted = desired.filter(({ name }) => targets?.has(name) ?? true);
    // A plugin does not know of resources outside the target.
    const untargeted = this.adaptor.tell ? desired.filter((one) => !targeted.includes(one)) : [];
    return this.command(command, targeted, untargeted, (engine) =>
      engine.up(registrations, { order, continueOnError, targets }),
    );
  }

  private countModes({ name, eniId, kind, ownership, count }: Desired): void {
    const mode = modeName(kind, ownership, count);
    this.histogram.count("modes", mode);
    const before = this.state.get(name);
    if (before === undefined) return;
    if (before.pendingReplacement) this.histogram.count("changes", "deleted for a replacement");
    else if (before.id !== eniId) this.histogram.count("changes", "another ENI");
    else {
      const { secondaryPrivateIpAddressCount, ipv4PrefixCount, ownership: ownershipBefore } = before.outputs;
      const countBefore = secondaryPrivateIpAddressCount ?? ipv4PrefixCount;
      const modeBefore = modeName(managedKind(before), ownershipBefore, countBefore);
      if (modeBefore !== mode) this.histogram.count("changes", `${modeBefore}→${mode}`);
    }
  }

  /** `pulumi refresh`. @returns whether everything succeeded */
  refresh(command: Command): Promise<boolean> {
    return this.command({ ...command, previews: false }, [], [], (engine) => engine.refresh());
  }

  /** `pulumi destroy`. @returns whether everything succeeded */
  destroy(command: Command): Promise<boolean> {
    const { order, continueOnError } = command;
    const targets = command.targets && new Set(command.targets);
    return this.command({ ...command, previews: false }, [], [], (engine) =>
      engine.destroy({ order, continueOnError, targets }),
    );
  }

  private async command(
    command: Command,
    desired: readonly Desired[],
    untargeted: readonly Desired[],
    run: (engine: EngineModel) => Promise<boolean>,
  ): Promise<boolean> {
    const { refreshes, faults, limit, killAtWrite } = command;
    const targets = command.targets && new Set(command.targets);
    const { control } = this.cloud.emulator;
    control.clearCalls();
    this.answers = [];
    // The refresh knows the resources by their names in the state.
    const renames = targets === undefined ? this.renamesIn(desired) : [];
    const newOracle = (ofCommand: readonly Desired[]) =>
      new Oracle(this.cloud, {
        eniCount: this.history.enis,
        replicas: this.history.replicaLagReads > 0,
        state: this.state,
        desired: ofCommand,
        untargeted,
        targets,
        faults,
        limited: limit !== undefined,
        kills: killAtWrite !== undefined,
        timeoutMs: command.timeoutMs,
        ages: this.ages,
        abandons:
          this.adaptor.name === "plugin" && refreshes ? new Set(renames.map(([, to]) => to)) : new Set(),
      });
    this.disturb(command);
    const begin = (state: Map<string, Saved>) => {
      for (const [from, to] of renames) this.rename(state, from, to);
    };
    if (!refreshes) begin(this.state);
    let oracle = newOracle(refreshes ? [] : desired);
    const preview = command.previews ? await this.preview(command, begin, run) : undefined;
    const isDisturbed = faults.length > 0 || limit !== undefined || killAtWrite !== undefined;
    if (preview?.succeeded === false && isDisturbed) {
      this.answers = [...preview.answers];
      this.calmDown();
      if (preview.violations.length > 0) throw new Error(preview.violations.join("\n"));
      return false;
    }
    if (killAtWrite !== undefined) control.setBehaviour({ latencyMs: 40 });
    const relay = killAtWrite === undefined ? undefined : await CuttableRelay.start(this.cloud.emulator.port);
    const { host, secrets } = await this.start(relay);
    const diffs = new DiffJudge();
    const kill = new SimulatedKill(this.cloud, host, relay, killAtWrite);
    const engine = new EngineModel(
      host,
      this.state,
      (answer) => {
        this.answers.push(answer);
        this.histogram.count("outcomes", `${answer.operation} ${answer.outcome}`);
        if (answer.outcome !== "done" && answer.outcome !== "killed")
          this.histogram.count("refusals", refusalIn(answer.message));
        oracle.judge(answer);
        secrets.judge(answer);
        diffs.judgeUpdate(answer);
        this.ages.update(answer);
      },
      () => kill.killed,
      {
        sends: (properties) => {
          secrets.learn(properties);
        },
        differs: (saved, inputs, diff) => {
          diffs.judge(saved, inputs, diff);
        },
        constructs: async (registration) => {
          if (this.adaptor.tell === undefined) return;
          await this.adaptor.tell(registration, host, this.folder);
          oracle.isKnown(registration.name);
        },
      },
    );
    let succeeded = true;
    const violations: string[] = [];
    if (refreshes) {
      succeeded = await engine.refresh(targets);
      oracle.judgeCalls();
      oracle.judgeOwners(this.state);
      violations.push(...oracle.violations);
      begin(this.state);
      oracle = newOracle(desired);
    }
    if (succeeded) succeeded = await run(engine);
    if (succeeded) oracle.judgeEnd(this.state);
    oracle.judgeCalls();
    await kill.end();
    await host.stop();
    if (!succeeded || faults.length > 0 || kill.killed) await this.cloud.awaitDelayedCalls(faults);
    oracle.judgeOwners(this.state);
    violations.push(...oracle.violations, ...secrets.violations, ...diffs.violations);
    if (preview !== undefined) {
      violations.push(...preview.violations);
      if (!isDisturbed) violations.push(...judgePreview(preview, this.answers, succeeded));
    }
    this.calmDown();
    if (kill.killed) this.histogram.count("faults", "killed");
    for (const { call } of this.cloud.writes())
      this.histogram.count("answers to writes", call.code ?? (call.status === null ? "lost" : "done"));
    if (violations.length > 0) throw new Error(violations.join("\n"));
    return succeeded;
  }

  /** The preview, in a process of its own. */
  private async preview(
    { refreshes, targets }: Command,
    begin: (state: Map<string, Saved>) => void,
    run: (engine: EngineModel) => Promise<boolean>,
  ): Promise<Preview | undefined> {
    if (!this.adaptor.previews) return undefined;
    const answers: Answer[] = [];
    const { host, secrets } = await this.start();
    const state = new Map(this.state);
    const engine = new EngineModel(
      host,
      state,
      (answer) => {
        answers.push(answer);
        secrets.judge(answer);
      },
      () => false,
      {
        isPreview: true,
        sends: (properties) => {
          secrets.learn(properties);
        },
      },
    );
    const mayGoOn = !refreshes || (await engine.refresh(targets && new Set(targets)));
    begin(state);
    const succeeded = mayGoOn && (await run(engine));
    await host.stop();
    const writes = this.cloud
      .writes()
      .map(({ operation, eni }) => `the preview has made an ${operation} on ${eni}`);
    for (const { operation, outcome, message } of answers)
      if (outcome !== "done") this.histogram.count("previews", `${operation}: ${refusalIn(message)}`);
    if (succeeded) this.histogram.count("previews", "done");
    return { succeeded, answers, violations: [...writes, ...secrets.violations] };
  }

  /** Starts the provider of a command. */
  private async start(relay?: CuttableRelay): Promise<{ host: Host; secrets: SecretsJudge }> {
    const host = await this.adaptor.start({
      env: {
        ...environmentFor(this.cloud.emulator),
        ...(relay && { ECS_ENDPOINT: relay.url }),
        ALICLOUD_SECONDARY_IPS_PACE: pace,
      },
      folder: this.folder,
      onLine: (line) => {
        secrets.judgeText("printed", line);
      },
    });
    const secrets = new SecretsJudge(host.acceptsSecrets);
    return { host, secrets };
  }

  /** The former and the new names of the resources that the program renames with an alias. */
  private renamesIn(desired: readonly Desired[]): [from: string, to: string][] {
    return desired.flatMap(({ name, alias }): [string, string][] =>
      alias !== undefined && this.state.has(alias) && !this.state.has(name) ? [[alias, name]] : [],
    );
  }

  private rename(state: Map<string, Saved>, from: string, to: string): void {
    if (!state.has(from)) return;
    rename(state, from, to, { getsNames: this.adaptor.name === "plugin" });
    if (state !== this.state) return;
    this.histogram.count("changes", "a rename with an alias");
    this.ages.rename(from, to);
  }

  /** Makes the cloud fail as the command says. */
  private disturb({ faults, limit }: Command): void {
    const { control } = this.cloud.emulator;
    if (this.history.quotaHidden) {
      const forbidden = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
      control.addFault({ action: "DescribeInstances", times: 1_000, effect: { error: forbidden } });
    }
    for (const fault of faults) {
      this.histogram.count("faults", nameOfFault(fault));
      this.cloud.addFault(fault);
    }
    if (limit !== undefined) {
      this.histogram.count("faults", "limits");
      const windows = { perMinute: limit, windowMs: 300 };
      control.setLimits({ AssignPrivateIpAddresses: windows, UnassignPrivateIpAddresses: windows });
    }
  }

  private calmDown(): void {
    const { control } = this.cloud.emulator;
    control.clearFaults();
    control.setLimits({});
    control.setBehaviour({ latencyMs: 0 });
  }
}

function modeName(kind: Kind, ownership: unknown, count: unknown): string {
  const what = kind === "address" ? "" : "prefix ";
  return count === undefined ? `${String(ownership)} ${what}list` : `${what}count`;
}

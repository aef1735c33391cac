import { startEmulator } from "alicloud-ecs-emulator";
import { CuttableRelay } from "../support/cuttable-relay";
import { environmentFor, region } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";
import { Cloud, eniAt } from "./cloud";
import { EngineModel, type Answer, type Saved } from "./engine";
import type { Histogram } from "./histogram";
import {
  enis,
  holdingOf,
  nameOfFault,
  type Fault,
  type History,
  type Holding,
  type Order,
  type Program,
  type UpStep,
} from "./history";
import { refusalIn } from "./refusals";
import { addressesOf, Ages, deleteTimeoutMs, holdingIn, Oracle, type Wanted } from "./oracle";

/**
 * The provider waits 900 ms for the answer to a call, and 1.8 s for an address that another ENI holds. Less would have
 * calls time out on a busy machine that no fault has touched.
 */
const pace = "0.03";
const timeoutMs = 3_600;
const patientTimeoutMs = 40_000;
/** How an operation ends that cannot get an address from another ENI. */
const heldElsewhere = /did not become free in time/;
/** How one ends that finds no room. */
const full = /it can hold \d+ while it is|can hold no more addresses/;

interface Command {
  readonly order: Order;
  /** Whether the same process reads everything first. */
  readonly refreshes: boolean;
  readonly faults: readonly Fault[];
  readonly limit: number | undefined;
  readonly killAtWrite: number | undefined;
  readonly timeoutMs: number;
}

const undisturbed: Command = {
  order: "together",
  refreshes: false,
  faults: [],
  limit: undefined,
  killAtWrite: undefined,
  timeoutMs: patientTimeoutMs,
};

/**
 * An emulator, on which histories run one after another. Each command has a provider of its own: claims and what was read
 * live as long as a command.
 */
export class Stage {
  private constructor(readonly cloud: Cloud) {}

  static async open(): Promise<Stage> {
    return new Stage(new Cloud(await startEmulator()));
  }

  async close(): Promise<void> {
    await this.cloud.emulator.close();
  }

  /** Runs a history, and throws where the oracle finds a violation. */
  async run(history: History, histogram: Histogram): Promise<void> {
    await new Telling(this.cloud, history, histogram).tell();
  }
}

/** One history on its stage. */
class Telling {
  private readonly state = new Map<string, Saved>();
  private program: Program = [];
  private answers: Answer[] = [];
  private readonly ages = new Ages();

  constructor(
    private readonly cloud: Cloud,
    private readonly history: History,
    private readonly histogram: Histogram,
  ) {}

  async tell(): Promise<void> {
    this.histogram.count("enis", String(this.history.enis));
    this.histogram.count("quotas", this.history.quotaHidden ? "hidden" : "readable");
    this.histogram.count("batches", this.history.batch);
    this.cloud.reset(this.history.enis, this.history.batch);
    for (const foreign of this.history.foreign) this.cloud.drift(foreign);
    for (const [index, step] of this.history.steps.entries()) {
      this.histogram.count("steps", step.kind);
      await this.within(`step ${index + 1} (${step.kind})`, () => this.take(step));
    }
    await this.within("the end", () => this.end());
  }

  private async take(step: History["steps"][number]): Promise<void> {
    switch (step.kind) {
      case "up":
        await this.upAsTold(step);
        return;
      case "refresh":
        await this.refresh({ ...undisturbed, faults: step.faults, timeoutMs });
        return;
      case "drift":
        this.cloud.drift(step.drift);
        return;
      case "status":
        this.histogram.count(
          "statuses",
          `${step.instance ? "instance " : ""}${step.status}→${step.then ?? "stays"}`,
        );
        this.cloud.changeStatus(step);
        return;
      case "eip":
        this.cloud.bindEip(step);
        return;
      case "managed":
        this.cloud.manage(step.eni, step.managed);
        return;
      case "behaviour": {
        const { batch, maxAddressesPerCall } = step;
        this.histogram.count("batches", batch);
        this.cloud.emulator.control.setBehaviour({ batch, maxAddressesPerCall });
      }
    }
  }

  private async upAsTold({
    program = this.program,
    order,
    refreshes,
    faults,
    limit,
    killAtWrite,
  }: UpStep): Promise<void> {
    this.program = program;
    if (refreshes) this.histogram.count("steps", "up --refresh");
    await this.up(program, { order, refreshes, faults, limit, killAtWrite, timeoutMs });
  }

  /** Everything calms down: what the program wants has to come true, and then nothing is left to do. */
  private async end(): Promise<void> {
    this.cloud.settle(this.history.enis);
    await this.must("refresh", this.refresh(undisturbed));
    const program = fitting(this.program.map((declared) => ({ ...declared, takesOver: true })));
    await this.changeKinds(program);
    const unreleased = this.unreleased(program);
    const crowded = this.isCrowded(program);
    if (unreleased.length === 0 && !crowded) {
      await this.converge(program);
    } else if (unreleased.length === 0) {
      this.histogram.count("ends", "crowded");
      await this.empty(program);
      await this.converge(program);
    } else {
      this.histogram.count("ends", "contradictory");
      // A count may keep just these, or others.
      const counts = program.some(({ count }) => count !== undefined);
      const succeeded = await this.up(program, undisturbed);
      if (succeeded && !counts)
        throw new Error(`up succeeded although ${unreleased.join(", ")} could not be released`);
      const failure = this.answers.find(({ outcome }) => outcome !== "done");
      const documented = crowded ? [heldElsewhere, full] : [heldElsewhere];
      if (!succeeded && !documented.some((text) => text.test(failure?.message ?? "")))
        throw new Error(`undocumented error for ${unreleased.join(", ")}: ${failure?.message ?? "none"}`);
      await this.empty(program);
      const seen = new Map<string, number>();
      await this.converge(
        program.map((declared) => ({
          ...declared,
          addresses: declared.addresses.filter((address) => {
            const first = seen.get(address) ?? declared.eni;
            seen.set(address, first);
            return first === declared.eni;
          }),
        })),
      );
    }
  }

  /** What an ENI holds of the other kind is not the resource's before a refresh in its new mode, as the refusal says. */
  private async changeKinds(program: Program): Promise<void> {
    if (!this.changesKind(program)) return;
    await this.up(program, undisturbed);
    await this.must("refresh after a change of kind", this.refresh(undisturbed));
  }

  /** Whether a resource that owns everything of one kind is to own everything of the other one. */
  private changesKind(program: Program): boolean {
    return program.some(({ name, eni, of, ownership }) => {
      const saved = this.state.get(name);
      if (saved?.id !== eniAt(eni).id || holdingIn(saved) === of) return false;
      return ownership === "exclusive" && saved.outputs.ownership === "exclusive";
    });
  }

  /** As the error says: empty lists for one `up`. What is left then is nobody's, and goes by hand. */
  private async empty(program: Program): Promise<void> {
    const emptied = program.map((declared) => ({
      ...declared,
      addresses: [],
      count: declared.count === undefined ? undefined : 0,
    }));
    // An up that found no room before it began has left the kind as it was.
    await this.changeKinds(emptied);
    await this.must("up with empty lists", this.up(emptied, undisturbed));
    enis.slice(0, this.history.enis).forEach(({ id }, eni) => {
      this.cloud.drift({ eni, assign: [], unassign: this.cloud.held(id), unassignAt: [] });
    });
  }

  /** Whether an ENI has no room for what is wanted beside what it holds, some of which others may have to release. */
  private isCrowded(program: Program): boolean {
    return enis.slice(0, this.history.enis).some(({ id, capacity }, eni) => {
      const here = program.filter((declared) => declared.eni === eni);
      const [only, ...others] = here;
      // One resource that owns everything makes room for itself, but among what it does not manage.
      if (only?.ownership === "exclusive" && others.length === 0) {
        const saved = this.state.get(only.name);
        const owned = saved?.id === id ? addressesOf(saved) : [];
        const beside = this.cloud
          .held(id)
          .filter((one) => holdingOf(one) !== only.of && !owned.includes(one)).length;
        return beside + (only.count ?? only.addresses.length) > capacity;
      }
      const wanted = here.flatMap(({ addresses }) => addresses);
      return new Set([...this.cloud.held(id), ...wanted]).size > capacity;
    });
  }

  private async converge(program: Program): Promise<void> {
    await this.must("the last up", this.up(program, undisturbed));
    for (const declared of program) {
      const saved = this.state.get(declared.name);
      const recorded = saved === undefined ? [] : addressesOf(saved);
      const asWanted =
        declared.count === undefined
          ? String(recorded) === String(declared.addresses)
          : recorded.length === declared.count;
      if (saved === undefined || !asWanted)
        throw new Error(
          `${declared.name} is recorded with [${saved ? addressesOf(saved).join(", ") : "nothing"}]`,
        );
      const held = this.cloud.held(eniAt(declared.eni).id, declared.of);
      const missing = recorded.filter((address) => !held.includes(address));
      const extra = held.filter((address) => !recorded.includes(address));
      if (missing.length > 0 || (declared.ownership === "exclusive" && extra.length > 0))
        throw new Error(`${declared.name}: missing [${missing.join(", ")}], too many [${extra.join(", ")}]`);
    }
    if (this.state.size !== program.length)
      throw new Error("a resource is in the state and not in the program");
    await this.must("one more up", this.up(program, undisturbed));
    const operations = this.answers.filter(({ operation }) => operation !== "check");
    if (operations.length > 0 || this.cloud.writes().length > 0)
      throw new Error(
        `an unchanged up was not without effect: ${operations.map(({ operation }) => operation).join()}`,
      );
    this.histogram.count("ends", "converged");
  }

  /** Wanted addresses that another ENI holds, and that nothing in the program makes it release before it is too late. */
  private unreleased(program: Program): string[] {
    const lists = (eni: number, address: string) =>
      program.some((one) => one.eni === eni && one.addresses.includes(address));
    const wishes = program.flatMap(({ eni, addresses }) => addresses.map((address) => ({ eni, address })));
    return wishes.flatMap(({ eni, address }) =>
      enis.slice(0, this.history.enis).flatMap(({ id }, other) => {
        if (other === eni) return [];
        if (lists(other, address)) return [`${address} of ${id}`];
        if (!this.cloud.held(id).includes(address)) return [];
        // A count may keep whatever is there, also what another resource is about to leave.
        const of = holdingOf(address);
        const mayBeKept = program.some(
          (one) => one.eni === other && one.of === of && one.count !== undefined,
        );
        const released = program.some(({ name, eni: on, of: managed, ownership }) => {
          const saved = this.state.get(name);
          const owns = saved?.id === id && addressesOf(saved).includes(address);
          const takesOver =
            on === other &&
            managed === of &&
            ownership === "exclusive" &&
            (saved?.id !== id || saved.outputs.ownership === "additive");
          return owns || takesOver;
        });
        return released && !mayBeKept ? [] : [`${address} of ${id}`];
      }),
    );
  }

  private async must(what: string, succeeds: Promise<boolean>): Promise<void> {
    if (await succeeds) return;
    const failures = this.answers.filter(({ outcome }) => outcome !== "done");
    throw new Error(
      `${what} failed: ${failures.map(({ name, operation, message }) => `${name}: ${operation}: ${message}`).join("; ")}`,
    );
  }

  private up(program: Program, command: Command): Promise<boolean> {
    this.histogram.count("orders", command.order);
    const wanted = program.map((declared): Wanted => {
      const eniId = eniAt(declared.eni).id;
      const inTheWay = this.cloud
        .held(eniId, declared.of)
        .filter((address) => !declared.addresses.includes(address));
      const lists = declared.ownership === "exclusive" && declared.takesOver;
      return { ...declared, eniId, unassignOnCreate: lists ? inTheWay : [] };
    });
    for (const one of wanted) this.countModes(one);
    const registrations = wanted.map((one) => ({ name: one.name, inputs: inputsOf(one, command.timeoutMs) }));
    return this.command(command, wanted, (engine) => engine.up(registrations, command.order));
  }

  private countModes({ name, eniId, of, ownership, count }: Wanted): void {
    const mode = nameOfMode(of, ownership, count);
    this.histogram.count("modes", mode);
    const before = this.state.get(name);
    if (before === undefined) return;
    if (before.id !== eniId) this.histogram.count("changes", "another ENI");
    else {
      const { secondaryPrivateIpAddressCount, ipv4PrefixCount, ownership: ownershipBefore } = before.outputs;
      const countBefore = secondaryPrivateIpAddressCount ?? ipv4PrefixCount;
      const modeBefore = nameOfMode(holdingIn(before), ownershipBefore, countBefore);
      if (modeBefore !== mode) this.histogram.count("changes", `${modeBefore}→${mode}`);
    }
  }

  private refresh(command: Command): Promise<boolean> {
    return this.command(command, [], (engine) => engine.refresh());
  }

  private async command(
    { refreshes, faults, limit, killAtWrite, timeoutMs: limitMs }: Command,
    wanted: readonly Wanted[],
    run: (engine: EngineModel) => Promise<boolean>,
  ): Promise<boolean> {
    const { control } = this.cloud.emulator;
    control.clearCalls();
    this.answers = [];
    const judgeOf = (some: readonly Wanted[]) =>
      new Oracle(this.cloud, {
        eniCount: this.history.enis,
        state: this.state,
        wanted: some,
        faults,
        limited: limit !== undefined,
        kills: killAtWrite !== undefined,
        timeoutMs: limitMs,
        ages: this.ages,
      });
    let oracle = judgeOf(refreshes ? [] : wanted);
    if (this.history.quotaHidden) {
      const forbidden = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
      control.addFault({ action: "DescribeInstances", times: 1_000, effect: { error: forbidden } });
    }
    for (const fault of faults) {
      this.histogram.count("faults", nameOfFault(fault));
      this.cloud.disturb(fault);
    }
    if (limit !== undefined) {
      this.histogram.count("faults", "limits");
      const windows = { perMinute: limit, windowMs: 300 };
      control.setLimits({ AssignPrivateIpAddresses: windows, UnassignPrivateIpAddresses: windows });
    }
    if (killAtWrite !== undefined) control.setBehaviour({ latencyMs: 40 });
    const relay = killAtWrite === undefined ? undefined : await CuttableRelay.start(this.cloud.emulator.port);
    const host = await InProcessHost.start({
      env: {
        ...environmentFor(this.cloud.emulator),
        ...(relay && { ECS_ENDPOINT: relay.url }),
        ALICLOUD_SECONDARY_IPS_PACE: pace,
      },
    });
    const killer = new Killer(this.cloud, host, relay, killAtWrite);
    const engine = new EngineModel(
      host,
      this.state,
      (answer) => {
        this.answers.push(answer);
        this.histogram.count("outcomes", `${answer.operation} ${answer.outcome}`);
        if (answer.outcome !== "done" && answer.outcome !== "killed")
          this.histogram.count("refusals", refusalIn(answer.message));
        oracle.hear(answer);
        this.ages.hear(answer);
      },
      () => killer.killed,
    );
    let succeeded = true;
    const violations: string[] = [];
    if (refreshes) {
      succeeded = await engine.refresh();
      oracle.judgeCalls();
      violations.push(...oracle.violations);
      oracle = judgeOf(wanted);
    }
    if (succeeded) succeeded = await run(engine);
    if (succeeded) oracle.judgeEnd(this.state);
    oracle.judgeCalls();
    violations.push(...oracle.violations);
    await killer.end();
    await host.stop();
    await this.cloud.calmDown(faults);
    control.clearFaults();
    control.setLimits({});
    control.setBehaviour({ latencyMs: 0 });
    if (killer.killed) this.histogram.count("faults", "killed");
    for (const { call } of this.cloud.writes())
      this.histogram.count("answers to writes", call.code ?? (call.status === null ? "lost" : "done"));
    if (violations.length > 0) throw new Error(violations.join("\n"));
    return succeeded;
  }

  private async within<T>(where: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const answers = this.answers.map(
        ({ name, operation, outcome, message }) => `${name} ${operation} ${outcome} ${message}`,
      );
      const writes = this.cloud
        .writes()
        .map(
          ({ call, kind, eni, addresses }) =>
            `${kind} ${eni} ${addresses.join()} → ${call.code ?? String(call.status)}`,
        );
      throw new Error([`${where}: ${String(error)}`, ...answers, ...writes].join("\n  "), { cause: error });
    }
  }
}

function nameOfMode(of: Holding, ownership: unknown, count: unknown): string {
  const what = of === "address" ? "" : "prefix ";
  return count === undefined ? `${String(ownership)} ${what}list` : `${what}count`;
}

/** The program with no more on an ENI than it has room for. */
function fitting(program: Program): Program {
  const listed = new Map<number, Set<string>>();
  return program.map((declared) => ({
    ...declared,
    count: declared.count === undefined ? undefined : Math.min(declared.count, eniAt(declared.eni).capacity),
    addresses: declared.addresses.filter((address) => {
      const onEni = listed.get(declared.eni) ?? new Set();
      listed.set(declared.eni, onEni);
      if (onEni.size < eniAt(declared.eni).capacity) onEni.add(address);
      return onEni.has(address);
    }),
  }));
}

/**
 * Kills the provider while its n-th write is under way. In one process with the provider, that is what the outside sees of a
 * kill: from one moment on, no call reaches the cloud, and no answer reaches the engine. `test/engine/crashes.test.ts` kills
 * real processes.
 */
class Killer {
  killed = false;
  private readonly timer: NodeJS.Timeout | undefined;
  private stopped: Promise<unknown> | undefined;

  constructor(
    cloud: Cloud,
    host: InProcessHost,
    private readonly relay: CuttableRelay | undefined,
    atWrite: number | undefined,
  ) {
    if (relay === undefined || atWrite === undefined) return;
    this.timer = setInterval(() => {
      if (this.killed || cloud.writes().length < atWrite) return;
      this.killed = true;
      this.stopped = Promise.all([relay.cut(), host.abandon()]);
    }, 2);
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.stopped;
    await this.relay?.cut();
  }
}

function declarationOf(of: Holding, addresses: readonly string[], count: number | undefined) {
  if (of === "address")
    return count === undefined
      ? { privateIpAddresses: [...addresses] }
      : { secondaryPrivateIpAddressCount: count };
  return count === undefined ? { ipv4Prefixes: [...addresses] } : { ipv4PrefixCount: count };
}

function inputsOf(
  { name, eniId, of, addresses, count, ownership, allowUnassignWithEip, unassignOnCreate }: Wanted,
  limitMs: number,
) {
  const limit = `${limitMs}ms`;
  return {
    networkInterfaceId: eniId,
    ...declarationOf(of, addresses, count),
    region,
    ...(ownership === "additive" ? { ownership } : {}),
    ...(allowUnassignWithEip ? { allowUnassignWithEip } : {}),
    ...(unassignOnCreate.length > 0 ? { unassignOnCreate: [...unassignOnCreate] } : {}),
    __internal: { name, timeouts: { create: limit, update: limit, delete: `${deleteTimeoutMs}ms` } },
  };
}

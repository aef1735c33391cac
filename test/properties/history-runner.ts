import { startEmulator } from "alicloud-ecs-emulator";
import type { Adaptor } from "./adaptors";
import { Cloud, eniAt } from "./cloud";
import { CommandRunner, timeoutMs, undisturbed } from "./command";
import type { Saved } from "./engine";
import type { Histogram } from "./histogram";
import { enis, kindOf, overlap, type Declared, type History, type Program, type UpStep } from "./history";
import { addressesOf, managedKind } from "./properties";
import { isRefusal } from "./refusals";

/** Runs histories one after another against its own emulator. */
export class HistoryRunner {
  private constructor(
    private readonly adaptor: Adaptor,
    private readonly cloud: Cloud,
    private readonly folder: string,
  ) {}

  /** @param folder - where programs tell their claims */
  static async open(adaptor: Adaptor, folder: string): Promise<HistoryRunner> {
    return new HistoryRunner(adaptor, new Cloud(await startEmulator()), folder);
  }

  async close(): Promise<void> {
    await this.cloud.emulator.close();
  }

  /** Runs a history. Throws if the oracle finds a violation. */
  async run(history: History, histogram: Histogram): Promise<void> {
    await new Run(this.adaptor, this.cloud, this.folder, history, histogram).execute();
  }
}

/** The run of one history. */
class Run {
  private program: Program = [];
  private readonly commands: CommandRunner;

  constructor(
    adaptor: Adaptor,
    private readonly cloud: Cloud,
    folder: string,
    private readonly history: History,
    private readonly histogram: Histogram,
  ) {
    this.commands = new CommandRunner(adaptor, cloud, folder, history, histogram);
  }

  async execute(): Promise<void> {
    this.histogram.count("enis", String(this.history.enis));
    this.histogram.count("quotas", this.history.quotaHidden ? "hidden" : "readable");
    this.histogram.count("batches", this.history.batch);
    this.histogram.count("replicas", this.history.replicaLagReads > 0 ? "2" : "1");
    this.histogram.count("freed addresses", this.history.releaseMs > 0 ? "busy" : "free");
    this.cloud.reset(this.history);
    for (const drift of this.history.initial) this.cloud.drift(drift);
    for (const [index, step] of this.history.steps.entries()) {
      if (step.type !== "destroy") this.histogram.count("steps", step.type);
      await this.withContext(`step ${index + 1} (${step.type})`, () => this.runStep(step));
    }
    await this.withContext("the end", () => this.end());
  }

  private async runStep(step: History["steps"][number]): Promise<void> {
    switch (step.type) {
      case "up":
        await this.runUp(step);
        return;
      case "destroy":
        this.histogram.count("steps", step.targets === undefined ? "destroy" : "destroy --target");
        await this.commands.destroy({ ...undisturbed, ...step, timeoutMs });
        return;
      case "refresh":
        await this.commands.refresh({ ...undisturbed, faults: step.faults, timeoutMs });
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
        this.cloud.setServiceManaged(step.eni, step.managed);
        return;
      case "occupied":
        this.cloud.occupy(step.addresses);
        return;
      case "behaviour": {
        const { batch, maxAddressesPerCall } = step;
        this.histogram.count("batches", batch);
        this.cloud.emulator.control.setBehaviour({ batch, maxAddressesPerCall });
      }
    }
  }

  private async runUp({ program = this.program, ...command }: UpStep): Promise<void> {
    this.program = program;
    if (command.refreshes) this.histogram.count("steps", "up --refresh");
    if (command.continueOnError) this.histogram.count("steps", "up --continue-on-error");
    if (command.targets !== undefined) this.histogram.count("steps", "up --target");
    await this.commands.up(program, { ...command, timeoutMs });
  }

  /** Without further faults, the program must converge. Then an unchanged up must do nothing. */
  private async end(): Promise<void> {
    this.cloud.settle(this.history.enis);
    await this.mustSucceed("refresh", this.commands.refresh(undisturbed));
    const program = fitting(
      this.program.map((declared) => ({ ...declared, takesOver: true, retained: false })),
    );
    await this.dropRetained(program);
    await this.changeKinds(program);
    const unreleased = this.unreleased(program);
    const isCrowded = this.isCrowded(program);
    if (unreleased.length === 0 && !isCrowded) {
      await this.converge(program);
    } else if (unreleased.length === 0) {
      this.histogram.count("ends", "crowded");
      await this.empty(program);
      await this.converge(program);
    } else {
      this.histogram.count("ends", "contradictory");
      // It may succeed with a count, which may keep these addresses or others.
      const counts = program.some(({ count }) => count !== undefined);
      const succeeded = await this.commands.up(program, undisturbed);
      if (succeeded && !counts)
        throw new Error(`up succeeded although no operation unassigns ${unreleased.join(", ")}`);
      const failure = this.commands.answers.find(({ outcome }) => outcome !== "done");
      const isDocumented =
        isRefusal("another ENI holds it", failure?.message ?? "") ||
        (isCrowded && isRefusal("no room", failure?.message ?? ""));
      if (!succeeded && !isDocumented)
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

  /** A replacement would leave the addresses on the old ENI, and is refused if the new resource lists one of them. */
  private async dropRetained(program: Program): Promise<void> {
    const moved = program.filter(({ name, eni }) => {
      const saved = this.commands.state.get(name);
      return saved?.retained === true && saved.id !== eniAt(eni).id;
    });
    if (moved.length === 0) return;
    const targets = moved.map(({ name }) => name);
    await this.mustSucceed("destroy", this.commands.destroy({ ...undisturbed, targets }));
  }

  /** After a change of kind, an exclusive resource owns the ENI's other addresses only after a refresh, as the refusal says. */
  private async changeKinds(program: Program): Promise<void> {
    if (!this.changesKind(program)) return;
    await this.commands.up(program, undisturbed);
    await this.mustSucceed("refresh after a change of kind", this.commands.refresh(undisturbed));
  }

  /** Whether an exclusive resource changes its kind. */
  private changesKind(program: Program): boolean {
    return program.some(({ name, eni, kind, ownership }) => {
      const saved = this.commands.state.get(name);
      if (!isOn(saved, eniAt(eni).id) || managedKind(saved) === kind) return false;
      return ownership === "exclusive" && saved.outputs.ownership === "exclusive";
    });
  }

  /** Follows the error's remedy: empty lists for one `up`. Then unassigns the unmanaged rest outside Pulumi. */
  private async empty(program: Program): Promise<void> {
    const emptied = program.map((declared) => ({
      ...declared,
      addresses: [],
      count: declared.count === undefined ? undefined : 0,
    }));
    // An up that failed for lack of room has not changed the kind yet.
    await this.changeKinds(emptied);
    await this.mustSucceed("up with empty lists", this.commands.up(emptied, undisturbed));
    enis.slice(0, this.history.enis).forEach(({ id }, eni) => {
      this.cloud.drift({ eni, assign: [], unassign: this.cloud.held(id), unassignAt: [] });
    });
  }

  /** Whether an ENI lacks room for the desired addresses in addition to those that it holds. */
  private isCrowded(program: Program): boolean {
    return enis.slice(0, this.history.enis).some(({ id, capacity }, eni) => {
      const here = program.filter((declared) => declared.eni === eni);
      const [only, ...others] = here;
      // A single exclusive resource can unassign what it owns, and all of its own kind, to make room.
      if (only?.ownership === "exclusive" && others.length === 0) {
        const saved = this.commands.state.get(only.name);
        const owned = isOn(saved, id) ? addressesOf(saved) : [];
        const others = this.cloud
          .held(id)
          .filter((one) => kindOf(one) !== only.kind && !owned.includes(one)).length;
        return others + (only.count ?? only.addresses.length) > capacity;
      }
      const desired = here.flatMap(({ addresses }) => addresses);
      return new Set([...this.cloud.held(id), ...desired]).size > capacity;
    });
  }

  private async converge(program: Program): Promise<void> {
    const succeeded = await this.commands.up(program, undisturbed);
    if (!succeeded && this.hasPickedWhatOthersList(program)) {
      this.histogram.count("ends", "picked what another resource lists");
      return;
    }
    await this.mustSucceed("the last up", Promise.resolve(succeeded));
    for (const declared of program) {
      const saved = this.commands.state.get(declared.name);
      const recorded = saved === undefined ? [] : addressesOf(saved);
      const isAsDesired =
        declared.count === undefined
          ? String(recorded) === String(declared.addresses)
          : recorded.length === declared.count;
      if (saved === undefined || !isAsDesired)
        throw new Error(
          `${declared.name} is recorded with [${saved ? addressesOf(saved).join(", ") : "nothing"}]`,
        );
      const held = this.cloud.held(eniAt(declared.eni).id, declared.kind);
      const missing = recorded.filter((address) => !held.includes(address));
      const extra = held.filter((address) => !recorded.includes(address));
      if (missing.length > 0 || (declared.ownership === "exclusive" && extra.length > 0))
        throw new Error(`${declared.name}: missing [${missing.join(", ")}], surplus [${extra.join(", ")}]`);
    }
    if (this.commands.state.size !== program.length)
      throw new Error("a resource is in the state and not in the program");
    await this.mustSucceed("the unchanged up", this.commands.up(program, undisturbed));
    const operations = this.commands.answers.filter(({ operation }) => operation !== "check");
    if (operations.length > 0 || this.cloud.writes().length > 0)
      throw new Error(
        `the unchanged up made ${this.cloud.writes().length} write calls and the operations [${operations.map(({ operation }) => operation).join()}]`,
      );
    this.histogram.count("ends", "converged");
  }

  /** Whether all failures are for addresses that the cloud has picked on another ENI: it does not know of the lists. */
  private hasPickedWhatOthersList(program: Program): boolean {
    const picked = program
      .filter(({ count }) => count !== undefined)
      .flatMap(({ name }) =>
        this.commands.state.has(name) ? addressesOf(this.commands.state.get(name) as Saved) : [],
      );
    return this.commands.answers
      .filter(({ outcome }) => outcome !== "done")
      .every(({ name, message }) => {
        const listed = program.find((one) => one.name === name)?.addresses ?? [];
        const isPicked = listed.some((one) => picked.some((other) => overlap(one, other)));
        return isPicked && isRefusal("another ENI holds it", message);
      });
  }

  /** Desired addresses that another ENI holds, and that no operation of the program unassigns in time. */
  private unreleased(program: Program): string[] {
    const lists = (eni: number, address: string) =>
      program.some((one) => one.eni === eni && one.addresses.includes(address));
    const listed = program.flatMap(({ eni, addresses }) => addresses.map((address) => ({ eni, address })));
    return listed.flatMap(({ eni, address }) =>
      enis.slice(0, this.history.enis).flatMap(({ id }, other) => {
        if (other === eni) return [];
        if (lists(other, address)) return [`${address} of ${id}`];
        const holding = this.cloud.held(id).filter((one) => overlap(one, address));
        if (holding.length === 0) return [];
        if (!holding.includes(address)) return [`${holding.join(", ")} of ${id}`];
        // A count may keep any address of the ENI, also one that another resource unassigns.
        const kind = kindOf(address);
        const mayBeKept = program.some(
          (one) => one.eni === other && one.kind === kind && one.count !== undefined,
        );
        const released = program.some((declared) => {
          const { name, eni: on, kind: managed, ownership } = declared;
          const saved = this.commands.state.get(name);
          const isPresent = isOn(saved, id);
          const owns =
            isPresent &&
            addressesOf(saved).includes(address) &&
            (on === other || deletesFirst(declared, saved));
          const takesOver =
            on === other &&
            managed === kind &&
            ownership === "exclusive" &&
            (!isPresent || saved.outputs.ownership === "additive");
          return owns || takesOver;
        });
        return released && !mayBeKept ? [] : [`${address} of ${id}`];
      }),
    );
  }

  private async mustSucceed(what: string, succeeds: Promise<boolean>): Promise<void> {
    if (await succeeds) return;
    const failures = this.commands.answers.filter(({ outcome }) => outcome !== "done");
    throw new Error(
      `${what} failed: ${failures.map(({ name, operation, message }) => `${name}: ${operation}: ${message}`).join("; ")}`,
    );
  }

  private async withContext<T>(where: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const answers = this.commands.answers.map(
        ({ name, operation, outcome, message }) => `${name} ${operation} ${outcome} ${message}`,
      );
      const writes = this.cloud
        .writes()
        .map(
          ({ call, operation, eni, addresses }) =>
            `${operation} ${eni} ${addresses.join()} → ${call.code ?? String(call.status)}`,
        );
      throw new Error([`${where}: ${String(error)}`, ...answers, ...writes].join("\n  "), { cause: error });
    }
  }
}

/** Whether a resource of the state is on the ENI: a replacement has not deleted it. */
function isOn(saved: Saved | undefined, eniId: string): saved is Saved {
  return saved?.id === eniId && !saved.pendingReplacement;
}

/** Whether a replacement deletes first. Else the old ENI releases its addresses at the end of the run. */
function deletesFirst({ addresses }: Declared, saved: Saved): boolean {
  return addressesOf(saved).some((one) => addresses.includes(one));
}

/** The program, reduced to the quota of each ENI. */
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

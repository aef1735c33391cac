import { EventEmitter } from "node:events";
import { changeBehaviour, defaultBehaviour } from "../world/behaviour";
import type { Behaviour, BehaviourChange } from "../world/behaviour";
import type { Clock } from "../world/clock";
import type { DataFile, Unwritten } from "../storage/data-file";
import { DataFileError, reasonOf } from "../storage/data-file-error";
import { parseStateDocument } from "../world/state-document-schema";
import { World } from "../world/world";
import { CallLimits } from "./call-limits";
import { CallLog } from "./call-log";
import { Faults } from "./faults";

/** What one running emulator knows: its world, and how it treats calls. */
export class EmulatorState {
  readonly calls: CallLog;
  readonly faults = new Faults();
  /** For watchers: the world may have changed. Transitions are not announced. */
  readonly changes = new EventEmitter<{ world: [] }>().setMaxListeners(0);
  readonly limits: CallLimits;
  readonly clock: Clock;
  readonly #dataFile: DataFile | undefined;
  readonly #start: { readonly behaviour: Behaviour; readonly document: unknown };
  #behaviour: Behaviour;
  #world: World;
  /** Whether the data file has this world, as it was when it was written last. */
  #isInFile = false;
  #unreported: unknown;
  /** The world that the data file has where another one is in its place. */
  #formerWorld: World | undefined;

  /**
   * @param document - the world to start with, unless the data file has one
   */
  constructor(
    clock: Clock,
    behaviour: BehaviourChange,
    document: unknown,
    dataFile?: DataFile,
    callLogSize?: number,
  ) {
    this.calls = new CallLog(callLogSize);
    this.clock = clock;
    this.limits = new CallLimits(clock);
    this.#behaviour = changeBehaviour(defaultBehaviour, behaviour);
    this.#dataFile = dataFile;
    this.#world = dataFile?.saved
      ? World.restore(clock, () => this.#behaviour, dataFile.saved)
      : this.#make(document);
    if (dataFile?.saved) this.#world.keepChanges();
    dataFile?.writeFrom(() => this.#unwritten());
    // A copy: the program may change its seed afterwards.
    this.#start = {
      behaviour: this.#behaviour,
      document: dataFile?.saved ? this.#world.save() : structuredClone(document),
    };
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  changeBehaviour(change: BehaviourChange): void {
    this.#behaviour = changeBehaviour(this.#behaviour, change);
  }

  /** Ends all disturbance, and what is left of it in reads. */
  clearFaults(): void {
    this.faults.clear();
    this.#world.staleReads.clear();
  }

  get world(): World {
    return this.#world;
  }

  /**
   * Puts another world in the place of this one, or throws and leaves it. Calls that are under way end in the old
   * world: they cannot disturb the new one.
   */
  replaceWorld(document: unknown): void {
    const world = this.#make(document);
    world.noteNewcomers(this.#world.resources);
    this.#putWorld(world);
  }

  /** Back to the start: its world, its behaviour, no limits, no faults, no calls. Calls under way end in the old world. */
  reset(): void {
    this.#putWorld(this.#make(this.#start.document));
    this.#behaviour = this.#start.behaviour;
    this.limits.set({});
    this.faults.clear();
    this.calls.clear();
  }

  /**
   * Must be called in one step with each change of the world, and waited for before an answer shows the change: resolves when
   * the data file, if there is one, has it. Rejects if it cannot be written: the change is then undone.
   */
  async changed(): Promise<void> {
    this.changes.emit("world");
    await this.#dataFile?.write();
  }

  /** Must be called in one step with each read, and waited for before its answer: a change that may be undone is not shown. */
  async kept(): Promise<void> {
    await this.#dataFile?.written();
  }

  /** Notes the failure of a change that has no caller to learn of it. */
  reportAtClose(error: unknown): void {
    this.#unreported ??= error;
  }

  /** Leaves the data file to others, with the last of the changes in it. */
  async close(): Promise<void> {
    await this.#dataFile?.close();
    const cause = this.#unreported;
    this.#unreported = undefined;
    if (cause !== undefined)
      throw new DataFileError(`a change of the program was not kept: ${reasonOf(cause)}`, { cause });
  }

  #make(document: unknown): World {
    const world = new World(this.clock, () => this.#behaviour, parseStateDocument(document));
    if (this.#dataFile) world.keepChanges();
    return world;
  }

  #putWorld(world: World): void {
    this.#formerWorld ??= this.#world;
    this.#world = world;
  }

  /** What the data file does not have yet. */
  #unwritten(): Unwritten | undefined {
    const world = this.#world;
    const former = this.#formerWorld;
    const isInFile = this.#isInFile && !former;
    const taken = world.takeChanges();
    if (isInFile && !taken) return undefined;
    this.#isInFile = true;
    this.#formerWorld = undefined;
    return {
      change: isInFile ? taken?.change : undefined,
      whole: () => world.saveAll(),
      undo: () => {
        taken?.undo();
        if (!former) return;
        former.takeChanges()?.undo();
        this.#world = former;
      },
    };
  }
}

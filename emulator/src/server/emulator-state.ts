import { EventEmitter } from "node:events";
import { changeBehaviour, defaultBehaviour } from "../world/behaviour";
import type { Behaviour, BehaviourChange } from "../world/behaviour";
import type { Clock } from "../world/clock";
import type { DataFile } from "../storage/data-file";
import { parseStateDocument } from "../world/state-document-schema";
import { World } from "../world/world";
import { CallLimits } from "./call-limits";
import { CallLog } from "./call-log";
import { Faults } from "./faults";

/** What one running emulator knows: its world, and how it treats calls. */
export class EmulatorState {
  readonly calls = new CallLog();
  readonly faults = new Faults();
  /** For whoever watches: the world may be another one. What follows by itself in it is not announced. */
  readonly changes = new EventEmitter<{ world: [] }>().setMaxListeners(0);
  readonly limits: CallLimits;
  readonly clock: Clock;
  readonly #dataFile: DataFile | undefined;
  readonly #start: { readonly behaviour: Behaviour; readonly document: unknown };
  #behaviour: Behaviour;
  #world: World;

  /**
   * @param document - the world to start with, unless the data file has one
   */
  constructor(clock: Clock, behaviour: BehaviourChange, document: unknown, dataFile?: DataFile) {
    this.clock = clock;
    this.limits = new CallLimits(clock);
    this.#behaviour = changeBehaviour(defaultBehaviour, behaviour);
    this.#dataFile = dataFile;
    this.#world = dataFile?.saved
      ? World.restore(clock, () => this.#behaviour, dataFile.saved)
      : this.#make(document);
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
    this.#world = world;
  }

  /** Back to the start: its world, its behaviour, no limits, no faults, no calls. Calls under way end in the old world. */
  reset(): void {
    this.#world = this.#make(this.#start.document);
    this.#behaviour = this.#start.behaviour;
    this.limits.set({});
    this.faults.clear();
    this.calls.clear();
  }

  /**
   * To be called when the world may have changed, and waited for before anybody is told that it has: resolves once the
   * change would outlive the process, as far as there is a data file.
   */
  async changed(): Promise<void> {
    this.changes.emit("world");
    await this.#dataFile?.write(() => this.#world.saveAll());
  }

  /** To be waited for before anybody is told what was read: what a kill could still undo is not to be seen. */
  async kept(): Promise<void> {
    await this.#dataFile?.written();
  }

  /** Leaves the data file to others, with the last of the changes in it. */
  async close(): Promise<void> {
    await this.#dataFile?.close(() => this.#world.saveAll());
  }

  #make(document: unknown): World {
    return new World(this.clock, () => this.#behaviour, parseStateDocument(document));
  }
}

import { changeBehaviour, defaultBehaviour } from "../world/behaviour";
import type { Behaviour, BehaviourChange } from "../world/behaviour";
import type { Clock } from "../world/clock";
import { parseStateDocument } from "../world/state-document";
import { World } from "../world/world";
import { CallLimits } from "./call-limits";
import { CallLog } from "./call-log";
import { Faults } from "./faults";

/** What one running emulator knows: its world, and how it treats calls. */
export class EmulatorState {
  readonly calls = new CallLog();
  readonly faults = new Faults();
  readonly limits: CallLimits;
  readonly clock: Clock;
  #behaviour: Behaviour;
  #world: World;

  constructor(clock: Clock, behaviour: BehaviourChange, document: unknown) {
    this.clock = clock;
    this.limits = new CallLimits(clock);
    this.#behaviour = changeBehaviour(defaultBehaviour, behaviour);
    this.#world = this.#make(document);
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
    this.#world = this.#make(document);
  }

  #make(document: unknown): World {
    return new World(this.clock, () => this.#behaviour, parseStateDocument(document));
  }
}

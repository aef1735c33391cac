import type { ListName } from "./state-document";
import { tableOf } from "./tables";
import type { Resources } from "./tables";

/** A list of the document, or the ClientTokens. */
export type ChangedKind = ListName | "tokens";

/** What changed since changes were taken last. */
export interface ChangeSet {
  /** The ids that were added, changed or removed. */
  readonly ids: ReadonlyMap<ChangedKind, ReadonlySet<string>>;
  /** Undoes the changes. Later ones must be undone before. */
  readonly undo: () => void;
}

interface Step {
  readonly kind: ChangedKind;
  readonly id: string;
  readonly undo: () => void;
}

/** Notes the changes of a world, so that they can be written down or undone. */
export class Changes {
  #steps: Step[] = [];
  #isKept = false;
  #attempts = 0;
  #isUndoing = false;

  constructor(resources: Resources) {
    for (const list of Object.keys(resources) as ListName[]) {
      const table = tableOf(resources, list);
      table.watch((id, before) => {
        this.note(list, id, () => {
          if (before) table.set(id, before);
          else table.delete(id);
        });
      });
    }
  }

  /** Keeps changes from now on until they are taken. */
  keep(): void {
    this.#isKept = true;
  }

  /** Notes a change and how it is undone. */
  note(kind: ChangedKind, id: string, undo: () => void): void {
    if (this.#isUndoing || (!this.#isKept && this.#attempts === 0)) return;
    this.#steps.push({ kind, id, undo });
  }

  /** Does something as a whole: if it throws, its changes are undone. */
  attempt<Result>(work: () => Result): Result {
    const begin = this.#steps.length;
    this.#attempts++;
    try {
      return work();
    } catch (error) {
      this.#undo(this.#steps.splice(begin));
      throw error;
    } finally {
      this.#attempts--;
      if (!this.#isKept && this.#attempts === 0) this.#steps = [];
    }
  }

  /** Takes what was kept; undefined where nothing has changed. */
  take(): ChangeSet | undefined {
    const steps = this.#steps;
    if (steps.length === 0) return undefined;
    this.#steps = [];
    const ids = new Map<ChangedKind, Set<string>>();
    for (const { kind, id } of steps) ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
    return {
      ids,
      undo: () => {
        this.#undo(steps);
      },
    };
  }

  #undo(steps: readonly Step[]): void {
    this.#isUndoing = true;
    try {
      for (const { undo } of [...steps].reverse()) undo();
    } finally {
      this.#isUndoing = false;
    }
  }
}

import { unknownValue } from "../resource/inputs";
import { defaults, modes, type ModeInput } from "../resource/model";
import { sameAddresses } from "../shared/addresses";
import { modeOf } from "./state";

type Properties = Readonly<Record<string, unknown>>;

/** How a property changes. @internal */
export interface PropertyChange {
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
  /** Whether the old value is that of the old inputs, else that of the old outputs. */
  readonly fromInputs: boolean;
}

/** The two halves of a state and the new inputs, as plain values. @internal */
export interface Change {
  readonly oldInputs: Properties;
  readonly oldOutputs: Properties;
  readonly newInputs: Properties;
  /** The input that the outputs describe. It differs from that of the old inputs after a failed update. */
  readonly oldMode: ModeInput | undefined;
  /** Whether the resource owns only what the new inputs list of the old list, and unassigns nothing. */
  readonly leavesOthers?: boolean;
  readonly replaces: readonly string[];
}

/**
 * The changes of a resource by their paths: each address that is added or removed, and each other input that differs.
 *
 * A list is a set, so that an address at another index is no change. An addition and a removal at one index are one update.
 * Pulumi shows the old value at the path in the state, and the new one at the path in the program.
 * @internal
 */
export function detailedDiff(change: Change): ReadonlyMap<string, PropertyChange> {
  const { oldInputs, newInputs, replaces } = change;
  const found = new Map<string, PropertyChange>();
  const note = (path: string, kind: PropertyChange["kind"], fromInputs = true) => {
    found.set(path, { kind, replaces: replaces.includes(path), fromInputs });
  };
  for (const name of ["networkInterfaceId", "region", "ownership", "allowUnassignWithEip"]) {
    const [before, after] = [oldInputs[name], newInputs[name]].map((value) => value ?? defaultOf(name));
    if (before !== after || replaces.includes(name))
      note(name, kindOf(oldInputs[name] !== undefined, newInputs[name] !== undefined));
  }
  for (const [path, kind] of listChanges("unassignOnCreate", listIn(oldInputs), listIn(newInputs)))
    note(path, kind);
  noteTarget(change, note);
  return found;

  function listIn(inputs: Properties): unknown {
    return inputs.unassignOnCreate;
  }
}

type Note = (path: string, kind: PropertyChange["kind"], fromInputs?: boolean) => void;

function noteTarget({ oldInputs, oldOutputs, newInputs, oldMode, leavesOthers }: Change, note: Note): void {
  const newMode = modeOf(newInputs);
  // Drift and failures change the outputs; the inputs are as the program had them.
  const fromInputs = oldMode !== undefined && describesOutputs(oldMode, oldInputs, oldOutputs);
  const old = fromInputs ? oldInputs : oldOutputs;
  if (oldMode !== newMode) {
    if (oldMode !== undefined) note(oldMode, "delete", fromInputs);
    if (newMode !== undefined) note(newMode, "add");
    return;
  }
  if (newMode === undefined) return;
  if (modes[newMode].target === "list") {
    const after = newInputs[newMode];
    const before = leavesOthers === true ? listedIn(old[newMode], after) : old[newMode];
    for (const [path, kind] of listChanges(newMode, before, after)) note(path, kind, fromInputs);
  } else if (old[newMode] !== newInputs[newMode]) note(newMode, "update", fromInputs);
}

/** What of the first list is in the second one too. */
function listedIn(list: unknown, other: unknown): unknown {
  return Array.isArray(list) && Array.isArray(other) ? list.filter((one) => other.includes(one)) : list;
}

function describesOutputs(mode: ModeInput, inputs: Properties, outputs: Properties): boolean {
  const [given, held] = [inputs[mode], outputs[mode]];
  return Array.isArray(given) && Array.isArray(held)
    ? sameAddresses(given as string[], held as string[])
    : given === held;
}

/** The changes of a list whose order means nothing. */
function listChanges(name: string, before: unknown, after: unknown): Map<string, PropertyChange["kind"]> {
  const changes = new Map<string, PropertyChange["kind"]>();
  if (!Array.isArray(before) || !Array.isArray(after)) {
    if (before === after || (before === undefined && after === undefined)) return changes;
    return changes.set(name, kindOf(before !== undefined, after !== undefined));
  }
  for (const index of onlyIn(before, after)) changes.set(`${name}[${index}]`, "delete");
  for (const index of onlyIn(after, before)) {
    const path = `${name}[${index}]`;
    changes.set(path, changes.has(path) ? "update" : "add");
  }
  return changes;
}

/** The indices of what is only in the first list. A value that is not known yet is in no other list. */
function onlyIn(list: readonly unknown[], other: readonly unknown[]): number[] {
  return list.flatMap((one, index) => (one !== unknownValue && other.includes(one) ? [] : [index]));
}

function kindOf(wasThere: boolean, isThere: boolean): PropertyChange["kind"] {
  if (!wasThere) return "add";
  return isThere ? "update" : "delete";
}

function defaultOf(name: string): unknown {
  return (defaults as Properties)[name];
}

/**
 * The change of a resource whose values stay the same: a value has become secret, or another resource of the run has unassigned
 * an address.
 * @internal
 */
export function unseenChange(newInputs: Properties): ReadonlyMap<string, PropertyChange> {
  const mode = modeOf(newInputs);
  const change: PropertyChange = { kind: "update", replaces: false, fromInputs: true };
  return new Map(mode === undefined ? [] : [[mode, change]]);
}

/** The properties that stay the same in an update of this resource. @internal */
export function stableOutputs(replaces: readonly string[]): readonly string[] {
  return replaces.length > 0 ? [] : ["networkInterfaceId", "region", "primaryIpAddress", "vswitchId"];
}

import { withoutSecrets, type Diff, type Properties, type PropertyChange } from "../support/provider-host";
import type { Answer, Saved } from "./engine";
import { listIn } from "./properties";

type Paths = ReadonlyMap<string, PropertyChange>;

const lists = ["privateIpAddresses", "ipv4Prefixes"];

/** Judges the diffs of one command: their paths, the marks of a replacement, and what stays the same in an update. */
export class DiffJudge {
  readonly violations: string[] = [];
  private readonly stables = new Map<string, readonly string[]>();

  /** Judges the diff between a state and checked inputs. A dynamic provider has no paths. */
  judge(saved: Saved, inputs: Properties, { changes, replaces, paths, stables = [] }: Diff): void {
    if (paths === undefined) return;
    this.stables.set(saved.name, stables);
    const violate = (text: string) => {
      const all = [...paths.keys()].join(", ");
      this.violations.push(`${saved.name}: diff: ${text}; its paths are [${all}]`);
    };
    if (changes !== paths.size > 0) violate(changes ? "a change without a path" : "paths without a change");
    const marked = [...paths].flatMap(([path, one]) => (one.replaces ? [path] : []));
    if (sorted(marked) !== sorted(replaces))
      violate(`replaces are [${sorted(replaces)}], marked are [${sorted(marked)}]`);
    // A path of the whole list: the mode has changed, or the list has become secret.
    for (const name of lists.filter((one) => inputs[one] !== undefined && !paths.has(one))) {
      const [before, after] = [listIn(saved.outputs, name), listIn(inputs, name)];
      const shown = shownIn(name, paths, saved, inputs);
      const added = after.filter((one) => !before.includes(one));
      const removed = before.filter((one) => !after.includes(one));
      if (sorted(shown.added) !== sorted(added) || sorted(shown.removed) !== sorted(removed))
        violate(
          `${name} gets [${sorted(added)}] and loses [${sorted(removed)}], but it shows [${sorted(shown.added)}] and [${sorted(shown.removed)}]`,
        );
    }
  }

  /** Judges the answer to an update. */
  judgeUpdate({ name, operation, outcome, before, after }: Answer): void {
    if (operation !== "update" || outcome !== "done" || before === undefined || after === undefined) return;
    for (const key of this.stables.get(name) ?? []) {
      const [was, is] = [before, after].map(({ outputs }) => JSON.stringify(withoutSecrets(outputs[key])));
      if (was !== is)
        this.violations.push(
          `${name}: update: ${key} is stable, but changes from ${String(was)} to ${String(is)}`,
        );
    }
  }
}

/** The addresses that the paths show. The old one of a path is in the old inputs or in the outputs. */
function shownIn(name: string, paths: Paths, saved: Saved, inputs: Properties) {
  const added: string[] = [];
  const removed: string[] = [];
  for (const [path, { kind, inInputs }] of paths) {
    const [, list, index] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
    if (list !== name) continue;
    const at = (addresses: readonly string[]) => addresses[Number(index)] ?? "nothing";
    if (kind !== "add") removed.push(at(listIn(inInputs ? saved.inputs : saved.outputs, name)));
    if (kind !== "delete") added.push(at(listIn(inputs, name)));
  }
  return { added, removed };
}

function sorted(texts: readonly string[]): string {
  return [...texts].sort().join(", ");
}

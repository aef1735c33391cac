import { sameAddresses } from "../shared/addresses";
import { identityOf } from "./hidden-inputs";
import type { Identified } from "./ledger";
import { importedFor, type Desired, type Recorded } from "./model";

/** A resource of the program, as check and diff have seen it. */
interface ProgramEntry {
  /** Its identities in the program and in both halves of the state. */
  readonly identities: Set<string>;
  /** The ENIs that it has in the program and in the state. */
  readonly networkInterfaceIds: Set<string | undefined>;
  /** Whether the state has the resource. `pulumi up --replace` hides that from check. */
  isInState: boolean;
  /** Whether the engine deletes it from the state only, and calls no delete. */
  isRetained: boolean;
  /** What its state owned before this run, as diff has seen it. */
  owned: readonly string[] | undefined;
  /** The ENI that it leaves by a replacement, before its create on the new ENI. */
  replacedOn: string | undefined;
  desired: Desired;
}

/**
 * The options that the program gives in this run. The delete of the old resource in a replacement needs them: the engine
 * passes it only what the state has recorded, and an error may have asked the user to change that.
 * @internal
 */
export class ProgramOptions {
  private readonly entries = new Map<string, ProgramEntry>();

  /** Records a check. Its old inputs are of the last run; the outputs, which diff gets, can be older. */
  noteCheck(context: Identified, before: Recorded, desired: Desired): void {
    const entry = this.note(context, before, desired);
    if (before.networkInterfaceId !== undefined) entry.isRetained = before.hidden.retainOnDelete ?? false;
  }

  /** Records a diff, and whether it found that the resource has to be replaced. */
  noteDiff(context: Identified, before: Recorded, desired: Desired, isReplaced: boolean): void {
    const entry = this.note(context, before, desired);
    entry.owned = before.owned;
    entry.replacedOn = isReplaced ? before.networkInterfaceId : undefined;
  }

  /** Records that a create begins. A delete that follows does not come before its replacement. */
  noteCreate({ identity }: Identified): void {
    const entry = this.entries.get(identity);
    if (entry !== undefined) entry.replacedOn = undefined;
  }

  /** What a create will ask for that follows on the delete of this resource. */
  createdAfter(recorded: Recorded): Desired | undefined {
    const entry = this.successorOf(recorded);
    return entry?.replacedOn !== undefined && entry.replacedOn === recorded.networkInterfaceId
      ? entry.desired
      : undefined;
  }

  /** Whether the old resource of a replacement keeps its addresses. */
  isRetained({ identity }: Identified): boolean {
    return this.entries.get(identity)?.isRetained ?? false;
  }

  private note({ identity, formerIdentity }: Identified, before: Recorded, desired: Desired): ProgramEntry {
    const entry = this.entries.get(identity) ?? {
      identities: new Set([identity]),
      networkInterfaceIds: new Set(),
      isInState: false,
      isRetained: false,
      owned: undefined,
      replacedOn: undefined,
      desired,
    };
    entry.identities.add(formerIdentity ?? identity);
    entry.networkInterfaceIds.add(desired.networkInterfaceId).add(before.networkInterfaceId);
    entry.isInState ||= before.networkInterfaceId !== undefined;
    entry.desired = desired;
    this.entries.set(identity, entry);
    return entry;
  }

  /**
   * The record of an old resource, with the options of the program in place of the recorded ones. An option that is not
   * known yet stays as recorded, and so do those of a resource that the program no longer has. Of an import, it owns what the
   * program says.
   */
  applyTo(recorded: Recorded): Recorded {
    const desired = this.successorOf(recorded)?.desired;
    if (desired === undefined) return recorded;
    const { allowUnassignWithEip = recorded.allowUnassignWithEip, hidden } = desired;
    return {
      ...importedFor(recorded, desired),
      allowUnassignWithEip,
      hidden: {
        ...recorded.hidden,
        timeouts:
          hidden.timeouts === undefined
            ? recorded.hidden.timeouts
            : { ...recorded.hidden.timeouts, delete: hidden.timeouts.delete },
      },
    };
  }

  /** The resource that replaces this one. */
  private successorOf({ networkInterfaceId, owned, hidden }: Recorded): ProgramEntry | undefined {
    const identity = identityOf(hidden);
    const ofName = [...this.entries.values()].filter(({ identities }) => identities.has(identity));
    const ofState = ofName.filter((entry) => entry.owned && sameAddresses(entry.owned, owned));
    // A state keeps a former name until its next update. By now, another resource may have had that name.
    const others = ofName.filter((entry) => entry === this.entries.get(identity) || !entry.owned);
    const named = [...new Set([...ofState, ...others])];
    // After a failed delete, the next run deletes the old resource on an ENI that no check has named. A new resource that
    // has the name of a deleted one is not in the state.
    return (
      named.find(({ networkInterfaceIds }) => networkInterfaceIds.has(networkInterfaceId)) ??
      named.find(({ isInState }) => isInState && named.length === 1)
    );
  }
}

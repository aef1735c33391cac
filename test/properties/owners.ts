import type { Saved } from "./engine";
import { kindOf } from "./history";
import type { Desired } from "./program";
import { listedIn } from "./properties";

/** The states and the program around a command. */
interface Command {
  readonly before: readonly Saved[];
  readonly after: readonly Saved[];
  readonly held: (eni: string) => readonly string[];
  /** The resources of the program that were not going to have an operation in this run, as far as the giver could know. */
  readonly untouched: (giver: Saved) => readonly Desired[];
}

/**
 * The addresses that a state owned before the command, that the ENI still holds, and that no state owns now. A later `pulumi
 * up` could not unassign them.
 *
 * A resource with retainOnDelete leaves its addresses on purpose, also those that another state owned too. An address that an untouched resource of the program wants
 * is adopted by the next `pulumi up` that touches it.
 */
export function abandonedAddresses({ before, after, held, untouched }: Command): string[] {
  const retained = before.filter((saved) => isRetained(saved, after));
  const present = before.filter((saved) => !retained.includes(saved) && !saved.pendingReplacement);
  const isLeft = (eni: string, address: string) =>
    retained.some(({ id, outputs }) => id === eni && listedIn(outputs).includes(address));
  return present.flatMap((saved) =>
    listedIn(saved.outputs)
      .filter((one) => !isLeft(saved.id, one))
      .filter((one) => held(saved.id).includes(one))
      .filter((one) => !after.some(({ id, outputs }) => id === saved.id && listedIn(outputs).includes(one)))
      .filter((one) => !untouched(saved).some((desired) => wants(desired, saved.id, one)))
      .map((one) => `${saved.name} owned ${one} on ${saved.id}, which still holds it, and no state owns it`),
  );
}

/** Whether the resource has left the state without a call of the provider. */
export function isRetained(saved: Saved, after: readonly Saved[]): boolean {
  const isStill = ({ name, id, pendingDelete }: Saved) =>
    name === saved.name && id === saved.id && pendingDelete === saved.pendingDelete;
  return saved.retained && !after.some(isStill);
}

/** Whether the resource lists the address. A count may want any of its kind. */
export function wants({ eniId, kind, count, addresses }: Desired, eni: string, address: string): boolean {
  return eniId === eni && (addresses.includes(address) || (count !== undefined && kind === kindOf(address)));
}

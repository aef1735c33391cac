/** What one operation changes on one ENI, as numbers of addresses. */
export interface Change {
  readonly assigned: number;
  readonly unassigned: number;
}

/** How many addresses every contender puts into one call. */
export const batchSize = 10;

/** Each process that has work has to read the ENIs once: the state alone does not say what the ENIs hold. */
const readsOfOneProcess = 1;

/** The fewest calls with which one command can make these changes. */
export function lowerBound(changes: readonly Change[]): number {
  const batches = (addresses: number) => Math.ceil(addresses / batchSize);
  return changes.reduce(
    (calls, { assigned, unassigned }) => calls + batches(assigned) + batches(unassigned),
    readsOfOneProcess,
  );
}

/** The change between two lists of one ENI. */
export function changeBetween(before: readonly string[], after: readonly string[]): Change {
  const [held, wanted] = [new Set(before), new Set(after)];
  return {
    assigned: after.filter((address) => !held.has(address)).length,
    unassigned: before.filter((address) => !wanted.has(address)).length,
  };
}

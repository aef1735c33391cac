import { addressesInBoth, addressesOnlyIn, sortedAddresses } from "../shared/addresses";

/** So many secondary addresses, or prefixes, whichever they are. @internal */
export interface Count {
  readonly of: number;
  /** The addresses whose age is known, as recorded after the operations before. */
  readonly oldestFirst: readonly string[];
}

/** What a count comes to on an ENI: which addresses stay, and how many the cloud is to pick. @internal */
export interface ResolvedCount {
  readonly kept: readonly string[];
  readonly pick: number;
  /** Too many by so many, of which none may go; the newest of them are named. */
  readonly surplus: readonly string[];
}

/**
 * The addresses by age: those whose age is recorded, then newcomers, of which the highest counts as the newest.
 *
 * @internal
 */
export function byAge(addresses: readonly string[], oldestFirst: readonly string[]): string[] {
  const known = oldestFirst.filter((address) => addresses.includes(address));
  return [...new Set(known), ...addressesOnlyIn(addresses, known)];
}

/**
 * Compares a count with what is on the ENI. All that is there counts, whoever assigned it; too many drop the newest
 * first, of those that may go.
 *
 * @param which - `mayGo` are the resource's own addresses that nothing else needs; `mustStay` are those that could not go
 *   even if they were its own, and are named last where too few may go
 * @internal
 */
export function resolveCount(
  count: Count,
  present: readonly string[],
  { mayGo, mustStay }: { readonly mayGo: readonly string[]; readonly mustStay: readonly string[] },
): ResolvedCount {
  const excess = present.length - count.of;
  if (excess <= 0) return { kept: sortedAddresses(present), pick: count.of - present.length, surplus: [] };
  const newestFirst = byAge(present, count.oldestFirst).reverse();
  const dropped = newestFirst.filter((address) => mayGo.includes(address)).slice(0, excess);
  const kept = addressesOnlyIn(present, dropped);
  const stuck = newestFirst.filter((address) => !mayGo.includes(address));
  const byChance = [
    ...stuck.filter((address) => !mustStay.includes(address)),
    ...stuck.filter((address) => mustStay.includes(address)),
  ];
  return { kept, pick: 0, surplus: addressesInBoth(byChance.slice(0, excess - dropped.length), kept) };
}

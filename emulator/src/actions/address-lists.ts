import { invalidParameter, ipRepeated } from "../api-errors";
import type { ApiError } from "../api-errors";
import type { Parameters } from "../wire/parameters";
import { eniPrefixLength, parseAddress, parseBlock } from "../world/addresses";
import type { Behaviour } from "../world/behaviour";

/** The most prefixes that one call may name or ask for: N is 1 to 10 in every generation of the documentation. */
export const maxPrefixesPerCall = 10;

/** `PrivateIpAddress.N`: well formed, none twice, no more than one call may carry. */
export function addressList(parameters: Parameters, max: number): string[] {
  const addresses = parameters.list("PrivateIpAddress", max);
  for (const address of addresses)
    if (parseAddress(address) === undefined)
      throw invalidParameter("PrivateIpAddress.N", `"${address}" is not an IPv4 address`);
  refuseRepeated(addresses);
  return addresses;
}

/** `Ipv4Prefix.N`: /28 blocks, none twice. */
export function prefixList(parameters: Parameters): string[] {
  const prefixes = parameters.list("Ipv4Prefix", maxPrefixesPerCall);
  for (const prefix of prefixes)
    if (parseBlock(prefix)?.prefixLength !== eniPrefixLength)
      throw invalidParameter(
        "Ipv4Prefix.N",
        `"${prefix}" is not an IPv4 block of length /${eniPrefixLength}`,
      );
  refuseRepeated(prefixes);
  return prefixes;
}

/** Refuses a list that names one thing twice. */
export function refuseRepeated(items: readonly string[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(item)) throw ipRepeated(item);
    seen.add(item);
  }
}

/** One kind of reason for which an item is bad; `accepted` are the good items that stand before it in the batch. */
type Check = (item: string, accepted: readonly string[]) => ApiError | undefined;

/**
 * Applies a batch as the emulator is told to: nothing at all if one item is bad, or the good ones in any case. The
 * error that is answered is the one of the earliest check that any item fails.
 *
 * @returns the items that were applied
 */
export function applyBatch(
  items: readonly string[],
  batch: Behaviour["batch"],
  checks: readonly Check[],
  apply: (items: readonly string[]) => void,
): readonly string[] {
  let accepted = items;
  let refusal: ApiError | undefined;
  for (const check of checks) {
    const good: string[] = [];
    for (const item of accepted) {
      const error = check(item, good);
      if (!error) good.push(item);
      refusal ??= error;
    }
    accepted = good;
  }
  if (accepted.length > 0 && (refusal === undefined || batch === "partial")) apply(accepted);
  if (refusal !== undefined) throw refusal;
  return accepted;
}

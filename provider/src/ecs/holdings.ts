import { sortedAddresses } from "../addresses/address-set";
import { isIpv4Prefix } from "../addresses/ipv4-prefix";
import type { Holding, NetworkInterface } from "./port";

/** Which of the two an address or a prefix is. @internal */
export function holdingOf(text: string): Holding {
  return isIpv4Prefix(text) ? "prefix" : "address";
}

/** Those of the addresses and prefixes that are of this kind, in numerical order. @internal */
export function onlyOf(of: Holding, mixed: Iterable<string>): string[] {
  return sortedAddresses([...mixed].filter((one) => holdingOf(one) === of));
}

/** What the ENI holds of one kind, or of both, besides its primary address. @internal */
export function heldBy(eni: NetworkInterface, of?: Holding): readonly string[] {
  if (of === "address") return eni.secondaryIpAddresses;
  if (of === "prefix") return eni.ipv4Prefixes;
  return [...eni.secondaryIpAddresses, ...eni.ipv4Prefixes];
}

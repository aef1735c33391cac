import { invalidParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";
import { canonicalIpv6, ipv6Lengths, parseIpv6Block } from "../world/ipv6";
import { refuseRepeated } from "./address-lists";
import { documented } from "./conformance";

/** The most IPv6 addresses, or prefixes, that one call may name or ask for. */
const maxPerCall = 10;

/** The four parameters by which calls ask for IPv6 addresses and prefixes. */
export const ipv6Parameters = documented(
  "Ipv6Address.N",
  "Ipv6AddressCount",
  "Ipv6Prefix.N",
  "Ipv6PrefixCount",
);

/** What a call asks for; in each of the two kinds a list or a number, never both. */
export interface WantedIpv6 {
  readonly addresses: readonly string[];
  readonly addressCount: number;
  readonly prefixes: readonly string[];
  readonly prefixCount: number;
}

/** `Ipv6Address.N`, in any spelling; none twice. */
export function ipv6AddressList(parameters: Parameters): string[] {
  const addresses = parameters.list("Ipv6Address", maxPerCall).map((text) => {
    const address = canonicalIpv6(text);
    if (address === undefined) throw invalidParameter("Ipv6Address.N", `"${text}" is not an IPv6 address`);
    return address;
  });
  refuseRepeated(addresses);
  return addresses;
}

/** `Ipv6Prefix.N`: /80 blocks, none twice. */
export function ipv6PrefixList(parameters: Parameters): string[] {
  const prefixes = parameters.list("Ipv6Prefix", maxPerCall).map((text) => {
    const block = parseIpv6Block(text);
    if (block?.prefixLength !== ipv6Lengths.eniPrefix)
      throw invalidParameter(
        "Ipv6Prefix.N",
        `"${text}" is not an IPv6 block of length /${ipv6Lengths.eniPrefix}`,
      );
    return block.text;
  });
  refuseRepeated(prefixes);
  return prefixes;
}

/** All four parameters. */
export function wantedIpv6(parameters: Parameters): WantedIpv6 {
  const addresses = ipv6AddressList(parameters);
  const addressCount = parameters.integer("Ipv6AddressCount", 1, maxPerCall) ?? 0;
  if (addresses.length > 0 && addressCount > 0)
    throw invalidParameter("Ipv6AddressCount", "it excludes Ipv6Address.N");
  const prefixes = ipv6PrefixList(parameters);
  const prefixCount = parameters.integer("Ipv6PrefixCount", 1, maxPerCall) ?? 0;
  if (prefixes.length > 0 && prefixCount > 0)
    throw invalidParameter("Ipv6PrefixCount", "it excludes Ipv6Prefix.N");
  return { addresses, addressCount, prefixes, prefixCount };
}

/** How many slots that takes. */
export function ipv6SlotsWanted(wanted: WantedIpv6): number {
  return wanted.addresses.length + wanted.addressCount + wanted.prefixes.length + wanted.prefixCount;
}

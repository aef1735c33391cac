import { Address4 } from "ip-address";

/**
 * Whether the text is an IPv4 address in its one canonical spelling. `ip-address` rejects leading zeros, but takes
 * a suffix (`10.0.1.20/24`), which is no address here.
 *
 * @internal
 */
export function isIpv4Address(text: string): boolean {
  return Address4.isValid(text) && !text.includes("/");
}

function compareAddresses(left: string, right: string): number {
  const difference = new Address4(left).bigInt() - new Address4(right).bigInt();
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The addresses in numerical order, each once. @internal */
export function sortedAddresses(addresses: Iterable<string>): string[] {
  return [...new Set(addresses)].sort(compareAddresses);
}

/** What is in the first and in none of the others, in numerical order. @internal */
export function addressesOnlyIn(addresses: Iterable<string>, ...others: Iterable<string>[]): string[] {
  const excluded = new Set(others.flatMap((other) => [...other]));
  return sortedAddresses([...addresses].filter((address) => !excluded.has(address)));
}

/** What is in both, in numerical order. @internal */
export function addressesInBoth(left: Iterable<string>, right: Iterable<string>): string[] {
  const other = new Set(right);
  return sortedAddresses([...left].filter((address) => other.has(address)));
}

/** Whether both hold the same addresses, whatever their order. @internal */
export function sameAddresses(left: Iterable<string>, right: Iterable<string>): boolean {
  const [a, b] = [new Set(left), new Set(right)];
  return a.size === b.size && [...a].every((address) => b.has(address));
}

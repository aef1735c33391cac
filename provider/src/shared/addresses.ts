import { Address4 } from "ip-address";

/**
 * Whether the text is an IPv4 address in its canonical form. `ip-address` rejects leading zeros, but accepts a suffix
 * (`10.0.1.20/24`).
 * @internal
 */
export function isIpv4Address(text: string): boolean {
  return Address4.isValid(text) && !text.includes("/");
}

/** The distinct addresses in numerical order. @internal */
export function sortedAddresses(addresses: Iterable<string>): string[] {
  const numbered = [...new Set(addresses)].map((address) => ({ address, number: numberOf(address) }));
  return numbered.sort((left, right) => left.number - right.number).map(({ address }) => address);
}

/**
 * The number of an address, or of the first one of a prefix. For 1,000 ENIs it is asked for a million times, so nothing is checked,
 * and nothing is allocated.
 */
function numberOf(address: string): number {
  let number = 0;
  let part = 0;
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code === slash) break;
    if (code === dot) {
      number = (number + part) * 256;
      part = 0;
    } else part = part * 10 + code - zero;
  }
  return number + part;
}

const [dot, slash, zero] = [46, 47, 48];

/** The addresses in the first list and in none of the others, in numerical order. @internal */
export function addressesOnlyIn(addresses: Iterable<string>, ...others: Iterable<string>[]): string[] {
  const excluded = new Set(others.flatMap((other) => [...other]));
  return sortedAddresses([...addresses].filter((address) => !excluded.has(address)));
}

/** The addresses in both lists, in numerical order. @internal */
export function addressesInBoth(left: Iterable<string>, right: Iterable<string>): string[] {
  const other = new Set(right);
  return sortedAddresses([...left].filter((address) => other.has(address)));
}

/**
 * The addresses, each at its place in the order where it has one. The others fill the gaps: first the rest of the order, then
 * the new ones.
 * @internal
 */
export function arrangedLike(order: readonly string[], addresses: Iterable<string>): string[] {
  const all = sortedAddresses(addresses);
  const inPlace = [...new Set(order)]
    .slice(0, all.length)
    .map((one) => (all.includes(one) ? one : undefined));
  const others = new Set([...order, ...all].filter((one) => all.includes(one) && !inPlace.includes(one)));
  const rest = [...others];
  return all.flatMap((_one, index) => inPlace[index] ?? rest.shift() ?? []);
}

/** Whether both lists contain the same addresses, in any order. @internal */
export function sameAddresses(left: Iterable<string>, right: Iterable<string>): boolean {
  const [a, b] = [new Set(left), new Set(right)];
  return a.size === b.size && [...a].every((address) => b.has(address));
}

/**
 * The length of the prefixes on an ENI
 * (https://api.aliyun.com/document/Ecs/2014-05-26/AssignPrivateIpAddresses, Ipv4Prefix.N).
 */
const prefixLength = 28;
const suffix = `/${prefixLength}`;

/** Whether the text is a prefix in its canonical form: a /28 block with its first address. @internal */
export function isIpv4Prefix(text: string): boolean {
  return prefixAround(text) === text;
}

/** The /28 prefix that contains an address such as `10.0.1.20/28`; `undefined` for any other text. @internal */
export function prefixAround(text: string): string | undefined {
  if (!text.endsWith(suffix) || !isIpv4Address(text.slice(0, -suffix.length))) return undefined;
  return `${new Address4(text).startAddress().correctForm()}${suffix}`;
}

/** Whether two addresses or prefixes share an address. @internal */
export function overlap(left: string, right: string): boolean {
  const [a, b] = [new Address4(left), new Address4(right)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}

import { Address6 } from "ip-address";

/** An IPv6 CIDR block; both ends belong to it. */
export interface Ipv6Block {
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefixLength: number;
}

/** The lengths of IPv6 blocks: of a VPC, of a vSwitch, and of a prefix of an ENI. */
export const ipv6Lengths = { vpc: 56, vSwitch: 64, eniPrefix: 80 } as const;

/** Reads an IPv6 address in any spelling, and gives its canonical one. */
export function canonicalIpv6(text: string): string | undefined {
  if (text.includes("/") || text.includes("%") || !Address6.isValid(text)) return undefined;
  return new Address6(text).correctForm();
}

/** Reads an IPv6 CIDR block without host bits; its text is the canonical one. */
export function parseIpv6Block(text: string): Ipv6Block | undefined {
  if (!text.includes("/") || text.includes("%") || !Address6.isValid(text)) return undefined;
  const address = new Address6(text);
  const first = address.startAddress().bigInt();
  if (first !== address.bigInt()) return undefined;
  return blockFrom(first, address.subnetMask);
}

/** The number of an address that is known to be well formed. */
export function ipv6Number(address: string): bigint {
  return new Address6(address).bigInt();
}

/** The canonical text of a number. */
export function formatIpv6(number: bigint): string {
  return Address6.fromBigInt(number).correctForm();
}

/** The block of that length that begins there. */
export function blockFrom(first: bigint, prefixLength: number): Ipv6Block {
  const last = first + (1n << BigInt(128 - prefixLength)) - 1n;
  return { text: `${formatIpv6(first)}/${prefixLength}`, first, last, prefixLength };
}

/** Whether the first block lies within the second one. */
export function isWithin(inner: Ipv6Block, outer: Ipv6Block): boolean {
  return inner.first >= outer.first && inner.last <= outer.last;
}

/** The /64 of a VPC's block whose last eight bits are these. */
export function vSwitchIpv6Block(ofVpc: Ipv6Block, lastBits: number): Ipv6Block {
  return blockFrom(ofVpc.first + (BigInt(lastBits) << 64n), ipv6Lengths.vSwitch);
}

/**
 * The addresses of a vSwitch that can be handed out: all but the first and the last nine of its block.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/user-guide/create-and-manage-vswitch
 */
export function usableIpv6(block: Ipv6Block): Pick<Ipv6Block, "first" | "last"> {
  return { first: block.first + 1n, last: block.last - 9n };
}

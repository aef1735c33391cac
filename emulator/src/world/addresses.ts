import { Address4 } from "ip-address";

/** An IPv4 CIDR block; both ends belong to it. */
export interface Block {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** The length of every IPv4 prefix of an ENI. */
export const eniPrefixLength = 28;

/** Reads a dotted quad in its one correct spelling; anything else (a suffix, leading zeros) is undefined. */
export function parseAddress(text: string): number | undefined {
  // The library takes an address with a suffix ("10.0.0.5/24") for an address.
  if (text.includes("/") || !Address4.isValid(text)) return undefined;
  const address = new Address4(text);
  return address.correctForm() === text ? Number(address.bigInt()) : undefined;
}

/** Reads a CIDR block; one with host bits ("10.0.0.5/24") is undefined, as in the cloud. */
export function parseBlock(text: string): Block | undefined {
  if (!text.includes("/") || !Address4.isValid(text)) return undefined;
  const address = new Address4(text);
  if (`${address.correctForm()}${address.subnet}` !== text) return undefined;
  const first = Number(address.startAddress().bigInt());
  if (first !== Number(address.bigInt())) return undefined;
  return { text, first, last: Number(address.endAddress().bigInt()), prefixLength: address.subnetMask };
}

/** The CIDR block of a text that is known to be one. */
export function blockOf(cidrBlock: string): Block {
  const block = parseBlock(cidrBlock);
  if (!block) throw new Error(`${cidrBlock} is not a CIDR block`);
  return block;
}

/** The number of an address that is known to be well formed: in one pass, for a vSwitch can hold thousands. */
export function addressNumber(address: string): number {
  let number = 0;
  let octet = 0;
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code === 46) {
      number = number * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + (code - 48);
  }
  return number * 256 + octet;
}

/** The dotted quad of a number. */
export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** The block of an ENI's prefix that is known to be well formed. */
export function prefixBlock(prefix: string): Block {
  const first = addressNumber(prefix.slice(0, prefix.indexOf("/")));
  return {
    text: prefix,
    first,
    last: first + 2 ** (32 - eniPrefixLength) - 1,
    prefixLength: eniPrefixLength,
  };
}

/** Whether the block has that address. */
export function contains(block: Pick<Block, "first" | "last">, address: number): boolean {
  return address >= block.first && address <= block.last;
}

/** Whether two blocks share an address. */
export function overlap(one: Pick<Block, "first" | "last">, other: Pick<Block, "first" | "last">): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/**
 * The addresses of a vSwitch that can be handed out: all but the first and the last three of its CIDR block.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createvswitch
 */
export function usable(block: Block): Block {
  return { ...block, first: block.first + 1, last: block.last - 3 };
}

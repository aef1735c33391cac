/** An IPv4 CIDR block; both ends belong to it. */
export interface Block {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** The length of every IPv4 prefix of an ENI. */
export const eniPrefixLength = 28;

const octetPattern = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Reads a dotted quad in its one correct spelling; anything else (a suffix, leading zeros) is undefined. In plain code, because a
 * world can have tens of thousands of addresses and `ip-address` makes several objects for each.
 */
export function parseAddress(text: string): number | undefined {
  const octets = text.split(".");
  if (octets.length !== 4) return undefined;
  let number = 0;
  for (const octet of octets) {
    if (!octetPattern.test(octet) || Number(octet) > 255) return undefined;
    number = number * 256 + Number(octet);
  }
  return number;
}

/** Reads a CIDR block; one with host bits ("10.0.0.5/24") is undefined, as in the cloud. */
export function parseBlock(text: string): Block | undefined {
  const slash = text.indexOf("/");
  const first = parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (slash < 0 || first === undefined || !octetPattern.test(length) || Number(length) > 32) return undefined;
  const size = 2 ** (32 - Number(length));
  if (first % size !== 0) return undefined;
  return { text, first, last: first + size - 1, prefixLength: Number(length) };
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

import type { Block } from "./addresses";

/**
 * Values by CIDR block. Two CIDR blocks overlap only where one of them contains the other, so a search looks at the blocks that
 * contain the wanted one and never at all of them.
 */
export class CidrMap<Value> {
  readonly #values = new Map<number, { readonly block: Block; readonly value: Value }>();
  /** How many blocks each block contains, itself excluded. */
  readonly #inside = new Map<number, number>();
  /** How many blocks of each length there are. */
  readonly #lengths = new Map<number, number>();
  readonly #minLength: number;

  /**
   * @param minLength - no block is larger than one with this prefix length
   */
  constructor(minLength = 0) {
    this.#minLength = minLength;
  }

  get(block: Block): Value | undefined {
    return this.#values.get(keyOf(block.first, block.prefixLength))?.value;
  }

  set(block: Block, value: Value): void {
    this.delete(block);
    this.#values.set(keyOf(block.first, block.prefixLength), { block, value });
    this.#count(block, 1);
  }

  delete(block: Block): void {
    if (this.#values.delete(keyOf(block.first, block.prefixLength))) this.#count(block, -1);
  }

  /** The value of the block that contains the address. */
  containing(address: number): Value | undefined {
    return this.#within(address, 32);
  }

  /** Whether a block shares an address with this one. */
  overlaps(block: Block): boolean {
    return (
      this.#within(block.first, block.prefixLength) !== undefined ||
      this.#inside.has(keyOf(block.first, block.prefixLength))
    );
  }

  /** The value of a block that shares an address with this one. Only a refusal needs it: it may look at all blocks. */
  overlapping(block: Block): Value | undefined {
    const outer = this.#within(block.first, block.prefixLength);
    if (outer !== undefined || !this.overlaps(block)) return outer;
    for (const { block: other, value } of this.#values.values())
      if (other.first >= block.first && other.last <= block.last) return value;
    return undefined;
  }

  #within(address: number, maxLength: number): Value | undefined {
    for (const length of this.#lengths.keys()) {
      if (length > maxLength) continue;
      const found = this.#values.get(keyOf(firstOf(address, length), length));
      if (found) return found.value;
    }
    return undefined;
  }

  #count({ first, prefixLength }: Block, change: 1 | -1): void {
    add(this.#lengths, prefixLength, change);
    for (let length = this.#minLength; length < prefixLength; length++)
      add(this.#inside, keyOf(firstOf(first, length), length), change);
  }
}

function add(counts: Map<number, number>, key: number, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function firstOf(address: number, prefixLength: number): number {
  const size = 2 ** (32 - prefixLength);
  return Math.floor(address / size) * size;
}

function keyOf(first: number, prefixLength: number): number {
  return first * 64 + prefixLength;
}

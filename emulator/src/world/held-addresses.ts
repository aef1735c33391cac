import { addressNumber, blockOf, parseBlock } from "./addresses";
import type { Block } from "./addresses";
import { CidrMap } from "./cidr-map";
import { NumberSet } from "./number-set";

/** A range of addresses; both ends belong to it. */
export type Range = Pick<Block, "first" | "last">;

/** Which addresses of one vSwitch are held, and by which ENI or service. No two holders share an address. */
export class HeldAddresses {
  readonly block: Block;
  readonly #addresses = new Map<number, string>();
  readonly #blocks: CidrMap<string>;
  readonly #numbers = new NumberSet();

  constructor(cidrBlock: string) {
    this.block = blockOf(cidrBlock);
    this.#blocks = new CidrMap(this.block.prefixLength);
  }

  /** How many addresses are held. */
  get size(): number {
    return this.#numbers.size;
  }

  /** Notes the holder of an address, a prefix or a block. */
  hold(item: string, holder: string): void {
    const block = parseItem(item);
    if (typeof block === "number") this.#addresses.set(block, holder);
    else this.#blocks.set(block, holder);
    const { first, last } = rangeOf(block);
    this.#numbers.add(first, last);
  }

  /** Forgets an address, a prefix or a block if that holder has it. */
  release(item: string, holder: string): void {
    const block = parseItem(item);
    const present = typeof block === "number" ? this.#addresses.get(block) : this.#blocks.get(block);
    if (present !== holder) return;
    if (typeof block === "number") this.#addresses.delete(block);
    else this.#blocks.delete(block);
    const { first, last } = rangeOf(block);
    this.#numbers.delete(first, last);
  }

  /** The holder of an address. */
  holderAt(number: number): string | undefined {
    return this.#addresses.get(number) ?? this.#blocks.containing(number);
  }

  /** A holder of an address of the range. */
  holderWithin({ first, last }: Range): string | undefined {
    if (!this.#numbers.hasAny(first, last)) return undefined;
    for (let number = first; number <= last; number++) {
      const holder = this.#numbers.has(number) ? this.holderAt(number) : undefined;
      if (holder !== undefined) return holder;
    }
    return undefined;
  }

  /** Whether an address of the range is held. */
  hasAny({ first, last }: Range): boolean {
    return this.#numbers.hasAny(first, last);
  }

  /** The lowest address from `from` on that is not held. */
  firstFree(from: number): number {
    return this.#numbers.firstMissing(from);
  }
}

function parseItem(item: string): Block | number {
  return (item.includes("/") ? parseBlock(item) : undefined) ?? addressNumber(item);
}

/** The range of an address, or of a prefix or a block. */
export function rangeOf(item: Block | number): Range {
  return typeof item === "number" ? { first: item, last: item } : item;
}

/** The range of an address, a prefix or a block in their texts. */
export function rangeOfText(item: string): Range {
  return rangeOf(parseItem(item));
}

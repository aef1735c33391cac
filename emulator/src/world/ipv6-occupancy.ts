import { blockFrom, formatIpv6, ipv6Lengths, ipv6Number, parseIpv6Block, usableIpv6 } from "./ipv6";
import type { Ipv6Block } from "./ipv6";

const prefixBits = BigInt(128 - ipv6Lengths.eniPrefix);

/** Which IPv6 addresses and prefixes of one vSwitch ENIs hold. */
export class HeldIpv6 {
  readonly block: Ipv6Block;
  readonly #addresses = new Map<bigint, string>();
  /** The addresses by the prefix that they lie in. */
  readonly #addressesWithin = new Map<bigint, Set<bigint>>();
  readonly #prefixes = new Map<bigint, string>();
  /** All addresses below it are held. */
  #lowestFree: bigint;

  constructor(block: Ipv6Block) {
    this.block = block;
    this.#lowestFree = usableIpv6(block).first;
  }

  hold(item: string, eniId: string): void {
    const { number, isPrefix } = parseItem(item);
    const prefix = number >> prefixBits;
    if (isPrefix) this.#prefixes.set(prefix, eniId);
    else {
      this.#addresses.set(number, eniId);
      this.#addressesWithin.set(prefix, (this.#addressesWithin.get(prefix) ?? new Set()).add(number));
    }
  }

  /** Forgets an address or a prefix if that ENI holds it. */
  release(item: string, eniId: string): void {
    const { number, isPrefix } = parseItem(item);
    const prefix = number >> prefixBits;
    if ((isPrefix ? this.#prefixes.get(prefix) : this.#addresses.get(number)) !== eniId) return;
    if (isPrefix) this.#prefixes.delete(prefix);
    else {
      this.#addresses.delete(number);
      const others = this.#addressesWithin.get(prefix);
      others?.delete(number);
      if (others?.size === 0) this.#addressesWithin.delete(prefix);
    }
    if (number < this.#lowestFree) this.#lowestFree = number;
  }

  holderAt(number: bigint): string | undefined {
    return this.#addresses.get(number) ?? this.#prefixes.get(number >> prefixBits);
  }

  /** An ENI that holds an address of the prefix that begins there. */
  holderWithin(first: bigint): string | undefined {
    const holder = this.#prefixes.get(first >> prefixBits);
    const [address] = this.#addressesWithin.get(first >> prefixBits) ?? [];
    return holder ?? (address === undefined ? undefined : this.#addresses.get(address));
  }

  /** The lowest address that is not held. */
  get lowestFree(): bigint {
    const { first } = usableIpv6(this.block);
    if (this.#lowestFree < first) this.#lowestFree = first;
    while (this.holderAt(this.#lowestFree) !== undefined) this.#lowestFree = this.after(this.#lowestFree);
    return this.#lowestFree;
  }

  /** The next address, behind the prefix where this one lies in a prefix that is held. */
  after(number: bigint): bigint {
    const prefix = number >> prefixBits;
    return this.#prefixes.has(prefix) ? (prefix + 1n) << prefixBits : number + 1n;
  }
}

function parseItem(item: string): { number: bigint; isPrefix: boolean } {
  const block = parseIpv6Block(item);
  return block ? { number: block.first, isPrefix: true } : { number: ipv6Number(item), isPrefix: false };
}

/** Which IPv6 addresses and prefixes of one vSwitch are free for one call, with what the call has taken so far. */
export class Ipv6Occupancy {
  readonly #held: HeldIpv6;
  readonly #taken: HeldIpv6;

  constructor(held: HeldIpv6) {
    this.#held = held;
    this.#taken = new HeldIpv6(held.block);
  }

  take(item: string, eniId: string): void {
    this.#taken.hold(item, eniId);
  }

  /** Whether the vSwitch can hand the address out at all. */
  isUsable(address: string): boolean {
    const { first, last } = usableIpv6(this.#held.block);
    const number = ipv6Number(address);
    return number >= first && number <= last;
  }

  /** Whether the vSwitch can hand the prefix out at all. */
  isPrefixUsable(prefix: string): boolean {
    const block = parseIpv6Block(prefix);
    const { first, last } = usableIpv6(this.#held.block);
    return block !== undefined && block.first >= first && block.last <= last;
  }

  /** The ENI that holds the address, itself or within a prefix. */
  holderOf(address: string): string | undefined {
    return this.#holderAt(ipv6Number(address));
  }

  /** Some ENI that holds an address of the prefix. */
  holderWithin(prefix: string): string | undefined {
    const wanted = parseIpv6Block(prefix);
    return wanted && this.#holderWithin(wanted.first);
  }

  /** The lowest free addresses: the cloud picks at random, an emulator repeatably. A /64 is never exhausted. */
  free(count: number): string[] {
    const found: string[] = [];
    for (let number = this.#held.lowestFree; found.length < count;) {
      if (this.#holderAt(number) === undefined) found.push(formatIpv6(number));
      const next = this.#taken.after(number);
      number = next === number + 1n ? this.#held.after(number) : next;
    }
    return found;
  }

  /** The lowest free prefixes; the very first one of a vSwitch has its reserved address. */
  freePrefixes(count: number): string[] {
    const found: string[] = [];
    const size = 1n << prefixBits;
    for (let first = this.#held.block.first + size; found.length < count; first += size) {
      const { text } = blockFrom(first, ipv6Lengths.eniPrefix);
      if (!this.isPrefixUsable(text)) break;
      if (this.#holderWithin(first) === undefined) found.push(text);
    }
    return found;
  }

  #holderAt(number: bigint): string | undefined {
    return this.#held.holderAt(number) ?? this.#taken.holderAt(number);
  }

  #holderWithin(first: bigint): string | undefined {
    return this.#held.holderWithin(first) ?? this.#taken.holderWithin(first);
  }
}

import { blockFrom, formatIpv6, ipv6Lengths, ipv6Number, parseIpv6Block, usableIpv6 } from "./ipv6";
import type { Ipv6Block } from "./ipv6";
import type { NetworkInterface } from "./resources";

/** Who holds which IPv6 addresses and prefixes in one vSwitch. */
export class Ipv6Occupancy {
  readonly #block: Ipv6Block;
  readonly #holders = new Map<bigint, string>();
  readonly #prefixes: { readonly block: Ipv6Block; readonly eniId: string }[] = [];

  constructor(block: Ipv6Block, enis: Iterable<NetworkInterface>) {
    this.#block = block;
    for (const eni of enis) {
      const id = eni.NetworkInterfaceId;
      for (const { Ipv6Address } of eni.Ipv6Sets.Ipv6Set) this.take(Ipv6Address, id);
      for (const { Ipv6Prefix } of eni.Ipv6PrefixSets.Ipv6PrefixSet) this.takePrefix(Ipv6Prefix, id);
    }
  }

  take(address: string, eniId: string): void {
    this.#holders.set(ipv6Number(address), eniId);
  }

  takePrefix(prefix: string, eniId: string): void {
    const block = parseIpv6Block(prefix);
    if (block) this.#prefixes.push({ block, eniId });
  }

  /** Whether the vSwitch can hand the address out at all. */
  isUsable(address: string): boolean {
    const { first, last } = usableIpv6(this.#block);
    const number = ipv6Number(address);
    return number >= first && number <= last;
  }

  /** Whether the vSwitch can hand the prefix out at all. */
  isPrefixUsable(prefix: string): boolean {
    const block = parseIpv6Block(prefix);
    const { first, last } = usableIpv6(this.#block);
    return block !== undefined && block.first >= first && block.last <= last;
  }

  /** The ENI that holds the address, itself or within a prefix. */
  holderOf(address: string): string | undefined {
    return this.#holderAt(ipv6Number(address));
  }

  /** Some ENI that holds an address of the prefix. */
  holderWithin(prefix: string): string | undefined {
    const wanted = parseIpv6Block(prefix);
    if (!wanted) return undefined;
    const other = this.#prefixes.find(
      ({ block }) => block.first <= wanted.last && wanted.first <= block.last,
    );
    if (other) return other.eniId;
    return [...this.#holders].find(([number]) => number >= wanted.first && number <= wanted.last)?.[1];
  }

  /** The lowest free addresses: the cloud picks at random, an emulator repeatably. A /64 is never exhausted. */
  free(count: number): string[] {
    const found: string[] = [];
    let number = usableIpv6(this.#block).first;
    while (found.length < count) {
      const prefix = this.#prefixes.find(({ block }) => number >= block.first && number <= block.last);
      if (prefix) number = prefix.block.last;
      else if (!this.#holders.has(number)) found.push(formatIpv6(number));
      number += 1n;
    }
    return found;
  }

  /** The lowest free prefixes; the very first one of a vSwitch has its reserved address. */
  freePrefixes(count: number): string[] {
    const found: string[] = [];
    const size = 1n << BigInt(128 - ipv6Lengths.eniPrefix);
    for (let first = this.#block.first + size; found.length < count; first += size) {
      const { text } = blockFrom(first, ipv6Lengths.eniPrefix);
      if (!this.isPrefixUsable(text)) break;
      if (this.holderWithin(text) === undefined) found.push(text);
    }
    return found;
  }

  #holderAt(number: bigint): string | undefined {
    return (
      this.#holders.get(number) ??
      this.#prefixes.find(({ block }) => number >= block.first && number <= block.last)?.eniId
    );
  }
}

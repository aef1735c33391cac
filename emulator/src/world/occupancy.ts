import {
  addressNumber,
  contains,
  eniPrefixLength,
  formatAddress,
  overlap,
  prefixBlock,
  usable,
} from "./addresses";
import type { Block } from "./addresses";
import type { NetworkInterface } from "./resources";

/** Who holds what in one vSwitch. */
export class Occupancy {
  readonly #holders = new Map<number, string>();
  readonly #prefixes: { readonly block: Block; readonly eniId: string }[] = [];
  readonly #usable: Block;

  constructor(block: Block, enis: Iterable<NetworkInterface>) {
    this.#usable = usable(block);
    for (const eni of enis) {
      for (const ip of eni.PrivateIpSets.PrivateIpSet) this.take(ip.PrivateIpAddress, eni.NetworkInterfaceId);
      for (const set of eni.Ipv4PrefixSets.Ipv4PrefixSet)
        this.takePrefix(set.Ipv4Prefix, eni.NetworkInterfaceId);
    }
  }

  take(address: string, eniId: string): void {
    this.#holders.set(addressNumber(address), eniId);
  }

  takePrefix(prefix: string, eniId: string): void {
    this.#prefixes.push({ block: prefixBlock(prefix), eniId });
  }

  /** The ENI that holds the address, itself or within a prefix. */
  holderOf(address: string): string | undefined {
    const number = addressNumber(address);
    return this.#holders.get(number) ?? this.#prefixes.find(({ block }) => contains(block, number))?.eniId;
  }

  /** Some ENI that holds an address of the prefix. */
  holderWithin(prefix: string): string | undefined {
    const wanted = prefixBlock(prefix);
    const holder = this.#prefixes.find(({ block }) => overlap(block, wanted))?.eniId;
    if (holder !== undefined) return holder;
    for (let number = wanted.first; number <= wanted.last; number++) {
      const single = this.#holders.get(number);
      if (single !== undefined) return single;
    }
    return undefined;
  }

  /** Whether the vSwitch can hand the address out at all. */
  isUsable(address: string): boolean {
    return contains(this.#usable, addressNumber(address));
  }

  /** Whether the vSwitch can hand the prefix out at all. */
  isPrefixUsable(prefix: string): boolean {
    const block = prefixBlock(prefix);
    return contains(this.#usable, block.first) && contains(this.#usable, block.last);
  }

  /** The lowest free addresses, at most `count`: the cloud picks as it likes, an emulator repeatably. */
  free(count: number): string[] {
    const found: string[] = [];
    for (let number = this.#usable.first; number <= this.#usable.last && found.length < count; number++) {
      if (this.#holders.has(number)) continue;
      const prefix = this.#prefixes.find(({ block }) => contains(block, number));
      if (prefix) number = prefix.block.last;
      else found.push(formatAddress(number));
    }
    return found;
  }

  /** The lowest free prefixes, at most `count`. */
  freePrefixes(count: number): string[] {
    const found: string[] = [];
    const size = 2 ** (32 - eniPrefixLength);
    for (
      let first = Math.ceil(this.#usable.first / size) * size;
      first + size - 1 <= this.#usable.last && found.length < count;
      first += size
    ) {
      const prefix = `${formatAddress(first)}/${eniPrefixLength}`;
      if (this.holderWithin(prefix) === undefined) found.push(prefix);
    }
    return found;
  }

  /** How many single addresses are left. */
  get available(): number {
    const size = 2 ** (32 - eniPrefixLength);
    const all = this.#usable.last - this.#usable.first + 1;
    return Math.max(0, all - this.#holders.size - this.#prefixes.length * size);
  }
}

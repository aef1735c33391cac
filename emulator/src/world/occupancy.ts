import {
  addressNumber,
  contains,
  eniPrefixLength,
  formatAddress,
  overlap,
  parseBlock,
  prefixBlock,
  usable,
} from "./addresses";
import type { Block } from "./addresses";
import type { Freed } from "./freed-addresses";
import { ascending } from "./pick-order";
import type { PickOrder } from "./pick-order";
import type { NetworkInterface, OccupiedAddresses } from "./resources";

type Range = Pick<Block, "first" | "last">;

/** What a vSwitch's addresses are besides held by ENIs, and how they are picked. */
export interface Picking {
  readonly occupied: Iterable<OccupiedAddresses>;
  /** Given up but still busy. */
  readonly busy: readonly Freed[];
  /** Given up: picked last, the oldest first. */
  readonly freed: readonly Freed[];
  readonly order: PickOrder;
}

const plain: Picking = { occupied: [], busy: [], freed: [], order: ascending };
const prefixSize = 2 ** (32 - eniPrefixLength);

/** Who holds what in one vSwitch. */
export class Occupancy {
  readonly #holders = new Map<number, string>();
  readonly #ranges: { readonly block: Range; readonly holder: string }[] = [];
  readonly #usable: Block;
  readonly #freed = new Map<number, number>();
  readonly #order: PickOrder;

  constructor(block: Block, enis: Iterable<NetworkInterface>, picking: Partial<Picking> = {}) {
    const { occupied, busy, freed, order } = { ...plain, ...picking };
    this.#usable = usable(block);
    this.#order = order;
    for (const eni of enis) {
      for (const ip of eni.PrivateIpSets.PrivateIpSet) this.take(ip.PrivateIpAddress, eni.NetworkInterfaceId);
      for (const set of eni.Ipv4PrefixSets.Ipv4PrefixSet)
        this.takePrefix(set.Ipv4Prefix, eni.NetworkInterfaceId);
    }
    for (const { Address, By } of occupied) this.#ranges.push({ block: rangeOf(Address), holder: By });
    for (const { block: range } of busy) this.#ranges.push({ block: range, holder: "a release" });
    for (const [rank, { block: range }] of freed.entries())
      for (let number = range.first; number <= range.last; number++) this.#freed.set(number, rank);
  }

  take(address: string, eniId: string): void {
    this.#holders.set(addressNumber(address), eniId);
  }

  takePrefix(prefix: string, eniId: string): void {
    this.#ranges.push({ block: prefixBlock(prefix), holder: eniId });
  }

  /** What holds the address, itself or within a block: an ENI, by its id, or something else. */
  holderOf(address: string): string | undefined {
    return this.#holderAt(addressNumber(address));
  }

  #holderAt(number: number): string | undefined {
    return this.#holders.get(number) ?? this.#ranges.find(({ block }) => contains(block, number))?.holder;
  }

  /** What holds some address of the prefix or block. */
  holderWithin(prefix: string): string | undefined {
    return this.#holderWithin(rangeOf(prefix));
  }

  #holderWithin(wanted: Range): string | undefined {
    const holder = this.#ranges.find(({ block }) => overlap(block, wanted))?.holder;
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

  /** Free addresses, at most `count`: the cloud picks as it likes, an emulator repeatably. */
  free(count: number): string[] {
    const { first, last } = this.#usable;
    const numbers = this.#picked(count, last - first + 1, (place) => {
      const number = first + place;
      return { first: number, last: number };
    });
    return numbers.map((number) => formatAddress(number));
  }

  /** Free prefixes, at most `count`. */
  freePrefixes(count: number): string[] {
    const first = Math.ceil(this.#usable.first / prefixSize);
    const places = Math.max(0, Math.floor((this.#usable.last + 1) / prefixSize) - first);
    const numbers = this.#picked(count, places, (place) => {
      const start = (first + place) * prefixSize;
      return { first: start, last: start + prefixSize - 1 };
    });
    return numbers.map((number) => `${formatAddress(number)}/${eniPrefixLength}`);
  }

  /** The first addresses of free ranges: those that no ENI has given up before the others, and of these the oldest. */
  #picked(count: number, places: number, rangeAt: (place: number) => Range): number[] {
    const picked: number[] = [];
    const freed: { readonly first: number; readonly rank: number }[] = [];
    for (const place of this.#order(places)) {
      if (picked.length === count) break;
      const range = rangeAt(place);
      if (this.#holderWithin(range) !== undefined) continue;
      const rank = this.#rankOf(range);
      if (rank < 0) picked.push(range.first);
      else freed.push({ first: range.first, rank });
    }
    const oldest = freed.sort((a, b) => a.rank - b.rank).map(({ first }) => first);
    return [...picked, ...oldest.slice(0, count - picked.length)];
  }

  #rankOf({ first, last }: Range): number {
    let rank = -1;
    if (this.#freed.size === 0) return rank;
    for (let number = first; number <= last; number++) rank = Math.max(rank, this.#freed.get(number) ?? -1);
    return rank;
  }

  /** How many single addresses are left. */
  get available(): number {
    const all = this.#usable.last - this.#usable.first + 1;
    const inRanges = this.#ranges.reduce((sum, { block }) => sum + block.last - block.first + 1, 0);
    return Math.max(0, all - this.#holders.size - inRanges);
  }
}

/** The addresses of a block, or the one address. */
function rangeOf(item: string): Range {
  const block = parseBlock(item);
  if (block) return block;
  const number = addressNumber(item);
  return { first: number, last: number };
}

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
import type { FreedInVSwitch } from "./freed-addresses";
import { rangeOfText } from "./held-addresses";
import type { HeldAddresses, Range } from "./held-addresses";
import type { PickOrder } from "./pick-order";

const prefixSize = 2 ** (32 - eniPrefixLength);

/** How addresses are picked besides from the lowest up, and what else is busy. */
export interface Picking {
  /** Given up but still busy. */
  readonly busy: readonly Range[];
  /** Given up: picked last, the oldest first. */
  readonly freed: FreedInVSwitch | undefined;
  /** Undefined: the lowest first. */
  readonly order: PickOrder | undefined;
}

const lowest: Picking = { busy: [], freed: undefined, order: undefined };

/** Which addresses of one vSwitch are free for one call, with what the call has taken so far. */
export class Occupancy {
  readonly #held: HeldAddresses;
  readonly #usable: Block;
  readonly #picking: Picking;
  /** What the call takes. It is held by the ENI when the call has its effect. */
  readonly #taken: { readonly range: Range; readonly holder: string }[] = [];

  constructor(held: HeldAddresses, picking: Partial<Picking> = {}) {
    this.#held = held;
    this.#usable = usable(held.block);
    this.#picking = { ...lowest, ...picking };
  }

  /** Notes that the call takes an address or a prefix. */
  take(item: string, holder: string): void {
    this.#taken.push({ range: rangeOfText(item), holder });
  }

  /** The ENI or the service that holds the address, itself or within a block. */
  holderOf(address: string): string | undefined {
    const number = addressNumber(address);
    return this.#held.holderAt(number) ?? this.#othersWithin({ first: number, last: number });
  }

  /** An ENI or a service that holds an address of the prefix or the block. */
  holderWithin(prefix: string): string | undefined {
    const range = rangeOfText(prefix);
    return this.#held.holderWithin(range) ?? this.#othersWithin(range);
  }

  #othersWithin(wanted: Range): string | undefined {
    const taken = this.#taken.find(({ range }) => overlap(range, wanted))?.holder;
    if (taken !== undefined) return taken;
    return this.#picking.busy.some((range) => overlap(range, wanted)) ? "a release" : undefined;
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
    return this.#picked(count, 1).map((number) => formatAddress(number));
  }

  /** Free prefixes, at most `count`. */
  freePrefixes(count: number): string[] {
    return this.#picked(count, prefixSize).map((number) => `${formatAddress(number)}/${eniPrefixLength}`);
  }

  /** The first addresses of free ranges: those that no ENI has given up before the others, and of these the oldest. */
  #picked(count: number, size: number): number[] {
    const first = Math.ceil(this.#usable.first / size);
    const places = Math.max(0, Math.floor((this.#usable.last + 1) / size) - first);
    const rangeAt = (place: number): Range => ({
      first: (first + place) * size,
      last: (first + place + 1) * size - 1,
    });
    const isFree = (range: Range) => !this.#held.hasAny(range) && this.#othersWithin(range) === undefined;
    const { order, freed } = this.#picking;
    const picked: number[] = [];
    if (count === 0) return picked;
    for (const place of order
      ? order(places)
      : this.#ascending(places, (place) => rangeAt(place).first, size)) {
      const range = rangeAt(place);
      if (!isFree(range) || rankOf(range, freed) !== undefined) continue;
      picked.push(range.first);
      if (picked.length === count) return picked;
    }
    const formerPlaces = new Set(
      [...(freed?.ranks.keys() ?? [])].map((number) => Math.floor(number / size) - first),
    );
    const givenUp = [...formerPlaces]
      .filter((place) => place >= 0 && place < places && isFree(rangeAt(place)))
      .map((place) => ({ first: rangeAt(place).first, rank: rankOf(rangeAt(place), freed) ?? 0 }))
      .sort((a, b) => a.rank - b.rank);
    return [...picked, ...givenUp.slice(0, count - picked.length).map((range) => range.first)];
  }

  /** The places from the lowest up, without those below the next free address. */
  *#ascending(places: number, firstAt: (place: number) => number, size: number): Iterable<number> {
    for (let place = 0; place < places; place++) {
      const skipped = Math.floor((this.#held.firstFree(firstAt(place)) - firstAt(place)) / size);
      place += skipped;
      if (place < places) yield place;
    }
  }

  /** How many single addresses are left. */
  get available(): number {
    const sizeOf = ({ first, last }: Range) => last - first + 1;
    const busy = this.#picking.busy.reduce((sum, range) => sum + sizeOf(range), 0);
    return Math.max(0, sizeOf(this.#usable) - this.#held.size - busy);
  }
}

/** When an address of the range was given up last. */
function rankOf({ first, last }: Range, freed: FreedInVSwitch | undefined): number | undefined {
  if (!freed || freed.ranks.size === 0) return undefined;
  let rank: number | undefined;
  for (let number = first; number <= last; number++) {
    const one = freed.ranks.get(number);
    if (one !== undefined && (rank === undefined || one > rank)) rank = one;
  }
  return rank;
}

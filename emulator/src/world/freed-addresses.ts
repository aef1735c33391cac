import { rangeOfText } from "./held-addresses";
import type { Range } from "./held-addresses";

/** An address or a prefix that an ENI has given up. */
export interface Freed {
  readonly range: Range;
  readonly atMs: number;
}

/** What ENIs have given up in one vSwitch, in this order. */
export interface FreedInVSwitch {
  readonly items: ReadonlyMap<string, Freed>;
  /** The order in which each address was given up last. */
  readonly ranks: ReadonlyMap<number, number>;
}

const nothing: FreedInVSwitch = { items: new Map(), ranks: new Map() };

/** What ENIs have given up in each vSwitch. A run's own memory: no document has it. */
export class FreedAddresses {
  readonly #vSwitches = new Map<string, ReturnType<typeof newList>>();
  #rank = 0;

  /** Notes an address or a prefix; one that was given up before counts from now on. */
  add(vSwitchId: string, item: string, atMs: number): void {
    const { items, ranks } = this.#vSwitches.get(vSwitchId) ?? newList();
    this.#vSwitches.set(vSwitchId, { items, ranks });
    const range = rangeOfText(item);
    items.delete(item);
    items.set(item, { range, atMs });
    const rank = this.#rank++;
    for (let number = range.first; number <= range.last; number++) ranks.set(number, rank);
  }

  in(vSwitchId: string): FreedInVSwitch {
    return this.#vSwitches.get(vSwitchId) ?? nothing;
  }

  /** Forgets a vSwitch that is deleted. */
  delete(vSwitchId: string): void {
    this.#vSwitches.delete(vSwitchId);
  }
}

function newList() {
  return { items: new Map<string, Freed>(), ranks: new Map<number, number>() };
}

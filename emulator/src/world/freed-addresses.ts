import { addressNumber, prefixBlock } from "./addresses";
import type { Block } from "./addresses";

/** An address or a prefix that an ENI has given up. */
export interface Freed {
  readonly block: Pick<Block, "first" | "last">;
  readonly atMs: number;
}

/** What ENIs have given up in each vSwitch. A run's own memory: no document has it. */
export class FreedAddresses {
  readonly #freed = new Map<string, Freed & { readonly vSwitchId: string }>();

  /** Notes an address or a prefix; one that was given up before counts from now on. */
  add(vSwitchId: string, item: string, atMs: number): void {
    const number = addressNumber(item);
    const block = item.includes("/") ? prefixBlock(item) : { first: number, last: number };
    const key = `${vSwitchId} ${item}`;
    this.#freed.delete(key);
    this.#freed.set(key, { vSwitchId, block, atMs });
  }

  /** What was given up in that vSwitch, in this order. */
  in(vSwitchId: string): readonly Freed[] {
    return [...this.#freed.values()].filter((freed) => freed.vSwitchId === vSwitchId);
  }
}

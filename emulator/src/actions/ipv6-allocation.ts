import { ipAssigned, ipDuplicated, ipNotEnough, ipv6Invalid, ipv6NotTurnedOn } from "../api-errors";
import type { VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { WantedIpv6 } from "./ipv6-lists";
import { ipv6SlotsWanted } from "./ipv6-lists";

/** The addresses and prefixes that a call gets. */
export interface AllocatedIpv6 {
  readonly addresses: readonly string[];
  readonly prefixes: readonly string[];
}

/**
 * Finds what is asked for in a vSwitch, all or nothing.
 *
 * @param eniId - the ENI that asks, whose own addresses are refused with another code than those of others
 */
export function allocateIpv6(
  world: World,
  vSwitch: VSwitch,
  wanted: WantedIpv6,
  eniId?: string,
): AllocatedIpv6 {
  if (ipv6SlotsWanted(wanted) === 0) return { addresses: [], prefixes: [] };
  const occupancy = world.ipv6Occupancy(vSwitch);
  if (!occupancy) throw ipv6NotTurnedOn(vSwitch.VSwitchId);
  const refuseHeld = (item: string, holder: string | undefined) => {
    if (holder !== undefined) throw holder === eniId ? ipAssigned(item) : ipDuplicated();
  };
  // Take the named items first, so that none of them is picked.
  const taker = eniId ?? "the new ENI";
  for (const address of wanted.addresses) {
    if (!occupancy.isUsable(address)) throw ipv6Invalid(address, vSwitch.Ipv6CidrBlock);
    refuseHeld(address, occupancy.holderOf(address));
  }
  for (const address of wanted.addresses) occupancy.take(address, taker);
  for (const prefix of wanted.prefixes) {
    if (!occupancy.isPrefixUsable(prefix)) throw ipv6Invalid(prefix, vSwitch.Ipv6CidrBlock);
    refuseHeld(prefix, occupancy.holderWithin(prefix));
    occupancy.take(prefix, taker);
  }
  const pickedPrefixes = occupancy.freePrefixes(wanted.prefixCount);
  if (pickedPrefixes.length < wanted.prefixCount) throw ipNotEnough(vSwitch.VSwitchId);
  for (const prefix of pickedPrefixes) occupancy.take(prefix, taker);
  return {
    addresses: [...wanted.addresses, ...occupancy.free(wanted.addressCount)],
    prefixes: [...wanted.prefixes, ...pickedPrefixes],
  };
}

import { incorrectVSwitchStatus, ipDuplicated, ipInvalid, vSwitchNotFound } from "../api-errors";
import type { ApiError } from "../api-errors";
import type { Occupancy } from "../world/occupancy";
import type { VSwitch } from "../world/resources";
import type { World } from "../world/world";

/** The vSwitch, if it is there and ready. */
export function availableVSwitch(world: World, id: string, region: string): VSwitch {
  const vSwitch = world.resources.vSwitches.get(id);
  if (vSwitch?.RegionId !== region) throw vSwitchNotFound();
  if (vSwitch.Status !== "Available") throw incorrectVSwitchStatus();
  return vSwitch;
}

/** Refuses an address that the vSwitch cannot hand out, or has handed out. */
export function requireFree(world: World, occupancy: Occupancy, vSwitch: VSwitch, address: string): void {
  if (!occupancy.isUsable(address)) throw ipInvalid(address, vSwitch.CidrBlock);
  if (occupancy.holderOf(address) !== undefined) throw taken(world, address);
}

/** The refusal of an address or a prefix that something holds; whether it says which one can be chosen. */
export function taken(world: World, item: string): ApiError {
  return ipDuplicated(world.behaviour.duplicatedAddress === "named" ? item : undefined);
}

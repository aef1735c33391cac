import { vpcNotFound, vSwitchNotFoundInVpc } from "../api-errors";
import type { Vpc, VSwitch } from "../world/resources";
import type { World } from "../world/world";

/** The VPC, if it exists; where the call names a region, in that one. */
export function existingVpc(world: World, id: string, region: string | undefined): Vpc {
  const vpc = world.resources.vpcs.get(id);
  if (!vpc || (region !== undefined && vpc.RegionId !== region)) throw vpcNotFound();
  return vpc;
}

/** The vSwitch, if it exists; where the call names a region, in that one. The error is that of the API of VPC. */
export function existingVSwitch(world: World, id: string, region: string | undefined): VSwitch {
  const vSwitch = world.resources.vSwitches.get(id);
  if (!vSwitch || (region !== undefined && vSwitch.RegionId !== region)) throw vSwitchNotFoundInVpc();
  return vSwitch;
}

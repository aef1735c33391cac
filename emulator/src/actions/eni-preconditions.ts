import {
  ecsNotFound,
  eniNotFound,
  eniServiceManaged,
  invalidEcsState,
  invalidEniState,
  vSwitchNotFound,
} from "../api-errors";
import { instanceTypes } from "../world/instance-types";
import type { EniStatus, Instance, NetworkInterface, VSwitch } from "../world/resources";
import type { World } from "../world/world";

/** The ENI, if it exists in the region and may be changed by its owner. */
export function changeableEni(world: World, eniId: string, region: string): NetworkInterface {
  const eni = world.networkInterface(eniId, region);
  if (!eni) throw eniNotFound(eniId);
  if (eni.ServiceManaged) throw eniServiceManaged();
  return eni;
}

/** Refuses an ENI in any other state. */
export function requireEniStatus(eni: NetworkInterface, ...accepted: readonly EniStatus[]): void {
  if (!accepted.includes(eni.Status)) throw invalidEniState(accepted.join("|"), eni.Status);
}

/** The instance that an ENI is to be attached to or detached from, if it exists in the region. */
export function existingInstance(world: World, id: string, region: string): Instance {
  const instance = world.resources.instances.get(id);
  if (instance?.RegionId !== region) throw ecsNotFound(id);
  return instance;
}

/** Refuses an instance that is on its way from one state to another. */
function requireSteadyInstance(world: World, instanceId: string | undefined): void {
  const status = instanceId === undefined ? undefined : world.resources.instances.get(instanceId)?.Status;
  if (status !== "Running" && status !== "Stopped") throw invalidEcsState();
}

/** What Attach and Detach ask of an instance: steady, and Stopped where its type changes ENIs in no other state. */
export function requireOpenToAttachments(world: World, instance: Instance): void {
  requireSteadyInstance(world, instance.InstanceId);
  const type = instanceTypes.get(instance.InstanceType);
  if (type?.attachesWhenStopped && instance.Status !== "Stopped") throw invalidEcsState();
}

/**
 * What Assign and Unassign ask of an ENI: Available or InUse, and for a primary ENI an instance that is Running or
 * Stopped.
 */
export function eniOpenToAddressChanges(
  world: World,
  eniId: string,
  region: string,
): { readonly eni: NetworkInterface; readonly vSwitch: VSwitch } {
  const eni = changeableEni(world, eniId, region);
  requireEniStatus(eni, "Available", "InUse");
  if (eni.Type === "Primary") requireSteadyInstance(world, eni.InstanceId);
  const vSwitch = world.resources.vSwitches.get(eni.VSwitchId);
  if (!vSwitch) throw vSwitchNotFound();
  return { eni, vSwitch };
}

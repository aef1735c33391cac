import { instanceTypes } from "./instance-types";
import type { NetworkInterface } from "./resources";
import type { World } from "./world";

/**
 * What an ENI carries at most while it is attached to no instance: 49 secondary addresses, and the primary.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-assignprivateipaddresses
 */
export const slotsOfUnattachedEni = 50;

/**
 * How many IPv6 addresses and prefixes an ENI carries at most while it is attached to no instance.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-assignipv6addresses
 */
export const ipv6SlotsOfUnattachedEni = 10;

/** How many slots an ENI has: the primary address, a secondary address and a prefix take one each. */
export function slotsOf(world: World, eni: NetworkInterface): number {
  if (eni.Status === "Available" || eni.InstanceId === undefined) return slotsOfUnattachedEni;
  return slotsAt(world, eni.InstanceId);
}

/** How many slots an ENI has while it is attached to that instance. */
export function slotsAt(world: World, instanceId: string): number {
  const type = world.resources.instances.get(instanceId)?.InstanceType;
  return instanceTypes.get(type ?? "")?.EniPrivateIpAddressQuantity ?? slotsOfUnattachedEni;
}

/** How many slots are taken. */
export function slotsTaken(eni: NetworkInterface): number {
  return eni.PrivateIpSets.PrivateIpSet.length + eni.Ipv4PrefixSets.Ipv4PrefixSet.length;
}

/** How many IPv6 addresses and prefixes an ENI can have. */
export function ipv6SlotsOf(world: World, eni: NetworkInterface): number {
  if (eni.Status === "Available" || eni.InstanceId === undefined) return ipv6SlotsOfUnattachedEni;
  return ipv6SlotsAt(world, eni.InstanceId);
}

/** How many IPv6 addresses and prefixes an ENI can have while it is attached to that instance. */
export function ipv6SlotsAt(world: World, instanceId: string): number {
  const type = world.resources.instances.get(instanceId)?.InstanceType;
  return instanceTypes.get(type ?? "")?.EniIpv6AddressQuantity ?? ipv6SlotsOfUnattachedEni;
}

/** How many of them it has. */
export function ipv6SlotsTaken(eni: NetworkInterface): number {
  return eni.Ipv6Sets.Ipv6Set.length + eni.Ipv6PrefixSets.Ipv6PrefixSet.length;
}

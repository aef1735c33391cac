import { invalidParameter, securityGroupNotFound, securityGroupVpcMismatch } from "../api-errors";
import type { World } from "../world/world";

/** The most security groups that an ENI can be in; an account may be granted more. */
export const maxSecurityGroups = 5;

/** A list of group ids without repetition: none of them twice. */
export function refuseRepeatedGroups(name: string, ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw invalidParameter(name, "a security group is named twice");
}

/** Refuses groups that do not exist in the region, or belong to another VPC than the ENI. */
export function requireSecurityGroups(
  world: World,
  ids: readonly string[],
  at: { readonly RegionId: string; readonly VpcId: string },
): void {
  const groups = ids.map((id) => world.resources.securityGroups.get(id));
  for (const group of groups) if (group?.RegionId !== at.RegionId) throw securityGroupNotFound();
  for (const group of groups) if (group?.VpcId !== at.VpcId) throw securityGroupVpcMismatch();
}

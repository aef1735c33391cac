import {
  invalidParameter,
  missingParameter,
  securityGroupNotFound,
  securityGroupVpcMismatch,
} from "../api-errors";
import type { Parameters } from "../wire/parameters";
import type { World } from "../world/world";

/** The most security groups that an ENI can be in; an account may be granted more. */
export const maxSecurityGroups = 5;

/** A list of group ids without repetition: none of them twice. */
export function refuseRepeatedGroups(name: string, ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw invalidParameter(name, "a security group is named twice");
}

/** `SecurityGroupId` or `SecurityGroupIds.N`: one of them, and only one. */
export function securityGroups(parameters: Parameters): string[] {
  const one = parameters.text("SecurityGroupId");
  const several = parameters.list("SecurityGroupIds", maxSecurityGroups);
  refuseRepeatedGroups("SecurityGroupIds.N", several);
  if (one !== undefined && several.length > 0)
    throw invalidParameter("SecurityGroupId", "it excludes SecurityGroupIds.N");
  const ids = one === undefined ? several : [one];
  if (ids.length === 0) throw missingParameter("SecurityGroupId");
  return ids;
}

/**
 * Refuses groups that do not exist in the region, or belong to another VPC than the ENI, or are of both types. No code is
 * documented for the last one.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/basic-security-groups-and-advanced-security-groups
 */
export function requireSecurityGroups(
  world: World,
  ids: readonly string[],
  at: { readonly RegionId: string; readonly VpcId: string },
): void {
  const groups = ids.map((id) => world.resources.securityGroups.get(id));
  for (const group of groups) if (group?.RegionId !== at.RegionId) throw securityGroupNotFound();
  for (const group of groups) if (group?.VpcId !== at.VpcId) throw securityGroupVpcMismatch();
  if (new Set(groups.map((group) => group?.SecurityGroupType)).size > 1)
    throw invalidParameter("SecurityGroupIds.N", "basic and advanced security groups exclude each other");
}

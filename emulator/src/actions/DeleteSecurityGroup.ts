import { securityGroupAuthorized, securityGroupInUse, securityGroupNotFound } from "../api-errors";
import { defaultSecurityGroupId } from "../world/resources";
import type { Action } from "./action";
import { documented } from "./conformance";

/**
 * Removes a security group that no ENI is in, and no rule of another group names.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-deletesecuritygroup
 */
export const deleteSecurityGroup: Action = {
  name: "DeleteSecurityGroup",
  product: "ecs",
  parameters: [documented("RegionId", "SecurityGroupId")],
  differs: ["the group that every VPC has cannot be deleted: it goes with its VPC"],

  prepare(parameters) {
    const region = parameters.region();
    const id = parameters.requiredText("SecurityGroupId");
    return {
      perform(world) {
        const { securityGroups, networkInterfaces } = world.resources;
        const group = securityGroups.get(id);
        if (group?.RegionId !== region) throw securityGroupNotFound();
        const isUsed = networkInterfaces.countWhere("SecurityGroupId", id) > 0;
        if (isUsed || id === defaultSecurityGroupId(group.VpcId)) throw securityGroupInUse();
        const others = securityGroups.where("GroupId of rules", id);
        if (others.some(({ SecurityGroupId }) => SecurityGroupId !== id)) throw securityGroupAuthorized();
        securityGroups.delete(id);
        return {};
      },
    };
  },
};

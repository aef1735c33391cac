import { innerAccessPolicies } from "../world/resources";
import { missingParameter } from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { existingGroup } from "./security-group-rules";

/**
 * Changes whether the instances of a security group reach each other.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifysecuritygrouppolicy
 */
export const modifySecurityGroupPolicy: Action = {
  name: "ModifySecurityGroupPolicy",
  product: "ecs",
  takesClientToken: true,
  parameters: [documented("RegionId", "SecurityGroupId", "InnerAccessPolicy", "ClientToken")],

  prepare(parameters) {
    const region = parameters.region();
    const id = parameters.requiredText("SecurityGroupId");
    const policy = parameters.choice("InnerAccessPolicy", innerAccessPolicies);
    if (policy === undefined) throw missingParameter("InnerAccessPolicy");
    return {
      perform(world) {
        existingGroup(world, id, region);
        world.resources.securityGroups.change(id, { InnerAccessPolicy: policy });
        return {};
      },
    };
  },
};

import type { Action } from "./action";
import { documented } from "./conformance";
import { existingGroup } from "./security-group-rules";
import { resourceDescription, resourceName } from "./texts";

/**
 * Changes the name and the description of a security group.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifysecuritygroupattribute
 */
export const modifySecurityGroupAttribute: Action = {
  name: "ModifySecurityGroupAttribute",
  product: "ecs",
  parameters: [documented("RegionId", "SecurityGroupId", "SecurityGroupName", "Description")],

  prepare(parameters) {
    const region = parameters.region();
    const id = parameters.requiredText("SecurityGroupId");
    const name = resourceName(parameters, "SecurityGroupName");
    const description = resourceDescription(parameters);
    return {
      perform(world) {
        existingGroup(world, id, region);
        world.resources.securityGroups.change(id, {
          ...(name !== undefined && { SecurityGroupName: name }),
          ...(description !== undefined && { Description: description }),
        });
        return {};
      },
    };
  },
};

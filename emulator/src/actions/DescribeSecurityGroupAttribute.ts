import { ruleDirections } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { existingGroup, ruleView } from "./security-group-rules";

/**
 * Shows a security group with its rules.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describesecuritygroupattribute
 */
export const describeSecurityGroupAttribute: Action = {
  name: "DescribeSecurityGroupAttribute",
  product: "ecs",
  parameters: [
    documented("RegionId", "SecurityGroupId"),
    simplified("Direction", "`ingress`, `egress` or `all`; all rules are on one page"),
    ignored("NicType", "MaxResults", "NextToken", "Attribute"),
  ],

  prepare(parameters) {
    const region = parameters.region();
    const id = parameters.requiredText("SecurityGroupId");
    const direction = parameters.choice("Direction", [...ruleDirections, "all"]) ?? "all";
    return {
      perform(world) {
        const group = existingGroup(world, id, region);
        const rules = group.Permissions.Permission.filter(
          (rule) => direction === "all" || rule.Direction === direction,
        );
        return {
          RegionId: region,
          SecurityGroupId: id,
          SecurityGroupName: group.SecurityGroupName,
          Description: group.Description,
          InnerAccessPolicy: group.InnerAccessPolicy,
          VpcId: group.VpcId,
          NextToken: "",
          Permissions: { Permission: rules.map(ruleView) },
        };
      },
    };
  },
};

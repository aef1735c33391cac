import { apiTime } from "../world/identifiers";
import { securityGroupTypes } from "../world/resources";
import type { SecurityGroup } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { tagsOfNewResource } from "./tagged-resources";
import { resourceDescription, resourceName } from "./texts";
import { existingVpc } from "./vpc-preconditions";

/**
 * Makes a security group of a VPC. It has no rules at first.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createsecuritygroup
 */
export const createSecurityGroup: Action = {
  name: "CreateSecurityGroup",
  product: "ecs",
  takesClientToken: true,
  parameters: [
    documented(
      "RegionId",
      "SecurityGroupName",
      "Description",
      "SecurityGroupType",
      "Tag.N.Key",
      "Tag.N.Value",
      "ClientToken",
    ),
    simplified("VpcId", "must be given: the classic network does not exist"),
    ignored("ResourceGroupId", "ServiceManaged"),
  ],
  prepare(parameters) {
    const region = parameters.region();
    const vpcId = parameters.requiredText("VpcId");
    const described = {
      SecurityGroupName: resourceName(parameters, "SecurityGroupName") ?? "",
      Description: resourceDescription(parameters) ?? "",
      SecurityGroupType: parameters.choice("SecurityGroupType", securityGroupTypes) ?? "normal",
      Tags: {
        Tag: tagsOfNewResource(parameters),
      },
    };
    return {
      perform(world) {
        existingVpc(world, vpcId, region);
        const group: SecurityGroup = {
          SecurityGroupId: world.newId("sg"),
          RegionId: region,
          VpcId: vpcId,
          CreationTime: apiTime(world.nowMs),
          // A basic group lets its instances reach each other, an advanced one does not.
          InnerAccessPolicy: described.SecurityGroupType === "normal" ? "Accept" : "Drop",
          Permissions: { Permission: [] },
          ...described,
        };
        world.resources.securityGroups.set(group.SecurityGroupId, group);
        return { SecurityGroupId: group.SecurityGroupId };
      },
    };
  },
};

import { incorrectVpcStatus } from "../api-errors";
import type { Action } from "./action";
import { documented, ignored, refused } from "./conformance";
import { changedNetworkTexts } from "./texts";
import { existingVpc } from "./vpc-preconditions";

/**
 * Changes the name and the description of a VPC.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-modifyvpcattribute
 */
export const modifyVpcAttribute: Action = {
  name: "ModifyVpcAttribute",
  product: "vpc",
  parameters: [
    documented("RegionId", "VpcId", "VpcName", "Description"),
    ignored("EnableDnsHostname"),
    refused("CidrBlock", "EnableIPv6", "Ipv6CidrBlock", "Ipv6Isp"),
  ],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("VpcId");
    const changed = changedNetworkTexts(parameters, "Vpc");
    return {
      perform(world) {
        if (existingVpc(world, id, region).Status !== "Available") throw incorrectVpcStatus();
        world.resources.vpcs.change(id, {
          ...(changed.name !== undefined && { VpcName: changed.name }),
          ...(changed.description !== undefined && { Description: changed.description }),
        });
        return {};
      },
    };
  },
};

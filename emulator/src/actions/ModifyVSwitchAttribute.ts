import { incorrectVSwitchStatus } from "../api-errors";
import type { Action } from "./action";
import { documented, refused } from "./conformance";
import { changedNetworkTexts } from "./texts";
import { existingVSwitch } from "./vpc-preconditions";

/**
 * Changes the name and the description of a vSwitch.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-modifyvswitchattribute
 */
export const modifyVSwitchAttribute: Action = {
  name: "ModifyVSwitchAttribute",
  product: "vpc",
  parameters: [
    documented("RegionId", "VSwitchId", "VSwitchName", "Description"),
    refused("EnableIPv6", "Ipv6CidrBlock", "VpcIpv6CidrBlock"),
  ],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("VSwitchId");
    const changed = changedNetworkTexts(parameters, "VSwitch");
    return {
      perform(world) {
        if (existingVSwitch(world, id, region).Status !== "Available") throw incorrectVSwitchStatus();
        world.resources.vSwitches.change(id, {
          ...(changed.name !== undefined && { VSwitchName: changed.name }),
          ...(changed.description !== undefined && { Description: changed.description }),
        });
        return {};
      },
    };
  },
};

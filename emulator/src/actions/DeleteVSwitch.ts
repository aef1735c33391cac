import {
  dependencyViolation,
  dryRunOperation,
  otherSubnetProcessing,
  vSwitchInMiddleStatus,
} from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { existingVSwitch } from "./vpc-preconditions";

/**
 * Deletes a vSwitch that has no ENIs any more: Pending, then gone.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-deletevswitch
 */
export const deleteVSwitch: Action = {
  name: "DeleteVSwitch",
  product: "vpc",
  parameters: [documented("RegionId", "VSwitchId", "DryRun")],
  differs: [
    "answers DependencyViolation for an ENI; DependencyViolation.NetworkInterface has been seen as well",
  ],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("VSwitchId");
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const { vSwitches, networkInterfaces, occupiedAddresses } = world.resources;
        const vSwitch = existingVSwitch(world, id, region);
        if (vSwitch.Status !== "Available") throw vSwitchInMiddleStatus();
        if (vSwitches.countWhere("VpcId of pending", vSwitch.VpcId) > 0) throw otherSubnetProcessing();
        if (networkInterfaces.countWhere("VSwitchId", id) > 0) throw dependencyViolation();
        if (occupiedAddresses.countWhere("VSwitchId", id) > 0) throw dependencyViolation();
        if (dryRun) throw dryRunOperation();
        vSwitches.change(id, { Status: "Pending", StatusTransition: world.transition("Deleted") });
        return {};
      },
    };
  },
};

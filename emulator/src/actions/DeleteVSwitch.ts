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
        const { vSwitches, networkInterfaces } = world.resources;
        const vSwitch = existingVSwitch(world, id, region);
        if (vSwitch.Status !== "Available") throw vSwitchInMiddleStatus();
        const others = [...vSwitches.values()].filter(({ VpcId }) => VpcId === vSwitch.VpcId);
        if (others.some(({ Status }) => Status === "Pending")) throw otherSubnetProcessing();
        if ([...networkInterfaces.values()].some(({ VSwitchId }) => VSwitchId === id))
          throw dependencyViolation();
        if (world.occupiedIn(id).length > 0) throw dependencyViolation();
        if (dryRun) throw dryRunOperation();
        vSwitch.Status = "Pending";
        world.begin(vSwitch, "Deleted");
        return {};
      },
    };
  },
};

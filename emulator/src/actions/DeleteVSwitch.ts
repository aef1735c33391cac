import {
  dependencyViolation,
  dryRunOperation,
  otherSubnetProcessing,
  vSwitchInMiddleStatus,
  vSwitchNotFoundInVpc,
} from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";

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
    const region = parameters.text("RegionId") === undefined ? undefined : parameters.region();
    const id = parameters.requiredText("VSwitchId");
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const { vSwitches, networkInterfaces } = world.resources;
        const vSwitch = vSwitches.get(id);
        if (!vSwitch || (region !== undefined && vSwitch.RegionId !== region)) throw vSwitchNotFoundInVpc();
        if (vSwitch.Status !== "Available") throw vSwitchInMiddleStatus();
        const others = [...vSwitches.values()].filter(({ VpcId }) => VpcId === vSwitch.VpcId);
        if (others.some(({ Status }) => Status === "Pending")) throw otherSubnetProcessing();
        if ([...networkInterfaces.values()].some(({ VSwitchId }) => VSwitchId === id))
          throw dependencyViolation();
        if (dryRun) throw dryRunOperation();
        vSwitch.Status = "Pending";
        world.begin(vSwitch, "Deleted");
        return {};
      },
    };
  },
};

import { dependencyViolation, dryRunOperation, incorrectVpcStatus } from "../api-errors";
import { defaultSecurityGroupId } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored } from "./conformance";
import { existingVpc } from "./vpc-preconditions";

/**
 * Deletes a VPC that has no vSwitches and no security groups any more but its own: Deleting, then gone.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-deletevpc
 */
export const deleteVpc: Action = {
  name: "DeleteVpc",
  product: "vpc",
  takesClientToken: true,
  parameters: [documented("RegionId", "VpcId", "DryRun", "ClientToken"), ignored("ForceDelete")],
  differs: ["the security group that every VPC has goes with it"],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("VpcId");
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const { vpcs, vSwitches, securityGroups } = world.resources;
        const vpc = existingVpc(world, id, region);
        if (vpc.Status !== "Available") throw incorrectVpcStatus();
        if (vSwitches.countWhere("VpcId", id) > 0) throw dependencyViolation("VSwitch");
        const own = defaultSecurityGroupId(id);
        const others = securityGroups
          .where("VpcId", id)
          .some(({ SecurityGroupId }) => SecurityGroupId !== own);
        if (others) throw dependencyViolation("SecurityGroup");
        if (dryRun) throw dryRunOperation();
        vpcs.change(id, { Status: "Deleting", StatusTransition: world.transition("Deleted") });
        return {};
      },
    };
  },
};

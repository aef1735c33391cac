import { dryRunOperation } from "../api-errors";
import type { Action } from "./action";
import { documented, ignored } from "./conformance";
import { vpcAttributeView } from "./network-views";
import { existingVpc } from "./vpc-preconditions";

/**
 * Shows one VPC.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcattribute
 */
export const describeVpcAttribute: Action = {
  name: "DescribeVpcAttribute",
  product: "vpc",
  parameters: [documented("RegionId", "VpcId", "DryRun"), ignored("IsDefault")],
  differs: ["no route tables but the system one, no gateways"],

  prepare(parameters) {
    const region = parameters.region();
    const id = parameters.requiredText("VpcId");
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const vpc = existingVpc(world, id, region);
        if (dryRun) throw dryRunOperation();
        return vpcAttributeView(world, vpc);
      },
    };
  },
};

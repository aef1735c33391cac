import { dryRunOperation } from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { vSwitchView } from "./network-views";
import { existingVSwitch } from "./vpc-preconditions";

/**
 * Shows one vSwitch.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevswitchattributes
 */
export const describeVSwitchAttributes: Action = {
  name: "DescribeVSwitchAttributes",
  product: "vpc",
  parameters: [documented("VSwitchId", "RegionId", "DryRun")],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("VSwitchId");
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const vSwitch = existingVSwitch(world, id, region);
        if (dryRun) throw dryRunOperation();
        return vSwitchView(world, vSwitch, "vpc");
      },
    };
  },
};

import { dryRunOperation, vSwitchNotFoundInVpc } from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { vSwitchView } from "./network-views";

/**
 * Shows one vSwitch.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevswitchattributes
 */
export const describeVSwitchAttributes: Action = {
  name: "DescribeVSwitchAttributes",
  product: "vpc",
  parameters: [documented("VSwitchId", "RegionId", "DryRun")],
  differs: ["no route table"],

  prepare(parameters) {
    const region = parameters.text("RegionId") === undefined ? undefined : parameters.region();
    const id = parameters.requiredText("VSwitchId");
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const vSwitch = world.resources.vSwitches.get(id);
        if (!vSwitch || (region !== undefined && vSwitch.RegionId !== region)) throw vSwitchNotFoundInVpc();
        if (dryRun) throw dryRunOperation();
        return vSwitchView(world, vSwitch, "vpc");
      },
    };
  },
};

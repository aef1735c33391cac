import { invalidParameter } from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { existingEip, maxBandwidth } from "./eip-bindings";
import { eipTexts } from "./texts";

/**
 * Changes the name, the description and the bandwidth of an EIP.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-modifyeipaddressattribute
 */
export const modifyEipAddressAttribute: Action = {
  name: "ModifyEipAddressAttribute",
  product: "vpc",
  parameters: [documented("RegionId", "AllocationId", "Name", "Description", "Bandwidth")],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("AllocationId");
    const { name, description } = eipTexts(parameters);
    const bandwidth = parameters.integer("Bandwidth", 1, maxBandwidth.PayByBandwidth);
    return {
      perform(world) {
        const { InternetChargeType } = existingEip(world, id, region);
        const max = maxBandwidth[InternetChargeType];
        if (bandwidth !== undefined && bandwidth > max)
          throw invalidParameter("Bandwidth", `at most ${max} is allowed with ${InternetChargeType}`);
        world.resources.eips.change(id, {
          ...(name !== undefined && { Name: name }),
          ...(description !== undefined && { Description: description }),
          ...(bandwidth !== undefined && { Bandwidth: String(bandwidth) }),
        });
        return {};
      },
    };
  },
};

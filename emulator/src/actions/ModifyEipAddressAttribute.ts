import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { existingEip } from "./eip-bindings";
import { eipTexts } from "./texts";

/**
 * Changes the name, the description and the bandwidth of an EIP.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-modifyeipaddressattribute
 */
export const modifyEipAddressAttribute: Action = {
  name: "ModifyEipAddressAttribute",
  product: "vpc",
  parameters: [
    documented("RegionId", "AllocationId", "Name", "Description"),
    simplified("Bandwidth", "1 to 500 for every way of charging"),
  ],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("AllocationId");
    const { name, description } = eipTexts(parameters);
    const bandwidth = parameters.integer("Bandwidth", 1, 500);
    return {
      perform(world) {
        existingEip(world, id, region);
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

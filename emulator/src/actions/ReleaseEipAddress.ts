import { incorrectEipStatus } from "../api-errors";
import type { Action } from "./action";
import { documented } from "./conformance";
import { existingEip } from "./eip-bindings";

/**
 * Removes an EIP that is bound to nothing.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-releaseeipaddress
 */
export const releaseEipAddress: Action = {
  name: "ReleaseEipAddress",
  product: "vpc",
  parameters: [documented("RegionId", "AllocationId")],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("AllocationId");
    return {
      perform(world) {
        if (existingEip(world, id, region).InstanceId !== undefined) throw incorrectEipStatus();
        world.resources.eips.delete(id);
        return {};
      },
    };
  },
};

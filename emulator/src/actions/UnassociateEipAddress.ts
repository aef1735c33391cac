import { incorrectEipStatus, invalidParameter } from "../api-errors";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { bindingOf, existingEip } from "./eip-bindings";

/**
 * Unbinds an EIP.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-unassociateeipaddress
 */
export const unassociateEipAddress: Action = {
  name: "UnassociateEipAddress",
  product: "vpc",
  takesClientToken: true,
  parameters: [
    documented("RegionId", "AllocationId", "ClientToken"),
    simplified("InstanceId", "the instance or the ENI that the EIP is bound to"),
    ignored("Force", "InstanceType", "PrivateIpAddress"),
  ],
  differs: ["the EIP is Available at once"],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("AllocationId");
    const instanceId = parameters.text("InstanceId");
    return {
      perform(world) {
        const eip = existingEip(world, id, region);
        if (eip.InstanceId === undefined) throw incorrectEipStatus();
        const bound = bindingOf(world, eip).InstanceId;
        if (instanceId !== undefined && instanceId !== bound && instanceId !== eip.InstanceId)
          throw invalidParameter("InstanceId", `${id} is bound to ${bound}`);
        world.resources.eips.change(id, { InstanceId: undefined, PrivateIpAddress: undefined });
        return {};
      },
    };
  },
};

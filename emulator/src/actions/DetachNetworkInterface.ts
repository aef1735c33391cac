import { detachPrimaryEniNotAllowed, notAttachedTo } from "../api-errors";
import type { Action } from "./action";
import { documented, refused } from "./conformance";
import {
  changeableEni,
  existingInstance,
  requireEniStatus,
  requireOpenToAttachments,
} from "./eni-preconditions";

/**
 * Detaches an ENI, which keeps its addresses: Detaching, then Available.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-detachnetworkinterface
 */
export const detachNetworkInterface: Action = {
  name: "DetachNetworkInterface",
  product: "ecs",
  parameters: [documented("RegionId", "NetworkInterfaceId", "InstanceId"), refused("TrunkNetworkInstanceId")],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const instanceId = parameters.requiredText("InstanceId");
    return {
      writesTo: eniId,
      perform(world) {
        const eni = changeableEni(world, eniId, region);
        if (eni.Type === "Primary") throw detachPrimaryEniNotAllowed();
        requireEniStatus(eni, "InUse");
        const instance = existingInstance(world, instanceId, region);
        if (eni.InstanceId !== instanceId) throw notAttachedTo(eniId, instanceId);
        requireOpenToAttachments(world, instance);
        world.resources.networkInterfaces.change(eniId, {
          Status: "Detaching",
          StatusTransition: world.transition("Available"),
        });
        return {};
      },
    };
  },
};

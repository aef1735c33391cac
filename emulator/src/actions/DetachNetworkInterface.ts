import { detachPrimaryEniNotAllowed, ecsNotFound, notAttachedTo, unsupportedParameter } from "../api-errors";
import type { Action } from "./action";
import { changeableEni, requireEniStatus, requireSteadyInstance } from "./eni-preconditions";

/**
 * Detaches an ENI, which keeps its addresses: Detaching, then Available.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-detachnetworkinterface
 */
export const detachNetworkInterface: Action = {
  name: "DetachNetworkInterface",
  product: "ecs",

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const instanceId = parameters.requiredText("InstanceId");
    if (parameters.text("TrunkNetworkInstanceId") !== undefined)
      throw unsupportedParameter("TrunkNetworkInstanceId");
    return {
      writesTo: eniId,
      perform(world) {
        const eni = changeableEni(world, eniId, region);
        if (eni.Type === "Primary") throw detachPrimaryEniNotAllowed();
        requireEniStatus(eni, "InUse");
        if (world.resources.instances.get(instanceId)?.RegionId !== region) throw ecsNotFound(instanceId);
        if (eni.InstanceId !== instanceId) throw notAttachedTo(eniId, instanceId);
        requireSteadyInstance(world, instanceId);
        eni.Status = "Detaching";
        world.begin(eni, "Available");
        return {};
      },
    };
  },
};

import {
  ecsNotFound,
  eniPerInstanceLimitExceeded,
  ipv4CountExceeded,
  unsupportedParameter,
  vpcMismatch,
  zoneMismatch,
} from "../api-errors";
import { instanceTypes } from "../world/instance-types";
import { slotsAt, slotsTaken } from "../world/quotas";
import type { Action } from "./action";
import { changeableEni, requireEniStatus, requireSteadyInstance } from "./eni-preconditions";

/**
 * Attaches an ENI to an instance: Attaching, then InUse.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-attachnetworkinterface
 */
export const attachNetworkInterface: Action = {
  name: "AttachNetworkInterface",
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
        requireEniStatus(eni, "Available");
        const instance = world.resources.instances.get(instanceId);
        if (instance?.RegionId !== region) throw ecsNotFound(instanceId);
        requireSteadyInstance(world, instanceId);
        if (instance.VpcAttributes.VpcId !== eni.VpcId) throw vpcMismatch();
        if (instance.ZoneId !== eni.ZoneId) throw zoneMismatch();
        const attached = [...world.resources.networkInterfaces.values()].filter(
          (other) => other.InstanceId === instanceId,
        );
        if (attached.length >= (instanceTypes.get(instance.InstanceType)?.EniQuantity ?? 0))
          throw eniPerInstanceLimitExceeded();
        if (slotsTaken(eni) > slotsAt(world, instanceId)) throw ipv4CountExceeded();
        eni.InstanceId = instanceId;
        eni.Status = "Attaching";
        world.begin(eni, "InUse");
        return {};
      },
    };
  },
};

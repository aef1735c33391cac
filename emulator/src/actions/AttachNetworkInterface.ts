import {
  eniPerInstanceLimitExceeded,
  ipv4CountExceeded,
  ipv6CountExceeded,
  vpcMismatch,
  zoneMismatch,
} from "../api-errors";
import { instanceTypes } from "../world/instance-types";
import { ipv6SlotsAt, ipv6SlotsTaken, slotsAt, slotsTaken } from "../world/quotas";
import type { Action } from "./action";
import { documented, ignored, refused } from "./conformance";
import {
  changeableEni,
  existingInstance,
  requireEniStatus,
  requireOpenToAttachments,
} from "./eni-preconditions";

/**
 * Attaches an ENI to an instance: Attaching, then InUse.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-attachnetworkinterface
 */
export const attachNetworkInterface: Action = {
  name: "AttachNetworkInterface",
  product: "ecs",
  parameters: [
    documented("RegionId", "NetworkInterfaceId", "InstanceId"),
    ignored("NetworkCardIndex", "WaitForNetworkConfigurationReady"),
    refused("TrunkNetworkInstanceId"),
  ],
  differs: [
    "always succeeds once it is Attaching",
    "counts ENIs that are Attaching and Detaching as attached",
  ],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const instanceId = parameters.requiredText("InstanceId");
    return {
      writesTo: eniId,
      perform(world) {
        const eni = changeableEni(world, eniId, region);
        requireEniStatus(eni, "Available");
        const instance = existingInstance(world, instanceId, region);
        requireOpenToAttachments(world, instance);
        const type = instanceTypes.get(instance.InstanceType);
        if (instance.VpcAttributes.VpcId !== eni.VpcId) throw vpcMismatch();
        if (instance.ZoneId !== eni.ZoneId) throw zoneMismatch();
        const { networkInterfaces } = world.resources;
        const attached = networkInterfaces.countWhere("InstanceId", instanceId);
        if (attached >= (type?.EniQuantity ?? 0)) throw eniPerInstanceLimitExceeded();
        if (slotsTaken(eni) > slotsAt(world, instanceId)) throw ipv4CountExceeded();
        if (ipv6SlotsTaken(eni) > ipv6SlotsAt(world, instanceId)) throw ipv6CountExceeded();
        networkInterfaces.change(eniId, {
          InstanceId: instanceId,
          Status: "Attaching",
          StatusTransition: world.transition("InUse"),
        });
        return {};
      },
    };
  },
};

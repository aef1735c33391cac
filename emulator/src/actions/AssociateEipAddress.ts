import {
  eipInstanceHasEip,
  incorrectEipStatus,
  incorrectStatusOfBoundInstance,
  instanceNotFound,
  invalidParameter,
} from "../api-errors";
import { primaryAddress } from "../world/resources";
import type { NetworkInterface } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { existingEip } from "./eip-bindings";

/** What an EIP can be bound to here. */
const boundTypes = ["EcsInstance", "NetworkInterface"] as const;

/**
 * Binds an EIP to an instance, or to an address of an ENI.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-associateeipaddress
 */
export const associateEipAddress: Action = {
  name: "AssociateEipAddress",
  product: "vpc",
  takesClientToken: true,
  parameters: [
    documented("RegionId", "AllocationId", "InstanceId", "PrivateIpAddress", "ClientToken"),
    simplified("InstanceType", "`EcsInstance`, the default, or `NetworkInterface`"),
    ignored("InstanceRegionId", "Mode", "VpcId"),
  ],
  differs: ["the EIP is InUse at once"],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const id = parameters.requiredText("AllocationId");
    const instanceId = parameters.requiredText("InstanceId");
    const type = parameters.choice("InstanceType", boundTypes) ?? "EcsInstance";
    const wanted = parameters.text("PrivateIpAddress");
    return {
      perform(world) {
        const eip = existingEip(world, id, region);
        if (eip.InstanceId !== undefined) throw incorrectEipStatus();
        const eni = boundEni(world, type, instanceId, eip.RegionId);
        const address = wanted ?? primaryAddress(eni);
        if (!eni.PrivateIpSets.PrivateIpSet.some((ip) => ip.PrivateIpAddress === address))
          throw invalidParameter(
            "PrivateIpAddress",
            `${address} is not an address of ${eni.NetworkInterfaceId}`,
          );
        if (world.eipOf(eni.NetworkInterfaceId, address)) throw eipInstanceHasEip();
        world.resources.eips.change(id, { InstanceId: eni.NetworkInterfaceId, PrivateIpAddress: address });
        return {};
      },
    };
  },
};

function boundEni(
  world: World,
  type: (typeof boundTypes)[number],
  id: string,
  region: string,
): NetworkInterface {
  const { instances, networkInterfaces } = world.resources;
  const instance = type === "EcsInstance" ? instances.get(id) : undefined;
  if (instance?.RegionId === region && instance.Status !== "Running" && instance.Status !== "Stopped")
    throw incorrectStatusOfBoundInstance();
  const eni =
    type === "NetworkInterface"
      ? networkInterfaces.get(id)
      : networkInterfaces.where("InstanceId", id).find((one) => one.Type === "Primary");
  if (eni?.RegionId === region) return eni;
  throw instanceNotFound();
}

import {
  instanceTypeNotFound,
  invalidParameter,
  notEnoughAddressesForInstances,
  unsupportedParameter,
} from "../api-errors";
import { parseAddress } from "../world/addresses";
import { createNetworkInterface } from "../world/creation";
import { apiTime } from "../world/identifiers";
import { instanceTypes } from "../world/instance-types";
import type { Instance } from "../world/resources";
import type { Action } from "./action";
import { availableVSwitch, requireFree } from "./CreateNetworkInterface";

/**
 * Makes instances, each with its primary ENI: Pending, Starting, Running.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances
 */
export const runInstances: Action = {
  name: "RunInstances",
  product: "ecs",
  takesClientToken: true,

  prepare(parameters) {
    const region = parameters.region();
    // No images are modelled: the parameter must be there, as in the cloud, and may be anything.
    parameters.requiredText("ImageId");
    const type = parameters.requiredText("InstanceType");
    const securityGroupId = parameters.requiredText("SecurityGroupId");
    const vSwitchId = parameters.requiredText("VSwitchId");
    const amount = parameters.integer("Amount", 1, 100) ?? 1;
    const address = parameters.text("PrivateIpAddress");
    if (address !== undefined && (amount > 1 || parseAddress(address) === undefined))
      throw invalidParameter("PrivateIpAddress", "it must be an IPv4 address, and Amount must be 1");
    for (const name of Object.keys(parameters.raw))
      if (name.startsWith("NetworkInterface.") || name.startsWith("Ipv6")) throw unsupportedParameter(name);
    if (parameters.flag("DryRun") === true) throw unsupportedParameter("DryRun");
    const name = parameters.text("InstanceName");
    return {
      perform(world) {
        if (!instanceTypes.has(type)) throw instanceTypeNotFound(type, [...instanceTypes.keys()]);
        const vSwitch = availableVSwitch(world, vSwitchId, region);
        const occupancy = world.occupancy(vSwitch);
        if (address !== undefined) requireFree(occupancy, vSwitch, address);
        const addresses = address === undefined ? occupancy.free(amount) : [address];
        if (addresses.length < amount) throw notEnoughAddressesForInstances();
        const ids = addresses.map((primary) => {
          const id = world.newId("i");
          const instance: Instance = {
            InstanceId: id,
            InstanceName: name ?? id,
            RegionId: region,
            ZoneId: vSwitch.ZoneId,
            InstanceType: type,
            CreationTime: apiTime(world.nowMs),
            VpcAttributes: { VpcId: vSwitch.VpcId, VSwitchId: vSwitch.VSwitchId },
            Status: "Pending",
            StatusTransition: undefined,
          };
          world.resources.instances.set(id, instance);
          world.begin(instance, "Starting", "Running");
          createNetworkInterface(world, {
            vSwitch,
            type: "Primary",
            primary,
            secondary: [],
            prefixes: [],
            securityGroupIds: [securityGroupId],
            name: "",
            description: "",
            tags: [],
            deleteOnRelease: true,
            instanceId: id,
          });
          return id;
        });
        return { InstanceIdSets: { InstanceIdSet: ids } };
      },
    };
  },
};

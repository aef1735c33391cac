import { invalidEcsState, invalidParameter } from "../api-errors";
import type { Action } from "./action";
import { documented, ignored, refused, simplified } from "./conformance";
import { changeableEni, requireEniStatus } from "./eni-preconditions";
import { maxSecurityGroups, refuseRepeatedGroups, requireSecurityGroups } from "./security-group-membership";
import { resourceDescription, resourceName } from "./texts";

/**
 * Changes what an ENI is called, what it belongs to and how it behaves; never its addresses.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifynetworkinterfaceattribute
 */
export const modifyNetworkInterfaceAttribute: Action = {
  name: "ModifyNetworkInterfaceAttribute",
  product: "ecs",
  parameters: [
    documented(
      "RegionId",
      "NetworkInterfaceId",
      "NetworkInterfaceName",
      "Description",
      "DeleteOnRelease",
      "SourceDestCheck",
    ),
    simplified("SecurityGroupId.N", "N up to 5, of the ENI's VPC; at once"),
    simplified("QueueNumber", "1 to 2048 in the documented states; no bound of the instance type"),
    ignored(
      "RxQueueSize",
      "TxQueueSize",
      "NetworkInterfaceTrafficConfig",
      "ConnectionTrackingConfiguration",
      "EnhancedNetwork",
    ),
    refused("EnablePrimaryIPv6"),
  ],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    const name = resourceName(parameters, "NetworkInterfaceName");
    const description = resourceDescription(parameters);
    const groups = parameters.list("SecurityGroupId", maxSecurityGroups);
    refuseRepeatedGroups("SecurityGroupId.N", groups);
    const deleteOnRelease = parameters.flag("DeleteOnRelease");
    const sourceDestCheck = parameters.flag("SourceDestCheck");
    const queueNumber = parameters.integer("QueueNumber", 1, 2048);
    return {
      writesTo: eniId,
      perform(world) {
        const eni = changeableEni(world, eniId, region);
        requireEniStatus(eni, "Available", "InUse");
        if (groups.length > 0) requireSecurityGroups(world, groups, eni);
        if (eni.Type === "Primary" && queueNumber !== undefined)
          throw invalidParameter("QueueNumber", "only that of a secondary ENI can be changed");
        const instance = world.resources.instances.get(eni.InstanceId ?? "");
        if (queueNumber !== undefined && eni.Status === "InUse" && instance?.Status !== "Stopped")
          throw invalidEcsState();

        world.resources.networkInterfaces.change(eniId, {
          NetworkInterfaceName: name ?? eni.NetworkInterfaceName,
          Description: description ?? eni.Description,
          SecurityGroupIds: groups.length > 0 ? { SecurityGroupId: groups } : eni.SecurityGroupIds,
          DeleteOnRelease: deleteOnRelease ?? eni.DeleteOnRelease,
          SourceDestCheck: sourceDestCheck ?? eni.SourceDestCheck,
          QueueNumber: queueNumber ?? eni.QueueNumber,
        });
        return {};
      },
    };
  },
};

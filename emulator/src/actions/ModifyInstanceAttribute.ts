import { instanceNotFound } from "../api-errors";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { hostName, instanceName, userData } from "./instance-texts";
import { maxSecurityGroups, refuseRepeatedGroups, requireSecurityGroups } from "./security-group-membership";
import { resourceDescription } from "./texts";

/**
 * Changes what an instance is called, its user data and the security groups of its primary ENI.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyinstanceattribute
 */
export const modifyInstanceAttribute: Action = {
  name: "ModifyInstanceAttribute",
  product: "ecs",
  parameters: [
    documented("InstanceId", "InstanceName", "Description", "HostName"),
    simplified("UserData", "in every status of the instance"),
    simplified("SecurityGroupIds.N", "N up to 5"),
    ignored(
      "AdditionalInfo",
      "CpuOptions",
      "CreditSpecification",
      "DeletionProtection",
      "EnableJumboFrame",
      "EnableNetworkEncryption",
      "NetworkInterfaceQueueNumber",
      "Password",
      "PrivateDnsNameOptions",
      "Recyclable",
      "RegionId",
      "RemoteConnectionOptions",
    ),
  ],

  prepare(parameters) {
    const id = parameters.requiredText("InstanceId");
    const name = instanceName(parameters);
    const description = resourceDescription(parameters);
    const host = hostName(parameters);
    const data = userData(parameters);
    const groups = parameters.list("SecurityGroupIds", maxSecurityGroups);
    refuseRepeatedGroups("SecurityGroupIds.N", groups);
    return {
      perform(world) {
        const { instances, networkInterfaces } = world.resources;
        const instance = instances.get(id);
        if (!instance) throw instanceNotFound();
        const primary = networkInterfaces.where("InstanceId", id).find((eni) => eni.Type === "Primary");
        if (groups.length > 0 && primary) {
          requireSecurityGroups(world, groups, primary);
          networkInterfaces.change(primary.NetworkInterfaceId, {
            SecurityGroupIds: { SecurityGroupId: groups },
          });
        }
        instances.change(id, {
          ...(name !== undefined && { InstanceName: name }),
          ...(description !== undefined && { Description: description }),
          ...(host !== undefined && { HostName: host }),
          ...(data !== undefined && { UserData: data }),
        });
        return {};
      },
    };
  },
};

import type { Action } from "./action";
import { documented } from "./conformance";
import { changeableEni, requireEniStatus } from "./eni-preconditions";

/**
 * Deletes an ENI with all its addresses: Deleting, then gone.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-deletenetworkinterface
 */
export const deleteNetworkInterface: Action = {
  name: "DeleteNetworkInterface",
  product: "ecs",
  parameters: [documented("RegionId", "NetworkInterfaceId")],
  differs: [
    "the addresses stay busy for `releaseMs`, by default not at all; in the cloud they can stay so for a while",
  ],

  prepare(parameters) {
    const region = parameters.region();
    const eniId = parameters.requiredText("NetworkInterfaceId");
    return {
      writesTo: eniId,
      perform(world) {
        const eni = changeableEni(world, eniId, region);
        requireEniStatus(eni, "Available");
        world.resources.networkInterfaces.change(eniId, {
          Status: "Deleting",
          StatusTransition: world.transition("Deleted"),
        });
        return {};
      },
    };
  },
};

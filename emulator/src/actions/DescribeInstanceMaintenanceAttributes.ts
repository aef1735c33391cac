import type { Instance } from "../world/resources";
import type { Action } from "./action";
import { documented } from "./conformance";
import { numberedPage, sortedById } from "./paging";

/**
 * Shows how instances are maintained.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancemaintenanceattributes
 */
export const describeInstanceMaintenanceAttributes: Action = {
  name: "DescribeInstanceMaintenanceAttributes",
  product: "ecs",
  parameters: [documented("RegionId", "InstanceId.N", "PageNumber", "PageSize")],
  differs: ["the defaults; nothing changes them"],

  prepare(parameters) {
    const region = parameters.region();
    const ids = parameters.list("InstanceId", 100);
    const page = numberedPage(parameters, 100);
    return {
      perform(world) {
        const idOf = (instance: Instance) => instance.InstanceId;
        const candidates =
          ids.length === 0 ? world.resources.instances.values() : world.resources.instances.named(ids);
        const { items, fields } = page(
          sortedById(candidates, idOf).filter((instance) => instance.RegionId === region),
          idOf,
        );
        return {
          ...fields,
          MaintenanceAttributes: {
            MaintenanceAttribute: items.map(({ InstanceId }) => ({
              InstanceId,
              NotifyOnMaintenance: false,
              MaintenanceWindows: { MaintenanceWindow: [] },
              ActionOnMaintenance: {
                Value: "AutoRecover",
                DefaultValue: "AutoRecover",
                SupportedValues: { SupportedValue: ["AutoRecover"] },
              },
            })),
          },
        };
      },
    };
  },
};

import type { Instance } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored } from "./conformance";
import { numberedPage, sortedById } from "./paging";

/**
 * Tells the states of instances.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancestatus
 */
export const describeInstanceStatus: Action = {
  name: "DescribeInstanceStatus",
  product: "ecs",
  parameters: [
    documented("RegionId", "InstanceId.N", "ZoneId", "PageNumber", "PageSize"),
    ignored("ClusterId"),
  ],

  prepare(parameters) {
    const region = parameters.region();
    const ids = new Set(parameters.list("InstanceId", 100));
    const zone = parameters.text("ZoneId");
    const page = numberedPage(parameters, 50);
    return {
      perform(world) {
        const { instances } = world.resources;
        const idOf = (instance: Instance) => instance.InstanceId;
        const candidates = ids.size === 0 ? instances.sorted() : sortedById(instances.named(ids), idOf);
        const found = candidates.filter(
          (instance) => instance.RegionId === region && (zone === undefined || instance.ZoneId === zone),
        );
        const { items, fields } = page(found, idOf);
        return {
          ...fields,
          InstanceStatuses: {
            InstanceStatus: items.map(({ InstanceId, Status }) => ({ InstanceId, Status })),
          },
        };
      },
    };
  },
};

import { jsonList } from "./id-lists";
import type { Instance } from "../world/resources";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { numberedPage, sortedById } from "./paging";

/**
 * Lists the RAM roles of instances; no instance has one.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceramrole
 */
export const describeInstanceRamRole: Action = {
  name: "DescribeInstanceRamRole",
  product: "ecs",
  parameters: [
    documented("RegionId", "InstanceIds", "PageNumber", "PageSize"),
    simplified("RamRoleName", "lists nothing"),
  ],
  differs: ["no instance has a role"],

  prepare(parameters) {
    const region = parameters.region();
    const ids = jsonList(parameters, "InstanceIds") ?? [];
    const hasRole = parameters.text("RamRoleName") !== undefined;
    const page = numberedPage(parameters, 50);
    return {
      perform(world) {
        const idOf = (instance: Instance) => instance.InstanceId;
        const candidates = hasRole ? [] : world.resources.instances.named(ids);
        const { items, fields } = page(
          sortedById(candidates, idOf).filter((instance) => instance.RegionId === region),
          idOf,
        );
        return {
          RegionId: region,
          TotalCount: fields.TotalCount,
          InstanceRamRoleSets: {
            InstanceRamRoleSet: items.map(({ InstanceId }) => ({ InstanceId, RamRoleName: "" })),
          },
        };
      },
    };
  },
};

import { jsonList } from "./id-lists";
import type { Instance } from "../world/resources";
import type { Action } from "./action";
import { documented } from "./conformance";
import { numberedPage, sortedById } from "./paging";

/**
 * Shows the private pools that instances are matched to.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceattachmentattributes
 */
export const describeInstanceAttachmentAttributes: Action = {
  name: "DescribeInstanceAttachmentAttributes",
  product: "ecs",
  parameters: [documented("RegionId", "InstanceIds", "PageNumber", "PageSize")],
  differs: ["the defaults; nothing changes them"],

  prepare(parameters) {
    const region = parameters.region();
    const ids = jsonList(parameters, "InstanceIds") ?? [];
    const page = numberedPage(parameters, 100);
    return {
      perform(world) {
        const idOf = (instance: Instance) => instance.InstanceId;
        const candidates = world.resources.instances.named(ids);
        const { items, fields } = page(
          sortedById(candidates, idOf).filter((instance) => instance.RegionId === region),
          idOf,
        );
        return {
          ...fields,
          Instances: {
            Instance: items.map(({ InstanceId }) => ({
              InstanceId,
              PrivatePoolOptionsMatchCriteria: "Open",
              PrivatePoolOptionsId: "",
            })),
          },
        };
      },
    };
  },
};

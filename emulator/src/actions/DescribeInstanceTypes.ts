import { instanceTypes } from "../world/instance-types";
import type { Action } from "./action";
import { pageRequest, sortedById } from "./paging";

/**
 * Tells what instance types allow; a type that is not there leaves the list shorter.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancetypes
 */
export const describeInstanceTypes: Action = {
  name: "DescribeInstanceTypes",
  product: "ecs",

  prepare(parameters) {
    const ids = new Set(parameters.list("InstanceTypes", 10));
    const family = parameters.text("InstanceTypeFamily");
    const page = pageRequest(parameters, { min: 10, max: 100 });
    return {
      perform() {
        const found = [...instanceTypes.values()].filter(
          (type) =>
            (ids.size === 0 || ids.has(type.InstanceTypeId)) &&
            (family === undefined || type.InstanceTypeFamily === family),
        );
        const idOf = (type: { InstanceTypeId: string }) => type.InstanceTypeId;
        const { items, fields } = page(sortedById(found, idOf), idOf);
        return {
          NextToken: fields.NextToken ?? "",
          InstanceTypes: {
            // Trunk ENIs are not modelled, so the total is what can be attached.
            InstanceType: items.map((type) => ({ ...type, EniTotalQuantity: type.EniQuantity })),
          },
        };
      },
    };
  },
};

import type { Action } from "./action";
import { documented, ignored } from "./conformance";

/**
 * Says whether subscriptions are renewed; no instance is a subscription.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceautorenewattribute
 */
export const describeInstanceAutoRenewAttribute: Action = {
  name: "DescribeInstanceAutoRenewAttribute",
  product: "ecs",
  parameters: [documented("RegionId", "InstanceId"), ignored("RenewalStatus", "PageNumber", "PageSize")],
  differs: ["no instance is a subscription: each one is answered as not renewed"],

  prepare(parameters) {
    const region = parameters.region();
    const ids = parameters.requiredText("InstanceId").split(",");
    return {
      perform(world) {
        const found = ids.filter((id) => world.resources.instances.get(id)?.RegionId === region);
        return {
          TotalCount: found.length,
          PageNumber: 1,
          PageSize: 100,
          InstanceRenewAttributes: {
            InstanceRenewAttribute: found.map((InstanceId) => ({
              InstanceId,
              AutoRenewEnabled: false,
              Duration: 0,
              PeriodUnit: "",
              RenewalStatus: "Normal",
            })),
          },
        };
      },
    };
  },
};

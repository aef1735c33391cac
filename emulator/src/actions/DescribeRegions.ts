import { regions } from "../world/regions";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";

/**
 * Lists the regions.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeregions
 */
export const describeRegions: Action = {
  name: "DescribeRegions",
  product: "ecs",
  parameters: [
    documented("ResourceType", "InstanceChargeType"),
    simplified("AcceptLanguage", "`zh-CN`, the default, and `zh-TW` are Chinese; every other one is English"),
  ],
  differs: ["the public regions of today; other operations accept any region"],

  prepare(parameters) {
    parameters.choice("ResourceType", ["instance", "disk", "reservedinstance", "scu"]);
    parameters.choice("InstanceChargeType", ["PrePaid", "PostPaid", "SpotWithPriceLimit", "SpotAsPriceGo"]);
    const chinese = (parameters.text("AcceptLanguage") ?? "zh-CN").startsWith("zh");
    return {
      perform: () => ({
        Regions: {
          Region: regions.map(({ id, name, chineseName, endpoint }) => ({
            RegionId: id,
            LocalName: chinese ? chineseName : name,
            RegionEndpoint: endpoint,
            Status: "available",
          })),
        },
      }),
    };
  },
};

import { instanceInRegion } from "./instance-changes";
import type { Action } from "./action";
import { documented } from "./conformance";

/**
 * Shows the user data of an instance.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeuserdata
 */
export const describeUserData: Action = {
  name: "DescribeUserData",
  product: "ecs",
  parameters: [documented("RegionId", "InstanceId")],

  prepare(parameters) {
    const region = parameters.region();
    const id = parameters.requiredText("InstanceId");
    return {
      perform(world) {
        const { UserData } = instanceInRegion(world, id, region);
        return { RegionId: region, InstanceId: id, UserData };
      },
    };
  },
};

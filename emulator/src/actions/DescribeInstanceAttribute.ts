import { instanceNotFound } from "../api-errors";
import { instanceAttributeView } from "./instance-view";
import type { Action } from "./action";
import { documented, ignored } from "./conformance";

/**
 * Shows the attributes of an instance.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstanceattribute
 */
export const describeInstanceAttribute: Action = {
  name: "DescribeInstanceAttribute",
  product: "ecs",
  parameters: [documented("InstanceId"), ignored("RegionId")],
  differs: ["answers the fields that DescribeInstances has too"],

  prepare(parameters) {
    const id = parameters.requiredText("InstanceId");
    return {
      perform(world) {
        const instance = world.resources.instances.get(id);
        if (!instance) throw instanceNotFound();
        return instanceAttributeView(world, instance);
      },
    };
  },
};

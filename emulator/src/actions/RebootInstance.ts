import { instanceChange } from "./instance-changes";

/**
 * Restarts an instance, which its page puts into Starting at once.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstance
 */
export const rebootInstance = instanceChange("RebootInstance", "Running", "Starting", "Running", [
  "ForceStop",
]);

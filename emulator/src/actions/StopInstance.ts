import { instanceChange } from "./instance-changes";

/**
 * Stops an instance.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-stopinstance
 */
export const stopInstance = instanceChange("StopInstance", "Running", "Stopping", "Stopped", [
  "ConfirmStop",
  "ForceStop",
  "Hibernate",
  "StoppedMode",
]);

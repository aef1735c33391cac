import { instanceChange } from "./instance-changes";

/**
 * Starts an instance.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstance
 */
export const startInstance = instanceChange("StartInstance", "Stopped", "Starting", "Running", [
  "InitLocalDisk",
]);

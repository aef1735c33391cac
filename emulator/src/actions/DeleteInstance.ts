import { dryRunOperation } from "../api-errors";
import type { Action } from "./action";
import { documented, ignored } from "./conformance";
import { steadyInstance } from "./instance-changes";

/**
 * Releases an instance that is Stopped, or with Force one that is Running. Its primary ENI goes with it; the others
 * are detached, or go too where their DeleteOnRelease says so.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-deleteinstance
 */
export const deleteInstance: Action = {
  name: "DeleteInstance",
  product: "ecs",
  parameters: [documented("InstanceId", "Force", "DryRun"), ignored("ForceStop", "TerminateSubscription")],
  differs: ["no locks, no charging; it takes `transitionMs`"],

  prepare(parameters) {
    const instanceId = parameters.requiredText("InstanceId");
    const force = parameters.flag("Force") ?? false;
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        const instance = steadyInstance(world, instanceId, force ? ["Stopped", "Running"] : ["Stopped"]);
        if (dryRun) throw dryRunOperation();
        world.resources.instances.change(instanceId, {
          Status: instance.Status === "Running" ? "Stopping" : instance.Status,
          StatusTransition: world.transition("Deleted"),
        });
        return {};
      },
    };
  },
};

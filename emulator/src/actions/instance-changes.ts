import { dryRunOperation, incorrectInstanceStatus, instanceNotFound } from "../api-errors";
import type { Instance, InstanceStatus } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored } from "./conformance";

/**
 * An operation that takes an instance from one steady state to another. These calls carry no RegionId: the id alone
 * tells the instance.
 */
export function instanceChange(
  name: string,
  from: InstanceStatus,
  passing: InstanceStatus,
  to: InstanceStatus,
  withoutEffect: readonly string[],
): Action {
  return {
    name,
    product: "ecs",
    parameters: [documented("InstanceId", "DryRun"), ignored(...withoutEffect)],
    differs: ["no locks, no charging; every change takes `transitionMs`"],

    prepare(parameters) {
      const instanceId = parameters.requiredText("InstanceId");
      const dryRun = parameters.flag("DryRun") ?? false;
      return {
        perform(world) {
          steadyInstance(world, instanceId, [from]);
          if (dryRun) throw dryRunOperation();
          world.resources.instances.change(instanceId, {
            Status: passing,
            StatusTransition: world.transition(to),
          });
          return {};
        },
      };
    },
  };
}

/** The instance, if it is in one of these states and nothing is happening to it. */
export function steadyInstance(world: World, id: string, accepted: readonly InstanceStatus[]): Instance {
  const instance = world.resources.instances.get(id);
  if (!instance) throw instanceNotFound();
  if (!accepted.includes(instance.Status) || instance.StatusTransition) throw incorrectInstanceStatus();
  return instance;
}

/** The instance, if it exists in the region. */
export function instanceInRegion(world: World, id: string, region: string): Instance {
  const instance = world.resources.instances.get(id);
  if (instance?.RegionId !== region) throw instanceNotFound();
  return instance;
}

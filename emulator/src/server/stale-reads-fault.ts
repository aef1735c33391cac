import type { Action } from "../actions/action";
import type { World } from "../world/world";

/**
 * An action after which reads show the world as it was before it. Whoever reads between the action's effect and its
 * answer is served a stale answer too, so the change and the lag are one step.
 */
export function followedByStaleReads(action: Action, beginLag: (before: World) => void): Action {
  return {
    ...action,
    prepare(parameters, behaviour) {
      const call = action.prepare(parameters, behaviour);
      return {
        ...call,
        perform(world) {
          const before = world.snapshot();
          try {
            return call.perform(world);
          } finally {
            // After an error as well: part of a batch may be done.
            beginLag(before);
          }
        },
      };
    },
  };
}

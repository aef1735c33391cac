import type { Action } from "../actions/action";
import type { Enis } from "../world/enis";

/**
 * An action after which reads show the ENIs as they were before it. The change and the lag are one step: a read between the
 * action's effect and its answer gets a stale answer, too.
 */
export function followedByStaleReads(action: Action, beginLag: (before: Enis) => void): Action {
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

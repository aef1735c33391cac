/** A state that is to follow by itself. */
export interface Transition {
  /** The next state; `Deleted` removes the resource. */
  readonly to: string;
  /** When, in the clock's milliseconds. */
  readonly dueMs: number;
  /** What follows after that. */
  readonly then: FollowUp | undefined;
}

/** A transition counted from the state before it: the form of seeds and of GET state. */
export interface FollowUp {
  readonly to: string;
  readonly afterMs: number;
  readonly then?: FollowUp | undefined;
}

/** Starts the count. */
export function begin(followUp: FollowUp, nowMs: number): Transition {
  return { to: followUp.to, dueMs: nowMs + followUp.afterMs, then: followUp.then };
}

/** What is left of a transition: loading it at `nowMs` gives the same one again. */
export function remaining(transition: Transition, nowMs: number): FollowUp {
  const { to, dueMs, then } = transition;
  return { to, afterMs: Math.max(0, dueMs - nowMs), ...(then && { then }) };
}

interface Changing {
  Status: string;
  StatusTransition: Transition | undefined;
}

/** Carries out what is due, in its order, and says whether the resource is to be removed. */
export function settleStatus(resource: Changing, nowMs: number): "stays" | "deleted" {
  for (;;) {
    const transition = resource.StatusTransition;
    if (!transition || transition.dueMs > nowMs) return "stays";
    if (transition.to === "Deleted") return "deleted";
    resource.Status = transition.to;
    resource.StatusTransition = transition.then && begin(transition.then, transition.dueMs);
  }
}

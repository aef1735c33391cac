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

/** The state that a transition leads to, with what follows it; or that the resource is to be removed. */
export function settleStatus({
  to,
  dueMs,
  then,
}: Transition): { readonly Status: string; readonly StatusTransition: Transition | undefined } | "deleted" {
  return to === "Deleted" ? "deleted" : { Status: to, StatusTransition: then && begin(then, dueMs) };
}

/**
 * How the emulator behaves where the documentation is silent, or where a test wants it otherwise.
 *
 * @public
 */
export interface Behaviour {
  /**
   * What a batch with one bad address does. `atomic`: nothing happens. `partial`: the good addresses are assigned or
   * unassigned, and the error of the first bad one is answered. No documentation says which one the cloud does.
   * Default `atomic`.
   */
  batch: "atomic" | "partial";
  /**
   * The most addresses that one Assign or Unassign call may name or ask for. Default 32, as in the newest documentation, that
   * of `@alicloud/ecs20140526` 7.11.6 of September 2026. Earlier ones say 10 (2018 to 2021) and 50 (2022).
   */
  maxAddressesPerCall: number;
  /**
   * What becomes of a ClientToken whose call has failed. `reusable`: the same call may come with it again. `burnt`: it gets
   * `IdempotentFailed`. Both were seen in the cloud, and no documentation says when. Default `reusable`.
   */
  failedClientTokens: "reusable" | "burnt";
  /**
   * How long a ClientToken lasts: later, the same token is a new one. No documentation says it. Default 24 hours. The newest
   * 10,000 tokens are kept.
   */
  clientTokenMs: number;
  /**
   * The `NextToken` of the last page of a listing. `empty`: there is none, as documented. `given`: there is one, and its page
   * is empty; the documentation's own sample has a token with TotalCount 1. Default `empty`.
   */
  lastPageNextToken: "empty" | "given";
  /**
   * Which addresses and prefixes are picked where a call asks for a number of them. `lowest`: the lowest free ones.
   * `scattered`: some that look random, and what an ENI has given up only where nothing else is free. Default `lowest`.
   */
  pick: "lowest" | "scattered";
  /** What `scattered` picks depend on: the same number and the same calls give the same ones. Default 0. */
  pickSeed: number;
  /** How long an address that an ENI has given up stays busy; to assign it meanwhile is refused as taken. Default 0. */
  releaseMs: number;
  /**
   * Whether the refusal of an address that is taken names it. `unnamed`: it does not, as documented. `named`: it does.
   * Default `unnamed`.
   */
  duplicatedAddress: "unnamed" | "named";
  /**
   * Reads of ENIs are answered by two replicas in turns, of which one learns of each write this much later; its is the first
   * answer after a write. Default 0: there is one.
   */
  replicaLagMs: number;
  /** The same, counted in answers that show a write not yet. Default 0. */
  replicaLagReads: number;
  /** How long reads of ENIs do not show an ENI after it was made, by a call or by a change of the document. Default 0. */
  newEniHiddenMs: number;
  /** The same, counted in answers that should have shown it. Default 0. */
  newEniHiddenReads: number;
  /** How long a state such as Attaching or Starting lasts. Default 500. */
  transitionMs: number;
  /** How long every call takes; until it is over, another write to the same ENI is a conflict. Default 0. */
  latencyMs: number;
}

export const defaultBehaviour: Behaviour = {
  batch: "atomic",
  maxAddressesPerCall: 32,
  failedClientTokens: "reusable",
  clientTokenMs: 86_400_000,
  lastPageNextToken: "empty",
  pick: "lowest",
  pickSeed: 0,
  releaseMs: 0,
  duplicatedAddress: "unnamed",
  replicaLagMs: 0,
  replicaLagReads: 0,
  newEniHiddenMs: 0,
  newEniHiddenReads: 0,
  transitionMs: 500,
  latencyMs: 0,
};

/**
 * Any of the behaviour's keys.
 *
 * @public
 */
export type BehaviourChange = { [Key in keyof Behaviour]?: Behaviour[Key] | undefined };

/**
 * A behaviour that was refused; the message names the path and what is allowed.
 *
 * @public
 */
export class BehaviourError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BehaviourError";
  }
}

/** The behaviour with the given keys changed. */
export function changeBehaviour(behaviour: Behaviour, change: BehaviourChange): Behaviour {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...behaviour, ...Object.fromEntries(given) };
}

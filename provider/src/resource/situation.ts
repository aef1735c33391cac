import type { NetworkInterface } from "../ecs/port";
import type { Sightings } from "../ecs/sightings";
import type { Goal, Observation, Plan } from "../plan/plan";
import type { Step } from "../plan/steps";
import type { Pacing } from "../shared/retry";
import type { CallJournal } from "./call-journal";
import type { Contention } from "./contention";
import type { Ledger } from "./ledger";
import type { Limits } from "./limits";
import type { RefusedItems } from "./refused-items";
import type { Release } from "./retry-delay";
import type { StatusRule } from "./statuses";

/*
 * What an operation knows, and what it does next.
 */

/** What the operation has read. @internal */
export interface View {
  readonly eni: NetworkInterface;
  /** Whether the read began after the last write of this operation. */
  readonly fresh: boolean;
  /** The status of the instance of a primary ENI, if it was read after the ENI; `null` when there is no such instance. */
  readonly instanceStatus?: string | null;
}

/** What has gone wrong since the last confirmed call. @internal */
export interface Trouble {
  readonly failuresInARow: number;
  /** The last failure that says more than that the time is over. */
  readonly difficulty: unknown;
  /** Since when the API has refused the plan as out of date. */
  readonly staleSinceMs: number | undefined;
  /** Since when reads have not shown the ENI or its instance. */
  readonly unseenSinceMs?: number | undefined;
}

/** @internal */
export const noTrouble: Trouble = { failuresInARow: 0, difficulty: undefined, staleSinceMs: undefined };

/** How far the operation is. @internal */
export interface Progress {
  /** `undefined` when the ENI has to be read: at the start, after a wait, after the last call of a plan. */
  readonly view: View | undefined;
  /** The rest of the plan that runs. */
  readonly rest: readonly Step[];
  /** The rest of the plan that ran before this read. The next plan keeps its order if nothing else has changed. */
  readonly begun: readonly Step[];
  /** The failure that has to be handled. */
  readonly failure: unknown;
  /** The call that has failed, if it was one. */
  readonly failedStep?: Step | undefined;
  /** Whether the holders were looked up for this failure. */
  readonly holdersKnown: boolean;
  readonly trouble: Trouble;
  readonly contention: Contention | undefined;
  readonly limits: Limits;
  readonly refused: RefusedItems;
  readonly lastProgressMs: number;
}

/** Everything that the next action depends on. @internal */
export interface Situation extends Progress {
  readonly networkInterfaceId: string;
  readonly region: string;
  readonly goal: Goal;
  /** What the state owned before the operation. The goal may own more. */
  readonly recorded: readonly string[];
  /** What has to stay on the ENI for other resources. */
  readonly claimed: readonly string[];
  /** Whether the operation ends before its first call: it is a dry run. */
  readonly isDryRun?: boolean | undefined;
  readonly statusRule: StatusRule;
  readonly journal: CallJournal;
  readonly ledger: Ledger;
  readonly sightings: Sightings;
  readonly facts: Pick<Observation, "cidrBlock" | "capacity" | "batchSize">;
  readonly pacing: Pacing;
  readonly random: () => number;
  readonly nowMs: number;
  /** Time left for work. */
  readonly leftMs: number;
}

/** What the operation does next. `plan` is set when the action follows from a new plan. @internal */
export type Action = { readonly plan?: Plan } & (
  | { readonly do: "read"; readonly maxAgeMs: number }
  | { readonly do: "confirm"; readonly startMs: number }
  | { readonly do: "find holders"; readonly lookUp: boolean }
  | { readonly do: "check instance"; readonly instanceId: string }
  | { readonly do: "call"; readonly step: Step; readonly rest: readonly Step[] }
  | { readonly do: "read capacity"; readonly eni: NetworkInterface; readonly again: boolean }
  | {
      readonly do: "wait";
      readonly delayMs: number;
      readonly reason: unknown;
      readonly trouble: Trouble;
      /** Set when it waits for others to release addresses: whether the release is announced. */
      readonly release?: Release;
      /** What the refusal that is waited for has taught. */
      readonly learnt?: Partial<Pick<Progress, "refused" | "limits">>;
    }
  | { readonly do: "abandon unsettled" }
  | { readonly do: "done" }
  | { readonly do: "fail"; readonly error: unknown }
);

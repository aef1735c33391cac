import type { NetworkInterface } from "../ecs/port";
import type { Goal } from "../plan/plan";
import type { Deadline } from "../shared/deadline";
import type { OperationError } from "./operation-error";
import type { StatusRule } from "./statuses";

/** One operation on one ENI. @internal */
export interface Task {
  readonly networkInterfaceId: string;
  readonly identity: string;
  readonly goal: Goal;
  /** What has to stay on the ENI for other resources. It grows while the operation runs. */
  readonly claimed: () => readonly string[];
  /** Whether the ENI may be so new that reads do not show it yet. */
  readonly mayBeNew: boolean;
  /**
   * Whether only to find out whether the plan can run. The operation waits as it would otherwise, ends before its first call,
   * and counts on what others are about to release.
   */
  readonly isDryRun?: boolean;
  /** What the state owned before the operation. */
  readonly recorded: readonly string[];
  readonly deadline: Deadline;
  /** Which statuses of the ENI are waited for. A delete also waits for an ENI that is being deleted. */
  readonly statusRule: StatusRule;
  /** @throws StoppedError when nothing more may be written */
  readonly assertAlive: () => Promise<void>;
  /** Tells the user something while the operation runs. */
  readonly say: (text: string) => void;
}

/** How an operation ended. @internal */
export interface Outcome {
  /** What the ENI is known to hold now; `undefined` when it was never read or is gone. */
  readonly eni: NetworkInterface | undefined;
  /** What the ENI held before the first call. */
  readonly heldBefore: readonly string[];
  /** Whether a call that changes the ENI was sent, whatever its outcome. */
  readonly wrote: boolean;
  /** What the cloud has picked for this operation. */
  readonly picked: readonly string[];
  /** What reads do not show, while nothing confirms that it is gone: of the recorded, picked and assigned addresses. */
  readonly perhapsHeld: readonly string[];
  /** Why the goal was not reached; `undefined` when it was. */
  readonly failure: OperationError | undefined;
}

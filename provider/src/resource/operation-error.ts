import { EcsError } from "../ecs/ecs-error";
import type { Refusal } from "../plan/refusals";
import type { Deadline } from "../shared/deadline";

/** An operation that cannot succeed: the message is for the user, and says what to do. @internal */
export class OperationError extends Error {
  override readonly name: string = "OperationError";
}

/** There is no such ENI. For a delete or a read this is an answer, not a failure. @internal */
export class EniNotFoundError extends OperationError {
  override readonly name = "EniNotFoundError";

  constructor(networkInterfaceId: string, region: string) {
    super(
      `ENI ${networkInterfaceId} does not exist in region ${region}; check the id, the region and the account of ` +
        `the credentials, and run \`pulumi refresh\` if the ENI was deleted on purpose`,
    );
  }
}

/** A plan that must not begin. The ENI stays as it is. @internal */
export class PlanRefusedError extends OperationError {
  override readonly name = "PlanRefusedError";
  /** Whether the refusal names a refresh as its remedy. */
  readonly refreshHelps: boolean;

  /** @param waited - whether the operation has waited for other resources of the program */
  constructor(refusals: readonly Refusal[], { waited = false } = {}) {
    const reasons = refusals.map(({ property, reason }) => `${property}: ${reason}`);
    super([...reasons, ...(waited ? [waitedInVain] : [])].join("; "));
    this.refreshHelps = refusals.some(({ refreshHelps = false }) => refreshHelps);
  }
}

const waitedInVain =
  "no other resource of this program released what blocks this one in time; if one is to do that, let this resource depend " +
  "on it with `dependsOn`";

/** A reason to wait, such as a passing status. @internal */
export class NotReadyYet extends Error {
  override readonly name = "NotReadyYet";
}

/** The engine that started this process is gone. The next run must find the ENI unchanged from now on. @internal */
export class EngineGoneError extends OperationError {
  override readonly name = "EngineGoneError";

  constructor() {
    super("the Pulumi engine that asked for this operation is gone; nothing more is written");
  }
}

/** What the message depends on besides the error. @internal */
export interface FailureCircumstances {
  readonly networkInterfaceId: string;
  readonly region: string;
  readonly deadline: Deadline;
  /** Wanted addresses outside the vSwitch, with the reason, where the API refused one. */
  readonly unusable: readonly string[];
  /** Which other ENIs hold wanted addresses, where the API refused one for that and they could be found. */
  readonly holders: readonly string[];
  /** Whether the operation has waited for other resources of the program to make room. */
  readonly waitedForRoom: boolean;
}

/** The error that an operation ends with, as a message for the user. @internal */
export function explainFailure(error: unknown, circumstances: FailureCircumstances): OperationError {
  const { networkInterfaceId, region, deadline, unusable, holders, waitedForRoom } = circumstances;
  if (error instanceof OperationError) return error;
  const seconds = Math.round(deadline.totalMs / 100) / 10;
  if (error instanceof NotReadyYet) {
    return new OperationError(
      `${error.message}; gave up after ${seconds} s. Run \`pulumi up\` again, or raise customTimeouts`,
    );
  }
  if (!(error instanceof EcsError)) throw error;
  switch (error.verdict) {
    case "not-found":
      // Reads still show the ENI, or the error would be an EniNotFoundError. So it must not count as gone.
      return new OperationError(
        `${error.message}; reads in region ${region} show ${networkInterfaceId} all the same`,
      );
    case "throttled":
    case "transient":
    case "conflict":
    case "state":
      return new OperationError(`${error.message}; it kept failing until the time-out of ${seconds} s`);
    case "stale":
      if (error.action !== "AssignPrivateIpAddresses") {
        return new OperationError(
          `${error.message}; reads show the addresses all the same. Something else may be changing ` +
            `${networkInterfaceId} at the same time`,
        );
      }
      return new OperationError(
        [
          error.message,
          ...holders,
          "the address did not become free in time. If it was moved by hand, run `pulumi up --refresh`, which moves it back " +
            "from an ENI that this program manages exclusively, or unassign it there. If another resource of this program " +
            "is to release it, let this one depend on it with `dependsOn`, or do not use `--parallel 1`, or use " +
            "`--continue-on-error` and run `pulumi up` again; if that resource is being deleted, give it an empty list for " +
            "one `pulumi up` first",
        ].join("; "),
      );
    case "token-burnt":
      return new OperationError(`${error.message}; new tokens did not help`);
    case "quota":
      return new OperationError(
        [
          error.message,
          `${networkInterfaceId} can hold no more addresses, which its instance's type decides while it is attached: want ` +
            `fewer, or spread them over more ENIs`,
          ...(waitedForRoom ? [waitedInVain] : []),
        ].join("; "),
      );
    case "invalid-parameter":
    case "final":
      return new OperationError([...unusable, error.message].join("; "));
  }
}

import { NotReadyYet, OperationError } from "../apply/operation-error";
import { EcsError } from "../ecs/ecs-error";
import type { Deadline } from "../timing/deadline";

/** What the words depend on besides the error. @internal */
export interface FailureCircumstances {
  readonly networkInterfaceId: string;
  readonly region: string;
  readonly deadline: Deadline;
  /** Wanted addresses that the vSwitch cannot have, with the reason, where the API complained of one. */
  readonly unusable: readonly string[];
}

/** The error that an operation ends with, in words for a user. @internal */
export function explainFailure(error: unknown, circumstances: FailureCircumstances): OperationError {
  const { networkInterfaceId, region, deadline, unusable } = circumstances;
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
      // Reads have not confirmed it, or the error would be an EniNotFoundError: the ENI must not be taken for gone.
      return new OperationError(
        `${error.message}; reads in region ${region} show ${networkInterfaceId} all the same`,
      );
    case "throttled":
    case "transient":
    case "conflict":
    case "state":
      return new OperationError(`${error.message}; it kept failing until the time-out of ${seconds} s`);
    case "stale":
      return new OperationError(
        error.action === "AssignPrivateIpAddresses"
          ? `${error.message}; the address did not become free in time. Another ENI of the vSwitch, or a resource ` +
              `being deleted, may hold it: release it there`
          : `${error.message}; reads show the addresses all the same. Something else may be changing ` +
              `${networkInterfaceId} at the same time`,
      );
    case "token-burnt":
      return new OperationError(`${error.message}; new tokens did not help`);
    case "quota":
      return new OperationError(
        `${error.message}; ${networkInterfaceId} can hold no more addresses, which its instance's type decides while it ` +
          `is attached: want fewer, or spread them over more ENIs`,
      );
    case "invalid-parameter":
    case "final":
      return new OperationError([...unusable, error.message].join("; "));
  }
}

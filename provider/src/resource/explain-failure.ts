import { NotReadyYet, OperationError } from "./operation-error";
import { EcsError } from "../ecs/ecs-error";
import type { Deadline } from "../shared/deadline";

/** What the words depend on besides the error. @internal */
export interface FailureCircumstances {
  readonly networkInterfaceId: string;
  readonly region: string;
  readonly deadline: Deadline;
  /** Wanted addresses that the vSwitch cannot have, with the reason, where the API complained of one. */
  readonly unusable: readonly string[];
  /** Which other ENIs hold wanted addresses, where the API complained of that and they could be found. */
  readonly holders: readonly string[];
}

/** The error that an operation ends with, in words for a user. @internal */
export function explainFailure(error: unknown, circumstances: FailureCircumstances): OperationError {
  const { networkInterfaceId, region, deadline, unusable, holders } = circumstances;
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
          "the address did not become free in time. If another resource of this program is to release it, let this one " +
            "depend on it with `dependsOn`, or do not use `--parallel 1`, or use `--continue-on-error` and run " +
            "`pulumi up` again; if that resource is being deleted, give it an empty list for one `pulumi up` first",
        ].join("; "),
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

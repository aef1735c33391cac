import type { Refusal } from "../plan/plan";

/**
 * An operation that cannot succeed: the message is for the user, and says what to do.
 *
 * @internal
 */
export class OperationError extends Error {
  override readonly name: string = "OperationError";
}

/** There is no such ENI, which for a delete or a read is an answer, not a failure. @internal */
export class EniNotFoundError extends OperationError {
  override readonly name = "EniNotFoundError";

  constructor(networkInterfaceId: string, region: string) {
    super(
      `ENI ${networkInterfaceId} does not exist in region ${region}; check the id, the region and the account of ` +
        `the credentials, and run \`pulumi refresh\` if the ENI was deleted on purpose`,
    );
  }
}

/** A plan that must not begin: the ENI is left as it is. @internal */
export class PlanRefusedError extends OperationError {
  override readonly name = "PlanRefusedError";
  /** Whether the refusal names a refresh as its remedy. */
  readonly refreshHelps: boolean;

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    this.refreshHelps = refusals.some(({ refreshHelps = false }) => refreshHelps);
  }
}

/** Something that waiting may cure, such as a status that is passing. @internal */
export class NotReadyYet extends Error {
  override readonly name = "NotReadyYet";
}

/** The engine that started this process is gone: whoever runs next must find the ENI at rest. @internal */
export class EngineGoneError extends OperationError {
  override readonly name = "EngineGoneError";

  constructor() {
    super("the Pulumi engine that asked for this operation is gone; nothing more is written");
  }
}

/**
 * An error whose message is all that a user needs. The host process prints `${error}: ${error.stack}` for check, diff,
 * read and delete: the text appears once, and no stack.
 *
 * @internal
 */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }

  override toString(): string {
    return "EniSecondaryIps";
  }
}

/**
 * A failure after something was done: the engine records `properties` for the resource `id`, and shows `reasons`.
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts,
 * grpcResponseFromError. The host adds `__provider` to results, but not to these properties.
 *
 * @internal
 */
export class PartialResultError extends UserError {
  readonly reasons: readonly string[];

  constructor(
    message: string,
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.reasons = [message];
  }
}

/**
 * An error that the user sees as its message alone. For check, diff, read and delete, the host process prints
 * `${error}: ${error.stack}`. With this class it prints the message once and no stack.
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
 * A failure of a create or an update that has changed something. The engine records `properties` for the resource `id`,
 * and shows `reasons`. The host adds `__provider` to results, but not to these properties.
 *
 * The protocol: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts,
 * grpcResponseFromError.
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

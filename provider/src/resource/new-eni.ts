import { setTimeout as sleep } from "node:timers/promises";
import type { Reading } from "../ecs/eni-reader";
import type { AccountReader } from "../ecs/optional-facts";
import { within, type Deadline } from "../shared/deadline";
import type { Region } from "./context";
import { EniNotFoundError, EniNotVisibleError, type OperationError } from "./operation-error";

/**
 * Reads an ENI that may be so new that the first answers do not show it.
 *
 * @throws EniNotVisibleError when it stays missing
 * @internal
 */
export async function readNewEni(
  networkInterfaceId: string,
  { reader, account, name, pacing }: Region,
  deadline: Deadline,
): Promise<Reading> {
  const appears = deadline.within(pacing.appearMs);
  for (;;) {
    const reading = await reader.fresh(networkInterfaceId, deadline);
    if (reading !== undefined) return reading;
    if (appears.leftMs() <= pacing.pollMs) {
      const error = new EniNotVisibleError(networkInterfaceId, name);
      throw (await withAccount(error, account, deadline.optional(pacing.evidenceMs))) as Error;
    }
    await sleep(pacing.pollMs);
  }
}

/** The error of an operation whose read does not show the ENI. @internal */
export function missingEni(
  { networkInterfaceId, mayBeNew }: { readonly networkInterfaceId: string; readonly mayBeNew: boolean },
  region: string,
): OperationError {
  return new (mayBeNew ? EniNotVisibleError : EniNotFoundError)(networkInterfaceId, region);
}

/** The same error; for a new ENI with the account of the credentials, if STS tells it before the deadline. @internal */
export async function withAccount(
  error: unknown,
  account: AccountReader,
  deadline: Deadline,
): Promise<unknown> {
  if (!(error instanceof EniNotVisibleError)) return error;
  const caller = await within(deadline, () => error, account.id()).catch((thrown: unknown) => {
    if (thrown !== error) throw thrown;
    return { value: undefined };
  });
  if (caller.value === undefined) return error;
  return new EniNotVisibleError(error.networkInterfaceId, error.region, caller.value);
}

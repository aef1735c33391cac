import { setTimeout as sleep } from "node:timers/promises";
import { EcsError } from "../ecs/ecs-error";
import type { Reading } from "../ecs/eni-reader";
import type { EcsPort } from "../ecs/port";
import type { Deadline } from "../shared/deadline";
import type { Region } from "./context";
import { EniNotFoundError, EniNotVisibleError, type OperationError } from "./operation-error";

/** How long the read may take that only improves a message. */
const optionalReadMs = 5_000;

/**
 * Reads an ENI that may be so new that the first answers do not show it.
 *
 * @throws EniNotVisibleError when it stays missing
 * @internal
 */
export async function readNewEni(
  networkInterfaceId: string,
  { reader, ecs, name, pacing }: Region,
  deadline: Deadline,
): Promise<Reading> {
  const appears = deadline.within(pacing.appearMs);
  for (;;) {
    const reading = await reader.fresh(networkInterfaceId, deadline);
    if (reading !== undefined) return reading;
    if (appears.leftMs() <= pacing.pollMs)
      throw (await withAccount(new EniNotVisibleError(networkInterfaceId, name), ecs, deadline)) as Error;
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

/** The same error; for a new ENI with the account of the credentials, if STS tells it. @internal */
export async function withAccount(error: unknown, ecs: EcsPort, deadline: Deadline): Promise<unknown> {
  if (!(error instanceof EniNotVisibleError)) return error;
  try {
    const account = await ecs.callerAccount({ deadline: deadline.within(optionalReadMs) });
    return new EniNotVisibleError(error.networkInterfaceId, error.region, account);
  } catch (failure) {
    if (!(failure instanceof EcsError)) throw failure;
    return error;
  }
}

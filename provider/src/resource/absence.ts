import { EcsError } from "../ecs/ecs-error";
import type { Reading } from "../ecs/eni-reader";
import { heldBy } from "../ecs/port";
import { addressesOnlyIn } from "../shared/addresses";
import type { Deadline } from "../shared/deadline";
import type { Region } from "./context";
import type { Recorded } from "./model";
import { OperationError } from "./operation-error";

/** How many reads may follow the first one, when reads of two replicas show different addresses in turn. */
const confirmingReads = 3;

/** What is known of an ENI after its absence, or that of its addresses, was confirmed as far as possible. @internal */
export interface ConfirmedReading {
  /** `undefined` when two reads did not find the ENI. */
  readonly reading: Reading | undefined;
  /** What the reading does not show, while no second read has confirmed that it is gone. */
  readonly perhapsHeld: readonly string[];
}

/**
 * Reads the ENI, again after a pause when the read does not find the ENI, or does not show addresses that the state lists.
 *
 * @internal
 */
export async function readConfirmed(
  { reader, pacing }: Region,
  networkInterfaceId: string,
  owned: readonly string[],
  read: () => Promise<Reading | undefined>,
  deadline: Deadline,
): Promise<ConfirmedReading> {
  const sightings = reader.sightings(networkInterfaceId);
  const doubtful = ({ eni }: Reading) =>
    sightings.perhapsHeld(addressesOnlyIn(owned, heldBy(eni)), pacing.confirmMs);
  let reading = await read();
  for (let attempt = 0; attempt < confirmingReads; attempt += 1) {
    const missing = reading === undefined ? [] : doubtful(reading);
    const isKnown =
      reading === undefined ? sightings.confirmsMissing(pacing.confirmMs) : missing.length === 0;
    if (isKnown) break;
    const startMs =
      reading === undefined
        ? (sightings.missingSinceMs ?? 0) + pacing.confirmMs
        : sightings.confirmableAtMs(missing, pacing.confirmMs);
    reading = await reader.notBefore(networkInterfaceId, startMs, deadline);
  }
  return { reading, perhapsHeld: reading === undefined ? [] : doubtful(reading) };
}

/**
 * Reads what an operation that failed has reached, unless that was read after its last write, and confirms what is missing.
 *
 * @returns `undefined` if it cannot be read
 * @internal
 */
export async function readLast(
  region: Region,
  networkInterfaceId: string,
  owned: readonly string[],
  deadline: Deadline,
): Promise<Reading | undefined> {
  const { reader } = region;
  // A write has dropped the cached reading.
  const read = async () =>
    reader.remembered(networkInterfaceId) ?? (await reader.fresh(networkInterfaceId, deadline));
  try {
    return (await readConfirmed(region, networkInterfaceId, owned, read, deadline)).reading;
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    return undefined;
  }
}

/**
 * Makes sure that an ENI that two reads did not find is deleted, and not in another account or region.
 *
 * @throws OperationError without evidence for that
 * @internal
 */
export async function assertGone(
  region: Region,
  networkInterfaceId: string,
  before: Recorded,
): Promise<void> {
  const { name, reader, account: caller, missingEniIsGone } = region;
  const { account, vSwitchId } = before;
  if (missingEniIsGone || reader.sightings(networkInterfaceId).wasShown) return;
  const ways =
    `if the ENI is deleted, remove the resource from the state with \`pulumi state delete URN\`, or run ` +
    `\`pulumi config set alicloud-secondary-ips:missingEniIsGone true\` and repeat the command with --run-program`;

  // A state with an account also has the region. One of an older release may follow the configuration: then only what is
  // near the ENI shows that the region is right.
  const isHere =
    account === undefined
      ? vSwitchId !== undefined && reader.hasSeenVSwitch(vSwitchId)
      : reader.hasSeenOwner(account);
  if (isHere) return;
  const callerAccount = await caller.id();
  if (account !== undefined && callerAccount.value !== undefined && callerAccount.value !== account) {
    throw new OperationError(
      `ENI ${networkInterfaceId} of account ${account} is not found in region ${name}: the credentials belong to account ` +
        `${callerAccount.value}; use credentials of account ${account}, or, ${ways}`,
    );
  }
  const owner = account ?? callerAccount.value;
  if (account !== undefined && callerAccount.value === account) return;
  const vSwitchOwner = await caller.ownerOfVSwitch(vSwitchId);
  if (owner !== undefined && vSwitchOwner.value === owner) return;
  const unknown = [callerAccount.why, vSwitchOwner.why].filter((why) => why !== undefined);
  throw new OperationError(
    `ENI ${networkInterfaceId} is not found in region ${name}, and nothing shows that it is deleted: the credentials may ` +
      `belong to another account${account === undefined ? "" : ` than ${account}`}, or the region may be wrong` +
      `${unknown.map((why) => ` (${why})`).join("")}; correct them, or, ${ways}`,
  );
}

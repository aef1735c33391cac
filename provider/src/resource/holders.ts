import { addressesOnlyIn } from "../shared/addresses";
import { overlap } from "../shared/addresses";
import { EcsError } from "../ecs/ecs-error";
import { heldBy } from "../ecs/port";
import type { EcsPort, NetworkInterface } from "../ecs/port";
import type { Deadline } from "../shared/deadline";

/** Another ENI, and what it holds of that which is wanted. @internal */
export interface Holder {
  readonly id: string;
  readonly addresses: readonly string[];
}

/**
 * Which other ENIs of the VPC hold what is wanted on this one and missing there; `undefined` where that cannot be read: it
 * only makes a wait and its words better.
 *
 * @internal
 */
export async function findHolders(
  ecs: EcsPort,
  eni: NetworkInterface,
  wanted: readonly string[],
  deadline: Deadline,
): Promise<readonly Holder[] | undefined> {
  const missing = addressesOnlyIn(wanted, heldBy(eni));
  if (missing.length === 0) return [];
  try {
    const candidates = await ecs.findHolders(eni.vpcId, missing, { deadline });
    return candidates
      .filter(({ id }) => id !== eni.id)
      .map((holder) => {
        const theirs = [...heldBy(holder), holder.primaryIpAddress].filter((held) => held !== "");
        return {
          id: holder.id,
          addresses: missing.filter((one) => theirs.some((other) => overlap(one, other))),
        };
      })
      .filter(({ addresses }) => addresses.length > 0);
  } catch (unreadable) {
    if (!(unreadable instanceof EcsError)) throw unreadable;
    return undefined;
  }
}

/** Each holder in words. @internal */
export function sentencesOf(holders: readonly Holder[]): string[] {
  return holders.map(({ id, addresses }) => `${addresses.join(", ")} is held by ${id}`);
}

import { addressesOnlyIn, overlap } from "../shared/addresses";
import type { Deadline } from "../shared/deadline";
import { EcsError } from "./ecs-error";
import { heldBy, type EcsPort, type NetworkInterface } from "./port";

/** Another ENI, and which of the wanted addresses it holds. @internal */
export interface Holder {
  readonly id: string;
  readonly addresses: readonly string[];
}

/**
 * Which other ENIs of the VPC hold what is wanted and missing on this one; `undefined` where they cannot be read. The
 * search only improves a wait and its message.
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
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    return undefined;
  }
}

/** A holder in words. @internal */
export function sentenceOf({ id, addresses }: Holder): string {
  return `${addresses.join(", ")} ${addresses.length === 1 ? "is" : "are"} held by ${id}`;
}

import { heldBy, onlyKind, type NetworkInterface } from "../ecs/port";
import type { Plan } from "../plan/plan";
import { addressesOnlyIn, sortedAddresses } from "../shared/addresses";
import type { Desired, Recorded } from "./model";

/**
 * What a preview knows of the record that an operation will leave. A value is `undefined` while the cloud, or another operation
 * of the run, decides it.
 * @internal
 */
export interface Expected {
  /** Of the kind that the program manages. */
  readonly owned: readonly string[] | undefined;
  readonly unmanaged: readonly string[] | undefined;
  readonly primaryIpAddress: string | undefined;
  readonly vSwitchId: string | undefined;
}

/**
 * @param before - the record of a resource that is updated
 * @param eni - the ENI as it was read last, if it was read
 * @param plan - what the operation would do to it
 * @internal
 */
export function expectedOf(
  { target, ownership, networkInterfaceId }: Desired,
  before: Recorded | undefined,
  eni: NetworkInterface | undefined,
  plan: Plan | undefined,
): Expected {
  const sameEni = before !== undefined && before.networkInterfaceId === networkInterfaceId;
  const facts = {
    primaryIpAddress: eni?.primaryIpAddress || (sameEni ? before.primaryIpAddress : undefined),
    vSwitchId: eni?.vSwitchId ?? (sameEni ? before.vSwitchId : undefined),
  };
  if (target === undefined) return { owned: undefined, unmanaged: undefined, ...facts };
  const { kind } = target.mode;
  const left =
    eni && plan && plan.pick === 0
      ? sortedAddresses([
          ...addressesOnlyIn(heldBy(eni, kind), plan.unassign),
          ...onlyKind(kind, plan.assign),
        ])
      : undefined;
  const owned = "list" in target ? sortedAddresses(target.list) : target.count === 0 ? [] : left;
  // Other additive resources may change the rest in the same run.
  const isAlone = ownership === "exclusive";
  const unmanaged =
    isAlone && left !== undefined && owned !== undefined ? addressesOnlyIn(left, owned) : undefined;
  return { owned, unmanaged, ...facts };
}

import type { NetworkInterface } from "../../provider/src/ecs/port";
import type { Observation } from "../../provider/src/plan/plan";

/** An observation that consists of the ENI alone. */
export const observationOf = (
  seen: NetworkInterface,
  more: Partial<Omit<Observation, "seen">> = {},
): Observation => ({
  seen,
  claimed: [],
  inherited: [],
  leaving: [],
  cidrBlock: undefined,
  capacity: undefined,
  contended: false,
  batchSize: 10,
  ...more,
});

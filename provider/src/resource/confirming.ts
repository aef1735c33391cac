import { heldBy, type NetworkInterface } from "../ecs/port";
import { addressesOnlyIn } from "../shared/addresses";
import type { Action, Situation } from "./situation";
import { NotReadyYet, type EniNotFoundError } from "./operation-error";

/** A second read, if the last one does not show what the operation gives up and nothing else confirms that it is gone. @internal */
export function confirmAbsence(situation: Situation, eni: NetworkInterface): Action | undefined {
  const { recorded, goal, claimed, sightings, pacing } = situation;
  const missing = addressesOnlyIn(recorded, goal.wanted, heldBy(eni), claimed);
  const doubtful = sightings.perhapsHeld(missing, pacing.confirmMs);
  if (doubtful.length === 0) return undefined;
  const pending = `${eni.id}: a second read has to confirm that ${doubtful.join(", ")} of the state is gone`;
  return confirm(situation, sightings.confirmableAtMs(doubtful, pacing.confirmMs), pending);
}

/** A second read, if only one did not find the ENI. @internal */
export function confirmMissing(situation: Situation, error: EniNotFoundError): Action | undefined {
  const { sightings, pacing, nowMs } = situation;
  if (sightings.confirmsMissing(pacing.confirmMs)) return undefined;
  const startMs = (sightings.missingSinceMs ?? nowMs) + pacing.confirmMs;
  return confirm(situation, startMs, `${error.message}; a second read has to confirm that`);
}

function confirm({ nowMs, leftMs }: Situation, startMs: number, why: string): Action {
  return startMs - nowMs < leftMs ? { do: "confirm", startMs } : { do: "fail", error: new NotReadyYet(why) };
}

import type { NetworkInterface } from "../../provider/src/ecs/port";
import {
  planChanges,
  type Goal,
  type ModeInput,
  type Observation,
  type Plan,
} from "../../provider/src/plan/plan";
import { modes } from "../../provider/src/resource/model";
import { networkInterface } from "./network-interface";
import { observationOf } from "./observation";

/*
 * Shared by the unit tests of plans.
 */
export { modes } from "../../provider/src/resource/model";

/** The addresses 10.0.1.HOST. */
export const at = (...hosts: number[]) => hosts.map((host) => `10.0.1.${host}`);

/** Consecutive addresses from 10.0.1.FIRST on. */
export const range = (first: number, count: number) =>
  at(...Array.from({ length: count }, (_unused, index) => first + index));

/** Consecutive prefixes, from 10.0.2.0 on. */
export const prefixRange = (count: number) =>
  Array.from({ length: count }, (_unused, index) => `10.0.2.${16 * index}/28`);

/** The parts of a goal that matter to a test; `input` names the mode. */
export interface GoalParts extends Partial<Omit<Goal, "mode">> {
  readonly input?: ModeInput;
}

/** The parts of an observation that matter to a test. */
export interface ObservationParts extends Partial<Omit<Observation, "seen">> {
  readonly seen?: Partial<NetworkInterface>;
}

/** Plans a goal on `eni-x`, which is not attached and holds these secondary addresses. */
export function planFor(
  { input = "privateIpAddresses", ...goal }: GoalParts,
  present: readonly string[] = [],
  { seen, ...observation }: ObservationParts = {},
): Plan {
  const eni = networkInterface({
    status: "Available",
    instanceId: undefined,
    secondaryIpAddresses: present,
    ...seen,
  });
  return planChanges(
    { mode: modes[input], wanted: [], owned: [], refuseOthers: false, allowUnassignWithEip: false, ...goal },
    observationOf(eni, observation),
  );
}

/** The refusals, each as `property: reason`. */
export const refusalsIn = ({ refusals }: Plan) =>
  refusals.map(({ property, reason }) => `${property}: ${reason}`);

/** The calls, each as `assign 7` or `unassign 10`. */
export const callsIn = ({ steps }: Plan) =>
  steps.map(({ action, addresses, pick = 0 }) => `${action} ${addresses.length + pick}`);

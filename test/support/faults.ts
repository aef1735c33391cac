import type { Emulator, FaultEffect } from "alicloud-ecs-emulator";

/** A fault: the call is not carried out, and the answer is this error. */
export const failure = (status: number, code: string, message = "as the test wants it"): FaultEffect => ({
  error: { status, code, message },
});

/** The answer to a change of an ENI while another change is under way. */
export const conflict = failure(403, "Operation.Conflict", "ecs task is conflicted.");

/** More calls than any test makes. */
export const forever = 1_000_000;

/** The next call of this action has the effect: `times` calls, after the first `skip` calls. */
export function disturb(
  { control }: Emulator,
  action: string,
  effect: FaultEffect,
  { skip = 0, times = 1 } = {},
): void {
  control.addFault({ action, effect, skip, times });
}

import type { Emulator, FaultEffect } from "alicloud-ecs-emulator";

/** What a call is answered with, instead of being carried out. */
export const failure = (status: number, code: string, message = "as the test wants it"): FaultEffect => ({
  error: { status, code, message },
});

/** The answer to a change of an ENI while another one is under way. */
export const conflict = failure(403, "Operation.Conflict", "ecs task is conflicted.");

/** More times than any test calls. */
export const forever = 1_000_000;

/** The next call of this action has the effect; or so many calls, after some that go by. */
export function disturb(
  { control }: Emulator,
  action: string,
  effect: FaultEffect,
  { skip = 0, times = 1 } = {},
): void {
  control.addFault({ action, effect, skip, times });
}

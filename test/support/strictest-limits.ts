import type { Behaviour } from "alicloud-ecs-emulator";

/**
 * The lowest limits that any generation of the documentation has. The emulator's defaults are those of the newest one; the
 * provider has to work with all of them.
 */
export const strictestLimits = {
  /** Assign and Unassign, in the documentation of 2018 to 2021: https://help.aliyun.com/document_detail/85917.html */
  maxAddressesPerCall: 10,
} as const satisfies Partial<Behaviour>;

/**
 * A local Alibaba Cloud ECS API: real HTTP, real signatures, ENIs and their private addresses.
 *
 * @packageDocumentation
 */

export { startEmulator } from "./emulator";
export type { Emulator, EmulatorControl, EmulatorOptions } from "./emulator";
export { EmulatorOptionsError } from "./emulator-options";
export { LimitsError } from "./server/call-limits";
export type { Limit, Limits, LimitsDocument } from "./server/call-limits";
export type { LoggedCall } from "./server/logged-call";
export { FaultRuleError } from "./server/faults";
export type { FaultEffect, FaultRule } from "./server/faults";
export type { Credentials } from "./wire/credentials";
export { BehaviourError } from "./world/behaviour";
export type { Behaviour, BehaviourChange } from "./world/behaviour";
export { ManualClock, systemClock } from "./world/clock";
export type { Clock } from "./world/clock";
export { DataFileError } from "./storage/data-file-error";
export { StateDocumentError } from "./world/state-document";
export type { CompleteStateDocument, StateDocument } from "./world/state-document";

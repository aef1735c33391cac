import { z } from "zod";
import { describeIssues } from "./documents/issues";
import { strictObject } from "./documents/strict-object";
import type { LoggedCall } from "./server/logged-call";
import { behaviourChangeSchema } from "./world/behaviour-schema";
import type { Clock } from "./world/clock";

/**
 * Options that were refused; the message names each one, the value seen and what is allowed.
 *
 * @public
 */
export class EmulatorOptionsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EmulatorOptionsError";
  }
}

const text = z.string().min(1, "must not be empty");

const optionsSchema = strictObject({
  port: z.int().min(0).max(65_535).optional(),
  host: text.optional(),
  allowedHosts: z.array(text).optional(),
  // Its form is checked when the world is made of it.
  seed: z.unknown().optional(),
  dataFile: text.optional(),
  callLogSize: z.int().min(1).max(1_000_000).optional(),
  credentials: strictObject({
    accessKeyId: text.optional(),
    accessKeySecret: text.optional(),
    securityToken: text.optional(),
  }).optional(),
  behaviour: behaviourChangeSchema.optional(),
  clock: z
    .custom<Clock>((clock) => {
      const { now, wait } = (clock ?? {}) as Partial<Record<keyof Clock, unknown>>;
      return typeof now === "function" && typeof wait === "function";
    }, "must have now() and wait()")
    .optional(),
  onCall: z
    .custom<(call: LoggedCall) => void>((callback) => typeof callback === "function", "must be a function")
    .optional(),
});

/** Programs without types get a word, too, rather than an emulator that ignores a misspelt option. */
export function checkOptions(options: unknown): void {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success)
    throw new EmulatorOptionsError(describeIssues(parsed.error, "the options", options).join("; "));
}

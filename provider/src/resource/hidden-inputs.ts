import { z } from "zod";
import { modes } from "./model";

/**
 * The key under which the resource class tells the provider what the engine does not: previews hide keys that begin
 * with two underscores.
 *
 * @internal
 */
export const hiddenKey = "__internal";

/**
 * The form of the state that this release writes. 1: a count, or else a list of addresses, told apart by the output
 * `secondaryPrivateIpAddressCount`. 2: `mode` says how the resource is declared, since it may manage prefixes.
 *
 * @internal
 */
export const schemaVersion = 2;

/** The operations that have a time-out, and its default. @internal */
export type TimedOperation = "create" | "update" | "delete";
const timedOperations: readonly TimedOperation[] = ["create", "update", "delete"];
const defaultTimeoutMs = 10 * 60_000;

const optionalDuration = z.string().optional().catch(undefined);

// Each key by itself: one that cannot be read must not cost the others.
const hiddenInputs = z.object({
  schemaVersion: z.number().catch(schemaVersion),
  /** The resource's name, for messages. */
  name: z.string().catch("EniSecondaryIps"),
  /** The resource's name behind its parents' types and names, to tell resources on one ENI apart. */
  resource: z.string().optional().catch(undefined),
  /** Whether the program runs for a preview. Check keeps it to itself: a preview's inputs are those of the update. */
  preview: z.boolean().optional().catch(undefined),
  /** In a state: which input the resource is declared by. */
  mode: z.enum(modes).optional().catch(undefined),
  /** In a state with a count: what the resource owns, by age. */
  oldestFirst: z.array(z.string()).optional().catch(undefined),
  /** The option `customTimeouts` as written by the user: the engine keeps it to itself. */
  timeouts: z
    .object({ create: optionalDuration, update: optionalDuration, delete: optionalDuration })
    .catch({}),
});

/** @internal */
export type HiddenInputs = z.infer<typeof hiddenInputs>;

/** Reads the hidden key of inputs or of any earlier state; what is missing is the default. @internal */
export function parseHiddenInputs(properties: Readonly<Record<string, unknown>>): HiddenInputs {
  const parsed = hiddenInputs.safeParse(properties[hiddenKey]);
  return parsed.success ? parsed.data : hiddenInputs.parse({});
}

/**
 * The time-out of an operation in milliseconds. What is no duration, in a state that another release wrote, is the
 * default: it must not keep a resource from being read or deleted.
 *
 * @internal
 */
export function timeoutMs(hidden: HiddenInputs, operation: TimedOperation): number {
  const ms = parseDuration(hidden.timeouts[operation] ?? "");
  return ms === undefined || ms === 0 ? defaultTimeoutMs : ms;
}

/** The time-outs that are no durations. @internal */
export function unreadableTimeouts(hidden: HiddenInputs): { operation: TimedOperation; text: string }[] {
  return timedOperations.flatMap((operation) => {
    const text = hidden.timeouts[operation];
    return text === undefined || parseDuration(text) !== undefined ? [] : [{ operation, text }];
  });
}

/** Whether two resources have the same time-outs; absent is the default. @internal */
export function sameTimeouts(left: HiddenInputs, right: HiddenInputs): boolean {
  return timedOperations.every((operation) => timeoutMs(left, operation) === timeoutMs(right, operation));
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const part = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;

/**
 * Reads a duration as Pulumi's option `customTimeouts` has it: Go's notation, such as `30s`, `5m` or `1h30m`
 * (https://www.pulumi.com/docs/iac/concepts/options/customtimeouts/).
 *
 * @returns milliseconds; `undefined` for anything else
 * @internal
 */
export function parseDuration(text: string): number | undefined {
  if (text === "" || text.replaceAll(part, "") !== "") return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(part)) ms += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  return ms;
}

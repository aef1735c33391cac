import { z } from "zod";
import { OperationError } from "./operation-error";

/**
 * The key under which the resource class passes what the engine does not. Previews do not show keys that begin with two
 * underscores.
 * @internal
 */
export const hiddenKey = "__internal";

/**
 * The key of what the native plugin's state has beside the outputs: a part of the hidden key. It has the account of the ENI,
 * the name of the provider, and for a count the order in which its addresses were assigned. After a failure it also has what
 * the inputs do not tell.
 * @internal
 */
export const recordKey = "__recorded";

/**
 * The form of the state that this release writes. 1: a count if the output `secondaryPrivateIpAddressCount` is there, else a
 * list of addresses. 2: `mode` names the mode, because prefixes may be managed.
 * @internal
 */
export const schemaVersion = 2;

/** The operations that have a time-out. @internal */
export type TimedOperation = "create" | "update" | "delete";
const timedOperations: readonly TimedOperation[] = ["create", "update", "delete"];
const defaultTimeoutMs = 10 * 60_000;

const optionalDuration = z.string().optional().catch(undefined);
const optionalNames = z.array(z.string()).optional().catch(undefined);

// Each key is read by itself: one that cannot be read must not cost the others.
const hiddenInputs = z.object({
  schemaVersion: z.number().catch(schemaVersion),
  /** The resource's name, for messages. */
  name: z.string().catch("EniSecondaryIps"),
  /** The resource's name behind its parents' types and names. It tells resources on one ENI apart. */
  resource: z.string().optional().catch(undefined),
  /** Whether the program runs for a preview. Check removes it: the inputs of a preview are those of the update. */
  preview: z.boolean().optional().catch(undefined),
  /** In a state: the input of the resource's mode. */
  mode: z.string().optional().catch(undefined),
  /** In a state: whether the resource is only read, by `get`. */
  readOnly: z.boolean().optional().catch(undefined),
  /** In a state: whether an import writes it, or has written it and no update since. */
  imported: z.boolean().optional().catch(undefined),
  /** In a state: whether another provider wrote it, whose process may delete the resource in a replacement. */
  ofOtherProvider: z.boolean().optional().catch(undefined),
  /** In a state: the owned addresses by age, as positions in their sorted list. Earlier releases wrote the addresses. */
  oldestFirst: z
    .array(z.union([z.int(), z.string()]))
    .optional()
    .catch(undefined),
  /** In a state: the indices of the numerical order in the program's order; absent where both are the same. */
  order: z.array(z.int()).optional().catch(undefined),
  /** In a state: the options that the program gave although they have their default. */
  givenDefaults: z.array(z.string()).optional().catch(undefined),
  /** The names of the inputs that are secret in the program, and of its option `additionalSecretOutputs`. */
  secretInputs: optionalNames,
  /** In a state: the names of the outputs that hold secret values. */
  secretOutputs: optionalNames,
  /** The option `retainOnDelete`. The engine goes by the one in the state when it deletes. */
  retainOnDelete: z.boolean().optional().catch(undefined),
  /** The option `deleteBeforeReplace`, if the program gives it. It overrides what diff answers. */
  deleteBeforeReplace: z.boolean().optional().catch(undefined),
  /** In a state: the account that the ENI belongs to. */
  account: z.string().min(1).optional().catch(undefined),
  /** The option `customTimeouts`. Absent in the inputs of an engine that passes it with the operation only. */
  timeouts: z
    .object({ create: optionalDuration, update: optionalDuration, delete: optionalDuration })
    .optional()
    .catch({}),
});

/** @internal */
export type HiddenInputs = z.infer<typeof hiddenInputs>;

/**
 * Reads the hidden key of inputs, or of a state of this release or an earlier one. A missing key has its default.
 *
 * @throws OperationError for the form of a newer release, because writing it in the form of this one would lose values
 * @internal
 */
export function parseHiddenInputs(properties: Readonly<Record<string, unknown>>): HiddenInputs {
  const hidden = properties[hiddenKey];
  if (typeof hidden !== "object" || hidden === null) return hiddenInputs.parse({});
  const before = alreadyParsed.get(hidden);
  if (before !== undefined) return before;
  refuseNewer(hidden);
  const parsed = hiddenInputs.safeParse(hidden);
  const read = parsed.success ? parsed.data : hiddenInputs.parse({});
  alreadyParsed.set(hidden, read);
  return read;
}

/** One operation reads the same key several times. Nothing changes it in between. */
const alreadyParsed = new WeakMap<object, HiddenInputs>();

function refuseNewer(hidden: object): void {
  const { schemaVersion: version } = hidden as { schemaVersion?: unknown };
  if (version === undefined || version === null) return;
  // Earlier releases have written numbers only.
  if (typeof version === "number" && version <= schemaVersion) return;
  throw new OperationError(
    `the state has schema version ${JSON.stringify(version)}, which a newer release of the package wrote; this release ` +
      `reads versions up to ${schemaVersion} and leaves the state as it is: upgrade pulumi-alicloud-secondary-ips to ` +
      `the release that wrote it, or a later one, and run the command again`,
  );
}

/**
 * The time-out of an operation in milliseconds. An unreadable one counts as the default, so that a state of another release
 * can always be read and deleted.
 * @internal
 */
export function timeoutMs(hidden: HiddenInputs, operation: TimedOperation): number {
  const ms = parseDuration(hidden.timeouts?.[operation] ?? "");
  return ms === undefined || ms === 0 ? defaultTimeoutMs : ms;
}

/** The time-outs that are not durations. @internal */
export function unreadableTimeouts(hidden: HiddenInputs): { operation: TimedOperation; text: string }[] {
  return timedOperations.flatMap((operation) => {
    const text = hidden.timeouts?.[operation];
    return text === undefined || parseDuration(text) !== undefined ? [] : [{ operation, text }];
  });
}

/** Whether both have the same time-outs. Absent equals the default. @internal */
export function sameTimeouts(left: HiddenInputs, right: HiddenInputs): boolean {
  return timedOperations.every((operation) => timeoutMs(left, operation) === timeoutMs(right, operation));
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const part = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;

/**
 * Reads a duration in the notation of Pulumi's option `customTimeouts`, such as `30s`, `5m` or `1h30m`
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

/** What tells the resource from all others of the program. @internal */
export function identityOf({ resource, name }: HiddenInputs): string {
  return resource ?? name;
}

import { hiddenKey, recordKey, schemaVersion } from "../resource/hidden-inputs";
import { defaults, modeInputs, modes } from "../resource/model";
import type { ModeInput } from "../resource/model";
import { sameAddresses, sortedAddresses } from "../shared/addresses";
import type { PlainProperties } from "./wire";

type Properties = Record<string, unknown>;

/** What a request tells of its resource beside the properties. @internal */
export interface RequestFacts {
  readonly urn: string;
  /** The time-out in seconds; 0 for the default. */
  readonly timeoutSeconds?: number | undefined;
  readonly preview?: boolean | undefined;
}

/**
 * What tells a resource from all others of the program: its name, behind the types of its parents. A URN is
 * `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`, and a name may contain `::`.
 * @internal
 */
export function identityIn(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return [...types.split("$").slice(0, -1), name.join("::")].join("/");
}

function hiddenOf({ urn, timeoutSeconds = 0, preview }: RequestFacts): Properties {
  const timeout = timeoutSeconds > 0 ? `${timeoutSeconds}s` : undefined;
  const identity = identityIn(urn);
  return {
    name: identity,
    resource: identity,
    timeouts: { create: timeout, update: timeout, delete: timeout },
    preview,
  };
}

function withoutHidden(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith("__")));
}

/** The inputs of a resource with the hidden key. The engine passes what is in it. @internal */
export function inputsWithHidden(inputs: PlainProperties, facts: RequestFacts): Properties {
  const { values, secretNames } = inputs;
  const hidden = { ...hiddenOf(facts), secretInputs: secretNames.filter((name) => !name.startsWith("__")) };
  return { ...withoutHidden(values), [hiddenKey]: hidden };
}

/**
 * The outputs of a state with the hidden key. The inputs tell the mode and the program's order. The state of a dynamic resource
 * has its own hidden key, with the order in which a count's addresses were assigned.
 *
 * @param inputs - the inputs of the state; `undefined` for an import
 * @internal
 */
export function stateWithHidden(
  outputs: PlainProperties,
  inputs: PlainProperties | undefined,
  facts: RequestFacts,
): Properties {
  const { [hiddenKey]: dynamic, [recordKey]: recorded = dynamic } = outputs.values;
  const {
    schemaVersion: version,
    mode,
    readOnly,
    imported,
    oldestFirst,
    order,
    givenDefaults,
    account,
  } = (recorded ?? {}) as Properties;
  const given = inputs?.values ?? {};
  const secretInputs = inputs?.secretNames.filter((name) => !name.startsWith("__")) ?? [];
  return {
    ...withoutHidden(outputs.values),
    [hiddenKey]: {
      ...hiddenOf(facts),
      schemaVersion: version,
      mode: mode ?? modeOf(given),
      readOnly,
      imported,
      oldestFirst,
      order: order ?? orderIn(given, outputs.values),
      givenDefaults:
        givenDefaults ??
        Object.entries(defaults).flatMap(([name, value]) => (given[name] === value ? [name] : [])),
      account,
      secretInputs,
      secretOutputs: outputs.secretNames.filter((name) => !name.startsWith("__")),
    },
  };
}

/** The mode that the inputs choose. @internal */
export function modeOf(inputs: Properties): ModeInput | undefined {
  return modeInputs.find((name) => inputs[name] !== undefined && inputs[name] !== null);
}

/** The program's order as indices of the numerical one, as far as the state has the same list. */
function orderIn(inputs: Properties, outputs: Properties): number[] | undefined {
  const mode = modeOf(inputs);
  if (mode === undefined || modes[mode].target === "count") return undefined;
  const list = stringsIn(inputs[mode]);
  if (!sameAddresses(list, stringsIn(outputs[mode]))) return undefined;
  const numerical = sortedAddresses(list);
  return list.map((one) => numerical.indexOf(one));
}

function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** What the outputs were made by: `failure` when the inputs in the state may not describe them. @internal */
export type Source = "success" | "failure" | "import";

/** The outputs that the engine records: without the hidden key, and with what the next operation needs from it. @internal */
export function recordedOutputs(outputs: Properties, source: Source = "success"): Properties {
  const { [hiddenKey]: hidden, ...visible } = outputs;
  const { account, oldestFirst, readOnly, mode, order, givenDefaults } = (hidden ?? {}) as Properties;
  const recorded = {
    schemaVersion,
    account,
    oldestFirst,
    readOnly,
    ...(source === "failure" && { mode, order, givenDefaults }),
    ...(source === "import" && { imported: true }),
  };
  const known = Object.entries(recorded).filter(([, value]) => value !== undefined);
  return { ...visible, [recordKey]: Object.fromEntries(known) };
}

/** The inputs that the engine records. @internal */
export function recordedInputs(inputs: Properties): Properties {
  return withoutHidden(inputs);
}

/** Whether the inputs in a state describe outputs that were read, apart from the order. @internal */
export function describe(inputs: Properties, outputs: Properties): boolean {
  const { mode } = outputs[hiddenKey] as { readonly mode?: ModeInput };
  if (mode === undefined || modeOf(inputs) !== mode) return false;
  return modes[mode].target === "count"
    ? inputs[mode] === outputs[mode]
    : sameAddresses(stringsIn(inputs[mode]), stringsIn(outputs[mode]));
}

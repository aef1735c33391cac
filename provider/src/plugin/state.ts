import { hiddenKey, recordKey, schemaVersion } from "../resource/hidden-inputs";
import { defaults, modeInputs, modes } from "../resource/model";
import type { ModeInput } from "../resource/model";
import { sameAddresses, sortedAddresses } from "../shared/addresses";
import type { PlainProperties } from "./wire";

type Properties = Record<string, unknown>;

/** What a request tells of its resource beside the properties. @internal */
export interface RequestFacts {
  readonly urn: string;
  /** The time-out in seconds; 0 for the default. Absent where the request has none: a check, and a diff. */
  readonly timeoutSeconds?: number | undefined;
  readonly preview?: boolean | undefined;
  /** The name of the provider resource, where it is known. */
  readonly provider?: string | undefined;
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

/** The shortest and the longest time-out that has a notation: the engine sends any number, such as 1e-9 for `1ns`. */
const timeoutLimits = { leastSeconds: 0.001, mostSeconds: 1e9 };

function hiddenOf({ urn, timeoutSeconds, preview }: RequestFacts): Properties {
  const { leastSeconds, mostSeconds } = timeoutLimits;
  const seconds = Math.min(mostSeconds, Math.max(leastSeconds, timeoutSeconds ?? 0));
  const timeout = timeoutSeconds ? `${seconds.toFixed(3)}s` : undefined;
  const identity = identityIn(urn);
  return {
    name: identity,
    resource: identity,
    timeouts:
      timeoutSeconds === undefined ? undefined : { create: timeout, update: timeout, delete: timeout },
    preview,
  };
}

function withoutHidden(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith("__")));
}

/**
 * The key that the inputs of an import have in the state. The inputs of a program do not have it: the first `pulumi up` that has
 * seen the resource ends the import, also one without a change.
 */
const importKey = "__imported";

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
 * @param resource - what tells the resource from all others, if the state names it differently than the request
 * @internal
 */
export function stateWithHidden(
  outputs: PlainProperties,
  inputs: PlainProperties | undefined,
  facts: RequestFacts,
  resource = identityIn(facts.urn),
): Properties {
  const { [hiddenKey]: dynamic, [recordKey]: recorded = dynamic } = outputs.values;
  const {
    schemaVersion: version,
    mode,
    readOnly,
    oldestFirst,
    order,
    givenDefaults,
    account,
    provider,
  } = (recorded ?? {}) as Properties;
  const given = inputs?.values ?? {};
  const providers = [provider, facts.provider];
  const isOfOther = recorded === dynamic || (!providers.includes(undefined) && provider !== facts.provider);
  const secretInputs = inputs?.secretNames.filter((name) => !name.startsWith("__")) ?? [];
  return {
    ...withoutHidden(outputs.values),
    [hiddenKey]: {
      ...hiddenOf(facts),
      resource,
      schemaVersion: version,
      mode: mode ?? modeOf(given),
      readOnly,
      imported: given[importKey],
      ofOtherProvider: recorded !== undefined && isOfOther,
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

/**
 * The outputs that the engine records: without the hidden key, and with what the next operation needs from it.
 *
 * @param provider - the name of the provider resource, where it is known
 * @param ofFailure - whether the inputs in the state may not describe the outputs
 * @internal
 */
export function recordedOutputs(
  outputs: Properties,
  provider: string | undefined,
  ofFailure = false,
): Properties {
  const { [hiddenKey]: hidden, ...visible } = outputs;
  const { resource, account, oldestFirst, readOnly, mode, order, givenDefaults } = (hidden ??
    {}) as Properties;
  const recorded = {
    schemaVersion,
    resource,
    provider,
    account,
    oldestFirst,
    readOnly,
    ...(ofFailure && { mode, order, givenDefaults }),
  };
  const known = Object.entries(recorded).filter(([, value]) => value !== undefined);
  return { ...visible, [recordKey]: Object.fromEntries(known) };
}

/** The inputs that the engine records. Those of an import stay those of an import. @internal */
export function recordedInputs(inputs: Properties, isImport = inputs[importKey] === true): Properties {
  return { ...withoutHidden(inputs), ...(isImport && { [importKey]: true }) };
}

/** What tells the resource of this state from all others of the program. An alias may have renamed it since. @internal */
export function recordedIdentity(outputs: PlainProperties): string | undefined {
  const { [hiddenKey]: dynamic, [recordKey]: recorded = dynamic } = outputs.values;
  const { resource } = (recorded ?? {}) as Properties;
  return typeof resource === "string" ? resource : undefined;
}

/** Whether the inputs in a state describe outputs that were read, apart from the order. @internal */
export function describe(inputs: Properties, outputs: Properties): boolean {
  const { mode } = outputs[hiddenKey] as { readonly mode?: ModeInput };
  if (mode === undefined || modeOf(inputs) !== mode) return false;
  return modes[mode].target === "count"
    ? inputs[mode] === outputs[mode]
    : sameAddresses(stringsIn(inputs[mode]), stringsIn(outputs[mode]));
}

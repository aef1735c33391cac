import { hiddenKey, recordKey } from "../resource/hidden-inputs";

type Properties = Readonly<Record<string, unknown>>;

/** The type of the resource in the native plugin: the resource class has it as an alias. @internal */
export const nativeType = "alicloud-secondary-ips:index:EniSecondaryIps";

/**
 * Whether the outputs are those of the native plugin. The host finds no provider for them, so that every read and delete fails
 * until an update has written them.
 * @internal
 */
export function isNativeState(outputs: Properties): boolean {
  return outputs[recordKey] !== undefined;
}

/**
 * A state with the hidden key, also where the native plugin wrote it. The plugin has the rest of the hidden key under a key of its
 * own, and takes the names from the engine. They are those of the program: an alias has moved the state.
 *
 * @param news - the inputs of the program
 * @internal
 */
export function stateOf(olds: Properties, news: Properties): Record<string, unknown> {
  if (!isNativeState(olds)) return { ...olds };
  const { name, resource, secretInputs } = (news[hiddenKey] ?? {}) as Properties;
  const { [recordKey]: recorded, ...outputs } = olds;
  return {
    ...outputs,
    [hiddenKey]: { mode: modeIn(olds), ...(recorded as Properties), name, resource, secretInputs },
  };
}

/** The mode, where it is not recorded. Without one, the outputs are those of an address mode. */
function modeIn({ ipv4PrefixCount, ipv4Prefixes }: Properties): string | undefined {
  if (ipv4PrefixCount !== undefined) return "ipv4PrefixCount";
  return Array.isArray(ipv4Prefixes) && ipv4Prefixes.length > 0 ? "ipv4Prefixes" : undefined;
}

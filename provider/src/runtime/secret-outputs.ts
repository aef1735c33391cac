import { listInputs } from "../resource/model";

type Properties = Record<string, unknown>;

const listsOfAddresses = [...listInputs, "unmanagedPrivateIpAddresses"];

/**
 * How a provider tells the engine that a value is secret
 * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go). The engine encrypts it in the state. It
 * does so by itself only where an input of the same name is secret.
 */
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/**
 * The names of the properties that are secret in inputs or outputs.
 *
 * @param names - what the program marks as secret
 * @param isSecret - whether an address or a prefix is secret, under whatever name
 * @internal
 */
export function secretKeys(
  properties: Properties,
  names: readonly string[],
  isSecret: (address: string) => boolean,
): string[] {
  return Object.entries(properties)
    .filter(
      ([name, value]) =>
        names.includes(name) ||
        (listsOfAddresses.includes(name) && Array.isArray(value) && (value as string[]).some(isSecret)),
    )
    .map(([name]) => name);
}

/** Marks the properties with these names as secret. @internal */
export function markSecrets(properties: Properties, names: readonly string[]): Properties {
  return { ...properties, ...Object.fromEntries(names.map((name) => [name, secret(properties[name])])) };
}

/** The addresses and prefixes that a resource lists in plain text. @internal */
export function listedInPlain(properties: Properties, secretNames: readonly string[]): ReadonlySet<unknown> {
  const plain = listInputs.filter((name) => !secretNames.includes(name)).map((name) => properties[name]);
  return new Set(plain.filter(Array.isArray).flat());
}

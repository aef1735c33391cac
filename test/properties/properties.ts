import { isSecret, type Properties } from "../support/provider-host";

/** The addresses and prefixes that inputs or outputs list, whether secret or not. */
export function listedIn(properties: Properties): string[] {
  return [...listIn(properties, "privateIpAddresses"), ...listIn(properties, "ipv4Prefixes")];
}

export function listIn(properties: Properties, key: string): string[] {
  const value = properties[key];
  const list = isSecret(value) ? value.value : value;
  return Array.isArray(list) ? (list as string[]) : [];
}

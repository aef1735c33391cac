import { isSecret, type Properties } from "../support/provider-host";
import type { Saved } from "./engine";

/** The addresses and prefixes that inputs or outputs list, whether secret or not. */
export function listedIn(properties: Properties): string[] {
  return [...listIn(properties, "privateIpAddresses"), ...listIn(properties, "ipv4Prefixes")];
}

export function listIn(properties: Properties, key: string): string[] {
  const value = properties[key];
  const list = isSecret(value) ? value.value : value;
  return Array.isArray(list) ? (list as string[]) : [];
}

/** The recorded addresses and prefixes of a resource. After a change of kind it may have both. */
export function addressesOf(saved: Saved): string[] {
  return listedIn(saved.outputs);
}

/** Compares addresses or prefixes. */
export function numerically(a: string, b: string): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(text: string): number {
  return text.split(/[./]/, 4).reduce((number, part) => number * 256 + Number(part), 0);
}

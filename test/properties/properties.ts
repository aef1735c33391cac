import { isSecret, type Properties } from "../support/provider-host";
import type { Saved } from "./engine";
import type { Kind } from "./history";

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

/**
 * The kind that a resource manages, by its state. The state of a plugin has the mode in the inputs, and after a failure beside the
 * outputs.
 */
export function managedKind({ inputs, outputs }: Saved): Kind {
  const { mode } = {
    ...(outputs.__internal as Properties),
    ...(outputs.__recorded as Properties | undefined),
  };
  const names = mode === undefined ? Object.keys(inputs) : [mode as string];
  return names.some((name) => name.startsWith("ipv4")) ? "prefix" : "address";
}

/** Compares addresses or prefixes. */
export function numerically(a: string, b: string): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(text: string): number {
  return text.split(/[./]/, 4).reduce((number, part) => number * 256 + Number(part), 0);
}

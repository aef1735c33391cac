import { region } from "../support/eni-world";
import { secretOf, type Properties } from "../support/provider-host";
import type { Adaptor } from "./adaptors";
import type { Registration } from "./engine";
import type { Declared, Kind } from "./history";

/** The time-out of every delete. */
export const deleteTimeoutMs = 10_000;

/** A resource of the program, with its ENI id and its input unassignOnCreate. */
export interface Desired extends Declared {
  readonly eniId: string;
  readonly unassignOnCreate: readonly string[];
}

/** What a program registers with the engine. */
export function registrationOf(desired: Desired, limitMs: number, adaptor: Adaptor): Registration {
  const { name, retained, secret } = desired;
  const limit = `${limitMs}ms`;
  const inputs = inputsOf(desired);
  const secrets = secret
    ? Object.keys(inputs)
        .filter((key) => secretInputs.has(key))
        .sort()
    : [];
  const marked = Object.entries(inputs).map(([key, value]) => [
    key,
    secrets.includes(key) ? secretOf(value) : value,
  ]);
  const hidden = {
    ...adaptor.hiddenInputs({ retained, secretInputs: secrets }),
    name,
    resource: name,
    timeouts: { create: limit, update: limit, delete: `${deleteTimeoutMs}ms` },
  };
  return { name, retained, inputs: { ...Object.fromEntries(marked), __internal: hidden } as Properties };
}

/** What a program that keeps its addresses secret marks. */
const secretInputs = new Set([
  "privateIpAddresses",
  "secondaryPrivateIpAddressCount",
  "ipv4Prefixes",
  "ipv4PrefixCount",
  "unassignOnCreate",
]);

function inputsOf({ eniId, kind, addresses, count, ownership, ...options }: Desired): Properties {
  const { allowUnassignWithEip, unassignOnCreate } = options;
  return {
    networkInterfaceId: eniId,
    ...targetInput(kind, addresses, count),
    region,
    ...(ownership === "additive" ? { ownership } : {}),
    ...(allowUnassignWithEip ? { allowUnassignWithEip } : {}),
    ...(unassignOnCreate.length > 0 ? { unassignOnCreate: [...unassignOnCreate] } : {}),
  };
}

function targetInput(kind: Kind, addresses: readonly string[], count: number | undefined): Properties {
  if (kind === "address")
    return count === undefined
      ? { privateIpAddresses: [...addresses] }
      : { secondaryPrivateIpAddressCount: count };
  return count === undefined ? { ipv4Prefixes: [...addresses] } : { ipv4PrefixCount: count };
}

import { createRequire } from "node:module";
import { tellClaims } from "../../provider/src/dynamic/tell-claims";
import { schemaVersion } from "../../provider/src/resource/hidden-inputs";
import { region } from "../support/eni-world";
import { secretOf, withoutSecrets, type Properties } from "../support/provider-host";
import type { Registration } from "./engine";
import type { Declared, Kind } from "./history";

/** The time-out of every delete. */
export const deleteTimeoutMs = 10_000;

/** A resource of the program, with its ENI id and its input unassignOnCreate. */
export interface Desired extends Declared {
  readonly eniId: string;
  readonly unassignOnCreate: readonly string[];
}

/** What the resource class passes to the engine. */
export function registrationOf(desired: Desired, limitMs: number): Registration {
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
    schemaVersion,
    name,
    resource: name,
    timeouts: { create: limit, update: limit, delete: `${deleteTimeoutMs}ms` },
    ...(retained ? { retainOnDelete: true } : {}),
    ...(secrets.length > 0 ? { secretInputs: secrets } : {}),
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

interface Store {
  readonly settings: { readonly options: { engineAddr?: string } };
}

// The SDK's public types do not have these. The Automation API uses them to run several programs in one process.
const sdk = createRequire(__filename)("@pulumi/pulumi/runtime/state") as {
  readonly withLocalStorage: <T>(callback: () => T) => T;
  readonly getLocalStore: () => Store;
};

/** Tells the provider's process what a resource wants, as the constructor of the class does. */
export async function tell(
  { name, inputs }: Registration,
  engineAddr: string,
  folder: string,
): Promise<void> {
  sdk.withLocalStorage(() => {
    sdk.getLocalStore().settings.options.engineAddr = engineAddr;
    tellClaims(name, withoutSecrets(inputs) as Parameters<typeof tellClaims>[1], folder);
  });
  // The claim is written when the outputs have settled.
  await new Promise(setImmediate);
}

import { z } from "zod";
import { isIpv4Address, sortedAddresses } from "../shared/addresses";
import { isIpv4Prefix } from "../shared/addresses";
import { onlyKind } from "../ecs/port";
import type { EniRecord } from "./reconciler";
import type { Ownership } from "./claims";
import type { Mode } from "./model";
import { hiddenKey, parseHiddenInputs, schemaVersion, type HiddenInputs } from "./hidden-inputs";

/** What the state of a resource says, whichever release wrote it. @internal */
export interface SavedState {
  /** Absent in the state that `EniSecondaryIps.get` starts from. */
  readonly networkInterfaceId: string | undefined;
  /** How the resource is declared; absent in the state that `EniSecondaryIps.get` starts from. */
  readonly mode: Mode | undefined;
  /** The resource's own addresses and prefixes. */
  readonly owned: readonly string[];
  readonly unassignOnCreate: readonly string[] | undefined;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly region: string | undefined;
  readonly hidden: HiddenInputs;
}

// Lenient: what an earlier release did not write, or wrote otherwise, must not make the state unreadable.
const optionalText = z.string().min(1).optional().catch(undefined);
// What is no address in a list costs none of the others: they are still the resource's own, and have to go some day.
const listOf = (isOne: (text: string) => boolean) =>
  z
    .array(z.unknown())
    .transform((list) => list.filter((one): one is string => typeof one === "string" && isOne(one)));
const saved = z.object({
  networkInterfaceId: optionalText,
  privateIpAddresses: listOf(isIpv4Address).catch([]),
  ipv4Prefixes: listOf(isIpv4Prefix).catch([]),
  secondaryPrivateIpAddressCount: z.int().min(0).optional().catch(undefined),
  unassignOnCreate: listOf((one) => isIpv4Address(one) || isIpv4Prefix(one))
    .optional()
    .catch(undefined),
  ownership: z.enum(["exclusive", "additive"]).catch("exclusive"),
  allowUnassignWithEip: z.boolean().catch(false),
  region: optionalText,
});

/** Reads the outputs of a resource from its state. @internal */
export function parseState(properties: Readonly<Record<string, unknown>>): SavedState {
  const { privateIpAddresses, ipv4Prefixes, secondaryPrivateIpAddressCount, ...rest } =
    saved.parse(properties);
  const hidden = parseHiddenInputs(properties);
  const modeOfVersion1 =
    secondaryPrivateIpAddressCount === undefined ? "privateIpAddresses" : "secondaryPrivateIpAddressCount";
  return {
    networkInterfaceId: rest.networkInterfaceId,
    unassignOnCreate: rest.unassignOnCreate,
    ownership: rest.ownership,
    allowUnassignWithEip: rest.allowUnassignWithEip,
    region: rest.region,
    mode: rest.networkInterfaceId === undefined ? undefined : (hidden.mode ?? modeOfVersion1),
    owned: sortedAddresses([...privateIpAddresses, ...ipv4Prefixes]),
    hidden,
  };
}

/** The inputs of a resource, as its state keeps them. @internal */
export interface StateInputs {
  readonly mode: Mode | undefined;
  readonly region: string;
  readonly unassignOnCreate: readonly string[] | undefined;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly hidden: HiddenInputs;
}

/**
 * The inputs that describe what was found: those of the resource, with what the ENI holds.
 *
 * @internal
 */
export function inputsOf(record: EniRecord, inputs: StateInputs) {
  const { region, unassignOnCreate, ownership, allowUnassignWithEip, hidden } = inputs;
  return {
    networkInterfaceId: record.eni.id,
    ...declarationOf(record, inputs.mode),
    // An undefined value would lose the resource after its side effects: https://github.com/pulumi/pulumi/issues/2205
    ...(unassignOnCreate === undefined ? {} : { unassignOnCreate: [...unassignOnCreate] }),
    // Absent is the default, which an earlier program left out.
    ...(ownership === "exclusive" ? {} : { ownership }),
    ...(allowUnassignWithEip ? { allowUnassignWithEip } : {}),
    region,
    [hiddenKey]: withoutUndefined({ ...hidden, mode: undefined, oldestFirst: undefined, schemaVersion }),
  };
}

/** Only the input of the resource's mode: another one would stand beside it. */
function declarationOf({ owned }: EniRecord, mode: Mode | undefined) {
  switch (mode) {
    case "secondaryPrivateIpAddressCount":
      return { secondaryPrivateIpAddressCount: onlyKind("address", owned).length };
    case "ipv4Prefixes":
      return { ipv4Prefixes: onlyKind("prefix", owned) };
    case "ipv4PrefixCount":
      return { ipv4PrefixCount: onlyKind("prefix", owned).length };
    case "privateIpAddresses":
    case undefined:
      return { privateIpAddresses: onlyKind("address", owned) };
  }
}

/** The outputs of a resource after an operation. @internal */
export function outputsOf(record: EniRecord, inputs: StateInputs) {
  return {
    ...inputsOf(record, inputs),
    privateIpAddresses: onlyKind("address", record.owned),
    ipv4Prefixes: onlyKind("prefix", record.owned),
    [hiddenKey]: withoutUndefined({
      ...inputs.hidden,
      mode: inputs.mode,
      oldestFirst: record.oldestFirst && [...record.oldestFirst],
      schemaVersion,
    }),
    ownership: inputs.ownership,
    allowUnassignWithEip: inputs.allowUnassignWithEip,
    primaryIpAddress: record.eni.primaryIpAddress,
    vswitchId: record.eni.vSwitchId,
    unmanagedPrivateIpAddresses: [...record.unmanaged],
  };
}

/** An undefined value would lose the resource after its side effects: https://github.com/pulumi/pulumi/issues/2205 */
function withoutUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}

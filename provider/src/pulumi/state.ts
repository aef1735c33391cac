import { z } from "zod";
import { isIpv4Address, sortedAddresses } from "../addresses/address-set";
import type { EniRecord } from "../reconcile/reconciler";
import type { Ownership } from "../reconcile/claims";
import { hiddenKey, parseHiddenInputs, schemaVersion, type HiddenInputs } from "./hidden-inputs";

/** What the state of a resource says, whichever release wrote it. @internal */
export interface SavedState {
  /** Absent in the state that `EniSecondaryIps.get` starts from. */
  readonly networkInterfaceId: string | undefined;
  /** The resource's own addresses. */
  readonly privateIpAddresses: readonly string[];
  /** There in a resource that is declared by a count. */
  readonly secondaryPrivateIpAddressCount: number | undefined;
  readonly unassignOnCreate: readonly string[] | undefined;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly region: string | undefined;
  readonly hidden: HiddenInputs;
}

// Lenient: what an earlier release did not write, or wrote otherwise, must not make the state unreadable.
const optionalText = z.string().min(1).optional().catch(undefined);
// What is no address in a list costs none of the others: they are still the resource's own, and have to go some day.
const savedAddresses = z
  .array(z.unknown())
  .transform((list) => list.filter((one): one is string => typeof one === "string" && isIpv4Address(one)));
const saved = z.object({
  networkInterfaceId: optionalText,
  privateIpAddresses: savedAddresses.catch([]),
  secondaryPrivateIpAddressCount: z.int().min(0).optional().catch(undefined),
  unassignOnCreate: savedAddresses.optional().catch(undefined),
  ownership: z.enum(["exclusive", "additive"]).catch("exclusive"),
  allowUnassignWithEip: z.boolean().catch(false),
  region: optionalText,
});

/** Reads the outputs of a resource from its state. @internal */
export function parseState(properties: Readonly<Record<string, unknown>>): SavedState {
  const { networkInterfaceId, secondaryPrivateIpAddressCount, unassignOnCreate, region, ...rest } =
    saved.parse(properties);
  return {
    networkInterfaceId,
    secondaryPrivateIpAddressCount,
    unassignOnCreate,
    region,
    ...rest,
    hidden: parseHiddenInputs(properties),
  };
}

/** The inputs of a resource, as its state keeps them. @internal */
export interface StateInputs {
  readonly secondaryPrivateIpAddressCount?: number | undefined;
  readonly region: string;
  readonly unassignOnCreate: readonly string[] | undefined;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly hidden: HiddenInputs;
}

/**
 * The inputs that describe what was found: those of the resource, with the addresses that the ENI holds.
 *
 * @internal
 */
export function inputsOf(record: EniRecord, inputs: StateInputs) {
  const { region, unassignOnCreate, ownership, allowUnassignWithEip, hidden } = inputs;
  // Only the input of the resource's mode: the other one would stand beside it.
  const byCount = inputs.secondaryPrivateIpAddressCount !== undefined;
  return {
    networkInterfaceId: record.eni.id,
    ...(byCount
      ? { secondaryPrivateIpAddressCount: record.owned.length }
      : { privateIpAddresses: sortedAddresses(record.owned) }),
    // An undefined value would lose the resource after its side effects: https://github.com/pulumi/pulumi/issues/2205
    ...(unassignOnCreate === undefined ? {} : { unassignOnCreate: [...unassignOnCreate] }),
    // Absent is the default, which an earlier program left out.
    ...(ownership === "exclusive" ? {} : { ownership }),
    ...(allowUnassignWithEip ? { allowUnassignWithEip } : {}),
    region,
    [hiddenKey]: withoutUndefined({ ...hidden, oldestFirst: undefined, schemaVersion }),
  };
}

/** The outputs of a resource after an operation. @internal */
export function outputsOf(record: EniRecord, inputs: StateInputs) {
  return {
    ...inputsOf(record, inputs),
    privateIpAddresses: sortedAddresses(record.owned),
    [hiddenKey]: withoutUndefined({
      ...inputs.hidden,
      oldestFirst: record.oldestFirst && [...record.oldestFirst],
      schemaVersion,
    }),
    ownership: inputs.ownership,
    allowUnassignWithEip: inputs.allowUnassignWithEip,
    ipv4Prefixes: [],
    primaryIpAddress: record.eni.primaryIpAddress,
    vswitchId: record.eni.vSwitchId,
    unmanagedPrivateIpAddresses: [...record.unmanaged],
  };
}

/** An undefined value would lose the resource after its side effects: https://github.com/pulumi/pulumi/issues/2205 */
function withoutUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}

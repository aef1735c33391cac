import { z } from "zod";
import { onlyKind } from "../ecs/port";
import { isIpv4Address, isIpv4Prefix, sortedAddresses } from "../shared/addresses";
import { hiddenKey, parseHiddenInputs, schemaVersion } from "./hidden-inputs";
import { modeInputs, modes, type Mode, type Recorded } from "./model";

// Lenient: what another release did not write, or wrote in another form, must not make the state unreadable.
const optionalText = z.string().min(1).optional().catch(undefined);
// An unreadable entry does not cost the others: the resource still owns them, and has to unassign them some day.
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
  primaryIpAddress: z.string().optional().catch(undefined),
  vswitchId: z.string().optional().catch(undefined),
  unmanagedPrivateIpAddresses: listOf((one) => isIpv4Address(one) || isIpv4Prefix(one)).catch([]),
});

/** Reads the outputs of a resource from its state, or the inputs of the state that check gets. @internal */
export function parseState(properties: Readonly<Record<string, unknown>>): Recorded {
  const state = saved.parse(properties);
  const { mode, oldestFirst, ...hidden } = parseHiddenInputs(properties);
  const version1 =
    state.secondaryPrivateIpAddressCount === undefined
      ? modes.privateIpAddresses
      : modes.secondaryPrivateIpAddressCount;
  const known = modeInputs.find((input) => input === mode);
  return {
    networkInterfaceId: state.networkInterfaceId,
    mode: state.networkInterfaceId === undefined ? undefined : known === undefined ? version1 : modes[known],
    owned: sortedAddresses([...state.privateIpAddresses, ...state.ipv4Prefixes]),
    oldestFirst,
    ownership: state.ownership,
    allowUnassignWithEip: state.allowUnassignWithEip,
    unassignOnCreate: state.unassignOnCreate,
    region: state.region,
    primaryIpAddress: state.primaryIpAddress,
    vSwitchId: state.vswitchId,
    unmanaged: state.unmanagedPrivateIpAddresses,
    hidden,
  };
}

/** The inputs that describe what is recorded. @internal */
export function inputsOf(recorded: Recorded) {
  const { networkInterfaceId, region, unassignOnCreate, ownership, allowUnassignWithEip, hidden } = recorded;
  return withoutUndefined({
    networkInterfaceId,
    ...targetOf(recorded),
    unassignOnCreate: unassignOnCreate && [...unassignOnCreate],
    // Absent is the default, which an earlier program left out.
    ownership: ownership === "exclusive" ? undefined : ownership,
    allowUnassignWithEip: allowUnassignWithEip || undefined,
    region,
    [hiddenKey]: withoutUndefined({ ...hidden, schemaVersion }),
  });
}

/** The outputs of a resource. @internal */
export function outputsOf(recorded: Recorded) {
  const { owned, mode, oldestFirst, hidden } = recorded;
  return withoutUndefined({
    ...inputsOf(recorded),
    privateIpAddresses: onlyKind("address", owned),
    ipv4Prefixes: onlyKind("prefix", owned),
    [hiddenKey]: withoutUndefined({
      ...hidden,
      mode: mode?.input,
      oldestFirst: oldestFirst && [...oldestFirst],
      schemaVersion,
    }),
    ownership: recorded.ownership,
    allowUnassignWithEip: recorded.allowUnassignWithEip,
    primaryIpAddress: recorded.primaryIpAddress,
    vswitchId: recorded.vSwitchId,
    unmanagedPrivateIpAddresses: [...recorded.unmanaged],
  });
}

/** Only the input of the resource's mode: a second one would conflict with it. */
function targetOf({ owned, mode = modes.privateIpAddresses }: Pick<Recorded, "owned" | "mode">) {
  const { input, kind, target }: Mode = mode;
  const ofKind = onlyKind(kind, owned);
  return { [input]: target === "count" ? ofKind.length : ofKind };
}

/** An undefined value would lose the resource after its side effects: https://github.com/pulumi/pulumi/issues/2205 */
function withoutUndefined(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

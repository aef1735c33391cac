import { z } from "zod";
import { onlyKind } from "../ecs/port";
import { isIpv4Address, isIpv4Prefix, sortedAddresses } from "../shared/addresses";
import { hiddenKey, parseHiddenInputs, schemaVersion } from "./hidden-inputs";
import { defaults, listOf, modeInputs, modes, type Mode, type Recorded } from "./model";

// Lenient: what another release did not write, or wrote in another form, must not make the state unreadable.
const optionalText = z.string().min(1).optional().catch(undefined);
// An unreadable entry does not cost the others: the resource still owns them, and has to unassign them some day.
const readable = (isOne: (text: string) => boolean) =>
  z
    .array(z.unknown())
    .transform((list) => list.filter((one): one is string => typeof one === "string" && isOne(one)));
const saved = z.object({
  networkInterfaceId: optionalText,
  privateIpAddresses: readable(isIpv4Address).catch([]),
  ipv4Prefixes: readable(isIpv4Prefix).catch([]),
  secondaryPrivateIpAddressCount: z.int().min(0).optional().catch(undefined),
  unassignOnCreate: readable((one) => isIpv4Address(one) || isIpv4Prefix(one))
    .optional()
    .catch(undefined),
  ownership: z.enum(["exclusive", "additive"]).catch("exclusive"),
  allowUnassignWithEip: z.boolean().catch(false),
  region: optionalText,
  primaryIpAddress: z.string().optional().catch(undefined),
  vswitchId: z.string().optional().catch(undefined),
  unmanagedPrivateIpAddresses: readable((one) => isIpv4Address(one) || isIpv4Prefix(one)).catch([]),
});

/** Reads the outputs of a resource from its state, or the inputs of the state that check gets. @internal */
export function parseState(properties: Readonly<Record<string, unknown>>): Recorded {
  const state = saved.parse(properties);
  const {
    mode,
    readOnly,
    imported,
    oldestFirst,
    order,
    account,
    givenDefaults,
    secretOutputs: _names,
    ...hidden
  } = parseHiddenInputs(properties);
  const version1 =
    state.secondaryPrivateIpAddressCount === undefined
      ? modes.privateIpAddresses
      : modes.secondaryPrivateIpAddressCount;
  const known = modeInputs.find((input) => input === mode);
  const isManaged = (state.networkInterfaceId !== undefined || imported === true) && readOnly !== true;
  const ownMode = isManaged ? (known === undefined ? version1 : modes[known]) : undefined;
  const owned = sortedAddresses([...state.privateIpAddresses, ...state.ipv4Prefixes]);
  return {
    networkInterfaceId: state.networkInterfaceId,
    mode: ownMode,
    owned,
    oldestFirst: oldestFirst
      ?.map((one) => (typeof one === "number" ? owned[one] : one))
      .filter((one) => one !== undefined),
    order: order && ownMode && ordered(order, onlyKind(ownMode.kind, owned)),
    givenDefaults,
    ownership: state.ownership,
    allowUnassignWithEip: state.allowUnassignWithEip,
    unassignOnCreate: state.unassignOnCreate,
    region: state.region,
    account,
    primaryIpAddress: state.primaryIpAddress,
    vSwitchId: state.vswitchId,
    unmanaged: state.unmanagedPrivateIpAddresses,
    imported,
    hidden,
  };
}

/** The list in the order that the indices give; `undefined` where they are not one index for each. */
function ordered(indices: readonly number[], list: readonly string[]): readonly string[] | undefined {
  const found = new Set(indices.flatMap((index) => list[index] ?? []));
  return found.size === list.length && indices.length === list.length ? [...found] : undefined;
}

/** The inputs that describe what is recorded, as the program wrote them. @internal */
export function inputsOf(recorded: Recorded) {
  const { networkInterfaceId, region, unassignOnCreate, ownership, allowUnassignWithEip } = recorded;
  // Absent is the default, which the program may have left out.
  const given = <K extends keyof typeof defaults>(name: K, value: Recorded[K]) =>
    value !== defaults[name] || recorded.givenDefaults?.includes(name) ? value : undefined;
  return withoutUndefined({
    networkInterfaceId,
    ...targetOf(recorded),
    unassignOnCreate: unassignOnCreate && [...unassignOnCreate],
    ownership: given("ownership", ownership),
    allowUnassignWithEip: given("allowUnassignWithEip", allowUnassignWithEip),
    region,
    [hiddenKey]: hiddenOf(recorded),
  });
}

/** The outputs of a resource. @internal */
export function outputsOf(recorded: Recorded) {
  const { owned, mode, oldestFirst, account, givenDefaults = [] } = recorded;
  return withoutUndefined({
    ...inputsOf(recorded),
    privateIpAddresses: onlyKind("address", owned),
    ipv4Prefixes: onlyKind("prefix", owned),
    [hiddenKey]: withoutUndefined({
      ...hiddenOf(recorded),
      mode: mode?.input,
      readOnly: mode === undefined || undefined,
      // Not the addresses: the engine would not know that they are secret.
      oldestFirst: oldestFirst?.map((one) => owned.indexOf(one)).filter((position) => position >= 0),
      order: orderOf(recorded),
      givenDefaults: givenDefaults.length === 0 ? undefined : [...givenDefaults],
      account,
    }),
    ownership: recorded.ownership,
    allowUnassignWithEip: recorded.allowUnassignWithEip,
    primaryIpAddress: recorded.primaryIpAddress,
    vswitchId: recorded.vSwitchId,
    unmanagedPrivateIpAddresses: [...recorded.unmanaged],
  });
}

/** What the program says. Whether it runs for a preview makes no difference to the state. */
function hiddenOf({ hidden }: Recorded) {
  return withoutUndefined({ ...hidden, preview: undefined, schemaVersion });
}

/** The program's order as indices of the numerical one: it must not repeat values, which may be secret. */
function orderOf(recorded: Recorded): number[] | undefined {
  if (recorded.order === undefined) return undefined;
  const list = listOf(recorded);
  const numerical = sortedAddresses(list);
  return list.map((one) => numerical.indexOf(one));
}

/** Only the input of the resource's mode: a second one would conflict with it. */
function targetOf(recorded: Recorded) {
  const { input, target }: Mode = recorded.mode ?? modes.privateIpAddresses;
  const list = listOf(recorded);
  return { [input]: target === "count" ? list.length : list };
}

/** An undefined value would lose the resource after its side effects: https://github.com/pulumi/pulumi/issues/2205 */
function withoutUndefined(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

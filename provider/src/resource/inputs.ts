import { z } from "zod";
import { isIpv4Address, isIpv4Prefix, prefixAround } from "../shared/addresses";
import { parseHiddenInputs, unreadableTimeouts } from "./hidden-inputs";
import {
  defaults,
  modeInputs,
  modes,
  type Desired,
  type ModeInput,
  type PartialTarget,
  type Target,
} from "./model";

/** A problem with an input, as the engine shows it under the property's name. @internal */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

const propertyNames: readonly string[] = [
  "networkInterfaceId",
  ...modeInputs,
  "ownership",
  "unassignOnCreate",
  "allowUnassignWithEip",
  "region",
];

const networkInterfaceIdExpected =
  "expected the id of an ENI, such as eni-bp1fvxhbdfj0xgx3abcd; the console and DescribeNetworkInterfaces show it";
const networkInterfaceId = z
  .string(networkInterfaceIdExpected)
  .regex(/^eni-[0-9A-Za-z_-]+$/, networkInterfaceIdExpected);

/** What a region is, for messages. @internal */
export const regionExpected = "expected a region id such as cn-hangzhou or ap-southeast-1";
const region = z.string(regionExpected).regex(/^[a-z]+(-[a-z0-9]+)+$/, regionExpected);

/** Whether the text has the form of a region id. @internal */
export function isRegion(text: string): boolean {
  return region.safeParse(text).success;
}

function countOf(noun: string) {
  const expected = `expected a whole number, 0 or more, of ${noun} that the cloud picks`;
  return z.int(expected).min(0, expected);
}

const ownership = z.enum(["exclusive", "additive"], 'expected "exclusive" (the default) or "additive"');
const allowUnassignWithEip = z.boolean("expected true or false (the default)");

const addressExpected =
  "expected an IPv4 address: four numbers from 0 to 255 without leading zeros or a suffix, such as 10.0.1.20";
const address = z.string(addressExpected).superRefine((text, context) => {
  if (text === unknownValue || isIpv4Address(text)) return;
  const hint = text.includes(":")
    ? "this looks like an IPv6 address, which this resource does not manage; "
    : "";
  context.addIssue({ code: "custom", message: addressExpected, params: { hint } });
});

const prefixExpected = "expected an IPv4 prefix: a /28 block by its first address, such as 10.0.1.16/28";
const prefix = z.string(prefixExpected).superRefine((text, context) => {
  if (text === unknownValue || isIpv4Prefix(text)) return;
  const around = prefixAround(text);
  const hint = around === undefined ? "" : `the block that contains it is ${around}; `;
  context.addIssue({ code: "custom", message: prefixExpected, params: { hint } });
});

function listOf(element: z.ZodType<string>, expected: string) {
  return z.array(element, expected).superRefine((list, context) => {
    list.forEach((text, index) => {
      const first = list.indexOf(text);
      if (first === index || text === unknownValue) return;
      context.addIssue({
        code: "custom",
        path: [index],
        message:
          `already listed at [${first}]; list each one once. If the program does, \`ignoreChanges\` with an index kept an ` +
          `earlier one: run \`pulumi up\` once without it`,
      });
    });
  });
}

const addresses = listOf(address, 'expected a list of IPv4 addresses, such as ["10.0.1.20"]');
const prefixes = listOf(prefix, 'expected a list of IPv4 prefixes, such as ["10.0.1.16/28"]');

/** The inputs of a resource, and their problems. @internal */
export interface InspectedInputs {
  readonly desired: Desired;
  readonly problems: readonly InputProblem[];
}

/** Reads the inputs of the program. A value that is not known yet is no problem. @internal */
export function inspectInputs(properties: Readonly<Record<string, unknown>>): InspectedInputs {
  const problems: InputProblem[] = [];
  const hidden = parseHiddenInputs(properties);
  const isSecret = (name: string) => hidden.secretInputs?.includes(name) ?? false;
  const isGiven = (name: string) => properties[name] !== undefined && properties[name] !== null;

  function inspect<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const value = properties[name];
    if (!isGiven(name) || value === unknownValue) return undefined;
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) problems.push(problemOf(name, value, issue, isSecret(name)));
      return undefined;
    }
    return isUnknown(value) ? undefined : parsed.data;
  }

  const given = modeInputs.filter(isGiven);
  const kind = given.some((name) => modes[name].kind === "prefix") ? "prefix" : "address";
  const listSchema = kind === "prefix" ? prefixes : addresses;
  const eni = inspect("networkInterfaceId", networkInterfaceId);
  const targets = modeInputs.flatMap((name): Target[] => {
    const mode = modes[name];
    if (mode.target === "list") {
      const list = inspect(name, mode.kind === "prefix" ? prefixes : addresses);
      return list === undefined ? [] : [{ mode, list }];
    }
    const count = inspect(name, countOf(mode.kind === "prefix" ? "IPv4 prefixes" : "secondary addresses"));
    return count === undefined ? [] : [{ mode, count, secret: isSecret(name) || undefined }];
  });
  const target = targets.find((one) => "list" in one) ?? targets[0];
  const desired: Desired = {
    networkInterfaceId: eni,
    target,
    partialTarget: target === undefined ? partialTarget(given, properties) : undefined,
    unassignOnCreate: inspect("unassignOnCreate", listSchema),
    ownership: isGiven("ownership") ? inspect("ownership", ownership) : defaults.ownership,
    allowUnassignWithEip: isGiven("allowUnassignWithEip")
      ? inspect("allowUnassignWithEip", allowUnassignWithEip)
      : defaults.allowUnassignWithEip,
    region: inspect("region", region),
    givenDefaults: Object.entries(defaults).flatMap(([name, value]) =>
      properties[name] === value ? [name] : [],
    ),
    undecided: propertyNames.filter((name) => isUnknown(properties[name])),
    hidden,
  };
  if (!isGiven("networkInterfaceId")) {
    problems.push({
      property: "networkInterfaceId",
      reason: `no ENI is given; ${networkInterfaceIdExpected}`,
    });
  }
  problems.push(...problemsOfMode(given, desired, isGiven));
  for (const name of Object.keys(properties)) {
    if (name.startsWith("__") || propertyNames.includes(name)) continue;
    problems.push({
      property: name,
      reason: `is not an input of EniSecondaryIps; allowed: ${propertyNames.join(", ")}`,
    });
  }
  for (const { operation, text } of unreadableTimeouts(desired.hidden)) {
    problems.push({
      property: `customTimeouts.${operation}`,
      reason: `"${text}" is not a duration; expected something like 30s, 5m or 1h30m`,
    });
  }
  return { desired, problems };
}

function partialTarget(
  given: readonly ModeInput[],
  properties: Readonly<Record<string, unknown>>,
): PartialTarget | undefined {
  const name = given.find((one) => isUnknown(properties[one]));
  if (name === undefined) return undefined;
  const value = properties[name];
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const known = list.filter((one): one is string => typeof one === "string" && one !== unknownValue);
  return { mode: modes[name], list: known, others: list.length - known.length };
}

/** Inputs that do not fit each other. */
function problemsOfMode(
  given: readonly ModeInput[],
  { target, ownership, unassignOnCreate = [] }: Desired,
  isGiven: (name: string) => boolean,
): InputProblem[] {
  const problems: InputProblem[] = [];
  if (given.length === 0) {
    problems.push({
      property: "privateIpAddresses",
      reason: `no list and no count is given; set exactly one of ${modeInputs.join(", ")}. The list may be empty`,
    });
  }
  for (const name of given.slice(1)) {
    problems.push({
      property: name,
      reason: `conflicts with ${given[0]}; set exactly one of ${modeInputs.join(", ")}`,
    });
  }
  if (ownership === "additive" && given.some((name) => modes[name].target === "count")) {
    problems.push({
      property: "ownership",
      reason:
        "a count needs exclusive ownership, because it counts everything on the ENI; use a list instead",
    });
  }
  const listed = target !== undefined && "list" in target ? target : undefined;
  for (const both of unassignOnCreate.filter((one) => listed?.list.includes(one))) {
    problems.push({
      property: "unassignOnCreate",
      reason: `${both} is in ${listed?.mode.input} too; remove it from one of the two`,
    });
  }
  if (ownership === "additive" && isGiven("unassignOnCreate")) {
    problems.push({
      property: "unassignOnCreate",
      reason:
        'only a resource with ownership "exclusive" takes an ENI over; leave it out, or change the ownership',
    });
  }
  return problems;
}

function problemOf(name: string, value: unknown, issue: z.core.$ZodIssue, secret: boolean): InputProblem {
  const [index] = issue.path;
  const inList = typeof index === "number" && Array.isArray(value);
  const given = JSON.stringify(inList ? (value[index] as unknown) : value);
  // A hint can contain the value, too.
  const hint = issue.code === "custom" && !secret ? ((issue.params?.hint as string | undefined) ?? "") : "";
  // The engine shows the property's value, and knows no property such as `privateIpAddresses[1]`.
  return {
    property: name,
    reason: `${inList ? `[${index}] is ` : ""}${secret ? "[secret]" : given}: ${hint}${issue.message}`,
  };
}

/**
 * How the engine writes a value that is not known yet. It can be at any depth of the inputs of a preview
 * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go, UnknownStringValue).
 * @internal
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value is not known yet, in whole or in part. @internal */
export function isUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(isUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

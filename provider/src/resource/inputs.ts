import { z } from "zod";
import { isIpv4Address, isIpv4Prefix, prefixAround, sortedAddresses } from "../shared/addresses";
import { type Ownership } from "./claims";
import { modes, type Declaration } from "./model";
import { parseHiddenInputs, type HiddenInputs, unreadableTimeouts } from "./hidden-inputs";

/** A problem with an input, as the engine shows it under the property's name. @internal */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

/** Inputs of which everything is known and right. @internal */
export interface KnownInputs {
  readonly networkInterfaceId: string;
  readonly declared: Declaration;
  readonly unassignOnCreate: readonly string[] | undefined;
  readonly ownership: Ownership;
  readonly allowUnassignWithEip: boolean;
  readonly region: string;
  readonly hidden: HiddenInputs;
}

/** What was found out about the inputs of a resource. @internal */
export interface InspectedInputs {
  readonly problems: readonly InputProblem[];
  /** Each input that is known, and right by itself. */
  readonly networkInterfaceId: string | undefined;
  /** With the one input that is given, as far as it is known; with none of them where it is not. */
  readonly declared: Declaration;
  readonly unassignOnCreate: readonly string[] | undefined;
  /** Absent is the default, `exclusive`; not known yet is undefined. */
  readonly ownership: Ownership | undefined;
  /** Absent is the default, `false`; not known yet is undefined. */
  readonly allowUnassignWithEip: boolean | undefined;
  readonly region: string | undefined;
  readonly hidden: HiddenInputs;
}

const propertyNames = [
  "networkInterfaceId",
  ...modes,
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

const regionExpected = "expected a region id such as cn-hangzhou or ap-southeast-1";
const region = z.string(regionExpected).regex(/^[a-z]+(-[a-z0-9]+)+$/, regionExpected);

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
  const seen = text.includes(":")
    ? "this looks like an IPv6 address, which this resource does not manage; "
    : "";
  context.addIssue({ code: "custom", message: `${seen}${addressExpected}` });
});

const prefixExpected = "expected an IPv4 prefix: a /28 block by its first address, such as 10.0.1.16/28";
const prefix = z.string(prefixExpected).superRefine((text, context) => {
  if (text === unknownValue || isIpv4Prefix(text)) return;
  const around = prefixAround(text);
  const seen = around === undefined ? "" : `the block that contains it is ${around}; `;
  context.addIssue({ code: "custom", message: `${seen}${prefixExpected}` });
});

function listOf(element: z.ZodType<string>, expected: string) {
  return z.array(element, expected).superRefine((list, context) => {
    list.forEach((text, index) => {
      const first = list.indexOf(text);
      if (first === index || text === unknownValue) return;
      context.addIssue({
        code: "custom",
        path: [index],
        message: `already listed at [${first}]; list each one once`,
      });
    });
  });
}

const addresses = listOf(address, 'expected a list of IPv4 addresses, such as ["10.0.1.20"]');
const prefixes = listOf(prefix, 'expected a list of IPv4 prefixes, such as ["10.0.1.16/28"]');

/**
 * Looks at inputs as the program gave them. Values that are not known yet are nobody's problem.
 *
 * @internal
 */
export function inspectInputs(properties: Readonly<Record<string, unknown>>): InspectedInputs {
  const problems: InputProblem[] = [];
  const present = (name: string) => properties[name] !== undefined && properties[name] !== null;

  function inspect<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const value = properties[name];
    if (!present(name) || value === unknownValue) return undefined;
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) problems.push(problemOf(name, value, issue));
      return undefined;
    }
    return isUnknown(value) ? undefined : parsed.data;
  }

  const given = modes.filter(present);
  // A list of the wrong kind would allow nothing.
  const managesPrefixes = given.some((name) => name.startsWith("ipv4"));
  const inspected = {
    networkInterfaceId: inspect("networkInterfaceId", networkInterfaceId),
    privateIpAddresses: inspect("privateIpAddresses", addresses),
    secondaryPrivateIpAddressCount: inspect("secondaryPrivateIpAddressCount", countOf("secondary addresses")),
    ipv4Prefixes: inspect("ipv4Prefixes", prefixes),
    ipv4PrefixCount: inspect("ipv4PrefixCount", countOf("IPv4 prefixes")),
    unassignOnCreate: inspect("unassignOnCreate", managesPrefixes ? prefixes : addresses),
    ownership: present("ownership") ? inspect("ownership", ownership) : ("exclusive" as const),
    allowUnassignWithEip: present("allowUnassignWithEip")
      ? inspect("allowUnassignWithEip", allowUnassignWithEip)
      : false,
    region: inspect("region", region),
  };
  if (!present("networkInterfaceId")) {
    problems.push({
      property: "networkInterfaceId",
      reason: `no ENI is given; ${networkInterfaceIdExpected}`,
    });
  }
  if (given.length === 0) {
    problems.push({
      property: "privateIpAddresses",
      reason:
        "no list is given; expected the secondary addresses that the ENI is to hold, which may be none, or " +
        "secondaryPrivateIpAddressCount, ipv4Prefixes or ipv4PrefixCount instead",
    });
  }
  for (const name of given.slice(1)) {
    problems.push({
      property: name,
      reason:
        `stands beside ${given[0]}; a resource manages either addresses or prefixes, which are either listed or ` +
        `picked by the cloud: give exactly one of ${modes.join(", ")}`,
    });
  }
  if (inspected.ownership === "additive" && given.some((name) => name.endsWith("Count"))) {
    problems.push({
      property: "ownership",
      reason:
        "a count counts all that is on the ENI, which only an exclusive resource can; list what it is to hold instead",
    });
  }
  const listName = managesPrefixes ? "ipv4Prefixes" : "privateIpAddresses";
  for (const both of inspected.unassignOnCreate?.filter((one) => inspected[listName]?.includes(one)) ?? []) {
    problems.push({
      property: "unassignOnCreate",
      reason: `${both} is in ${listName} too; each one either stays or goes`,
    });
  }
  if (inspected.ownership === "additive" && present("unassignOnCreate")) {
    problems.push({
      property: "unassignOnCreate",
      reason:
        'only a resource with ownership "exclusive" takes an ENI over; leave it out, or change the ownership',
    });
  }
  for (const name of Object.keys(properties)) {
    if (name.startsWith("__") || propertyNames.includes(name)) continue;
    problems.push({
      property: name,
      reason: `is not an input of EniSecondaryIps; allowed: ${propertyNames.join(", ")}`,
    });
  }
  const hidden = parseHiddenInputs(properties);
  for (const { operation, text } of unreadableTimeouts(hidden)) {
    problems.push({
      property: `customTimeouts.${operation}`,
      reason: `"${text}" is not a duration; expected something like 30s, 5m or 1h30m`,
    });
  }
  return {
    problems,
    networkInterfaceId: inspected.networkInterfaceId,
    declared: {
      privateIpAddresses: inspected.privateIpAddresses && sortedAddresses(inspected.privateIpAddresses),
      secondaryPrivateIpAddressCount: inspected.secondaryPrivateIpAddressCount,
      ipv4Prefixes: inspected.ipv4Prefixes && sortedAddresses(inspected.ipv4Prefixes),
      ipv4PrefixCount: inspected.ipv4PrefixCount,
    },
    unassignOnCreate: inspected.unassignOnCreate && sortedAddresses(inspected.unassignOnCreate),
    ownership: inspected.ownership,
    allowUnassignWithEip: inspected.allowUnassignWithEip,
    region: inspected.region,
    hidden,
  };
}

function problemOf(name: string, value: unknown, issue: z.core.$ZodIssue): InputProblem {
  const [index] = issue.path;
  const inList = typeof index === "number" && Array.isArray(value);
  const seen: unknown = inList ? value[index] : value;
  // The engine shows the property's value, and knows no property such as `privateIpAddresses[1]`.
  return {
    property: name,
    reason: `${inList ? `[${index}] is ` : ""}${JSON.stringify(seen)}: ${issue.message}`,
  };
}

/**
 * How the engine writes a value that is not known yet, at any depth of the inputs of a preview
 * (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go, UnknownStringValue).
 *
 * @internal
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value is not known yet, in whole or in part. @internal */
export function isUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(isUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

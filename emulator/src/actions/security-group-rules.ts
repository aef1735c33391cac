import {
  addressFamilyConflict,
  invalidParameter,
  missingParameter,
  securityGroupNotFound,
} from "../api-errors";
import type { Parameters } from "../wire/parameters";
import { parseAddress, parseBlock } from "../world/addresses";
import { canonicalIpv6, parseIpv6Block } from "../world/ipv6";
import type { RuleDirection, RulePeer, SecurityGroup, SecurityGroupRule } from "../world/resources";
import type { World } from "../world/world";
import { documented, ignored } from "./conformance";
import type { Conformance } from "./conformance";

/** A rule as a call describes it. */
export type WantedRule = Omit<SecurityGroupRule, "SecurityGroupRuleId" | "CreateTime" | "Direction">;

/** The most rules of one call. */
const maxRules = 100;

/** The first words of the parameters that name the other end. */
const peers: Readonly<Record<RuleDirection, "Source" | "Dest">> = { ingress: "Source", egress: "Dest" };

function peerNames(direction: RuleDirection) {
  const peer = peers[direction];
  return {
    CidrIp: `${peer}CidrIp`,
    Ipv6CidrIp: `Ipv6${peer}CidrIp`,
    GroupId: `${peer}GroupId`,
    PrefixListId: `${peer}PrefixListId`,
  } as const;
}

/** The fields of a rule, at the top of a call or in `Permissions.N`. */
function ruleFields(direction: RuleDirection): readonly string[] {
  const names = Object.values(peerNames(direction));
  return ["IpProtocol", "PortRange", "Policy", "Priority", "Description", "SourcePortRange", ...names];
}

/** What the four operations that add and remove rules declare of their parameters. */
export function ruleParameters(direction: RuleDirection, ...more: readonly string[]): Conformance[] {
  const fields = ruleFields(direction);
  const [own, other] = direction === "ingress" ? ["Source", "Dest"] : ["Dest", "Source"];
  const unused = [
    `${other}CidrIp`,
    `Ipv6${other}CidrIp`,
    "NicType",
    "PortRangeListId",
    `${own}GroupOwnerAccount`,
    `${own}GroupOwnerId`,
  ];
  return [
    documented("RegionId", "SecurityGroupId", ...more),
    documented(...fields, ...fields.map((field) => `Permissions.N.${field}`)),
    ignored(...unused, ...unused.map((field) => `Permissions.N.${field}`)),
  ];
}

/** What these operations do otherwise than the documentation says. */
export const rulesDiffer = [
  "InvalidParameter for every rule that is not valid, for which the documentation has several codes",
  "rules have no effect on traffic: there is none",
];

/** Where a call's group is not in the world's tables. */
export function existingGroup(world: World, id: string, region: string): SecurityGroup {
  const group = world.resources.securityGroups.get(id);
  if (group?.RegionId !== region) throw securityGroupNotFound();
  return group;
}

/** The rules of a call: `Permissions.N`, or one whose fields are at the top. */
export function wantedRules(parameters: Parameters, direction: RuleDirection): WantedRule[] {
  const fields = ruleFields(direction);
  const listed = parameters.objects("Permissions", fields, maxRules);
  const single = Object.fromEntries(fields.map((field) => [field, parameters.text(field)]));
  if (listed.length > 0)
    return listed.map((given, index) => readRule(given, direction, `Permissions.${index + 1}.`));
  if (Object.values(single).every((value) => value === undefined)) return [];
  return [readRule(single, direction, "")];
}

type Given = Readonly<Record<string, string | undefined>>;

function readRule(given: Given, direction: RuleDirection, prefix: string): WantedRule {
  const invalid = (field: string, allowed: string) =>
    invalidParameter(`${prefix}${field}`, `"${given[field] ?? ""}" is not ${allowed}`);
  const IpProtocol = given.IpProtocol?.toUpperCase();
  if (IpProtocol === undefined) throw missingParameter(`${prefix}IpProtocol`);
  if (!["TCP", "UDP", "ICMP", "ICMPV6", "GRE", "ALL"].includes(IpProtocol))
    throw invalid("IpProtocol", "one of TCP, UDP, ICMP, ICMPv6, GRE, ALL");
  const PortRange = given.PortRange ?? (hasPorts(IpProtocol) ? undefined : allPorts);
  if (PortRange === undefined) throw missingParameter(`${prefix}PortRange`);
  if (!isPortRange(PortRange, IpProtocol))
    throw invalid(
      "PortRange",
      hasPorts(IpProtocol) ? "two ports such as 22/22" : `${allPorts}, the only one without ports`,
    );
  const { SourcePortRange = "", Description = "" } = given;
  if (SourcePortRange !== "" && !isPortRange(SourcePortRange, IpProtocol))
    throw invalid("SourcePortRange", hasPorts(IpProtocol) ? "two ports such as 1/200" : allPorts);
  if (Array.from(Description).length > 512) throw invalid("Description", "at most 512 characters long");
  const Policy = given.Policy?.toLowerCase() ?? "accept";
  if (Policy !== "accept" && Policy !== "drop") throw invalid("Policy", "accept or drop");
  const Priority = Number(given.Priority ?? "1");
  if (!Number.isInteger(Priority) || Priority < 1 || Priority > 100)
    throw invalid("Priority", "a whole number from 1 to 100");
  return {
    IpProtocol: IpProtocol === "ICMPV6" ? "ICMPv6" : IpProtocol,
    PortRange,
    SourcePortRange,
    Policy: Policy === "accept" ? "Accept" : "Drop",
    Priority,
    Description,
    ...readPeer(given, direction, prefix),
  };
}

const allPorts = "-1/-1";
const hasPorts = (protocol: string) => protocol === "TCP" || protocol === "UDP";

function isPortRange(text: string, protocol: string): boolean {
  if (!hasPorts(protocol)) return text === allPorts;
  const [, first, last] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  return Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535;
}

function readPeer(given: Given, direction: RuleDirection, prefix: string): RulePeer {
  const names = peerNames(direction);
  const peer = {
    CidrIp: given[names.CidrIp] ?? "",
    Ipv6CidrIp: given[names.Ipv6CidrIp] ?? "",
    GroupId: given[names.GroupId] ?? "",
    PrefixListId: given[names.PrefixListId] ?? "",
  };
  const { CidrIp, Ipv6CidrIp } = peer;
  if (CidrIp !== "" && parseAddress(CidrIp) === undefined && parseBlock(CidrIp) === undefined)
    throw invalidParameter(`${prefix}${names.CidrIp}`, `"${CidrIp}" is not an IPv4 address or CIDR block`);
  if (
    Ipv6CidrIp !== "" &&
    canonicalIpv6(Ipv6CidrIp) === undefined &&
    parseIpv6Block(Ipv6CidrIp) === undefined
  )
    throw invalidParameter(`${prefix}${names.Ipv6CidrIp}`, `"${Ipv6CidrIp}" is not an IPv6 address or block`);
  if (CidrIp !== "" && Ipv6CidrIp !== "") throw addressFamilyConflict();
  if (Object.values(peer).every((value) => value === "")) throw missingParameter(`${prefix}${names.CidrIp}`);
  return peer;
}

const identifyingFields = [
  "IpProtocol",
  "PortRange",
  "SourcePortRange",
  "Policy",
  "Priority",
  "CidrIp",
  "Ipv6CidrIp",
  "GroupId",
  "PrefixListId",
] as const;

/** Whether a rule is the one that a call describes. Its description does not tell rules apart. */
export function isSameRule(rule: WantedRule, other: WantedRule): boolean {
  return identifyingFields.every((field) => rule[field] === other[field]);
}

/** A rule as DescribeSecurityGroupAttribute shows it. */
export function ruleView(rule: SecurityGroupRule): object {
  const { CidrIp, Ipv6CidrIp, GroupId, PrefixListId, Priority, ...rest } = rule;
  const names = peerNames(rule.Direction);
  const others = peerNames(rule.Direction === "ingress" ? "egress" : "ingress");
  return {
    ...rest,
    Priority: String(Priority),
    NicType: "intranet",
    [names.CidrIp]: CidrIp,
    [names.Ipv6CidrIp]: Ipv6CidrIp,
    [names.GroupId]: GroupId,
    [names.PrefixListId]: PrefixListId,
    ...Object.fromEntries(Object.values(others).map((name) => [name, ""])),
  };
}

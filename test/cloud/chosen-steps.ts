/** Which steps of the story an account can be told: those that cost nothing and concern nothing but the story's own resources. */
import type { Step } from "../clients/story";
import type { Settings } from "./settings";

/** Every VPC, vSwitch, security group and ENI of a run has this tag: by it, the resources are found and removed. */
export const tagKey = "alicloud-ecs-emulator-contract";

/** Writes that cost nothing. Instances, disks and EIPs cost money. */
const freeWrites = [
  ...["CreateVpc", "DeleteVpc", "CreateVSwitch", "DeleteVSwitch", "ModifyVSwitchAttribute"],
  ...["CreateSecurityGroup", "DeleteSecurityGroup", "AuthorizeSecurityGroup", "RevokeSecurityGroup"],
  ...["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress", "ModifySecurityGroupAttribute"],
  ...["CreateNetworkInterface", "DeleteNetworkInterface", "ModifyNetworkInterfaceAttribute"],
  ...["AttachNetworkInterface", "DetachNetworkInterface", "TagResources"],
  ...["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"],
  ...["AssignIpv6Addresses", "UnassignIpv6Addresses"],
];
/** Reads of what the vendor offers: the same for every account. */
const publicReads = [
  "DescribeRegions",
  "DescribeZones",
  "DescribeInstanceTypes",
  "DescribeAvailableResource",
];
const creates = ["CreateVpc", "CreateVSwitch", "CreateSecurityGroup", "CreateNetworkInterface"];
/** Lists that a tag restricts to the story's resources, as `api action`. */
const taggedLists = [
  "vpc DescribeVpcs",
  "vpc DescribeVSwitches",
  "ecs DescribeNetworkInterfaces",
  "ecs DescribeSecurityGroups",
  "ecs DescribeInstances",
];

export interface LeftOut {
  readonly step: Step;
  readonly reason: string;
}

export interface Choice {
  readonly told: readonly Step[];
  readonly leftOut: readonly LeftOut[];
}

/** Divides a story, and adds the tag, the region, the zones and ClientTokens of this run to the steps that are told. */
export function chooseSteps(
  story: readonly Step[],
  { region, zones }: Pick<Settings, "region" | "zones">,
  run: string,
): Choice {
  const told: Step[] = [];
  const leftOut: LeftOut[] = [];
  /** Names of ids that no told step saves. */
  const unknown = new Set<string>();
  for (const step of story) {
    const reason = reasonAgainst(step, unknown);
    for (const name of Object.keys(step.saves ?? {})) {
      if (reason === undefined) unknown.delete(name);
      else unknown.add(name);
    }
    if (reason === undefined) told.push(elsewhere(withTag(step, run), region, zones));
    else leftOut.push({ step, reason });
  }
  return { told, leftOut };
}

function reasonAgainst(step: Step, unknown: ReadonlySet<string>): string | undefined {
  const { call, api = "ecs", credentials } = step;
  if (step.control || call === undefined) return "controls the emulator";
  if (step.background) return "depends on two calls at the same moment";
  if (credentials?.securityToken !== undefined) return "needs the token of the emulator's key";
  if (call === "UntagResources") return "can remove the tag by which the resources of the run are found";
  const reads = /^(?:Describe|List|Get)/.test(call);
  if (!reads && !freeWrites.includes(call)) return `${call} can cost money or change an instance`;
  const names = placeholders(step.with ?? {});
  const missing = names.find((name) => unknown.has(name));
  if (missing !== undefined) return `needs {${missing}} of a step that is left out`;
  const isPublic = publicReads.includes(call) || taggedLists.includes(`${api} ${call}`);
  if (reads && !isPublic && names.length === 0 && !namesAnId(step.with ?? {}))
    return "lists resources of the account that are not the test's";
  return undefined;
}

function placeholders(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

function namesAnId(given: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(given).some((name) => name !== "RegionId" && /Ids?(?:\.|$)/.test(name));
}

function withTag(step: Step, run: string): Step {
  const { call = "", api = "ecs", with: given = {} } = step;
  const added: Record<string, unknown> = {};
  if (typeof given.ClientToken === "string" && given.ClientToken !== "")
    added.ClientToken = `${given.ClientToken}-${run}`;
  if (creates.includes(call) || taggedLists.includes(`${api} ${call}`))
    added.Tag = [...(Array.isArray(given.Tag) ? (given.Tag as unknown[]) : []), { Key: tagKey, Value: run }];
  return { ...step, with: { ...given, ...added } };
}

/** The story is in cn-hangzhou, in the zones h and i. */
function elsewhere(step: Step, region: string, [zone, otherZone]: readonly [string, string]): Step {
  const replaced: Readonly<Record<string, string>> = {
    "cn-hangzhou-h": zone,
    "cn-hangzhou-i": otherZone,
    "cn-hangzhou": region,
  };
  const text = JSON.stringify(step.with).replaceAll(
    /cn-hangzhou(?:-[hi]\b)?/g,
    (found) => replaced[found] ?? found,
  );
  return { ...step, with: JSON.parse(text) as Step["with"] & object };
}

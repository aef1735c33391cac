/** Finds and removes what a run has made. Only resources with the tag of this test are removed, in VPCs with the same tag. */
import { succeed } from "./caller";
import type { Api, Body, Caller } from "./caller";
import { tagKey } from "./chosen-steps";
import { settle } from "./tell";
import type { Wait } from "./tell";

type Type = "NetworkInterface" | "SecurityGroup" | "VSwitch" | "Vpc";

export interface Resource {
  readonly type: Type;
  readonly id: string;
  /** Whether it has the tag. One without it was made by another program, and stays. */
  readonly isOurs: boolean;
  /** The VPC that it is in. */
  readonly vpc: string;
}

interface Cloud {
  readonly caller: Caller;
  readonly region: string;
  readonly wait: Wait;
}

/** In the order in which they can be deleted: the last one contains the others. */
const types: Readonly<
  Record<Type, { readonly api: Api; readonly list: string; readonly path: readonly [string, string] }>
> = {
  NetworkInterface: {
    ...{ api: "ecs", list: "DescribeNetworkInterfaces" },
    path: ["NetworkInterfaceSets", "NetworkInterfaceSet"],
  },
  SecurityGroup: { api: "ecs", list: "DescribeSecurityGroups", path: ["SecurityGroups", "SecurityGroup"] },
  VSwitch: { api: "vpc", list: "DescribeVSwitches", path: ["VSwitches", "VSwitch"] },
  Vpc: { api: "vpc", list: "DescribeVpcs", path: ["Vpcs", "Vpc"] },
};

const idOf = (type: Type) => `${type}Id`;
/** Fits every one of the four operations. */
const pageSize = 50;
const mostPages = 100;
/** A deleted ENI still counts for its security group and vSwitch for some seconds. */
const mostAttempts = 10;
const attemptEveryMs = 3_000;

/** The test's VPCs with everything in them, in the order in which they can be deleted. */
export async function findLeftOver(cloud: Cloud): Promise<Resource[]> {
  const tagged = await list(cloud, "Vpc", { Tag: [{ Key: tagKey }] });
  // A server that ignores the filter answers all VPCs of the account: the tag in the answer counts.
  const vpcs = tagged.filter(({ isOurs }) => isOurs);
  const inside: Resource[] = [];
  for (const type of ["NetworkInterface", "SecurityGroup", "VSwitch"] as const)
    for (const { id } of vpcs) inside.push(...(await list(cloud, type, { VpcId: id })));
  // The group that a VPC has by itself goes with the VPC.
  return [...inside.filter(({ type, isOurs }) => isOurs || type !== "SecurityGroup"), ...vpcs];
}

async function list({ caller, region }: Cloud, type: Type, filter: Body): Promise<Resource[]> {
  const { api, list: action, path } = types[type];
  const found: Resource[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const ask = { RegionId: region, ...filter, PageNumber: page, PageSize: pageSize };
    const body = await succeed(caller(api, action, ask), action);
    const items = ((body[path[0]] as Body | undefined)?.[path[1]] ?? []) as Body[];
    found.push(
      ...items.map((item) => ({
        type,
        id: String(item[idOf(type)]),
        isOurs: hasTag(item),
        vpc: String(item.VpcId),
      })),
    );
    if (items.length < pageSize) return found;
  }
  throw new Error(`${action}: more than ${mostPages * pageSize} resources`);
}

function hasTag({ Tags }: Body): boolean {
  const tags = ((Tags as Body | undefined)?.Tag ?? []) as Body[];
  return tags.some(({ Key, TagKey }) => Key === tagKey || TagKey === tagKey);
}

/** Removes the resources with the tag. Resolves to the problems, one line each. */
export async function removeLeftOver(cloud: Cloud, resources: readonly Resource[]): Promise<string[]> {
  const problems: string[] = [];
  const guests = resources.filter(({ isOurs }) => !isOurs);
  for (const { type, id, vpc } of resources.filter(({ isOurs }) => isOurs)) {
    const guest = /^(?:VSwitch|Vpc)$/.test(type) && guests.find((other) => other.vpc === vpc);
    const problem = guest ? `${guest.id} without the tag is in ${vpc}` : await remove(cloud, type, id);
    if (problem !== undefined) problems.push(`${id}: ${problem}`);
  }
  return problems;
}

async function remove({ caller, region, wait }: Cloud, type: Type, id: string): Promise<string | undefined> {
  const given = { RegionId: region, [idOf(type)]: id };
  let problem: string | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    if (attempt > 0) await wait(attemptEveryMs);
    const { status, body } = await caller(types[type].api, `Delete${type}`, given);
    if (status === 200) {
      await settle({ caller, wait }, `Delete${type}`, given);
      return undefined;
    }
    if (status === 404) return undefined;
    problem = `${status} ${String(body.Code)}: ${String(body.Message)}`;
  }
  return problem;
}

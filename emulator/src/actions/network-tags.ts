import {
  invalidNetworkTagKey,
  invalidNetworkTagValue,
  missingParameter,
  networkResourceNotFound,
  networkTagQuotaExceeded,
} from "../api-errors";
import type { Parameters } from "../wire/parameters";
import type { NetworkTag } from "../world/resources";
import { tableOf } from "../world/tables";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { sortedById, tokenPage } from "./paging";
import { maxTags } from "./tagged-resources";

/** The types of resources that can have tags here. */
const tables = { VPC: "vpcs", VSWITCH: "vSwitches", EIP: "eips" } as const;
type ResourceType = keyof typeof tables;
const resourceTypes = Object.keys(tables) as ResourceType[];
const onlyThese = simplified("ResourceType", `${resourceTypes.join(", ")} only`);

/** The tags that a resource of VPC is made with. */
export function tagsOfNewNetwork(parameters: Parameters): NetworkTag[] {
  return readTags(parameters).map(({ Key, Value }) => ({ Key, Value: Value ?? "" }));
}

function readTags(parameters: Parameters): { Key: string; Value: string | undefined }[] {
  const tags = parameters.tags(maxTags);
  for (const { Key, Value } of tags) {
    if (!isTagText(Key) || /^(?:aliyun|acs:)/.test(Key)) throw invalidNetworkTagKey();
    if (Value !== undefined && (!isTagText(Value) || /^(?:aliyun|acs:)/.test(Value)))
      throw invalidNetworkTagValue();
  }
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw invalidNetworkTagKey();
  return tags;
}

function isTagText(text: string): boolean {
  return Array.from(text).length <= 128 && !/https?:\/\//.test(text);
}

interface TaggedNetwork {
  readonly RegionId: string;
  readonly Tags: { readonly Tag: readonly NetworkTag[] };
}

const tableFor = (world: World, type: ResourceType) => tableOf<TaggedNetwork>(world.resources, tables[type]);

function readScope(parameters: Parameters) {
  const region = parameters.region();
  const type = parameters.choice("ResourceType", resourceTypes);
  if (type === undefined) throw missingParameter("ResourceType");
  return { region, type, ids: parameters.list("ResourceId", 20) };
}

/** Changes the tags of the resources that a call names: all of them have to be there. */
function changeTags(
  world: World,
  { region, type, ids }: ReturnType<typeof readScope>,
  change: (tags: readonly NetworkTag[]) => readonly NetworkTag[],
): void {
  const table = tableFor(world, type);
  const changed = ids.map((id) => {
    const resource = table.get(id);
    if (resource?.RegionId !== region) throw networkResourceNotFound();
    return [id, change(resource.Tags.Tag)] as const;
  });
  if (changed.some(([, tags]) => tags.length > maxTags)) throw networkTagQuotaExceeded();
  for (const [id, Tag] of changed) table.change(id, { Tags: { Tag } });
}

/**
 * Gives VPCs, vSwitches and EIPs tags. A key that is there gets the new value.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-tagresources
 */
export const tagNetworkResources: Action = {
  name: "TagResources",
  product: "vpc",
  parameters: [documented("RegionId", "ResourceId.N", "Tag.N.Key", "Tag.N.Value"), onlyThese],

  prepare(parameters) {
    const scope = readScope(parameters);
    if (scope.ids.length === 0) throw missingParameter("ResourceId.N");
    const tags = tagsOfNewNetwork(parameters);
    if (tags.length === 0) throw missingParameter("Tag.N");
    const isNew = ({ Key }: NetworkTag) => !tags.some((tag) => tag.Key === Key);
    return {
      perform(world) {
        changeTags(world, scope, (present) => [...present.filter(isNew), ...tags]);
        return {};
      },
    };
  },
};

/**
 * Removes tags from VPCs, vSwitches and EIPs.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-untagresources
 */
export const untagNetworkResources: Action = {
  name: "UnTagResources",
  product: "vpc",
  parameters: [documented("RegionId", "ResourceId.N", "TagKey.N", "All"), onlyThese],

  prepare(parameters) {
    const scope = readScope(parameters);
    if (scope.ids.length === 0) throw missingParameter("ResourceId.N");
    const keys = parameters.list("TagKey", maxTags);
    const all = parameters.flag("All") ?? false;
    if (keys.length === 0 && !all) throw missingParameter("TagKey.N");
    return {
      perform(world) {
        changeTags(world, scope, (present) =>
          keys.length === 0 ? [] : present.filter(({ Key }) => !keys.includes(Key)),
        );
        return {};
      },
    };
  },
};

/**
 * Lists the tags of VPCs, vSwitches and EIPs.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-listtagresources
 */
export const listNetworkTagResources: Action = {
  name: "ListTagResources",
  product: "vpc",
  parameters: [
    documented("RegionId", "Tag.N.Key", "Tag.N.Value", "NextToken", "MaxResults"),
    simplified("ResourceId.N", "an unknown id leaves the list shorter"),
    onlyThese,
  ],

  prepare(parameters, behaviour) {
    const { region, type, ids } = readScope(parameters);
    const wanted = parameters.tags(maxTags);
    if (ids.length + wanted.length === 0) throw missingParameter("ResourceId.N");
    const page = tokenPage(parameters, behaviour, { min: 1, max: 50, otherwise: 50 });
    return {
      perform(world) {
        const table = tableFor(world, type);
        const listed = [...table].flatMap(([ResourceId, resource]) =>
          resource.RegionId === region &&
          (ids.length === 0 || ids.includes(ResourceId)) &&
          wanted.every(({ Key, Value }) =>
            resource.Tags.Tag.some((tag) => tag.Key === Key && (Value === undefined || tag.Value === Value)),
          )
            ? resource.Tags.Tag.map(({ Key, Value }) => ({
                ResourceId,
                ResourceType: type,
                TagKey: Key,
                TagValue: Value,
              }))
            : [],
        );
        const idOf = (tag: { ResourceId: string; TagKey: string }) => `${tag.ResourceId} ${tag.TagKey}`;
        const { items, fields } = page(sortedById(listed, idOf), idOf);
        return { NextToken: fields.NextToken ?? "", TagResources: { TagResource: items } };
      },
    };
  },
};

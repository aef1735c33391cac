import {
  duplicateTagKey,
  malformedTagKey,
  malformedTagValue,
  missingTagParameter,
  resourceTypeNotFound,
  taggedResourceNotFound,
  tagValueWithoutKey,
  tooManyResourceIds,
  tooManyTags,
} from "../api-errors";
import type { Parameters } from "../wire/parameters";
import type { Tag } from "../world/resources";
import type { World } from "../world/world";

/** The types that the three operations document; most of them have no resources here. */
const resourceTypes: readonly string[] = [
  "instance",
  "disk",
  "snapshot",
  "image",
  "securitygroup",
  "volume",
  "eni",
  "ddh",
  "ddhcluster",
  "keypair",
  "launchtemplate",
  "reservedinstance",
  "snapshotpolicy",
  "elasticityassurance",
  "capacityreservation",
];

/** These lists have a code of their own for too many elements, in place of the general one. */
const uncounted = Number.POSITIVE_INFINITY;

/** The most tags of one resource. */
export const maxTags = 20;

/** The tags that a resource of ECS is made with. */
export function tagsOfNewResource(parameters: Parameters): Tag[] {
  const tags = parameters.tags().map(({ Key, Value }) => ({ key: Key, value: Value }));
  checkTags(tags);
  return tags.map(({ key, value }) => ({ TagKey: key, TagValue: value ?? "" }));
}

/** What the three operations of tags ask for. */
export interface TaggedScope {
  readonly region: string;
  readonly type: string;
  readonly ids: readonly string[];
}

/** RegionId, ResourceType and `ResourceId.N`, refused with the codes of these operations. */
export function taggedScope(parameters: Parameters): TaggedScope {
  if (parameters.text("RegionId") === undefined) throw missingTagParameter("RegionId");
  const region = parameters.region();
  const type = parameters.text("ResourceType");
  if (type === undefined) throw missingTagParameter("ResourceType");
  if (!resourceTypes.includes(type)) throw resourceTypeNotFound();
  const ids = parameters.list("ResourceId", uncounted);
  if (ids.length > 50) throw tooManyResourceIds();
  return { region, type, ids };
}

/** `Tag.N`, refused with the codes of these operations. */
export function tagList(parameters: Parameters): { key: string; value: string | undefined }[] {
  const listed = parameters.objects("Tag", ["Key", "Value"], uncounted);
  if (listed.length > maxTags) throw tooManyTags();
  const tags = listed.map(({ Key, Value }) => {
    if (Key === undefined) throw tagValueWithoutKey();
    return { key: Key, value: Value };
  });
  checkTags(tags);
  return tags;
}

/** The rules of tags, wherever they are given: https://www.alibabacloud.com/help/en/ecs/user-guide/tag-overview */
function checkTags(tags: readonly { readonly key: string; readonly value: string | undefined }[]): void {
  for (const { key, value } of tags) {
    if (!isTagText(key) || /^(?:aliyun|acs:)/.test(key)) throw malformedTagKey();
    if (value !== undefined && (!isTagText(value) || value.startsWith("acs:"))) throw malformedTagValue();
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw duplicateTagKey();
}

/** `TagKey.N`. */
export function tagKeys(parameters: Parameters): string[] {
  const keys = parameters.list("TagKey", uncounted);
  if (keys.length > maxTags) throw tooManyTags();
  return keys;
}

function isTagText(text: string): boolean {
  return Array.from(text).length <= 128 && !/https?:\/\//.test(text);
}

/** A resource that has an id and tags. */
export interface Tagged {
  readonly id: string;
  readonly resource: { readonly RegionId: string; readonly Tags: { readonly Tag: readonly Tag[] } };
}

/** The table of a type of the three operations; undefined for a type without resources here. */
function tableOf(world: World, type: string) {
  const { instances, networkInterfaces, securityGroups } = world.resources;
  const tables = { instance: instances, eni: networkInterfaces, securitygroup: securityGroups };
  return Object.hasOwn(tables, type) ? tables[type as keyof typeof tables] : undefined;
}

/** The resources of one type and region, or those of them that the call names. */
export function taggedResources(world: World, { region, type, ids }: TaggedScope): Tagged[] {
  const table = tableOf(world, type);
  const found: Tagged[] = [];
  for (const id of ids.length > 0 ? new Set(ids) : (table?.keys() ?? [])) {
    const resource = table?.get(id);
    if (resource?.RegionId === region) found.push({ id, resource });
  }
  return found;
}

/** The resources that the call names: all of them have to be there. */
export function namedResources(world: World, scope: TaggedScope): Tagged[] {
  const found = taggedResources(world, scope);
  if (found.length < new Set(scope.ids).size) throw taggedResourceNotFound();
  return found;
}

/** Gives a resource these tags in the place of its own. */
export function setTags(world: World, { type }: TaggedScope, id: string, Tag: readonly Tag[]): void {
  tableOf(world, type)?.change(id, { Tags: { Tag } });
}

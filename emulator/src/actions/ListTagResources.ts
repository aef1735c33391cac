import { invalidParameter, missingTagParameter } from "../api-errors";
import type { Parameters } from "../wire/parameters";
import type { Tag } from "../world/resources";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { wildcard } from "./filters";
import { sortedById, tokenSlice } from "./paging";
import { tagList, taggedResources, taggedScope } from "./tagged-resources";

/** How many tags a page has; no documentation says. */
const pageSize = 50;

interface Listed extends Tag {
  readonly ResourceId: string;
  readonly ResourceType: string;
}

/**
 * Lists the tags of resources.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-listtagresources
 */
export const listTagResources: Action = {
  name: "ListTagResources",
  product: "ecs",
  parameters: [
    documented("RegionId", "Tag.N.Key", "Tag.N.Value", "TagFilter.N.TagKey", "TagFilter.N.TagValues.N"),
    simplified("ResourceType", "resources of the types instance, eni and securitygroup exist"),
    simplified("ResourceId.N", "an unknown id leaves the list shorter"),
    simplified("NextToken", "pages of 50 tags, for no documentation says how many"),
  ],

  prepare(parameters, behaviour) {
    const scope = taggedScope(parameters);
    const exact = tagList(parameters);
    const fuzzy = tagFilters(parameters);
    if (exact.length > 0 && fuzzy.length > 0) throw invalidParameter("TagFilter.N", "it excludes Tag.N");
    if (scope.ids.length + exact.length + fuzzy.length === 0) throw missingTagParameter("Tags");
    const page = tokenSlice(parameters.text("NextToken"), behaviour, pageSize);
    return {
      perform(world) {
        const found = taggedResources(world, scope).filter(
          ({ resource }) =>
            exact.every(({ key, value }) =>
              resource.Tags.Tag.some(
                (tag) => tag.TagKey === key && (value === undefined || tag.TagValue === value),
              ),
            ) && fuzzy.every((matches) => resource.Tags.Tag.some(matches)),
        );
        const tags = found.flatMap(({ id, resource }) =>
          resource.Tags.Tag.map((tag): Listed => ({ ResourceId: id, ResourceType: scope.type, ...tag })),
        );
        const idOf = (tag: Listed) => `${tag.ResourceId} ${tag.TagKey}`;
        const { items, fields } = page(sortedById(tags, idOf), idOf);
        return { NextToken: fields.NextToken ?? "", TagResources: { TagResource: items } };
      },
    };
  },
};

/** `TagFilter.N`: a key that may have asterisks, or an exact one with values that may have some. */
function tagFilters(parameters: Parameters): ((tag: Tag) => boolean)[] {
  return parameters.objects("TagFilter", ["TagKey"], 5).map(({ TagKey }, index) => {
    const name = `TagFilter.${index + 1}`;
    if (TagKey === undefined) throw invalidParameter(`${name}.TagKey`, "it must be given");
    const values = parameters.list(`${name}.TagValues`, 5).filter((value) => value !== "");
    const ofKey = wildcard(TagKey);
    if (values.length === 0) return (tag) => ofKey(tag.TagKey);
    const ofValues = values.map(wildcard);
    return (tag) => tag.TagKey === TagKey && ofValues.some((matches) => matches(tag.TagValue));
  });
}

import { missingTagParameter, tagQuotaExceeded } from "../api-errors";
import type { Tag } from "../world/resources";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { maxTags, namedResources, setTags, tagList, taggedScope } from "./tagged-resources";

/**
 * Gives resources tags; a key that is there gets the new value.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources
 */
export const tagResources: Action = {
  name: "TagResources",
  product: "ecs",
  parameters: [
    documented("RegionId", "ResourceId.N", "Tag.N.Key", "Tag.N.Value"),
    simplified("ResourceType", "resources of the types instance, eni and securitygroup exist"),
  ],

  prepare(parameters) {
    const scope = taggedScope(parameters);
    if (scope.ids.length === 0) throw missingTagParameter("ResourceIds");
    const tags: Tag[] = tagList(parameters).map(({ key, value }) => ({ TagKey: key, TagValue: value ?? "" }));
    if (tags.length === 0) throw missingTagParameter("Tags");
    return {
      perform(world) {
        const found = namedResources(world, scope);
        const changes = found.map(({ id, resource }) => {
          const kept = resource.Tags.Tag.filter(({ TagKey }) => !tags.some((tag) => tag.TagKey === TagKey));
          return { id, Tag: [...kept, ...tags] };
        });
        if (changes.some(({ Tag }) => Tag.length > maxTags)) throw tagQuotaExceeded();
        for (const { id, Tag } of changes) setTags(world, scope, id, Tag);
        return {};
      },
    };
  },
};

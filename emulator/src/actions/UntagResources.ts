import { missingTagParameter } from "../api-errors";
import type { Action } from "./action";
import { documented, simplified } from "./conformance";
import { namedResources, setTags, tagKeys, taggedScope } from "./tagged-resources";

/**
 * Takes tags from resources.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-untagresources
 */
export const untagResources: Action = {
  name: "UntagResources",
  product: "ecs",
  parameters: [
    documented("RegionId", "ResourceId.N", "TagKey.N", "All"),
    simplified("ResourceType", "resources of the types instance, eni and securitygroup exist"),
  ],

  prepare(parameters) {
    const scope = taggedScope(parameters);
    if (scope.ids.length === 0) throw missingTagParameter("ResourceIds");
    const keys = tagKeys(parameters);
    const all = parameters.flag("All") ?? false;
    if (keys.length === 0 && !all) throw missingTagParameter("Tags");
    return {
      perform(world) {
        const found = namedResources(world, scope);
        for (const { id, resource } of found) {
          // `All` counts only where no key is named.
          const kept =
            keys.length === 0 ? [] : resource.Tags.Tag.filter(({ TagKey }) => !keys.includes(TagKey));
          setTags(world, scope, id, kept);
        }
        return {};
      },
    };
  },
};

import { dryRunOperation } from "../api-errors";
import { securityGroupTypes } from "../world/resources";
import type { SecurityGroup } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { ecsTags, tagFilter } from "./filters";
import { jsonList } from "./id-lists";
import { bothWaysOfPaging, pageRequest, sortedById } from "./paging";

/**
 * Lists security groups. Every VPC has one from its beginning.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describesecuritygroups
 */
export const describeSecurityGroups: Action = {
  name: "DescribeSecurityGroups",
  product: "ecs",
  parameters: [
    documented(
      "RegionId",
      "SecurityGroupId",
      "SecurityGroupIds",
      "SecurityGroupName",
      "SecurityGroupType",
      "VpcId",
      "Tag.N.Key",
      "Tag.N.Value",
      "DryRun",
    ),
    bothWaysOfPaging,
    simplified("NetworkType", "`classic` lists nothing"),
    simplified("ServiceManaged", "no group is"),
    simplified("ResourceGroupId", "no group is in any"),
    ignored("FuzzyQuery", "IsQueryEcsCount"),
  ],
  differs: ["no counts of rules and instances"],

  prepare(parameters, behaviour) {
    const region = parameters.region();
    const ids = jsonList(parameters, "SecurityGroupIds");
    const id = parameters.text("SecurityGroupId");
    const exact: readonly (readonly [string | undefined, (group: SecurityGroup) => string])[] = [
      [id, (group) => group.SecurityGroupId],
      [parameters.text("SecurityGroupName"), (group) => group.SecurityGroupName],
      [parameters.choice("SecurityGroupType", securityGroupTypes), (group) => group.SecurityGroupType],
      [parameters.text("VpcId"), (group) => group.VpcId],
      [parameters.choice("NetworkType", ["vpc", "classic"]), () => "vpc"],
      [parameters.text("ResourceGroupId"), () => ""],
    ];
    const managed = parameters.flag("ServiceManaged");
    const hasTags = tagFilter(parameters);
    const dryRun = parameters.flag("DryRun") ?? false;
    const page = pageRequest(parameters, behaviour, { min: 10, max: 100 }, 50);
    return {
      perform(world) {
        if (dryRun) throw dryRunOperation();
        const { securityGroups } = world.resources;
        const idOf = (group: SecurityGroup) => group.SecurityGroupId;
        const named = id === undefined ? ids : [id];
        const candidates =
          named === undefined ? securityGroups.sorted() : sortedById(securityGroups.named(named), idOf);
        const found = candidates.filter(
          (group) =>
            group.RegionId === region &&
            managed !== true &&
            (ids === undefined || ids.has(group.SecurityGroupId)) &&
            exact.every(([wanted, of]) => wanted === undefined || of(group) === wanted) &&
            hasTags(ecsTags(group)),
        );
        const { items, fields } = page(found, idOf);
        return { RegionId: region, ...fields, SecurityGroups: { SecurityGroup: items.map(view) } };
      },
    };
  },
};

function view(group: SecurityGroup): object {
  return {
    SecurityGroupId: group.SecurityGroupId,
    SecurityGroupName: group.SecurityGroupName,
    Description: group.Description,
    SecurityGroupType: group.SecurityGroupType,
    VpcId: group.VpcId,
    CreationTime: group.CreationTime,
    ResourceGroupId: "",
    ServiceManaged: false,
    Tags: group.Tags,
  };
}

import { dryRunOperation, invalidParameter } from "../api-errors";
import type { Vpc } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { networkTags, tagFilter } from "./filters";
import { vpcView } from "./network-views";
import { numberedPage, sortedById } from "./paging";

/**
 * Lists VPCs.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcs
 */
export const describeVpcs: Action = {
  name: "DescribeVpcs",
  product: "vpc",
  parameters: [
    documented("RegionId", "VpcId", "VpcName", "EnableIpv6", "Tag.N.Key", "Tag.N.Value", "DryRun"),
    documented("PageNumber", "PageSize"),
    simplified("IsDefault", "no VPC is a default one"),
    simplified("ResourceGroupId", "no VPC is in any"),
    ignored("DhcpOptionsSetId", "VpcOwnerId"),
  ],
  differs: ["no route tables but the system one, no gateways"],

  prepare(parameters) {
    const region = parameters.region();
    const ids = parameters.text("VpcId")?.split(",");
    if (ids && ids.length > 20)
      throw invalidParameter("VpcId", `${ids.length} ids were given, at most 20 are allowed`);
    const name = parameters.text("VpcName");
    const ipv6 = parameters.flag("EnableIpv6");
    const isDefault = parameters.flag("IsDefault");
    const resourceGroupId = parameters.text("ResourceGroupId");
    const hasTags = tagFilter(parameters);
    const dryRun = parameters.flag("DryRun") ?? false;
    const page = numberedPage(parameters, 50);
    return {
      perform(world) {
        if (dryRun) throw dryRunOperation();
        const { vpcs } = world.resources;
        const idOf = (vpc: Vpc) => vpc.VpcId;
        const candidates = ids === undefined ? vpcs.sorted() : sortedById(vpcs.named(ids), idOf);
        const found = candidates.filter(
          (vpc) =>
            vpc.RegionId === region &&
            (name === undefined || vpc.VpcName === name) &&
            (ipv6 === undefined || (vpc.Ipv6CidrBlock !== "") === ipv6) &&
            isDefault !== true &&
            resourceGroupId === undefined &&
            hasTags(networkTags(vpc)),
        );
        const { items, fields } = page(found, idOf);
        return { ...fields, Vpcs: { Vpc: items.map((vpc) => vpcView(world, vpc)) } };
      },
    };
  },
};

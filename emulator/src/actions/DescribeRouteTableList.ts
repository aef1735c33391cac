import { routerOf } from "../world/resources";
import type { Vpc } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { numberedPage, sortedById } from "./paging";

/**
 * Lists route tables: the system one of every VPC.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeroutetablelist
 */
export const describeRouteTableList: Action = {
  name: "DescribeRouteTableList",
  product: "vpc",
  parameters: [
    documented("RegionId", "VpcId", "RouteTableId", "RouterId", "PageNumber", "PageSize"),
    simplified("RouterType", "`VBR` lists nothing"),
    simplified("RouteTableName", "no route table has a name"),
    simplified("ResourceGroupId", "no route table is in any"),
    simplified("RouteTableType", "`Custom` lists nothing"),
    ignored("Tag.N.Key", "Tag.N.Value"),
  ],
  differs: ["the system route table of every VPC, without routes; no custom ones"],

  prepare(parameters) {
    const region = parameters.region();
    const vpcId = parameters.text("VpcId");
    const tableId = parameters.text("RouteTableId");
    const routerId = parameters.text("RouterId");
    const isOfVpc = (parameters.choice("RouterType", ["VRouter", "VBR"]) ?? "VRouter") === "VRouter";
    const isSystem = (parameters.choice("RouteTableType", ["System", "Custom"]) ?? "System") === "System";
    const isNamed = parameters.text("RouteTableName") !== undefined;
    const isGrouped = parameters.text("ResourceGroupId") !== undefined;
    const page = numberedPage(parameters, 50);
    return {
      perform(world) {
        const candidates =
          vpcId === undefined ? world.resources.vpcs.values() : world.resources.vpcs.named([vpcId]);
        const idOf = (vpc: Vpc) => vpc.VpcId;
        const found = sortedById(candidates, idOf).filter((vpc) => {
          const router = routerOf(vpc.VpcId);
          return (
            vpc.RegionId === region &&
            isOfVpc &&
            isSystem &&
            !isNamed &&
            !isGrouped &&
            (tableId === undefined || tableId === router.RouteTableId) &&
            (routerId === undefined || routerId === router.VRouterId)
          );
        });
        const { items, fields } = page(found, idOf);
        return {
          ...fields,
          RouterTableList: { RouterTableListType: items.map((vpc) => view(world, vpc)) },
        };
      },
    };
  },
};

function view(world: World, vpc: Vpc): object {
  const { VRouterId, RouteTableId } = routerOf(vpc.VpcId);
  return {
    RouteTableId,
    RouteTableName: "",
    RouteTableType: "System",
    RouterId: VRouterId,
    RouterType: "VRouter",
    VpcId: vpc.VpcId,
    Description: "",
    Status: "Available",
    CreationTime: vpc.CreationTime,
    OwnerId: Number(world.accountId),
    ResourceGroupId: "",
    RoutePropagationEnable: true,
    VSwitchIds: {
      VSwitchId: world.resources.vSwitches.where("VpcId", vpc.VpcId).map(({ VSwitchId }) => VSwitchId),
    },
    GatewayIds: { GatewayIds: [] },
    Tags: { Tag: [] },
  };
}

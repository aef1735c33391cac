import { routerOf } from "../world/resources";
import type { Vpc, VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { Product } from "./action";

/** A vSwitch as its listings show it; that of ECS has fewer fields. */
export function vSwitchView(world: World, vSwitch: VSwitch, product: Product): object {
  const both = {
    VSwitchId: vSwitch.VSwitchId,
    VpcId: vSwitch.VpcId,
    ZoneId: vSwitch.ZoneId,
    VSwitchName: vSwitch.VSwitchName,
    CidrBlock: vSwitch.CidrBlock,
    Status: vSwitch.Status,
    Description: vSwitch.Description,
    CreationTime: vSwitch.CreationTime,
    IsDefault: false,
    ResourceGroupId: "",
    AvailableIpAddressCount: world.occupancy(vSwitch).available,
  };
  if (product === "ecs") return both;
  return {
    ...both,
    Ipv6CidrBlock: vSwitch.Ipv6CidrBlock,
    EnabledIpv6: vSwitch.Ipv6CidrBlock !== "",
    NetworkAclId: "",
    OwnerId: vSwitch.OwnerId,
    ShareType: "",
    RouteTable: { RouteTableId: routerOf(vSwitch.VpcId).RouteTableId, RouteTableType: "System" },
    Tags: vSwitch.Tags,
  };
}

/** A VPC as its listing shows it. */
export function vpcView(world: World, vpc: Vpc): object {
  return {
    ...ofBoth(world, vpc),
    RouterTableIds: { RouterTableIds: [routerOf(vpc.VpcId).RouteTableId] },
    NatGatewayIds: { NatGatewayIds: [] },
    CenStatus: "",
  };
}

/** A VPC as DescribeVpcAttribute shows it. */
export function vpcAttributeView(world: World, vpc: Vpc): object {
  const { vSwitches, securityGroups } = world.resources;
  const counts = {
    VSwitch: vSwitches.countWhere("VpcId", vpc.VpcId),
    SecurityGroup: securityGroups.countWhere("VpcId", vpc.VpcId),
  };
  return {
    ...ofBoth(world, vpc),
    ClassicLinkEnabled: false,
    AssociatedCens: { AssociatedCen: [] },
    AssociatedPropagationSources: { AssociatedPropagationSources: [] },
    CloudResources: {
      CloudResourceSetType: Object.entries(counts).map(([ResourceType, ResourceCount]) => ({
        ResourceType,
        ResourceCount,
      })),
    },
  };
}

function ofBoth(world: World, vpc: Vpc): object {
  const vSwitches = world.resources.vSwitches.where("VpcId", vpc.VpcId);
  const blocks = vpc.Ipv6CidrBlock === "" ? [] : [{ Ipv6CidrBlock: vpc.Ipv6CidrBlock, Ipv6Isp: "BGP" }];
  return {
    VpcId: vpc.VpcId,
    RegionId: vpc.RegionId,
    VpcName: vpc.VpcName,
    Description: vpc.Description,
    CreationTime: vpc.CreationTime,
    Status: vpc.Status,
    CidrBlock: vpc.CidrBlock,
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    Ipv6CidrBlock: vpc.Ipv6CidrBlock,
    Ipv6CidrBlocks: { Ipv6CidrBlock: blocks },
    EnabledIpv6: vpc.Ipv6CidrBlock !== "",
    UserCidrs: { UserCidr: [] },
    VSwitchIds: { VSwitchId: vSwitches.map(({ VSwitchId }) => VSwitchId) },
    VRouterId: routerOf(vpc.VpcId).VRouterId,
    ResourceGroupId: "",
    IsDefault: false,
    OwnerId: Number(world.accountId),
    Tags: vpc.Tags,
  };
}

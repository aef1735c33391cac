import { dryRunOperation, invalidParameter, invalidVpcBlock } from "../api-errors";
import { blockOf, contains, parseBlock } from "../world/addresses";
import { apiTime } from "../world/identifiers";
import { blockFrom, ipv6Lengths, ipv6Number, parseIpv6Block } from "../world/ipv6";
import { defaultSecurityGroupId, routerOf } from "../world/resources";
import type { Vpc } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, ignored, refused, simplified } from "./conformance";
import { tagsOfNewNetwork } from "./network-tags";
import { networkTexts } from "./texts";

/** Blocks that no VPC can be in. */
const reservedBlocks = ["100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"].map(blockOf);

/**
 * Makes a VPC: Pending, then Available. It has a security group from its beginning.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createvpc
 */
export const createVpc: Action = {
  name: "CreateVpc",
  product: "vpc",
  takesClientToken: true,
  parameters: [
    documented(
      "RegionId",
      "VpcName",
      "Description",
      "EnableIpv6",
      "Tag.N.Key",
      "Tag.N.Value",
      "DryRun",
      "ClientToken",
    ),
    simplified("CidrBlock", "any block from /8 to /28 that is not in a reserved one"),
    simplified("Ipv6CidrBlock", "any /56, reserved or not"),
    ignored("ResourceGroupId", "UserCidr", "Ipv6Isp", "EnableDnsHostname"),
    refused("Ipv4IpamPoolId", "Ipv4CidrMask", "Ipv6IpamPoolId", "Ipv6CidrMask"),
  ],
  differs: ["no routes, no quota of VPCs"],

  prepare(parameters) {
    const region = parameters.region();
    const cidrBlock = parameters.text("CidrBlock") ?? "172.16.0.0/12";
    const block = parseBlock(cidrBlock);
    if (!block || block.prefixLength < 8 || block.prefixLength > 28) throw invalidVpcBlock();
    if (reservedBlocks.some((one) => contains(one, block.first) && contains(one, block.last)))
      throw invalidVpcBlock();
    const { name, description } = networkTexts(parameters, "Vpc");
    const enableIpv6 = parameters.flag("EnableIpv6") ?? false;
    const ipv6Text = parameters.text("Ipv6CidrBlock");
    const ipv6 = ipv6Text === undefined ? undefined : parseIpv6Block(ipv6Text);
    if (ipv6Text !== undefined && ipv6?.prefixLength !== ipv6Lengths.vpc)
      throw invalidParameter("Ipv6CidrBlock", `"${ipv6Text}" is not an IPv6 block of length /56`);
    const Tag = tagsOfNewNetwork(parameters);
    const dryRun = parameters.flag("DryRun") ?? false;
    return {
      perform(world) {
        if (dryRun) throw dryRunOperation();
        const vpc: Vpc = {
          VpcId: world.newId("vpc"),
          RegionId: region,
          VpcName: name,
          Description: description,
          CreationTime: apiTime(world.nowMs),
          CidrBlock: cidrBlock,
          Ipv6CidrBlock: enableIpv6 || ipv6 ? (ipv6?.text ?? freeIpv6Block(world)) : "",
          Tags: { Tag },
          Status: "Pending",
          StatusTransition: world.transition("Available"),
        };
        world.resources.vpcs.set(vpc.VpcId, vpc);
        const groupId = defaultSecurityGroupId(vpc.VpcId);
        world.resources.securityGroups.set(groupId, {
          SecurityGroupId: groupId,
          RegionId: region,
          VpcId: vpc.VpcId,
          SecurityGroupName: "",
          Description: "",
          SecurityGroupType: "normal",
          InnerAccessPolicy: "Accept",
          Permissions: { Permission: [] },
          CreationTime: vpc.CreationTime,
          Tags: { Tag: [] },
        });
        return { VpcId: vpc.VpcId, ...routerOf(vpc.VpcId), ResourceGroupId: "" };
      },
    };
  },
};

/** The first block of the documentation's own range that no VPC has. */
function freeIpv6Block(world: World): string {
  const first = ipv6Number("2001:db8::");
  for (let number = 0n; ; number++) {
    const { text } = blockFrom(first + (number << BigInt(128 - ipv6Lengths.vpc)), ipv6Lengths.vpc);
    if (world.resources.vpcs.countWhere("Ipv6CidrBlock", text) === 0) return text;
  }
}

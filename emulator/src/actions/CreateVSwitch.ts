import {
  cidrBlockMaskLength,
  cidrBlockOutsideVpc,
  cidrBlockOverlapped,
  incorrectVpcStatus,
  invalidParameter,
  malformedCidrBlock,
  zoneNotFound,
} from "../api-errors";
import { contains, parseBlock } from "../world/addresses";
import { apiTime } from "../world/identifiers";
import { parseIpv6Block, vSwitchIpv6Block } from "../world/ipv6";
import { isZoneOf } from "../world/regions";
import type { Vpc, VSwitch } from "../world/resources";
import type { World } from "../world/world";
import type { Action } from "./action";
import { documented, refused, simplified } from "./conformance";
import { tagsOfNewNetwork } from "./network-tags";
import { networkTexts } from "./texts";
import { existingVpc } from "./vpc-preconditions";

/**
 * Makes a vSwitch: Pending, then Available.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createvswitch
 */
export const createVSwitch: Action = {
  name: "CreateVSwitch",
  product: "vpc",
  takesClientToken: true,
  parameters: [
    documented(
      "RegionId",
      "VpcId",
      "CidrBlock",
      "VSwitchName",
      "Description",
      "Ipv6CidrBlock",
      "Tag.N.Key",
      "Tag.N.Value",
      "ClientToken",
    ),
    simplified("ZoneId", "the region and any letter, as in `cn-hangzhou-h` and `ap-southeast-1a`"),
    refused("CidrMask", "Ipv6CidrMask", "VpcIpv6CidrBlock"),
  ],
  differs: [
    "several can be made in one VPC at a time",
    "no quota of vSwitches, and no reserved ranges but those of the VPC",
    "InvalidParameter for an IPv6 block that cannot be had, for which no code is documented",
  ],

  prepare(parameters) {
    const region = parameters.optionalRegion();
    const zone = parameters.requiredText("ZoneId");
    const cidrBlock = parameters.requiredText("CidrBlock");
    const vpcId = parameters.requiredText("VpcId");
    const block = parseBlock(cidrBlock);
    if (!block) throw malformedCidrBlock();
    if (block.prefixLength < 16 || block.prefixLength > 29) throw cidrBlockMaskLength();
    const { name, description } = networkTexts(parameters, "VSwitch");
    const ipv6Bits = parameters.integer("Ipv6CidrBlock", 0, 255);
    const Tag = tagsOfNewNetwork(parameters);
    return {
      perform(world) {
        const vpc = existingVpc(world, vpcId, region);
        if (vpc.Status !== "Available") throw incorrectVpcStatus();
        if (!isZoneOf(vpc.RegionId, zone)) throw zoneNotFound();
        const whole = parseBlock(vpc.CidrBlock);
        if (!whole || !contains(whole, block.first) || !contains(whole, block.last))
          throw cidrBlockOutsideVpc();
        if (world.hasOverlappingVSwitch(vpcId, block)) throw cidrBlockOverlapped();
        const vSwitch: VSwitch = {
          VSwitchId: world.newId("vsw"),
          VpcId: vpcId,
          RegionId: vpc.RegionId,
          ZoneId: zone,
          VSwitchName: name,
          Description: description,
          CreationTime: apiTime(world.nowMs),
          OwnerId: Number(world.accountId),
          CidrBlock: cidrBlock,
          Ipv6CidrBlock: ipv6Bits === undefined ? "" : ipv6Block(world, vpc, ipv6Bits),
          Tags: { Tag },
          Status: "Pending",
          StatusTransition: world.transition("Available"),
        };
        world.resources.vSwitches.set(vSwitch.VSwitchId, vSwitch);
        return { VSwitchId: vSwitch.VSwitchId };
      },
    };
  },
};

function ipv6Block(world: World, vpc: Vpc, lastBits: number): string {
  const whole = parseIpv6Block(vpc.Ipv6CidrBlock);
  if (!whole) throw invalidParameter("Ipv6CidrBlock", `${vpc.VpcId} has no IPv6 block`);
  const { text } = vSwitchIpv6Block(whole, lastBits);
  const other = world.resources.vSwitches.firstWhere("VpcId Ipv6CidrBlock", `${vpc.VpcId} ${text}`);
  if (other) throw invalidParameter("Ipv6CidrBlock", `${text} is that of ${other.VSwitchId}`);
  return text;
}
